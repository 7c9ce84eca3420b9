"""The fixed words of a document in the school's language, with dates and numbers as people write them there."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from string import Formatter

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.lists import format_list
from babel.numbers import format_decimal

LANGUAGES = ("en", "fr", "es", "it")
TAGS = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "it": "it-IT"}
DAY = re.compile(r"\d{4}-\d\d-\d\d")
MONTH = re.compile(r"\d{4}-\d\d")


@cache
def table(language: str) -> dict[str, str]:
    """Every fixed word of one language by its key; `*` and `**` in it are emphasis as in Markdown."""
    words = json.loads(files(__package__).joinpath(f"{language}.json").read_text(encoding="utf-8"))
    assert isinstance(words, dict)
    return words


def placeholders(text: str) -> set[str]:
    """The names a text wants filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


class Words:
    """The words of one language. `tag` is its full name (`fr-FR`), as documents state it."""

    def __init__(self, language: str) -> None:
        """Words for `fr` or `fr-CA`. Raises ValueError for a language there are no words for."""
        base, _, region = language.partition("-")
        if base not in LANGUAGES:
            raise ValueError(f"There are no words for the language {language!r}; there are for {', '.join(LANGUAGES)}.")
        self.language = base
        self.tag = f"{base}-{region.upper()}" if region else TAGS[base]
        self.locale = Locale.parse(self.tag, sep="-")
        self.table = table(base)

    def __call__(self, key: str, **values: str) -> str:
        """The words of a key, with values filled in."""
        return self.table[key].format(**values) if values else self.table[key]

    def state(self, group: str, key: str) -> str:
        """The word for a state such as `draft`; a state nobody told us of is printed as it is."""
        return self.table.get(f"{group}.{key}", key)

    def count(self, key: str, number: int) -> str:
        """A number with its noun in the right form: "1 exhibit", "2 exhibits"."""
        form = "one" if self.locale.plural_form(number) == "one" else "other"
        return self.table[f"{key}.{form}"].format(n=self.number(number))

    def number(self, number: int) -> str:
        """A whole number as written in the language, its groups never broken over lines."""
        return format_decimal(number, locale=self.locale).replace(" ", "\u00a0")

    def day(self, text: str, short: bool = False) -> str:
        """An ISO date in words ("12 March 2026", short "12 Mar 2026"), a month likewise; any other text as it is."""
        try:
            if DAY.match(text):
                day = date.fromisoformat(text[:10])
                return format_skeleton("yMMMd", day, locale=self.locale) if short else self._long(day)
            if MONTH.fullmatch(text):
                skeleton = "yMMM" if short else "yMMMM"
                return format_skeleton(skeleton, date.fromisoformat(f"{text}-01"), locale=self.locale)
        except ValueError:
            return text
        return text

    def moment(self, text: str) -> str:
        """An ISO date and time in words."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        if "T" not in text:
            return self.day(text)
        clock = format_time(moment.time(), "HH:mm", locale=self.locale)
        return self("moment", date=self._long(moment.date()), time=clock)

    def period(self, start: str, end: str, short: bool = False) -> str:
        """Two dates as a period ("9–11 March 2027"); one alone if the other is missing or the same."""
        if not end or not start or start == end:
            return self.day(start or end, short)
        if DAY.fullmatch(start) and DAY.fullmatch(end) and start < end:
            try:
                first, last = date.fromisoformat(start), date.fromisoformat(end)
            except ValueError:
                return self("period", start=start, end=end)
            if short:
                return format_interval(first, last, "yMMMd", locale=self.locale)
            if (first.year, first.month) == (last.year, last.month):
                return f"{first.day}–{self._long(last)}"
        return self("period", start=self.day(start, short), end=self.day(end, short))

    def joined(self, items: list[str] | tuple[str, ...]) -> str:
        """Items in a row with the language's "and"."""
        return format_list(list(items), locale=self.locale) if items else ""

    def _long(self, day: date) -> str:
        text = format_date(day, "long", locale=self.locale)
        # French writes the first of a month as an ordinal, which the locale data leave out.
        return f"1er{text[1:]}" if self.language == "fr" and day.day == 1 else text
