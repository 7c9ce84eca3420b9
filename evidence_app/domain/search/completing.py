"""What somebody may want to type next in the search box: fields, their values, words, practices, people, searches.

Words and values come from what is open to the staff and to the asker at this moment, never from a private item, not
even one the asker may open: a list that opens while one types is read by whoever stands behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import colleague_names
from evidence_app.domain.frameworks import followed
from evidence_app.domain.search.analysis import fold, words
from evidence_app.domain.search.field_values import Value, values_of
from evidence_app.domain.search.grammar import FIELDS
from evidence_app.domain.search.protocol import IndexUnusable, SearchIndex
from evidence_app.domain.search.vocabulary import open_words
from evidence_app.i18n import Message, msg

MOST = 8
MOST_WORDS, MOST_PRACTICES, MOST_PEOPLE, MOST_FIELDS = 4, 3, 2, 2
SHORTEST_WORD, SHORTEST_LABEL = 2, 3
"""Letters from which words of documents, and names of practices, are offered; fewer begin too many."""

TOKEN = re.compile(r'(?:^|(?<=[\s(]))(?P<minus>-?)(?:(?P<name>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)|(?P<bare>[^\s()"]*))$')
"""What is being typed: the last word before the caret, a field's value with its quotation mark."""

FIELD_NOTES = {
    "programme": msg("PYP, MYP, DP, CP"),
    "node": msg("a practice, or all below a standard"),
    "kind": msg("kind of document"),
    "year": msg("school year"),
    "language": msg("language of the text"),
    "visibility": msg("who can see it"),
    "subject": msg("subject"),
    "group": msg("year group"),
    "campus": msg("campus"),
    "state": msg("state of its practices"),
    "strength": msg("how strong it is"),
    "by": msg("who filed it"),
    "has": msg("what it has"),
    "is": msg("what it is"),
    "before": msg("shown before a day"),
    "after": msg("shown from a day on"),
}
"""Every field -> what it narrows a search to."""


class CompletionKind(StrEnum):
    """What is offered."""

    FIELD = "field"
    VALUE = "value"
    WORD = "word"
    PRACTICE = "practice"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Completion:
    """One offer: `text` is the whole search once it is taken, `caret` where one goes on typing."""

    kind: CompletionKind
    label: Message | str
    note: Message | str
    text: str
    caret: int


@dataclass(frozen=True, slots=True)
class _Typing:
    """A search that is being typed, and the part of it at the caret that may be completed."""

    before: str
    minus: str
    name: str
    value: str
    is_quoted: bool
    after: str

    def taken(self, kind: CompletionKind, put: str, label: Message | str, note: Message | str = "") -> Completion:
        """The offer to put these characters where the typed ones stand."""
        begun = self.before + self.minus + put
        gap = "" if put.endswith(":") else " "
        return Completion(kind, label, note, begun + gap + self.after.lstrip(), len(begun) + len(gap))


def complete(session: Session, index: SearchIndex, actor: Actor, text: str, caret: int) -> list[Completion]:
    """What may follow at `caret` in `text`, the likeliest first, at most `MOST`; nothing inside a phrase."""
    require(actor, Action.READ_EVIDENCE)
    typing = _typing(text, min(max(caret, 0), len(text)))
    if typing is None:
        return []
    if typing.name:
        return list(islice(_values(session, actor, typing), MOST))
    if typing.is_quoted or not typing.value:
        return []
    offers: tuple[tuple[Iterable[Completion], int], ...] = (
        (_words(session, index, actor, typing), MOST_WORDS),
        (_practices(session, actor, typing), MOST_PRACTICES),
        (_people(session, actor, typing), MOST_PEOPLE),
        (_fields(typing), MOST_FIELDS),
    )
    return [one for found, most in offers for one in islice(found, most)][:MOST]


def _typing(text: str, caret: int) -> _Typing | None:
    found = TOKEN.search(text[:caret])
    # A closed phrase before the caret, or a caret in the middle of a word, is nothing to complete.
    if found is None or text[:caret].count('"') % 2 != (found["quoted"] is not None) or text[caret : caret + 1].strip():
        return None
    name = (found["name"] or "").lower()
    if name and name not in FIELDS:
        return None
    value = found["quoted"] if found["quoted"] is not None else found["bare"]
    return _Typing(text[: found.start()], found["minus"], name, value, found["quoted"] is not None, text[caret:])


def _values(session: Session, actor: Actor, typing: _Typing) -> Iterator[Completion]:
    """Values of the field that begin as typed; of several with commas, the last."""
    first, comma, last = ("", "", typing.value) if typing.is_quoted else typing.value.rpartition(",")
    for value in values_of(session, actor, typing.name):
        if _begins(value, last, actor.language):
            put = f"{typing.name}:{first}{comma}{value.typed}"
            yield typing.taken(CompletionKind.VALUE, put, value.label, value.typed.strip('"'))


def _begins(value: Value, typed: str, language: str) -> bool:
    wanted = fold(typed)
    label = value.label.in_language(language) if isinstance(value.label, Message) else value.label
    names = (value.typed.strip('"'), label)
    return any(_has_word(fold(name), wanted) for name in names)


def _has_word(folded: str, wanted: str) -> bool:
    """Whether a folded name, or a word of it, begins so."""
    return folded.startswith(wanted) or f" {wanted}" in folded


def _fields(typing: _Typing) -> Iterator[Completion]:
    for name in FIELDS:
        if name.startswith(fold(typing.value)):
            yield typing.taken(CompletionKind.FIELD, f"{name}:", f"{name}:", FIELD_NOTES[name])


def _words(session: Session, index: SearchIndex, actor: Actor, typing: _Typing) -> Iterator[Completion]:
    """Words of documents; what is typed stays as it is typed, accents too."""
    typed = words(typing.value)
    if len(typed) != 1 or len(typed[0]) < SHORTEST_WORD or fold(typing.value) != typed[0]:
        return
    try:
        found = open_words(session, index, actor, typed[0], MOST_WORDS + 1)
    except IndexUnusable:
        return
    for word, _count in found:
        if word != typed[0]:
            put = typing.value + word[len(typed[0]) :]
            yield typing.taken(CompletionKind.WORD, put, put)


def _practices(session: Session, actor: Actor, typing: _Typing) -> Iterator[Completion]:
    wanted = fold(typing.value)
    if len(wanted) < SHORTEST_LABEL:
        return
    for catalogue in followed(session, actor.school_id):
        for node in catalogue:
            label = node.label(actor.language)
            if node.code.lower().startswith(wanted) or _has_word(fold(label), wanted):
                yield typing.taken(CompletionKind.PRACTICE, f"node:{node.code}", label, node.code)


def _people(session: Session, actor: Actor, typing: _Typing) -> Iterator[Completion]:
    wanted = fold(typing.value)
    if len(wanted) < SHORTEST_WORD:
        return
    for name in colleague_names(session, actor):
        if _has_word(fold(name), wanted):
            yield typing.taken(CompletionKind.PERSON, f'by:"{name}"', name, msg("filed by"))
