"""The evaluation and the plan these tests hand over."""

from __future__ import annotations

from tests.evidence_app.domain.planning.plans import plan
from tests.evidence_app.domain.studies import study

__all__ = ["plan", "study"]
