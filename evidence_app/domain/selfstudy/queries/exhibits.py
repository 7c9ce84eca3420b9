"""What is cited, under which number, and what of it the actor may open.

Whoever may not open an item learns neither its title nor how many of its kind there are, only that something is there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, not_, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence import Item, Version, visible_to
from evidence_app.domain.selfstudy.models import Citation, Evaluation, Exhibit, ExhibitNumber, Response
from evidence_app.domain.selfstudy.queries.finding import evaluation, may_reach, programmes_for, response
from evidence_app.domain.selfstudy.references import references_in
from evidence_app.errors import NotFound
from evidence_app.i18n import Message, msg

_BY_NUMBER = (Exhibit.home, Exhibit.running)

HIDDEN_EXHIBIT = msg("An exhibit you may not open")


@dataclass(frozen=True, slots=True)
class Cited:
    """An exhibit the actor may open. `citation` is None where a list of exhibits, not of citations, was asked for."""

    number: str
    is_fixed: bool
    item: Item
    version: Version
    citation: Citation | None = None

    @property
    def is_outdated(self) -> bool:
        """Whether the item has a newer version than the one that is cited."""
        return self.item.current_version_id != self.version.id


@dataclass(frozen=True, slots=True)
class ExhibitName:
    """As much of an exhibit the actor may open as a text that names it needs to print it."""

    number: str
    title: str
    item_id: str
    version_id: str
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Exhibits:
    """Exhibits the actor may open, by number; `has_hidden` says that there is more, never how much or what."""

    shown: tuple[Cited, ...]
    has_hidden: bool

    @property
    def hold_evidence(self) -> bool:
        """Whether any of it is still there: what lies in the bin shows nothing, what one may not open may."""
        return self.has_hidden or any(one.item.withdrawn_at is None for one in self.shown)


@dataclass(frozen=True, slots=True)
class CitedIn:
    """A place where an item is cited: the evaluation, the practice and programme, the version and its number."""

    evaluation: Evaluation
    response_id: str
    node_key: str
    programme: str
    version_id: str
    number: str
    how: str


@dataclass(frozen=True, slots=True)
class NarrativeProblem:
    """A text that names an exhibit number nobody was ever given: where, and what is wrong. `line` counts from 1."""

    response_id: str
    node_key: str
    programme: str
    field: str
    line: int
    number: str

    @property
    def message(self) -> Message:
        """The problem, and what to do about it."""
        return msg(
            "Line %(line)s names '%(number)s', which is no exhibit here. Cite it anew, or take the number out.",
            line=self.line,
            number=self.number,
        )


def citations_of(session: Session, actor: Actor, response_id: str) -> Exhibits:
    """What one response cites, by exhibit number."""
    found = response(session, actor, response_id)
    of_version = (Exhibit.school_id == Citation.school_id) & (Exhibit.version_id == Citation.version_id)
    chosen = (
        _with_items(Exhibit, Item, Version, Citation)
        .join(Citation, of_version)
        .where(Citation.response_id == found.id, Exhibit.evaluation_id == found.evaluation_id)
    )
    rows = session.execute(chosen.where(visible_to(actor)).order_by(*_BY_NUMBER))
    shown = [Cited(exhibit.number, exhibit.is_fixed, *rest) for exhibit, *rest in rows]
    return Exhibits(tuple(shown), _has_hidden(session, actor, chosen))


def exhibits_of(session: Session, actor: Actor, evaluation_id: str) -> Exhibits:
    """Every exhibit of an evaluation, by number, those that nothing cites any more included."""
    found = evaluation(session, actor, evaluation_id)
    chosen = _with_items(Exhibit, Item, Version).where(
        Exhibit.school_id == actor.school_id, Exhibit.evaluation_id == found.id
    )
    rows = session.execute(chosen.where(visible_to(actor)).order_by(*_BY_NUMBER))
    shown = [Cited(exhibit.number, exhibit.is_fixed, *rest) for exhibit, *rest in rows]
    return Exhibits(tuple(shown), _has_hidden(session, actor, chosen))


def exhibit_names(session: Session, actor: Actor, evaluation_id: str) -> list[ExhibitName]:
    """Every exhibit of an evaluation that the actor may open, in no order: no whole rows, as pages name hundreds."""
    found = evaluation(session, actor, evaluation_id)
    named = (Exhibit.number, Item.title, Item.id, Version.id, Version.media_type, Version.sha256)
    chosen = _with_items(*named).where(Exhibit.school_id == actor.school_id, Exhibit.evaluation_id == found.id)
    return [ExhibitName(*row) for row in session.execute(chosen.where(visible_to(actor)))]


def cited_in(session: Session, actor: Actor, item_id: str) -> list[CitedIn]:
    """Where the actor can read that an item is cited; nothing for an item they may not open."""
    require(actor, Action.READ_STUDY)
    chosen = (
        _with_items(Evaluation, Response.id, Response.node_key, Response.programme)
        .join(Citation, (Citation.school_id == Exhibit.school_id) & (Citation.version_id == Exhibit.version_id))
        .join(Response, (Response.school_id == Citation.school_id) & (Response.id == Citation.response_id))
        .join(Evaluation, (Evaluation.school_id == Response.school_id) & (Evaluation.id == Response.evaluation_id))
        .add_columns(Citation.version_id, Exhibit.number, Citation.how)
        .where(Item.id == item_id, visible_to(actor), Exhibit.evaluation_id == Response.evaluation_id)
        .order_by(Evaluation.created_at.desc(), Response.node_key, Response.programme)
    )
    places = [CitedIn(*row) for row in session.execute(chosen)]
    return [place for place in places if may_reach(actor, place.programme)]


def items_cited(session: Session, school_id: str, item_ids: Collection[str]) -> frozenset[str]:
    """Those of these items of which some version is cited in a response, whoever may see them."""
    chosen = select(Citation.item_id).where(Citation.school_id == school_id, Citation.item_id.in_(item_ids))
    return frozenset(session.scalars(chosen))


def resolve_exhibit(session: Session, actor: Actor, evaluation_id: str, number: str) -> Cited | None:
    """The exhibit a number means, old numbers too; None for one the actor may not open, NotFound for no exhibit."""
    found = evaluation(session, actor, evaluation_id)
    known = session.get(ExhibitNumber, (actor.school_id, found.id, number))
    if known is None:
        raise NotFound(msg("There is no exhibit '%(number)s' in this evaluation.", number=number))
    chosen = _with_items(Exhibit, Item, Version).where(
        Exhibit.school_id == actor.school_id, Exhibit.id == known.exhibit_id, visible_to(actor)
    )
    row = session.execute(chosen).one_or_none()
    return None if row is None else Cited(row[0].number, row[0].is_fixed, row[1], row[2])


def numbers_of(session: Session, school_id: str, evaluation_id: str) -> dict[str, str]:
    """Every number ever given in an evaluation -> the number that exhibit has now. For compiling, whoever asks."""
    same = (Exhibit.school_id == ExhibitNumber.school_id) & (Exhibit.id == ExhibitNumber.exhibit_id)
    chosen = select(ExhibitNumber.number, Exhibit.number).join(Exhibit, same)
    mine = (ExhibitNumber.school_id == school_id, ExhibitNumber.evaluation_id == evaluation_id)
    return {row[0]: row[1] for row in session.execute(chosen.where(*mine))}


def versions_to_cite(session: Session, actor: Actor, response: Response) -> dict[str, str]:
    """Number -> version id, old numbers too, of the exhibits that a response of this evaluation may cite and does not.

    Without what the actor may not open and what lies in the bin.
    """
    same = (ExhibitNumber.school_id == Exhibit.school_id) & (ExhibitNumber.exhibit_id == Exhibit.id)
    cited = select(Citation.version_id).where(
        Citation.school_id == response.school_id, Citation.response_id == response.id
    )
    chosen = (
        _with_items(ExhibitNumber.number, Exhibit.version_id)
        .join(ExhibitNumber, same)
        .where(Exhibit.school_id == response.school_id, Exhibit.evaluation_id == response.evaluation_id)
        .where(visible_to(actor), Item.withdrawn_at.is_(None), Exhibit.version_id.not_in(cited))
    )
    return {row[0]: row[1] for row in session.execute(chosen)}


def narrative_problems(session: Session, actor: Actor, evaluation_id: str) -> list[NarrativeProblem]:
    """The places where a response names an exhibit that was never given that number, in the order of the practices."""
    found = evaluation(session, actor, evaluation_id)
    known = numbers_of(session, actor.school_id, found.id)
    chosen = select(Response).where(
        Response.school_id == actor.school_id,
        Response.evaluation_id == found.id,
        Response.programme.in_(programmes_for(actor, found)),
        Response.revision > 0,
    )
    return [
        NarrativeProblem(row.id, row.node_key, row.programme, field, reference.line, reference.number)
        for row in session.scalars(chosen.order_by(Response.node_key, Response.programme))
        for field in ("narrative", "strengths", "next_steps")
        for reference in references_in(getattr(row, field))
        if reference.number not in known
    ]


def _with_items(*rows: Any) -> Select[Any]:
    """A select of `rows` out of exhibits joined to their item and version."""
    return (
        select(*rows)
        .select_from(Exhibit)
        .join(Item, (Item.school_id == Exhibit.school_id) & (Item.id == Exhibit.item_id))
        .join(Version, (Version.school_id == Exhibit.school_id) & (Version.id == Exhibit.version_id))
    )


def _has_hidden(session: Session, actor: Actor, chosen: Select[Any]) -> bool:
    hidden = chosen.where(not_(visible_to(actor))).with_only_columns(Exhibit.id).limit(1)
    return session.scalar(hidden) is not None
