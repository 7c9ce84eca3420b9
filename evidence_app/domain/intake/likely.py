"""Files that are likely versions of one document: named alike, and alike in their words; and making one of two."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from evidence_app.domain import tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import (
    Hold,
    Item,
    ItemKind,
    Version,
    Visibility,
    current_version,
    is_custodian,
    item,
    named_alike,
    replace,
    withdraw,
)
from evidence_app.domain.intake.entries import give_place
from evidence_app.domain.intake.models import BatchEntry, EntryState
from evidence_app.domain.suggesting import digests_of, likeness
from evidence_app.errors import Invalid, NotAllowed, NotFound
from evidence_app.i18n import msg

ALIKE_IN_ONE_FOLDER = 0.4
ALIKE_ELSEWHERE = 0.75
"""How alike their words must be. "Minutes" lie in many folders, and are made of the same words."""
MOST_SHOWN = 3


def likely_versions(session: Session, actor: Actor, items: Collection[Item]) -> dict[str, list[Item]]:
    """Item id -> other files the actor may see that are likely earlier or later versions of it, likeliest first.

    Files without words, such as photographs, are compared by name and folder alone.
    """
    alike = named_alike(session, actor, [one for one in items if one.kind == ItemKind.FILE])
    ids = {*alike, *(other.id for others in alike.values() for other in others)}
    digests = digests_of(session, actor.school_id, ids) if ids else {}
    found = {}
    for one in items:
        ranked = [(other, _likeness(one, other, digests)) for other in alike.get(one.id, ())]
        likely = [(other, how) for other, how in ranked if how >= _least(one, other)]
        if likely:
            found[one.id] = [other for other, _ in sorted(likely, key=lambda pair: -pair[1])][:MOST_SHOWN]
    return found


def make_version(
    session: Session,
    *,
    actor: Actor,
    item_id: str,
    of_id: str,
    comment: str = "",
    is_chosen: bool = False,
    saved_as: Visibility = Visibility.PRIVATE,
) -> Version:
    """The file of one item as the newest version of another, which takes its practices, and its place in
    the actor's batch; the first goes to the bin.

    What is not saved yet is private. It becomes a version of something open only where the actor is about to save it
    less privately, so that this act opens nothing that saving would not: `saved_as` is what the form before their eyes
    says, chosen by them or filled in for them. What a question about pupils holds back is opened by neither.

    NotFound when they are no likely versions of each other, unless the actor themselves chose the other
    (`is_chosen`); NotAllowed when one is not the actor's to change, or is private and in others' care; Invalid where
    what is private, or is to be once it is saved, would be opened to more people, where one is no file, and where
    nothing would change.
    """
    mine, other = item(session, actor, item_id), item(session, actor, of_id)
    if not is_chosen and other.id not in {
        likely.id for likely in likely_versions(session, actor, [mine]).get(mine.id, ())
    }:
        raise NotFound(msg("These are not likely to be versions of one document any more. Load the page again."))
    opens = mine.visibility == Visibility.PRIVATE and other.visibility != Visibility.PRIVATE
    if opens and (saved_as == Visibility.PRIVATE or not _waits_to_be_saved(session, actor, mine)):
        raise Invalid(
            msg(
                "This one is private and “%(title)s” is not: as its version it would be opened to more people. Make "
                "that one private first, or keep both.",
                title=other.title,
            )
        )
    if mine.visibility == Visibility.PRIVATE and not is_custodian(session, actor, mine):
        raise NotAllowed(
            msg("Only a custodian of this private item may make it a version of another, which others may open.")
        )
    newest = current_version(session, mine)
    if {mine.kind, other.kind} != {ItemKind.FILE} or mine.id == other.id:
        raise Invalid(msg("Only a file can be a version of another file. Keep both."))
    if newest.sha256 == current_version(session, other).sha256:
        raise Invalid(msg("This is the version that is there now, byte for byte. Nothing was changed."))
    added = replace(
        session,
        actor=actor,
        item_id=other.id,
        blob=newest,
        file_name=newest.file_name,
        media_type=newest.media_type,
        comment=comment,
    )
    there = {tag.node_key for tag in tagging.tags_of(session, actor, other.id)}
    for tag in tagging.tags_of(session, actor, mine.id):
        if tag.node_key not in there:
            tagging.attach(session, actor=actor, item_id=other.id, node_key=tag.node_key, note=tag.note)
    withdraw(session, actor=actor, item_ids=[mine.id])
    entry = session.get(BatchEntry, (actor.school_id, actor.person_id, mine.id), with_for_update=True)
    if entry is not None:
        give_place(session, actor, entry, other)
    return added


def _waits_to_be_saved(session: Session, actor: Actor, mine: Item) -> bool:
    """Whether it is private only because the actor has not saved it yet."""
    entry = session.get(BatchEntry, (actor.school_id, actor.person_id, mine.id))
    return entry is not None and entry.state != EntryState.KNOWN and mine.held == Hold.NONE


def _likeness(one: Item, other: Item, digests: Mapping[str, str]) -> float:
    mine, theirs = digests.get(one.id, ""), digests.get(other.id, "")
    if mine and theirs:
        return likeness(mine, theirs)
    return ALIKE_IN_ONE_FOLDER


def _least(one: Item, other: Item) -> float:
    return ALIKE_IN_ONE_FOLDER if one.folder == other.folder else ALIKE_ELSEWHERE
