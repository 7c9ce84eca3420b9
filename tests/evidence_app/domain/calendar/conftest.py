"""The evaluation, the plan and the shares of which these tests ask what is due."""

from tests.evidence_app.domain.frozen import desk
from tests.evidence_app.domain.planning.plans import plan
from tests.evidence_app.domain.studies import study

__all__ = ["desk", "plan", "study"]
