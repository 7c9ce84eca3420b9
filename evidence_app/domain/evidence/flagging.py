"""Questions about pupils' data: raised by what is seen in names and texts, they hold an item back until answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Actor, worker_for
from evidence_app.domain.audit import record
from evidence_app.domain.evidence.models import Flag, Hold, Item, Version, Visibility
from evidence_app.domain.evidence.names import title_from
from evidence_app.domain.evidence.parts import parts_of
from evidence_app.domain.evidence.privacy import keeper_named, support_named
from evidence_app.domain.evidence.queries import current_version, may_change, visible_to
from evidence_app.domain.guarding import Looks, Place, Signs, Weight, both, look_at_path, look_at_text
from evidence_app.domain.jobs import JobKind, Urgency, enqueue
from evidence_app.errors import Invalid
from evidence_app.i18n import Message, msg

ALLOWED_BY_HOLD = {
    Hold.NONE: tuple(Visibility),
    Hold.RELEASE: (Visibility.PRIVATE, Visibility.STAFF),
    Hold.PRIVATE: (Visibility.PRIVATE,),
}
STAYS_PRIVATE = {
    Looks.PAPER: msg(
        "“%(title)s” stays private: it looks like an individual pupil's paper. Whoever keeps it can answer that on its "
        "page. Nothing was changed."
    ),
    Looks.EXAM: msg(
        "“%(title)s” stays private: it looks like an examination paper that is still live. Whoever keeps it can answer "
        "that on its page. Nothing was changed."
    ),
    Looks.NAMES: msg(
        "“%(title)s” stays private: it looks as if it names or describes single pupils. Whoever keeps it can answer "
        "that on its page. Nothing was changed."
    ),
}


def flag_by_names(
    session: Session, actor: Actor, found: Item, version: Version, *, urgency: Urgency = Urgency.NOW
) -> None:
    """Raise the question where the names of the file or its folder, or what is said of the item, give reason to."""
    seen = look_at_path(version.file_name, found.folder)
    if found.title != title_from(version.file_name):
        seen = both(seen, look_at_path(found.title))
    parts = parts_of(session, version)
    for part in parts:
        seen = both(seen, look_at_path(part.version.file_name))
    said = "\n".join((found.purpose, found.description, *(part.caption for part in parts))).strip()
    if said:
        seen = both(seen, look_at_text(said, found.language, title=found.title, place=Place.WORDS))
    raise_flag(session, actor, found, version, seen, urgency=urgency)


def flag_by_place(session: Session, actor: Actor, found: Item, path: str) -> None:
    """Raise the question where another place the same bytes came from gives reason to, of an item the actor may change.

    A scan in “To sort” says nothing; its copy in “IEPs” says what both are.
    """
    folder, _slash, name = path.rpartition("/")
    seen = look_at_path(name, folder)
    if seen and may_change(actor, found):
        raise_flag(session, actor, found, current_version(session, found), seen, urgency=Urgency.BULK)


def flag_by_bytes(session: Session, actor: Actor, found: Item, version: Version) -> None:
    """Ask of a new version what was asked of its bytes before, where the actor sees it, and do not wait for its text.

    An earlier version of the same item that is used again keeps its answer, as long as every answer to it lets it out.
    """
    flags = _flags_on(session, actor, _bytes_of(session, version))
    # An answer about one file of a series says nothing about the others.
    own = [flag for flag, sha256 in flags if flag.item_id == found.id and sha256 == version.sha256]
    if own and not any(flag.holds for flag in own):
        _ask_as_before(session, actor, found, version, own[-1])
        return
    for flag, _ in flags:
        raise_flag(session, actor, found, version, flag.what_was_seen)


def flag_copies(
    session: Session, actor: Actor, added: Sequence[tuple[Item, Version]], *, urgency: Urgency = Urgency.NOW
) -> None:
    """Ask of items just filed what holds back the same bytes elsewhere, where the actor sees it.

    Filed once more under another name they are the same paper.
    """
    bytes_of = {version.id: _bytes_of(session, version) for _, version in added}
    held: dict[str, list[Flag]] = {}
    for flag, sha256 in _flags_on(session, actor, {sha256 for own in bytes_of.values() for sha256 in own}):
        if flag.holds:
            held.setdefault(sha256, []).append(flag)
    for found, version in added if held else ():
        for flag in (flag for sha256 in bytes_of[version.id] for flag in held.get(sha256, ())):
            raise_flag(session, actor, found, version, flag.what_was_seen, urgency=urgency)


def _bytes_of(session: Session, version: Version) -> list[str]:
    return [version.sha256, *(part.version.sha256 for part in parts_of(session, version))]


def _flags_on(session: Session, actor: Actor, sha256s: Collection[str]) -> list[tuple[Flag, str]]:
    """The questions about versions of these bytes that the actor sees, each with its bytes, the latest answer last."""
    chosen = (
        select(Flag, Version.sha256)
        .join(Version, (Version.school_id == Flag.school_id) & (Version.id == Flag.version_id))
        .join(Item, (Item.school_id == Flag.school_id) & (Item.id == Flag.item_id))
        .where(Version.school_id == actor.school_id, Version.sha256.in_(sha256s), visible_to(actor))
    )
    return [(flag, sha256) for flag, sha256 in session.execute(chosen.order_by(Flag.settled_at, Flag.raised_at))]


def flag_as_before(session: Session, actor: Actor, found: Item, before: Version, version: Version) -> bool:
    """Whether a series in a new order is asked what it was asked before, with its answer: nothing came in since.

    Another file, or another caption, may be about a pupil: it is asked anew.
    """
    asked = session.get(Flag, (before.school_id, before.id))
    if asked is None or not version.is_series:
        return False
    known = {(part.version.sha256, part.caption) for part in parts_of(session, before)}
    if not {(part.version.sha256, part.caption) for part in parts_of(session, version)} <= known:
        return False
    _ask_as_before(session, actor, found, version, asked)
    return True


def _ask_as_before(session: Session, actor: Actor, found: Item, version: Version, asked: Flag) -> None:
    """The question with its answer at once: asked without it for a moment, it would close the item."""
    again = _flag(found, version, asked.what_was_seen)
    again.settled_as, again.settled_by, again.settled_at = asked.settled_as, asked.settled_by, asked.settled_at
    again.note, again.copy_item_id = asked.note, asked.copy_item_id
    # The models of versions and flags do not know of each other's order.
    session.flush()
    session.add(again)
    _tell(session, actor, found, again)


def flag_by_text(
    session: Session, found: Item, version: Version, seen: Signs, *, urgency: Urgency = Urgency.NOW
) -> None:
    """Raise the question where the text of a version gives reason to; as the worker, once it has read it.

    A question that was answered for this version stays answered, unless something of another kind, or graver, is seen.
    """
    raise_flag(session, worker_for(found.school_id), found, version, seen, urgency=urgency)


def raise_flag(
    session: Session, actor: Actor, found: Item, version: Version, seen: Signs, *, urgency: Urgency = Urgency.NOW
) -> None:
    """The version is flagged with what was seen, beside what was seen before, and its item held back."""
    if not seen:
        return
    flag = session.get(Flag, (found.school_id, version.id))
    if flag is None:
        # The models of versions and flags do not know of each other's order.
        session.flush()
        flag = _flag(found, version, seen)
        session.add(flag)
    else:
        before = flag.what_was_seen
        together = both(before, seen)
        if together == before:
            return
        flag.weight, flag.signs = together.weight, together.as_plain()
        if not flag.is_open and (together.kinds > before.kinds or together.weight is not before.weight):
            flag.settled_as = flag.settled_by = flag.settled_at = None
            flag.asked, flag.raised_at = found.visibility, now()
    _tell(session, actor, found, flag, urgency=urgency)


def _flag(found: Item, version: Version, seen: Signs) -> Flag:
    return Flag(
        school_id=found.school_id,
        version_id=version.id,
        item_id=found.id,
        weight=seen.weight,
        signs=seen.as_plain(),
        asked=found.visibility,
        raised_at=now(),
    )


def _tell(session: Session, actor: Actor, found: Item, flag: Flag, *, urgency: Urgency = Urgency.NOW) -> None:
    """The flag is on record, and what it holds back is held back, in the index, too."""
    kinds = sorted(kind.value for kind in flag.what_was_seen.kinds)
    record(session, actor, "evidence.flag", "item", found.id, version=flag.version_id, kinds=kinds, weight=flag.weight)
    hold_back(session, actor, found, urgency=urgency)
    enqueue(session, JobKind.INDEX_ITEM, found.school_id, found.id, urgency=urgency)


def hold_back(session: Session, actor: Actor, found: Item, *, urgency: Urgency = Urgency.NOW) -> None:
    """The item is held as its flags say, and no more open than that; who opens it once it goes private is named.

    Whatever is asked of the newest version keeps the item private until it is answered. A version that looks like an
    individual's paper or a live examination paper does so also once it is an earlier one, since whoever opens an item
    opens all its versions. What names pupils and was answered to stay here may be opened to the staff. Where nobody
    could open it privately any more, as when its owner has left, it stays open to staff, and leaves the school no more.
    """
    session.flush()
    flags = session.scalars(select(Flag).where(Flag.school_id == found.school_id, Flag.item_id == found.id))
    holding = [flag for flag in flags if flag.holds]
    newest = [flag for flag in holding if flag.version_id == found.current_version_id]
    held = Hold.RELEASE if newest else Hold.NONE
    if any(flag.weight == Weight.PRIVATE for flag in holding) or any(flag.is_open for flag in newest):
        held = Hold.PRIVATE
    if held is Hold.PRIVATE and found.visibility != Visibility.PRIVATE:
        has_keeper = keeper_named(session, actor, found)
        is_opened = support_named(session, found) or has_keeper
        held = Hold.PRIVATE if is_opened else Hold.RELEASE
    visibility = allowed_of(held, Visibility(found.visibility))
    if (held, visibility) != (found.held, found.visibility):
        found.held, found.visibility, found.changed_at = held, visibility, now()
        enqueue(session, JobKind.INDEX_ITEM, found.school_id, found.id, urgency=urgency)


def check_hold(session: Session, found: Item, visibility: Visibility) -> None:
    """Nothing, where the item may be opened so far; Invalid while a question about pupils' data holds it back."""
    if visibility in ALLOWED_BY_HOLD[Hold(found.held)]:
        return
    if found.held == Hold.PRIVATE:
        refusal = STAYS_PRIVATE[signs_of_held(session, found.school_id, [found.id])[found.id].looks]
        raise Invalid(Message(refusal.msgid, {"title": found.title}), field="visibility")
    raise Invalid(
        msg(
            "“%(title)s” stays in the school: it names or describes single pupils. Nothing was changed.",
            title=found.title,
        ),
        field="visibility",
    )


def signs_of_held(session: Session, school_id: str, item_ids: Collection[str]) -> dict[str, Signs]:
    """Item id -> why it is held back, of those of these items that are; of their versions the gravest."""
    chosen = (
        select(Flag)
        .join(Item, (Item.school_id == Flag.school_id) & (Item.id == Flag.item_id))
        .where(Flag.school_id == school_id, Flag.item_id.in_(item_ids), Flag.holding(), Item.held != Hold.NONE)
    )
    found: dict[str, Signs] = {}
    for flag in session.scalars(chosen):
        seen = flag.what_was_seen
        found[flag.item_id] = max(found.get(flag.item_id, seen), seen, key=lambda one: one.weight.rank)
    return found


def within_hold(session: Session, found: Item, asked: Visibility) -> Visibility:
    """The visibility an item gets when this one is asked for along with others'; the flag keeps what was asked.

    What a question keeps private although it was to be opened is the learning support team's to see from now on.
    """
    allowed = allowed_of(Hold(found.held), asked)
    flag = session.get(Flag, (found.school_id, found.current_version_id))
    if allowed != asked and flag is not None and flag.is_open:
        flag.asked = asked
    if allowed != asked and allowed is Visibility.PRIVATE:
        support_named(session, found)
    return allowed


def allowed_of(held: Hold, visibility: Visibility) -> Visibility:
    """The visibility itself where the hold allows it, else the widest it allows."""
    allowed = ALLOWED_BY_HOLD[held]
    return visibility if visibility in allowed else allowed[-1]
