"""Months differ in length."""

from __future__ import annotations

from datetime import date

from evidence_app.months import last_months, months_before


def test_a_month_that_is_too_short_gives_its_last_day() -> None:
    assert months_before(date(2027, 3, 31), 1) == date(2027, 2, 28)
    assert months_before(date(2028, 3, 31), 1) == date(2028, 2, 29)
    assert months_before(date(2027, 1, 15), 1) == date(2026, 12, 15)
    assert months_before(date(2026, 12, 1), -1) == date(2027, 1, 1)


def test_the_last_months_end_with_the_one_of_the_day() -> None:
    assert last_months(date(2027, 2, 28), 4) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
        date(2027, 2, 1),
    ]
