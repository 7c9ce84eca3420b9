"""The evaluation these tests work in."""

from tests.evidence_app.domain.studies import study

__all__ = ["study"]
