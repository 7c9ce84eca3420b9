"""Coverage, read only: which practices have how much evidence, of what strength and age, and who is on it."""

from evidence_app.domain.coverage.queries import (
    Coverage,
    CoverageCell,
    CoverageRow,
    Gap,
    coverage_of,
    covered_since,
)

__all__ = [
    "Coverage",
    "CoverageCell",
    "CoverageRow",
    "Gap",
    "coverage_of",
    "covered_since",
]
