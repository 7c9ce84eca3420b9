"""What made something a result where neither its title nor its text did: its names, and what was said of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from evidence_app.domain.evidence import Item, ItemKind, Version
from evidence_app.domain.search.analysis import file_name_text
from evidence_app.domain.search.snippets import Marker, Piece
from evidence_app.domain.tagging import Tag
from evidence_app.i18n import Message, msg


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place that is neither title nor text: what it is called, and what stands there, marked where it can be."""

    where: Message
    pieces: tuple[Piece, ...]


def found_elsewhere(
    marker: Marker, item: Item, version: Version, tags: Iterable[Tag], language: str
) -> Elsewhere | None:
    """The first such place that holds one of the words asked for; None where none does."""
    places = (
        (msg("In the name of the file"), version.file_name if item.kind == ItemKind.FILE else ""),
        (msg("In what it is for"), item.purpose),
        (msg("In its description"), item.description),
        *((msg("In how it shows a practice"), tag.note) for tag in tags),
        (msg("In the name of the folder"), item.folder),
    )
    for where, text in places:
        # Names are looked for with their words parted, and shown as they are.
        if text and marker.held(file_name_text(text), "", language):
            return Elsewhere(where, marker.title(text, language))
    return None
