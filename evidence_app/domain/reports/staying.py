"""Which exhibits stay in the school as things stand now, and why, asked in columns: without loading any of them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import String, and_, case, or_, select, type_coerce
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Flag, Item
from evidence_app.domain.extraction import ReadingState, VersionText
from evidence_app.domain.reports.gathering.rows import RELEASED
from evidence_app.domain.reports.problems import LeftOut, LeftOutLine
from evidence_app.domain.reports.queries import told_to
from evidence_app.domain.scanning import Scan, ScanState, holding
from evidence_app.domain.selfstudy import Evaluation, Exhibit, evaluation


def staying(session: Session, actor: Actor, evaluation_id: str, numbers: Collection[str]) -> dict[str, LeftOutLine]:
    """Number -> why it stays and what to do, as the actor may know it, for those of these exhibits that would stay.

    NotFound when the evaluation is not the actor's to read.
    """
    frame = evaluation(session, actor, evaluation_id)
    return {line.number: line for line in told_to(session, actor, kept_back(session, frame, numbers))}


def kept_back(session: Session, frame: Evaluation, numbers: Collection[str] | None = None) -> list[LeftOut]:
    """The exhibits of an evaluation that would stay, or those of these numbers.

    The reasons are those of `ExhibitRow.kept_back_because`, but for "place": whether a photograph's copy is made is
    found out as the report is frozen.
    """
    is_unread = or_(VersionText.version_id.is_(None), VersionText.state == ReadingState.WAITS_FOR_OCR)
    because = case(
        (Item.withdrawn_at.is_not(None), "in_bin"),
        (Flag.holding(), "flagged"),
        (Item.visibility.not_in(RELEASED), type_coerce(Item.visibility, String)),
        (is_unread, "unread"),
        (Scan.state == ScanState.INFECTED, "infected"),
        (holding(), "unscanned"),
        else_="",
    )
    chosen = (
        select(Exhibit.number, Exhibit.item_id, because)
        .join(Item, and_(Item.school_id == Exhibit.school_id, Item.id == Exhibit.item_id))
        .outerjoin(
            VersionText,
            and_(VersionText.school_id == Exhibit.school_id, VersionText.version_id == Exhibit.version_id),
        )
        .outerjoin(Scan, and_(Scan.school_id == Exhibit.school_id, Scan.version_id == Exhibit.version_id))
        .outerjoin(Flag, and_(Flag.school_id == Exhibit.school_id, Flag.version_id == Exhibit.version_id))
        .where(Exhibit.school_id == frame.school_id, Exhibit.evaluation_id == frame.id, because != "")
    )
    if numbers is not None:
        chosen = chosen.where(Exhibit.number.in_(numbers))
    return [LeftOut(number, item_id, why) for number, item_id, why in session.execute(chosen)]
