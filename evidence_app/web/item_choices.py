"""Evidence to choose from, where something is cited or shown by it: what was accepted, and what a search finds."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import request, url_for
from flask_babel import gettext

from evidence_app.domain import extraction, intake, tagging
from evidence_app.domain.evidence import Item, Version, current_versions
from evidence_app.domain.tagging import Tag, TagState
from evidence_app.extensions import actor, reading, school
from evidence_app.web.documents import kind_words, sign_of
from evidence_app.web.searching import find

MOST_FOUND = 12


@dataclass(frozen=True, slots=True)
class ItemChoice:
    """An item with one version of it, as a row of a list. `strength` is None where no tag says it."""

    item: Item
    version: Version
    sign: str
    words: str
    thumb_url: str
    strength: int | None = None
    note: str = ""

    @property
    def url(self) -> str:
        """The page of the item."""
        return url_for("evidence.item", school_key=school().key, item_id=self.item.id)


def choice_sent() -> dict[str, str]:
    """What a form to cite or attach says: which item (its newest version is meant) or which version, and how it shows
    what is claimed.
    """
    sent = request.values
    return {"item_id": sent.get("item", ""), "version_id": sent.get("version", ""), "how": sent.get("how", "")}


def choices_of(versions: Collection[tuple[Item, Version]], tags: Mapping[str, Tag] | None = None) -> list[ItemChoice]:
    """These versions as rows, in their order; `tags` (by item) say how strong each is and how it shows it."""
    ids = [version.id for _, version in versions]
    texts = extraction.texts_of(reading(), school().id, ids)
    thumbs = extraction.thumbnails_of(reading(), school().id, ids)
    begun, said = intake.begun_among(reading(), actor(), [item.id for item, _ in versions]), tags or {}
    unsaved = f" · {gettext('Not saved yet')}"
    return [
        ItemChoice(
            item=item,
            version=version,
            sign=sign_of(item, version.media_type),
            words=kind_words(item, version, texts.get(version.id)) + unsaved * (item.id in begun),
            thumb_url=picture_url(version) if version.id in thumbs else "",
            strength=said[item.id].strength if item.id in said else None,
            note=said[item.id].note if item.id in said else "",
        )
        for item, version in versions
    ]


def picture_url(version: Version, page: int = 0) -> str:
    """The address of a picture of a version: a page counted from 1, or 0 for the thumbnail."""
    return url_for(
        "evidence.picture", school_key=school().key, item_id=version.item_id, version_id=version.id, page=page
    )


def newest(items: Collection[Item], tags: Mapping[str, Tag] | None = None) -> list[ItemChoice]:
    """These items, each with its newest version."""
    versions = current_versions(reading(), school().id, items)
    return choices_of([(item, versions[item.id]) for item in items], tags)


def accepted_for(node_keys: Collection[str], programme: str = "") -> list[ItemChoice]:
    """What was accepted for any of these entries and may be about the programme, strongest first, each item once."""
    tags: dict[str, Tag] = {}
    items: list[Item] = []
    for tagged in tagging.evidence_for(reading(), actor(), node_keys):
        concerns = not programme or not tagged.item.programmes or programme in tagged.item.programmes
        if tagged.tag.state == TagState.ACCEPTED and concerns and tagged.item.id not in tags:
            tags[tagged.item.id] = tagged.tag
            items.append(tagged.item)
    return newest(items, tags)


def found_by(words: str) -> list[ItemChoice]:
    """The first items a search finds among those the asker may open; nothing for no words."""
    if not words.strip():
        return []
    page = find(words[:300], limit=MOST_FOUND)
    return choices_of([(hit.item, hit.version) for hit in page.hits])
