"""Counting in months, which differ in length."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_before(day: date, count: int) -> date:
    """The same day `count` months earlier, later if below 0; or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_months(day: date, count: int) -> list[date]:
    """The first days of the last `count` months, the one of `day` last."""
    first = day.replace(day=1)
    return [months_before(first, ago) for ago in reversed(range(count))]
