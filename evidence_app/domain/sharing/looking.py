"""Searching inside one share: a small index of its own, made from the snapshot, that knows nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evidence_app.domain.reports import Snapshot
from evidence_app.domain.search import (
    IndexDocument,
    IndexUnusable,
    Marker,
    Piece,
    Problem,
    SearchIndex,
    SearchQuery,
    SearchRequest,
    open_index,
    parse,
)
from evidence_app.domain.sharing.room import Part, Room

PART = "part:"
MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """A part of the report or an exhibit that was found, with the words that match."""

    anchor: str
    number: str
    title: tuple[Piece, ...]
    code: str
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found. `is_partial`: the texts of the exhibits are still being prepared, so only the report was read."""

    total: int
    hits: tuple[Hit, ...]
    problems: tuple[Problem, ...] = ()
    is_partial: bool = False


def open_share_index(search_url: str, home: Path, snapshot_id: str) -> SearchIndex:
    """The index of one snapshot, in a folder of its own: never the school's, and never inside its database."""
    url = "auto" if search_url.startswith("postgresql") else search_url
    return open_index(url, home, snapshot_id)


def documents(room: Room, snapshot: Snapshot) -> Iterator[IndexDocument]:
    """What the index of a room holds: each page of the report, then each exhibit."""
    language = room.report.language[:2]
    for part in room.pages:
        yield IndexDocument(
            item_id=PART + part.anchor,
            title=part.title,
            received_at=snapshot.frozen_at,
            body=part.plain_text,
            kind="note",
            language=language,
        )
    for exhibit in room.exhibits.values():
        yield IndexDocument(
            item_id=exhibit.number,
            title=exhibit.title,
            received_at=snapshot.frozen_at,
            purpose=exhibit.purpose,
            body=room.text_of(exhibit),
            how=" ".join(how for _, how in room.uses.get(exhibit.number, ())),
            programmes=exhibit.programmes,
            kind="file" if exhibit.files else "link",
            document_kind=exhibit.kind,
            language=exhibit.language or language,
        )


def look(room: Room, index: SearchIndex, text: str) -> Looked:
    """What matches in the report and in its exhibits, best first, at most fifty."""
    query = parse(text)
    if query.is_empty:
        return Looked(0, (), query.problems)
    marker = Marker(query)
    try:
        result = index.search(SearchRequest(query=query, limit=MOST_FOUND))
    except IndexUnusable:
        return _look_through(room, query, marker)
    hits = tuple(hit for one in result.hits if (hit := _hit(room, marker, one.item_id)) is not None)
    return Looked(result.total, hits, query.problems)


def _look_through(room: Room, query: SearchQuery, marker: Marker) -> Looked:
    """The report alone, word by word, while there is no index."""
    hits = []
    for part in room.pages:
        hit = _part_hit(room, marker, part)
        if any(piece.is_match for piece in (*hit.title, *hit.snippet)):
            hits.append(hit)
    return Looked(len(hits), tuple(hits[:MOST_FOUND]), query.problems, is_partial=True)


def _hit(room: Room, marker: Marker, id: str) -> Hit | None:
    if id.startswith(PART):
        part = room.parts.get(id.removeprefix(PART))
        return _part_hit(room, marker, part) if part else None
    exhibit = room.exhibits.get(id)
    if exhibit is None:
        return None
    language = exhibit.language or room.report.language[:2]
    return Hit(
        anchor=_home(room, exhibit.number),
        number=exhibit.number,
        title=marker.title(exhibit.title, language),
        code="",
        snippet=marker.snippet(room.text_of(exhibit) or exhibit.purpose, language).pieces,
    )


def _part_hit(room: Room, marker: Marker, part: Part) -> Hit:
    language = room.report.language[:2]
    return Hit(
        anchor=part.anchor,
        number="",
        title=marker.title(part.title, language),
        code=part.code,
        snippet=marker.snippet(part.plain_text, language).pieces,
    )


def _home(room: Room, number: str) -> str:
    """The page beside which an exhibit is opened: the practice that cites it, else the first page there is."""
    cited = [code for code, _ in room.uses.get(number, ())]
    by_code = {part.code: part.anchor for part in room.parts.values() if part.kind == "practice"}
    return by_code[cited[0]] if cited else room.pages[0].anchor
