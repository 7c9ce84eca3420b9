"""Insight, read only: how filing, coverage and the self-study go over time, and whether the pace reaches the visit."""

from evidence_app.domain.insight.queries import (
    MONTHS_SHOWN,
    PACE_WEEKS,
    MonthFiled,
    Pace,
    Team,
    covered_by_month,
    filed_by_month,
    pace_to_visit,
    teams_of,
)

__all__ = [
    "MONTHS_SHOWN",
    "PACE_WEEKS",
    "MonthFiled",
    "Pace",
    "Team",
    "covered_by_month",
    "filed_by_month",
    "pace_to_visit",
    "teams_of",
]
