"""Upkeep: checking that everything the product promised to keep is there and whole; closing doors after a restore."""

from evidence_app.domain.upkeep.references import is_named
from evidence_app.domain.upkeep.restoring import Closed, close_doors
from evidence_app.domain.upkeep.verify import Finding, Verdict, verify

__all__ = ["Closed", "Finding", "Verdict", "close_doors", "is_named", "verify"]
