"""Changing evidence that is filed. The bytes of a new version are in the store before any of this begins."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.evidence.addresses import checked_url
from evidence_app.domain.evidence.facts import ItemFacts, checked, set_programmes
from evidence_app.domain.evidence.filing import StoredBlob
from evidence_app.domain.evidence.flagging import (
    check_hold,
    flag_as_before,
    flag_by_bytes,
    flag_by_names,
    hold_back,
)
from evidence_app.domain.evidence.loading import lock_own, lock_own_all
from evidence_app.domain.evidence.models import SERIES, Item, ItemKind, Version, Visibility
from evidence_app.domain.evidence.names import clean_file_name, version_stem
from evidence_app.domain.evidence.parts import PartFile, add_parts, check_parts, parts_of
from evidence_app.domain.evidence.privacy import check_opening, name_owner
from evidence_app.domain.evidence.queries import current_version
from evidence_app.domain.jobs import JobKind, Urgency, enqueue
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.i18n import msg
from evidence_app.texts import clean_line


def replace(
    session: Session,
    *,
    actor: Actor,
    item_id: str,
    blob: StoredBlob,
    file_name: str,
    media_type: str,
    comment: str = "",
    url: str = "",
    parts: Sequence[PartFile] = (),
) -> Version:
    """The new version of an item. Earlier versions stay as they are; what cites them keeps citing them.

    A link takes its new address as `url`; Invalid when a browser could not open that safely. With `parts` it is a
    series of these, and `blob` holds their `list_of`.
    """
    require(actor, Action.FILE_EVIDENCE)
    found = lock_own(session, actor, item_id)
    url = checked_url(url) if found.kind == ItemKind.LINK else ""
    newest = session.get_one(Version, (actor.school_id, found.current_version_id))
    added = Version(
        id=new_id(),
        school_id=actor.school_id,
        item_id=found.id,
        number=newest.number + 1,
        sha256=blob.sha256,
        size_bytes=blob.size_bytes,
        media_type=media_type,
        file_name=clean_file_name(file_name),
        name_stem=version_stem(clean_file_name(file_name)) if found.kind == ItemKind.FILE and not parts else "",
        url=url,
        added_by=actor.person_id,
        added_at=now(),
        comment=clean_line(comment),
    )
    session.add(added)
    new_parts = add_parts(session, actor, added, parts) if parts else []
    found.current_version_id, found.changed_at = added.id, added.added_at
    record(session, actor, "evidence.replace", "item", found.id, version=added.id, sha256=blob.sha256)
    hold_back(session, actor, found)
    if not flag_as_before(session, actor, found, newest, added):
        flag_by_bytes(session, actor, found, added)
    flag_by_names(session, actor, found, added)
    for version in (*new_parts, added):
        enqueue(session, JobKind.READ_VERSION, version.school_id, version.id)
    return added


def arrange(
    session: Session,
    *,
    actor: Actor,
    item_id: str,
    on_version_id: str,
    blob: StoredBlob,
    parts: Sequence[PartFile],
    comment: str = "",
) -> Version:
    """The series in this order, with these captions and parts, as a new version; the one before stays as it was.

    `blob` holds their `list_of`. Conflict where the newest version is not `on_version_id` any more, so that nobody's
    order is overwritten unseen; Invalid where nothing is different.
    """
    found = lock_own(session, actor, item_id)
    newest = current_version(session, found)
    if newest.id != on_version_id or not newest.is_series:
        raise Conflict(msg("Somebody changed this series meanwhile. Nothing was changed; look at it and try again."))
    check_parts(parts, blob.sha256)
    if newest.sha256 == blob.sha256:
        raise Invalid(msg("Order and captions are as they were. Nothing was changed."), field="parts")
    return replace(
        session,
        actor=actor,
        item_id=item_id,
        blob=blob,
        file_name=newest.file_name,
        media_type=SERIES,
        comment=comment,
        parts=parts,
    )


def bring_back(session: Session, *, actor: Actor, item_id: str, version_id: str) -> Version:
    """The newest version, now the same as an earlier one; all in between stay. Conflict when that is the newest."""
    found = lock_own(session, actor, item_id)
    earlier = session.get(Version, (actor.school_id, version_id))
    if earlier is None or earlier.item_id != found.id or earlier.part:
        raise NotFound(msg("There is no such version, or it is not open to you."))
    if current_version(session, found).sha256 == earlier.sha256:
        raise Conflict(msg("The newest version is the same as this one already. Nothing was changed."))
    return replace(
        session,
        actor=actor,
        item_id=item_id,
        blob=earlier,
        file_name=earlier.file_name,
        media_type=earlier.media_type,
        url=earlier.url,
        parts=[part.as_file() for part in parts_of(session, earlier)],
    )


def update_facts(session: Session, *, actor: Actor, item_id: str, facts: ItemFacts) -> Item:
    """The item with its new facts. Going private leaves it open to its owner and to those named on it.

    What is said of it now is looked at for pupils' data, too. Invalid where a question about such data holds it back.
    """
    require(actor, Action.FILE_EVIDENCE)
    found = lock_own(session, actor, item_id)
    columns = checked(session, actor, facts, found)
    if not columns["title"]:
        raise Invalid(msg("An item needs a title."), field="title")
    check_opening(session, actor, found, facts.visibility)
    check_hold(session, found, facts.visibility)
    closes = found.visibility != Visibility.PRIVATE and facts.visibility == Visibility.PRIVATE
    for name, value in columns.items():
        setattr(found, name, value)
    set_programmes(found, facts.programmes)
    found.changed_at = now()
    if closes:
        name_owner(session, actor, found)
    record(session, actor, "evidence.update", "item", found.id, visibility=found.visibility)
    flag_by_names(session, actor, found, current_version(session, found))
    _index_later(session, found)
    enqueue(session, JobKind.SUGGEST_ITEM, found.school_id, found.id, urgency=Urgency.LATER)
    return found


def set_visibility(session: Session, *, actor: Actor, item_ids: Collection[str], visibility: Visibility) -> int:
    """How many of these items now have this visibility: all of them, or none: NotFound, or Invalid where one is held
    back by a question about pupils' data, which no act on many answers.
    """
    require(actor, Action.FILE_EVIDENCE)
    if visibility == Visibility.PUBLIC:
        require(actor, Action.RELEASE_EVIDENCE)
    for found in lock_own_all(session, actor, item_ids):
        check_opening(session, actor, found, visibility)
        check_hold(session, found, visibility)
        closes = found.visibility != Visibility.PRIVATE and visibility == Visibility.PRIVATE
        found.visibility, found.changed_at = visibility, now()
        if closes:
            name_owner(session, actor, found)
        record(session, actor, "evidence.set_visibility", "item", found.id, visibility=visibility)
        _index_later(session, found)
    return len(item_ids)


def withdraw(session: Session, *, actor: Actor, item_ids: Collection[str]) -> int:
    """How many items are now in the bin: all of these, or NotFound and none. They can be restored for 30 days."""
    for found in lock_own_all(session, actor, item_ids):
        found.withdrawn_at = found.changed_at = now()
        record(session, actor, "evidence.withdraw", "item", found.id)
        _index_later(session, found)
    return len(item_ids)


def restore(session: Session, *, actor: Actor, item_id: str) -> Item:
    """The item, out of the bin again with everything it had."""
    found = lock_own(session, actor, item_id, withdrawn=True)
    found.withdrawn_at, found.changed_at = None, now()
    record(session, actor, "evidence.restore", "item", found.id)
    _index_later(session, found)
    return found


def _index_later(session: Session, found: Item) -> None:
    enqueue(session, JobKind.INDEX_ITEM, found.school_id, found.id)
