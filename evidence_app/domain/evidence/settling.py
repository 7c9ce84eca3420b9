"""Answering questions about pupils' data: who may, what the answers are, and which questions wait."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, can, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence.flagging import hold_back
from evidence_app.domain.evidence.loading import lock_visible
from evidence_app.domain.evidence.models import Flag, Hold, Item, ItemAccess, Settled, Version, Visibility
from evidence_app.domain.evidence.privacy import is_custodian
from evidence_app.domain.evidence.queries import current_version, item, may_change, visible_items, visible_to
from evidence_app.domain.guarding import Looks, SignKind, Weight
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.errors import Conflict, Invalid, NotAllowed, NotFound
from evidence_app.i18n import Message, msg
from evidence_app.texts import clean_line


@dataclass(frozen=True, slots=True)
class Question:
    """An item and one of its versions that a question about pupils' data waits for."""

    item: Item
    flag: Flag


def settle(
    session: Session,
    *,
    actor: Actor,
    item_id: str,
    answer: Settled,
    note: str,
    copy_item_id: str = "",
    version_id: str = "",
    as_seen: str = "",
) -> Flag:
    """The question about a version (the newest unless named), answered by the actor with a note that says why.

    The item may then be opened again, by an act of its own; with a redacted copy, which is named, the paper itself
    stays as it is held, and what is answered to be for colleagues may be opened to the staff. Raises NotFound where
    nothing is asked, NotAllowed for those who may neither change the item nor, of a private one, say who opens it;
    Invalid without a note, without a copy where one is claimed, or for an answer there is not (see `answers_to`);
    Conflict where its `mark` is not `as_seen` any more, if that is said: nobody answers what they were not shown.
    """
    require(actor, Action.FILE_EVIDENCE)
    found = lock_visible(session, actor, item_id)
    if not may_settle(session, actor, found):
        raise NotAllowed(
            msg("Only the owner of this item, a coordinator, or a custodian of a private one may answer this.")
        )
    flag = session.get(Flag, (actor.school_id, version_id or found.current_version_id), with_for_update=True)
    if flag is None or flag.item_id != found.id:
        raise NotFound(msg("Nothing is asked about this version. Load the page again."))
    if as_seen and as_seen != flag.mark:
        raise Conflict(
            msg("More was seen in it since you opened this page, or somebody answered. Look at it again, then answer.")
        )
    note = clean_line(note, 500)
    if not note:
        raise Invalid(msg("Say in a line why; whoever shares it later relies on it."), field="note")
    if answer not in answers_to(flag):
        raise Invalid(_refusal(flag), field="answer")
    if answer is Settled.REDACTED:
        copy_item_id = _copy_of(session, actor, flag, copy_item_id)
    flag.settled_as, flag.settled_by, flag.settled_at = answer, actor.person_id, now()
    flag.note, flag.copy_item_id = note, copy_item_id if answer is Settled.REDACTED else ""
    record(session, actor, "evidence.settle", "item", found.id, version=flag.version_id, answer=answer.value)
    hold_back(session, actor, found)
    enqueue(session, JobKind.INDEX_ITEM, found.school_id, found.id)
    return flag


def answers_to(flag: Flag) -> list[Settled]:
    """What can be answered, by what the version looks like.

    One pupil's own plan or report is never given out, whoever agrees; a live examination paper is a past one, or is
    withdrawn; only what names pupils and is nobody's own paper may be said to be for colleagues.
    """
    seen = flag.what_was_seen
    if seen.looks is Looks.EXAM:
        return [Settled.HARMLESS]
    answers = [Settled.HARMLESS, Settled.REDACTED]
    if not (seen.weight is Weight.PRIVATE and SignKind.PLAN in seen.kinds):
        answers.insert(1, Settled.CONSENT)
    if seen.looks is Looks.NAMES:
        answers.append(Settled.INTERNAL)
    return answers


def _refusal(flag: Flag) -> Message:
    match flag.what_was_seen.looks:
        case Looks.EXAM:
            return msg(
                "An examination paper that is still live belongs with the examinations coordinator. Withdraw it here, "
                "or say that it is a past paper."
            )
        case Looks.NAMES:
            return msg("That is no answer to this. Choose another one.")
        case Looks.PAPER:
            return msg(
                "An individual's plan or clinical report never leaves the school, whoever agrees. File a redacted copy "
                "or a statement, or say that it is about nobody in particular."
            )


def may_settle(session: Session, actor: Actor, found: Item) -> bool:
    """Whether the actor may answer for this item, which they can see: who may open it further."""
    if found.visibility == Visibility.PRIVATE:
        return can(actor, Action.FILE_EVIDENCE) and is_custodian(session, actor, found)
    return may_change(actor, found)


def flags_of(session: Session, actor: Actor, item_id: str) -> list[Flag]:
    """The questions about an item the actor may see, open or answered, the newest first."""
    found = item(session, actor, item_id, withdrawn=True)
    chosen = select(Flag).where(Flag.school_id == actor.school_id, Flag.item_id == found.id)
    return list(session.scalars(chosen.order_by(Flag.raised_at.desc(), Flag.version_id)))


def questions_for(session: Session, actor: Actor, *, limit: int = 200) -> list[Question]:
    """The open questions the actor may answer, the oldest first. Private items of others are not among them."""
    chosen = _open_for(actor).order_by(Flag.raised_at, Flag.version_id).limit(limit)
    return [Question(found, flag) for found, flag in session.execute(chosen)]


def holds_of(session: Session, actor: Actor) -> dict[str, Hold]:
    """Item id -> how it is held back, for the items in use that the actor may see and that are."""
    chosen = visible_items(actor).with_only_columns(Item.id, Item.held).where(Item.held != Hold.NONE)
    return {item_id: Hold(held) for item_id, held in session.execute(chosen)}


def count_questions(session: Session, actor: Actor) -> int:
    """How many open questions the actor may answer."""
    return session.scalar(select(func.count()).select_from(_open_for(actor).subquery())) or 0


def _open_for(actor: Actor) -> Select[Item, Flag]:
    kept = (
        select(ItemAccess.item_id)
        .where(
            ItemAccess.school_id == actor.school_id,
            ItemAccess.person_id == actor.person_id,
            ItemAccess.is_custodian,
            ItemAccess.standing == actor.standing,
        )
        .scalar_subquery()
    )
    others = can(actor, Action.EDIT_ANY_EVIDENCE)
    open_ones = Item.visibility != Visibility.PRIVATE
    mine = open_ones if others else and_(open_ones, Item.owner_id == actor.person_id)
    of_item = and_(Flag.school_id == Item.school_id, Flag.item_id == Item.id)
    return (
        select(Item, Flag)
        .join(Flag, of_item)
        .where(
            visible_to(actor),
            Item.withdrawn_at.is_(None),
            Flag.settled_as.is_(None),
            or_(mine, Item.id.in_(kept)),
        )
    )


def _copy_of(session: Session, actor: Actor, flag: Flag, copy_item_id: str) -> str:
    """The id of the redacted copy: another item that is there, that the actor sees, and that holds other bytes."""
    if not copy_item_id or copy_item_id == flag.item_id:
        raise Invalid(
            msg("Add the redacted copy as a file of its own: whoever opens this item opens its earlier versions too."),
            field="copy",
        )
    copy = item(session, actor, copy_item_id)
    if current_version(session, copy).sha256 == session.get_one(Version, (flag.school_id, flag.version_id)).sha256:
        raise Invalid(msg("This is the same file, byte for byte: nothing in it is blacked out."), field="copy")
    return copy.id
