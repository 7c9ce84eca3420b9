"""What there is to tell of files that came in: how their texts were read, what they show, of what they are versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func
from sqlalchemy.orm import Session

from evidence_app.domain import tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, items_by_id, visible_items
from evidence_app.domain.extraction import ReadingState, VersionText, state_words, texts_of, warning_sentence
from evidence_app.domain.intake.likely import likely_versions
from evidence_app.domain.intake.models import Drive, DriveFile, FileState
from evidence_app.i18n import Message, msg

ITEMS_AT_ONCE = 500
IS_READ = (ReadingState.TEXT_FOUND, ReadingState.READ_BY_OCR)
NOT_READ_YET = msg("Reading the text")


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one item: the state of its text, what was met while it was read, its practices, and the titles of
    items that are likely versions of it.
    """

    item_id: str
    text: Message
    warnings: tuple[Message, ...] = ()
    node_keys: tuple[str, ...] = ()
    likely: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A file of a drive without words to search, or with trouble in them: its path, its item, the state, and why."""

    path: str
    item_id: str
    text: Message
    warnings: tuple[Message, ...]


def told_of(session: Session, actor: Actor, item_ids: Collection[str]) -> Iterator[Told]:
    """What there is to tell of each of these items that the actor may see, some hundred at a time."""
    for some in _some(list(dict.fromkeys(filter(None, item_ids)))):
        items = items_by_id(session, actor, some)
        texts = texts_of(session, actor.school_id, [one.current_version_id for one in items.values()])
        tags = tagging.tags_of_items(session, actor, list(items))
        likely = likely_versions(session, actor, list(items.values()))
        for one in items.values():
            state, warnings = _reading(texts.get(one.current_version_id))
            yield Told(
                one.id,
                state,
                warnings,
                tuple(_shown(tags.get(one.id, ()))),
                tuple(other.title for other in likely.get(one.id, ())),
            )


def texts_in(session: Session, actor: Actor, drive: Drive) -> list[tuple[Message, int]]:
    """How many of the items that a drive brought have a text in each state, in plain words, the most first."""
    states = session.execute(
        _brought(actor, drive)
        .outerjoin(VersionText, _of_item())
        .with_only_columns(VersionText.state, func.count())
        .group_by(VersionText.state)
    )
    counted = [(state_words(ReadingState(state)) if state else NOT_READ_YET, count) for state, count in states]
    return sorted(counted, key=lambda pair: -pair[1])


def unread_in(session: Session, actor: Actor, drive: Drive, *, most: int) -> list[Unread]:
    """Files of a drive whose texts were read with trouble or not at all, in the order of their paths."""
    rows = session.execute(
        _brought(actor, drive)
        .join(VersionText, _of_item())
        .where(VersionText.state.not_in(IS_READ))
        .with_only_columns(DriveFile.path, DriveFile.item_id, VersionText)
        .order_by(DriveFile.number)
        .limit(most)
    )
    return [Unread(path, item_id, *_reading(text)) for path, item_id, text in rows]


def shown_by(session: Session, actor: Actor, drive: Drive) -> list[tuple[str, int]]:
    """The practices that items which a drive brought were tagged to, with how many, the most first."""
    ids = list(session.scalars(_brought(actor, drive).with_only_columns(Item.id)))
    counted: Counter[str] = Counter()
    for some in _some(ids):
        for tags in tagging.tags_of_items(session, actor, some).values():
            counted.update(_shown(tags))
    return counted.most_common()


def _shown(tags: Iterable[tagging.Tag]) -> Iterator[str]:
    return (tag.node_key for tag in tags if tag.state != tagging.TagState.RETURNED)


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + ITEMS_AT_ONCE] for start in range(0, len(ids), ITEMS_AT_ONCE))


def _reading(text: VersionText | None) -> tuple[Message, tuple[Message, ...]]:
    if text is None:
        return NOT_READ_YET, ()
    return state_words(ReadingState(text.state)), tuple(warning_sentence(one) for one in text.reading_warnings)


def _brought(actor: Actor, drive: Drive) -> Select[Item]:
    """A select of the items in use that a drive brought and its bringer may still see, with the row of each."""
    of_item = and_(Item.school_id == DriveFile.school_id, Item.id == DriveFile.item_id)
    mine = and_(DriveFile.school_id == drive.school_id, DriveFile.drive_id == drive.id)
    return visible_items(actor).join(DriveFile, of_item).where(mine, DriveFile.state == FileState.KEPT)


def _of_item() -> ColumnElement[bool]:
    return and_(VersionText.school_id == Item.school_id, VersionText.version_id == Item.current_version_id)
