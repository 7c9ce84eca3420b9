"""Messages that carry their parameters and are translated at the edge, in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Self

from babel.dates import format_date
from babel.support import NullTranslations, Translations

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "fr": "Français", "es": "Español", "it": "Italiano"})
"""Languages the product speaks: ISO 639-1 code -> the language's own name."""


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for a person: an English message id with named parameters, not yet in anybody's language."""

    msgid: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.msgid % self.params if self.params else self.msgid

    def in_language(self, language: str) -> str:
        """The sentence in `language` (ISO 639-1), or in English where there is no translation yet."""
        text = translations(language).gettext(self.msgid)
        params = {name: _said(value, language) for name, value in self.params.items()}
        return text % params if params else text


def day_in_words(day: date, language: str) -> str:
    """A day such as "12 May 2027" in the order of `language`, held together by no-break spaces."""
    pattern = "d MMMM y" if language != "es" else "d 'de' MMMM 'de' y"
    return str(format_date(day, pattern, locale=language)).replace(" ", "\N{NO-BREAK SPACE}")


def _said(value: Any, language: str) -> Any:
    if isinstance(value, Message):
        return value.in_language(language)
    return day_in_words(value, language) if isinstance(value, date) else value


def msg(msgid: str, /, **params: Any) -> Message:
    """A message to be translated later; this name is what the extraction of strings looks for."""
    return Message(msgid, params)


class Labelled(StrEnum):
    """Values as rows keep them, each with its words for people: `DONE = "done", msg("Done")` has the label "Done"."""

    _value_: str
    label: Message

    def __new__(cls, value: str, *words: Message) -> Self:
        """The member with its label. One that is looked up by its value, `State("done")`, is there already."""
        member = str.__new__(cls, value)
        member._value_ = value
        (member.label,) = words
        return member


@lru_cache(maxsize=16)
def translations(language: str) -> NullTranslations:
    """The message catalogue of `language`; an empty one, which answers in English, where none is shipped."""
    folder = resources.files("evidence_app") / "translations"
    return Translations.load(str(folder), [language]) if language != "en" else NullTranslations()


def as_kept(words: Message | None) -> dict[str, Any] | None:
    """A sentence as a row keeps it; `words_of` gives it back."""
    if words is None:
        return None
    params = {name: as_kept(value) if isinstance(value, Message) else value for name, value in words.params.items()}
    return {"msgid": words.msgid, "params": params}


def words_of(kept: dict[str, object] | None) -> Message | None:
    """A sentence as a row keeps it, ready to be said in any language."""
    if kept is None:
        return None
    params = kept["params"]
    assert isinstance(params, dict)
    said = {name: words_of(value) if isinstance(value, dict) else value for name, value in params.items()}
    return Message(str(kept["msgid"]), said)
