"""Why something is suggested: a code with its words, and the sentence that says it to a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from evidence_app.i18n import Message, msg

SENTENCES: Final[Mapping[str, Message]] = MappingProxyType(
    {
        "code_in_name": msg("the file name says %(words)s"),
        "code_in_folder": msg("the folder says %(words)s"),
        "code_in_title": msg("the title says %(words)s"),
        "code_in_heading": msg("a heading says %(words)s"),
        "code_in_text": msg("the text names %(words)s"),
        "older_code_in_name": msg("the file name says %(words)s, a code of the edition before"),
        "older_code_in_folder": msg("the folder says %(words)s, a code of the edition before"),
        "kind_in_name": msg("the name says «%(words)s»"),
        "kind_in_title": msg("the title says «%(words)s»"),
        "kind_in_heading": msg("the first heading says «%(words)s»"),
        "kind_in_folder": msg("the folder says «%(words)s»"),
        "phrase_in_name": msg("«%(words)s» in the name"),
        "phrase_in_title": msg("«%(words)s» in the title"),
        "phrase_in_heading": msg("«%(words)s» in a heading"),
        "phrase_in_folder": msg("«%(words)s» in the name of the folder"),
        "evidence_in_name": msg("the name is like «%(words)s», which often shows it"),
        "evidence_in_title": msg("the title is like «%(words)s», which often shows it"),
        "evidence_in_heading": msg("a heading is like «%(words)s», which often shows it"),
        "evidence_in_folder": msg("the folder's name is like «%(words)s», which often shows it"),
        "phrase_in_text": msg("«%(words)s» in the text"),
        "like_tagged": msg("like «%(title)s», which a colleague tagged so"),
        "like_own_tagged": msg("like «%(title)s», which you tagged so"),
        "older_version": msg("an older version or a part of the same series, «%(title)s», is tagged so"),
        "requested": msg("asked for in the request «%(title)s»"),
        "requested_of_owner": msg("asked for in a request to who filed it"),
        "words_shared": msg("it has many words in common with the description"),
    }
)


@dataclass(frozen=True, slots=True)
class Because:
    """One reason: a code of SENTENCES and what it speaks of, as pairs of name and value."""

    code: str
    params: tuple[tuple[str, str], ...] = ()

    @property
    def message(self) -> Message:
        """The reason as a sentence to be translated at the edge."""
        return Message(SENTENCES[self.code].msgid, dict(self.params))

    def __str__(self) -> str:
        return str(self.message)


def says(code: str, **params: str) -> Because:
    """A reason of that code with these words; raises KeyError if there is no such reason."""
    if code not in SENTENCES:
        raise KeyError(code)
    return Because(code, tuple(sorted(params.items())))
