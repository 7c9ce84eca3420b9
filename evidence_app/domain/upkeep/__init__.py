"""Upkeep: checking that everything the product promised to keep is there and whole."""

from evidence_app.domain.upkeep.verify import Finding, Verdict, verify

__all__ = ["Finding", "Verdict", "verify"]
