"""Everything a report is made from, loaded once: the same small number of queries however large the school."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

import standards
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import members_of, names_of
from evidence_app.domain.evidence import Flag, Item, Part, Version, Visibility, parts_of_all
from evidence_app.domain.extraction import (
    Outgoing,
    PreviewImage,
    ReadingState,
    VersionText,
    outgoing,
    outgoing_parts,
    texts_of,
)
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.links import LinkCheck, LinkState, needs_copy
from evidence_app.domain.scanning import Scan, ScanState
from evidence_app.domain.schools import School, school_of
from evidence_app.domain.selfstudy import (
    Citation,
    Evaluation,
    Exhibit,
    Introduction,
    RequirementAnswer,
    Response,
    StandardLevel,
    evaluation,
    introductions,
    may_reach,
    numbers_of,
    scale_of,
    standard_levels,
)
from evidence_app.domain.tagging import Tag, TagState
from evidence_app.errors import NotAllowed
from evidence_app.i18n import Message, msg

RELEASED = (Visibility.SHAREABLE, Visibility.PUBLIC)


@dataclass(frozen=True, slots=True)
class ExhibitRow:
    """An exhibit with its item, the version it pins, what was read from it, and what of it may leave the school."""

    exhibit: Exhibit
    item: Item
    version: Version
    pages: int | None
    thumbnail_sha256: str
    outgoing: Outgoing | None
    read_state: str
    flag: Flag | None
    parts: tuple[tuple[Part, Outgoing], ...] = ()
    check: LinkCheck | None = None
    scan: Scan | None = None

    @property
    def number(self) -> str:
        """The number it has now."""
        return self.exhibit.number

    @property
    def closed_link(self) -> LinkState | None:
        """How its address answered, where it is a link that visitors cannot open and that has no copy."""
        return self.check.state_now if self.check is not None and needs_copy(self.version, self.check) else None

    @property
    def kept_back_because(self) -> str:
        """Why it does not leave the school: "in_bin", "flagged", "staff", "private", "unread",
        "infected", "unscanned" or "place"; empty when
        it may.

        What nobody has looked through for pupils' data stays, as does what a question about them waits for.
        """
        if self.item.withdrawn_at is not None:
            return "in_bin"
        if self.flag is not None and self.flag.holds:
            return "flagged"
        if self.item.visibility not in RELEASED:
            return str(self.item.visibility)
        if not is_looked_through(self.read_state):
            return "unread"
        if self.scan is not None and self.scan.state != ScanState.CLEAN:
            return "infected" if self.scan.state == ScanState.INFECTED else "unscanned"
        return "" if self.outgoing is not None else "place"


def is_looked_through(read_state: str) -> bool:
    """Whether all text of a version was read that can be, "" standing for a version nobody has read yet."""
    return read_state not in ("", ReadingState.WAITS_FOR_OCR)


@dataclass(frozen=True, slots=True)
class StudyRows:
    """The rows of one evaluation, by what they are looked up with. `numbers`: any number once given -> its exhibit."""

    school: School
    frame: Evaluation
    catalogue: standards.Catalogue
    scale: standards.Scale | None
    head: str
    responses: Mapping[tuple[str, str], Response]
    citations: Mapping[str, tuple[Citation, ...]]
    answers: Mapping[tuple[str, str], RequirementAnswer]
    levels: Mapping[tuple[str, str], StandardLevel]
    introductions: Mapping[str, Introduction]
    exhibits: Mapping[str, ExhibitRow]
    by_version: Mapping[str, ExhibitRow]
    numbers: Mapping[str, str]
    evidenced: frozenset[tuple[str, str]]
    names: Mapping[str, str]

    @property
    def programmes(self) -> tuple[str, ...]:
        """The programmes that are evaluated, in the IB's order."""
        return self.frame.programmes

    @property
    def language(self) -> str:
        """The language of the report: the school's."""
        return self.school.language

    def words(self, message: Message) -> str:
        """A sentence in the language of the report."""
        return message.in_language(self.language)

    def by_number(self, number: str) -> ExhibitRow | None:
        """The exhibit a number means, old numbers too; None for a number that was never given."""
        current = self.numbers.get(number)
        return self.exhibits.get(current) if current else None


def load_rows(session: Session, actor: Actor, evaluation_id: str) -> StudyRows:
    """The rows of an evaluation. NotAllowed for somebody whose place leaves out one of its programmes."""
    frame = evaluation(session, actor, evaluation_id)
    closed = [programme for programme in frame.programmes if not may_reach(actor, programme)]
    if closed:
        raise NotAllowed(
            msg(
                "This evaluation is about %(programmes)s too, which are outside your place in the school. "
                "Ask a coordinator of all its programmes to compile it.",
                programmes=", ".join(closed),
            )
        )
    catalogue = catalogue_for(session, actor.school_id, frame.framework_key)
    responses = _responses(session, frame, catalogue)
    people = {id for r in responses.values() for id in (r.lead_id, r.changed_by, r.approved_by) if id}
    exhibits = _exhibits(session, frame)
    heads = [m.person.display_name for m in members_of(session, actor) if m.role == Role.HEAD]
    return StudyRows(
        school=school_of(session, actor),
        frame=frame,
        catalogue=catalogue,
        scale=scale_of(catalogue, frame),
        head=heads[0] if len(heads) == 1 else "",
        responses=responses,
        citations=_citations(session, frame),
        answers=_answers(session, frame),
        levels=standard_levels(session, actor, frame.id),
        introductions=introductions(session, actor, frame.id),
        exhibits=exhibits,
        by_version={row.version.id: row for row in exhibits.values()},
        numbers=numbers_of(session, actor.school_id, frame.id),
        evidenced=_evidenced(session, frame),
        names=names_of(session, actor.school_id, people),
    )


def _responses(session: Session, frame: Evaluation, catalogue: standards.Catalogue) -> dict[tuple[str, str], Response]:
    chosen = select(Response).where(Response.school_id == frame.school_id, Response.evaluation_id == frame.id)
    return {
        (row.node_key, row.programme): row
        for row in session.scalars(chosen)
        if row.node_key in catalogue and row.programme in frame.programmes
    }


def _citations(session: Session, frame: Evaluation) -> dict[str, tuple[Citation, ...]]:
    chosen = (
        select(Citation)
        .join(Response, and_(Response.school_id == Citation.school_id, Response.id == Citation.response_id))
        .where(Response.school_id == frame.school_id, Response.evaluation_id == frame.id)
        .order_by(Citation.id)
    )
    found: dict[str, list[Citation]] = {}
    for row in session.scalars(chosen):
        found.setdefault(row.response_id, []).append(row)
    return {response_id: tuple(rows) for response_id, rows in found.items()}


def _answers(session: Session, frame: Evaluation) -> dict[tuple[str, str], RequirementAnswer]:
    chosen = (
        select(RequirementAnswer)
        .join(
            Response,
            and_(Response.school_id == RequirementAnswer.school_id, Response.id == RequirementAnswer.response_id),
        )
        .where(Response.school_id == frame.school_id, Response.evaluation_id == frame.id)
    )
    return {(row.response_id, row.node_key): row for row in session.scalars(chosen)}


def _exhibits(session: Session, frame: Evaluation) -> dict[str, ExhibitRow]:
    """Number -> exhibit, for every exhibit of the evaluation, whoever may open its item."""
    of_version = and_(VersionText.school_id == Exhibit.school_id, VersionText.version_id == Exhibit.version_id)
    picture = and_(
        PreviewImage.school_id == Exhibit.school_id,
        PreviewImage.version_id == Exhibit.version_id,
        PreviewImage.page == 0,
    )
    chosen = (
        select(Exhibit, Item, Version, VersionText.pages, PreviewImage.sha256, VersionText.state, Flag, LinkCheck, Scan)
        .join(Item, and_(Item.school_id == Exhibit.school_id, Item.id == Exhibit.item_id))
        .join(Version, and_(Version.school_id == Exhibit.school_id, Version.id == Exhibit.version_id))
        .outerjoin(VersionText, of_version)
        .outerjoin(PreviewImage, picture)
        .outerjoin(Flag, and_(Flag.school_id == Exhibit.school_id, Flag.version_id == Exhibit.version_id))
        .outerjoin(Scan, and_(Scan.school_id == Exhibit.school_id, Scan.version_id == Exhibit.version_id))
        .outerjoin(LinkCheck, and_(LinkCheck.school_id == Exhibit.school_id, LinkCheck.item_id == Exhibit.item_id))
        .where(Exhibit.school_id == frame.school_id, Exhibit.evaluation_id == frame.id)
    )
    rows = session.execute(chosen).all()
    versions = [row.Version for row in rows]
    goes_out, parts = outgoing(session, versions), outgoing_parts(session, versions)
    unread = _unread_series(session, frame.school_id, versions)
    return {
        exhibit.number: ExhibitRow(
            exhibit,
            item,
            version,
            pages,
            thumbnail or "",
            goes_out.get(version.id),
            "" if version.id in unread else state or "",
            flag,
            tuple(parts.get(version.id, ())),
            check,
            scan,
        )
        for exhibit, item, version, pages, thumbnail, state, flag, check, scan in rows
    }


def _unread_series(session: Session, school_id: str, versions: Collection[Version]) -> set[str]:
    """The ids of the series among these versions of which a part has not been looked through."""
    parts = parts_of_all(session, school_id, versions)
    texts = texts_of(session, school_id, [part.version.id for own in parts.values() for part in own])
    states = {version_id: text.state for version_id, text in texts.items()}
    return {
        version_id
        for version_id, own in parts.items()
        if not all(is_looked_through(states.get(part.version.id, "")) for part in own)
    }


def _evidenced(session: Session, frame: Evaluation) -> frozenset[tuple[str, str]]:
    """(node, programme or "" for the whole school) that an accepted tag on a released item stands for.

    Items that stay in the school do not count: nothing in a report may depend on what its readers may not know.
    """
    chosen = (
        select(Tag.node_key, Item)
        .join(Item, and_(Item.school_id == Tag.school_id, Item.id == Tag.item_id))
        .where(
            Tag.school_id == frame.school_id,
            Tag.state == TagState.ACCEPTED,
            Item.withdrawn_at.is_(None),
            Item.visibility.in_(RELEASED),
        )
    )
    return frozenset(
        (node_key, programme) for node_key, item in session.execute(chosen) for programme in item.programmes or ("",)
    )
