"""Values that a search asks of a field and that no item of the school can have, with those that are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.search.analysis import fold, words
from evidence_app.domain.search.field_values import Value, values_of
from evidence_app.domain.search.grammar import FIELDS, And, FieldIs, Node, Not, Or, Problem, SearchQuery
from evidence_app.i18n import Message, msg

NAMES = {fields: name for name, fields in FIELDS.items() if fields}
PEOPLE = ("owner_name",)
MOST_KNOWN = 10
"""Values that are told; of more, those closest to what was typed."""


def unknown_values(session: Session, actor: Actor, query: SearchQuery) -> tuple[Problem, ...]:
    """For each value that its field cannot have, which are known. Worth asking where nothing was found."""
    problems = []
    for asked in _asked(query.root):
        name = "by" if asked.fields == PEOPLE else NAMES.get(asked.fields, "")
        known = list(values_of(session, actor, name)) if name else []
        for value in asked.values:
            if known and not any(_is(one, value) for one in known):
                problems.append(Problem(_hint(name, value, known, actor.language)))
    return tuple(problems)


def _asked(node: Node) -> Iterator[FieldIs]:
    match node:
        case FieldIs():
            yield node
        case Not(part):
            yield from _asked(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _asked(part)
        case _:
            return


def _is(known: Value, typed: str) -> bool:
    """Whether this value, a word of it, or the beginning of its code or year is what was typed."""
    plain, wanted = fold(known.typed.strip('"')), fold(typed.rstrip("*").rpartition("/")[2])
    is_code = any(character.isdigit() for character in wanted) and len(wanted) > 1
    # The index knows a name by its words, and not what a code is called.
    return plain == wanted or wanted in words(plain) or ((is_code or typed.endswith("*")) and plain.startswith(wanted))


def _hint(name: str, value: str, known: Iterable[Value], language: str) -> Message:
    told = {_told(one, language): one for one in known}
    if len(told) > MOST_KNOWN:
        close = process.extract(
            fold(value), {text: fold(text) for text in told}, scorer=OSA.similarity, limit=MOST_KNOWN
        )
        told = {text: told[text] for _folded, _score, text in close}
    return msg(
        'Nothing here has "%(value)s" for %(name)s: in it. Known are: %(known)s.',
        name=name,
        value=value,
        known=", ".join(told),
    )


def _told(value: Value, language: str) -> str:
    """A value as it is typed, and what it means where that is something else."""
    label = value.label.in_language(language) if isinstance(value.label, Message) else value.label
    return value.typed if fold(label) == fold(value.typed.strip('"')) else f"{value.typed} ({label})"
