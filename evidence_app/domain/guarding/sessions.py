"""Whether a paper of an examination is one of years gone by, as far as its names and its first lines say."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from evidence_app.database import now
from evidence_app.domain.guarding.words import folded, vocabulary

_YEARS: Final = re.compile(r"(?<![a-z0-9])(?:20(\d\d)(?: ?[-/] ?(?:20)?(\d\d))?|[mn](\d\d))(?![a-z0-9])")


def is_past(words: str, today: date | None = None) -> bool:
    """Whether the words say "past paper", or name years and sessions ("2024-25", "M19") all before this one."""
    small = folded(words).replace("_", " ")
    if vocabulary().past.search(small):
        return True
    years = [int(year) for match in _YEARS.finditer(small) for year in match.groups() if year]
    return bool(years) and max(years) < (today or now().date()).year % 100
