"""The values a field of the grammar can have in one school, in the words of who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.orm import InstrumentedAttribute, Session

from evidence_app.domain.access import Actor
from evidence_app.domain.accounts import colleague_names
from evidence_app.domain.evidence import Item, Visibility, visible_items
from evidence_app.domain.frameworks import followed
from evidence_app.domain.schools import divisions_of, school_of
from evidence_app.domain.search.entries import school_year_text
from evidence_app.domain.search.grammar import FLAGS, IS_VALUES
from evidence_app.domain.tagging import STRENGTHS, TagState
from evidence_app.i18n import LANGUAGES, Message, msg

PLACES = {
    "file": msg("Files"),
    "link": msg("Links"),
    "note": msg("Notes"),
}
HAS_WORDS = {
    "citations": msg("cited in the self-study"),
    "closed": msg("a link that visitors cannot open"),
    "infected": msg("a file in which malware was found"),
    "ocr": msg("read from a picture"),
    "purpose": msg("says what it is for"),
    "question": msg("asked whether it names pupils"),
    "tags": msg("tagged to a practice"),
    "text": msg("with text that was read"),
}
IS_WORDS = {
    "tagged": msg("tagged to a practice"),
    "untagged": msg("without a practice yet"),
    "flagged": msg("asked whether it names pupils"),
    "closed": msg("a link that visitors cannot open"),
    "infected": msg("a file in which malware was found"),
    "cited": msg("cited in the self-study"),
    **PLACES,
    **{state.value: state.label for state in TagState},
    **{seen.value: seen.label for seen in Visibility},
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it is typed, in quotation marks where it needs them, and what it means."""

    typed: str
    label: Message | str


def values_of(session: Session, actor: Actor, field: str) -> Iterable[Value]:
    """What may follow `field:`; nothing for a field whose values are days."""
    find = _VALUES.get(field)
    return find(session, actor) if find else ()


def _named(names: Iterable[str]) -> Iterator[Value]:
    for name in names:
        plain = name.replace('"', "")
        yield Value(f'"{plain}"' if any(sign in plain for sign in " ,()") else plain, plain)


def _held(column: InstrumentedAttribute[str]) -> Callable[[Session, Actor], list[str]]:
    """What stands in this column of the items open to the staff and to the actor, the most frequent first."""

    def find(session: Session, actor: Actor) -> list[str]:
        chosen = visible_items(actor).where(Item.visibility != Visibility.PRIVATE, column != "")
        counted = chosen.with_only_columns(column).group_by(column).order_by(func.count().desc(), column)
        return list(session.scalars(counted))

    return find


def _kinds(session: Session, actor: Actor) -> Iterator[Value]:
    yield from (Value(kind, label) for kind, label in PLACES.items())
    yield from _named(kind.replace("_", " ") for kind in _held(Item.document_kind)(session, actor))


def _years(session: Session, actor: Actor) -> Iterator[Value]:
    years = {school_year_text(year) for year in _held(Item.school_year)(session, actor)}
    yield from _named(sorted(years, reverse=True))


def _nodes(session: Session, actor: Actor) -> Iterator[Value]:
    for catalogue in followed(session, actor.school_id):
        for node in catalogue:
            yield Value(node.code, node.label(actor.language))


def _people(session: Session, actor: Actor) -> Iterator[Value]:
    yield Value("me", msg("what I filed"))
    yield from _named(colleague_names(session, actor))


def _languages(session: Session, actor: Actor) -> Iterator[Value]:
    for code in _held(Item.language)(session, actor):
        yield Value(code, LANGUAGES.get(code, code))


_VALUES: dict[str, Callable[[Session, Actor], Iterable[Value]]] = {
    "programme": lambda session, actor: _named(school_of(session, actor).programmes),
    "node": _nodes,
    "kind": _kinds,
    "year": _years,
    "language": _languages,
    "visibility": lambda _session, _actor: [Value(seen.value, seen.label) for seen in Visibility],
    "subject": lambda session, actor: _named(one.name for one in divisions_of(session, actor).subjects),
    "group": lambda session, actor: _named(one.name for one in divisions_of(session, actor).year_groups),
    "campus": lambda session, actor: _named(one.name for one in divisions_of(session, actor).campuses),
    "state": lambda _session, _actor: [Value(state.value, state.label) for state in TagState],
    "strength": lambda _session, _actor: [Value(str(n), words) for n, words in enumerate(STRENGTHS)],
    "by": _people,
    "has": lambda _session, _actor: [Value(flag, HAS_WORDS[flag]) for flag in sorted(FLAGS)],
    "is": lambda _session, _actor: [Value(value, IS_WORDS[value]) for value in IS_VALUES],
}
