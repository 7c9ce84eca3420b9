"""The evaluation these tests work in, and a store beside its database."""

from __future__ import annotations

from tests.evidence_app.domain.frozen import desk
from tests.evidence_app.domain.studies import study

__all__ = ["desk", "study"]
