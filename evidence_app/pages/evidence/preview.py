"""What of a version is shown beside its facts: pictures of its pages, or its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import request, url_for

from evidence_app.domain import evidence, extraction, jobs, search
from evidence_app.domain.evidence import Item, Version
from evidence_app.domain.extraction import ReadingState, VersionText
from evidence_app.extensions import reading, school, unit_of_work
from evidence_app.pages.evidence.asking import FILTERS
from evidence_app.web.documents import has_pages, sign_of
from evidence_app.web.serving import PLAYED_IN_BROWSER, SHOWN_IN_BROWSER

MOST_CHARS_SHOWN = 150_000
STRIP_PAGES = 8


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page: its number from 1, and the address of its picture if it is drawn already."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """A part of a line. `is_hit` for the one match that a result is opened at."""

    text: str
    is_match: bool
    is_hit: bool


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A part of the text: a page of paragraphs, or the rows of a table. `page` is 0 where the format has no pages."""

    page: int
    pieces: tuple[ShownPiece, ...] = ()
    rows: tuple[tuple[tuple[ShownPiece, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class PreviewView:
    """The preview as the template draws it. `state`: pages, waiting (being drawn) or none (nothing can be drawn);
    unseen for a file of a series that cannot be drawn, whose `caption` is that of the one shown.

    `is_true_look` says whether the pages look as the file does; `plays` is "video" or "audio" where browsers play it.
    """

    shows: str
    state: str
    page: int
    total: int
    current: PagePicture
    thumbnail: PagePicture
    strip: tuple[PagePicture, ...]
    has_text: bool
    blocks: tuple[TextBlock, ...]
    is_cut: bool
    original_url: str
    is_picture: bool
    link_url: str
    item_id: str
    is_true_look: bool
    plays: str
    is_locked: bool
    caption: str

    def url(self, view: str, page: int | None = None) -> str:
        """The address of the same item, seen otherwise; what one came from stays in it."""
        kept = {name: values for name, values in request.args.lists() if name in {*FILTERS, "q", "sort", "at"}}
        seen = kept | {"view": [view]} | ({"page": [str(page)]} if page else {})
        return url_for("evidence.item", school_key=school().key, item_id=self.item_id, **seen)  # type: ignore[arg-type]


def preview_of(item: Item, version: Version) -> PreviewView:
    """The preview that the address asks for by `view`, `page` and `q`; pages not drawn yet are asked for.

    Asking writes a job although the page is only read: what it makes is derived, and can be thrown away.
    """
    if version.is_series:
        return _series_preview(item, version)
    text = extraction.text_of(reading(), version)
    # What was read of a link is its address, which is shown as one.
    has_text = bool(text and text.text.strip()) and not version.is_address_only
    is_locked = text is not None and text.state == ReadingState.ENCRYPTED
    is_drawn = has_pages(version.media_type, version.url) and not version.is_address_only
    can_draw = is_drawn and not is_locked and (text is None or text.drawable_pages != 0)
    usual = "text" if sign_of(item, version.media_type) == "sheet" else "pages"
    wants_text = request.args.get("view", usual) == "text" or not can_draw
    shows = "text" if wants_text and (has_text or not can_draw) else "pages"
    page = max(1, request.args.get("page", 1, type=int))
    drawn = {p.page: p for p in extraction.previews_of(reading(), version)}
    total = (text.drawable_pages if text else None) or max([*drawn, 1])
    page = min(page, total) if text and text.drawable_pages else page
    if shows == "pages" and page not in drawn and text is not None and can_draw:
        _ask_for(version, page)
    pictures = [_picture(item, version, n, n in drawn) for n in _near(page, total)]
    blocks, is_cut = _blocks(text, request.args.get("q", "")) if shows == "text" else ((), False)
    return PreviewView(
        shows=shows,
        state=("pages" if page in drawn else "waiting") if can_draw else "none",
        page=page,
        total=total,
        current=_picture(item, version, page, page in drawn),
        thumbnail=_picture(item, version, 0, 0 in drawn),
        strip=tuple(pictures) if total > 1 else (),
        has_text=has_text,
        blocks=tuple(blocks),
        is_cut=is_cut,
        original_url=_original_url(item, version),
        is_picture=sign_of(item, version.media_type) == "image",
        link_url=version.url if version.is_address_only else "",
        item_id=item.id,
        is_true_look=text is None or text.is_true_look,
        plays=version.media_type.partition("/")[0] if version.media_type in PLAYED_IN_BROWSER else "",
        is_locked=is_locked,
        caption="",
    )


@dataclass(frozen=True, slots=True)
class PartView:
    """One file of a series: its place from 1, its caption and name, its small picture, and where it is downloaded."""

    id: str
    place: int
    caption: str
    file_name: str
    sign: str
    thumb_url: str
    file_url: str


def part_views(item: Item, version: Version) -> list[PartView]:
    """The files of a series, in their order; none where the version is one file."""
    parts = evidence.parts_of(reading(), version)
    drawn = extraction.thumbnails_of(reading(), item.school_id, [part.version.id for part in parts])
    key = school().key
    return [
        PartView(
            id=part.version.id,
            place=part.place,
            caption=part.caption,
            file_name=part.version.file_name,
            sign=sign_of(item, part.version.media_type),
            thumb_url=_picture(item, part.version, 0, part.version.id in drawn).url,
            file_url=url_for(
                "evidence.original", school_key=key, item_id=item.id, version_id=part.version.id, download=1
            ),
        )
        for part in parts
    ]


def _series_preview(item: Item, version: Version) -> PreviewView:
    """The preview of a series: its pages are its parts, and of each the first page is shown."""
    text = extraction.text_of(reading(), version)
    parts = evidence.parts_of(reading(), version)
    page = min(max(1, request.args.get("page", 1, type=int)), len(parts))
    shown = parts[page - 1]
    of_part = extraction.texts_of(reading(), item.school_id, [shown.version.id]).get(shown.version.id)
    drawn = {picture.page for picture in extraction.previews_of(reading(), shown.version)}
    can_draw = of_part is None or (of_part.state != ReadingState.ENCRYPTED and of_part.drawable_pages != 0)
    has_text = bool(text and text.text.strip())
    shows = "text" if request.args.get("view", "pages") == "text" and has_text else "pages"
    if shows == "pages" and 1 not in drawn and of_part is not None and can_draw:
        _ask_for(shown.version, 1)
    small = extraction.thumbnails_of(reading(), item.school_id, [part.version.id for part in parts])
    blocks, is_cut = _blocks(text, request.args.get("q", "")) if shows == "text" else ((), False)
    at_number = {part.place: part.version for part in parts}
    return PreviewView(
        shows=shows,
        state=("pages" if 1 in drawn else "waiting") if can_draw else "unseen",
        page=page,
        total=len(parts),
        current=PagePicture(page, _picture(item, shown.version, 1, 1 in drawn).url),
        thumbnail=PagePicture(page, _picture(item, shown.version, 0, 0 in drawn).url),
        strip=tuple(
            PagePicture(n, _picture(item, at_number[n], 0, at_number[n].id in small).url)
            for n in _near(page, len(parts))
        ),
        has_text=has_text,
        blocks=tuple(blocks),
        is_cut=is_cut,
        original_url=_original_url(item, shown.version),
        is_picture=sign_of(item, shown.version.media_type) == "image",
        link_url="",
        item_id=item.id,
        is_true_look=of_part is None or of_part.is_true_look,
        plays="",
        is_locked=False,
        caption=shown.caption,
    )


def _near(page: int, total: int) -> range:
    first = max(1, min(page - STRIP_PAGES // 2, total - STRIP_PAGES + 1))
    return range(first, min(total, first + STRIP_PAGES - 1) + 1)


def _picture(item: Item, version: Version, number: int, is_drawn: bool) -> PagePicture:
    if not is_drawn:
        return PagePicture(number, "")
    key = school().key
    url = url_for("evidence.picture", school_key=key, item_id=item.id, version_id=version.id, page=number)
    return PagePicture(number, url)


def _original_url(item: Item, version: Version) -> str:
    if version.media_type not in SHOWN_IN_BROWSER | PLAYED_IN_BROWSER:
        return ""
    return url_for("evidence.original", school_key=school().key, item_id=item.id, version_id=version.id)


def _ask_for(version: Version, page: int) -> None:
    kinds = [jobs.JobKind.DRAW_PAGES]
    if not jobs.unfinished_among(reading(), version.school_id, kinds, [version.id]):
        with unit_of_work() as work:
            extraction.ask_for_pages(work, version, page=page)


def _blocks(text: VersionText | None, query: str) -> tuple[list[TextBlock], bool]:
    """The text by pages and tables, with what was searched for marked, and whether its end was left out."""
    if text is None:
        return [], False
    shown = text.text[:MOST_CHARS_SHOWN]
    marking = _Marking(search.Marker(search.parse(query)), shown, text.language or "en")
    starts = [start for start in text.page_starts if start < len(shown)] or [0]
    blocks = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(shown)], strict=True), 1):
        page = number if len(text.page_starts) > 1 else 0
        for is_table, lines in _parts(shown, start, end):
            if is_table:
                blocks.append(TextBlock(page, rows=tuple(tuple(marking.cells(*line)) for line in lines)))
            else:
                blocks.append(TextBlock(page, pieces=tuple(p for line in lines for p in marking.line(*line))))
    return blocks, len(text.text) > MOST_CHARS_SHOWN


class _Marking:
    """Marks what was searched for, line by line: the marker writes one line, and lines say something."""

    def __init__(self, marker: search.Marker, text: str, language: str) -> None:
        self._marker, self._language = marker, language
        at = marker.snippet(text, language).at
        self._hit_at = len(text) if at is None else at

    def line(self, at: int, line: str) -> Iterator[ShownPiece]:
        """The pieces of the line that begins at this place of the text, and its end."""
        yield from self._pieces(at, line)
        yield ShownPiece("\n", is_match=False, is_hit=False)

    def cells(self, at: int, line: str) -> Iterator[tuple[ShownPiece, ...]]:
        """The cells of the row that begins at this place of the text, each in pieces."""
        for cell in line.split("\t"):
            yield tuple(self._pieces(at, cell))
            at += len(cell) + 1

    def _pieces(self, at: int, text: str) -> Iterator[ShownPiece]:
        holds_hit = at <= self._hit_at < at + len(text)
        for piece in self._marker.title(text, self._language):
            # White space is drawn together by the marker, so that only the line of the hit is known, not the letter.
            is_hit = holds_hit and piece.is_match
            holds_hit = holds_hit and not is_hit
            yield ShownPiece(piece.text, piece.is_match, is_hit)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[bool, list[tuple[int, str]]]]:
    """The lines between two places, each with where it begins, in runs of rows (cells parted by tabs) and of others."""
    lines: list[tuple[int, str]] = []
    at = start
    for line in text[start:end].split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    filled = [number for number, (_at, line) in enumerate(lines) if line]
    kept = lines[filled[0] : filled[-1] + 1] if filled else [(start, "")]
    for is_table, run in groupby(kept, key=lambda line: "\t" in line[1]):
        yield is_table, list(run)
