"""The evaluation whose pace these tests look at."""

from tests.evidence_app.domain.studies import study

__all__ = ["study"]
