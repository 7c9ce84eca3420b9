"""A self-study with a store, for what upkeep does to snapshots."""

from __future__ import annotations

from tests.evidence_app.domain.frozen import desk
from tests.evidence_app.domain.studies import study

__all__ = ["desk", "study"]
