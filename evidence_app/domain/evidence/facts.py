"""What is said about an item by the one who files it, and the checks on it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence.models import Item, ItemProgramme, Visibility
from evidence_app.domain.schools import PROGRAMMES, Campus, Subject, YearGroup
from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.texts import clean_line, clean_text

SCHOOL_YEAR = re.compile(r"(20\d\d)-(\d\d)")


MOST_DESCRIPTION_CHARS = 20_000


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """The facts of an item. Empty strings and None mean: not said. No programmes means: the whole school."""

    title: str = ""
    purpose: str = ""
    description: str = ""
    document_kind: str = ""
    programmes: tuple[str, ...] = ()
    campus_id: str | None = None
    subject_id: str | None = None
    year_group_id: str | None = None
    school_year: str = ""
    shown_from: date | None = None
    shown_to: date | None = None
    review_by: date | None = None
    language: str = ""
    visibility: Visibility = Visibility.STAFF


def school_year_of(day: date) -> str:
    """The school year a day falls in, as schools north of the equator count it: from August, "2025-26"."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def placed(actor: Actor, facts: ItemFacts) -> ItemFacts:
    """The facts of something new: where nothing is said and the role is limited, it is about what the role is for."""
    only_campus = next(iter(actor.campus_ids)) if len(actor.campus_ids) == 1 else None
    programmes = facts.programmes or tuple(p for p in PROGRAMMES if p in actor.programmes)
    return replace(facts, programmes=programmes, campus_id=facts.campus_id or only_campus)


def checked(session: Session, actor: Actor, facts: ItemFacts, before: Item | None = None) -> dict[str, Any]:
    """The columns of an item for these facts; Invalid names the field and the bad value.

    Making an item public needs the right to release. A role limited to programmes or campuses files within them, and
    of an item that is there (`before`) changes only what lies within them.
    """
    unknown = [p for p in facts.programmes if p not in PROGRAMMES]
    if unknown:
        raise Invalid(
            msg("'%(programme)s' is not a programme. Choose among PYP, MYP, DP and CP.", programme=unknown[0]),
            field="programmes",
        )
    _check_limits(actor, facts, before)
    year = SCHOOL_YEAR.fullmatch(facts.school_year)
    if facts.school_year and (year is None or (int(year[1]) + 1) % 100 != int(year[2])):
        raise Invalid(
            msg("'%(year)s' is not a school year. Write it like 2025-26.", year=facts.school_year), field="school_year"
        )
    if facts.shown_from and facts.shown_to and facts.shown_from > facts.shown_to:
        raise Invalid(msg("The period shown ends before it begins. Change one of the two dates."), field="shown_to")
    if facts.visibility not in set(Visibility):
        raise Invalid(
            msg(
                "'%(visibility)s' is not a visibility. Choose private, staff, shareable or public.",
                visibility=facts.visibility,
            ),
            field="visibility",
        )
    if facts.visibility == Visibility.PUBLIC:
        require(actor, Action.RELEASE_EVIDENCE)
    return {
        "title": clean_line(facts.title),
        "purpose": clean_line(facts.purpose),
        "description": clean_text(facts.description).strip()[:MOST_DESCRIPTION_CHARS],
        "document_kind": clean_line(facts.document_kind, 60),
        "campus_id": _known(session, actor, Campus, facts.campus_id, "campus_id"),
        "subject_id": _known(session, actor, Subject, facts.subject_id, "subject_id"),
        "year_group_id": _known(session, actor, YearGroup, facts.year_group_id, "year_group_id"),
        "school_year": facts.school_year,
        "shown_from": facts.shown_from,
        "shown_to": facts.shown_to,
        "review_by": facts.review_by,
        "language": facts.language[:2],
        "visibility": Visibility(facts.visibility),
    }


def check_facts(session: Session, actor: Actor, facts: ItemFacts) -> None:
    """Nothing, where something new may be filed with these facts; Invalid names the field and the bad value."""
    checked(session, actor, placed(actor, facts))


def facts_of(item: Item) -> ItemFacts:
    """The facts as they stand now, to change some of them."""
    names = [name for name in ItemFacts.__dataclass_fields__ if name != "programmes"]
    return ItemFacts(programmes=item.programmes, **{name: getattr(item, name) for name in names})


def set_programmes(item: Item, programmes: tuple[str, ...]) -> None:
    """The item is now about these programmes."""
    kept = [row for row in item.offered if row.programme in programmes]
    there = {row.programme for row in kept}
    item.offered = kept + [
        ItemProgramme(school_id=item.school_id, programme=p) for p in PROGRAMMES if p in programmes and p not in there
    ]


def _check_limits(actor: Actor, facts: ItemFacts, before: Item | None) -> None:
    """Nothing, when no programme or campus outside the role's limits gains or loses the item."""
    gained_or_lost = _reach(facts.programmes) ^ (_reach(before.programmes) if before else set())
    if actor.programmes and not gained_or_lost <= actor.programmes:
        raise Invalid(
            msg(
                "Your place in this school is limited to %(programmes)s. Choose among these, and leave the others as "
                "they are.",
                programmes=", ".join(p for p in PROGRAMMES if p in actor.programmes),
            ),
            field="programmes",
        )
    is_moved = facts.campus_id != (before.campus_id if before else None)
    campuses = {facts.campus_id, before.campus_id if before else facts.campus_id}
    if actor.campus_ids and is_moved and not campuses <= actor.campus_ids:
        raise Invalid(
            msg("Your place in this school is limited to some campuses. Choose among these."), field="campus_id"
        )


def _reach(programmes: Collection[str]) -> set[str]:
    """The programmes an item is about when it names these; the whole school when it names none."""
    return set(programmes or PROGRAMMES)


def _known(
    session: Session, actor: Actor, kind: type[Campus | Subject | YearGroup], id: str | None, field: str
) -> str | None:
    if not id:
        return None
    if session.scalar(select(kind.id).where(kind.school_id == actor.school_id, kind.id == id)) is None:
        raise Invalid(msg("What was chosen is not on the school's list any more. Choose again."), field=field)
    return id
