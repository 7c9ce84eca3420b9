"""A document drawn on paper from its text: title, headings, paragraphs, tables, so that every document has a face."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from PIL import Image, ImageDraw

from evidence_app.domain.extraction import fonts, media_types
from evidence_app.domain.extraction.limits import MAX_PREVIEW_PAGES
from evidence_app.domain.extraction.reading import Reading

_SLIDES: Final = frozenset({media_types.PPTX, media_types.PPTM, media_types.ODP, media_types.PPT})
_INK: Final = (32, 36, 38)
_SOFT_INK: Final = (92, 99, 102)
_LINE: Final = (208, 214, 212)
_SHADE: Final = (238, 243, 241)
_ACCENT: Final = (15, 92, 82)
_MAX_LINES: Final = 1_500
_MAX_LINE_CHARS: Final = 3_000
_MAX_COLUMNS: Final = 8
_DESIGN_WIDTH: Final = 1_200
"""Sizes below are for a page of this width, and are scaled to the one that is drawn."""


class _Kind(Enum):
    TITLE = ("serif", 46, True, _INK, 20)
    HEADING = ("serif", 29, True, _INK, 12)
    TEXT = ("sans", 22, False, _INK, 12)
    ROW = ("sans", 20, False, _INK, 0)
    SLIDE_TITLE = ("serif", 58, True, _ACCENT, 30)
    SLIDE_TEXT = ("sans", 30, False, _INK, 16)
    GAP = ("sans", 10, False, _INK, 0)


@dataclass(frozen=True, slots=True)
class _Block:
    kind: _Kind
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(slots=True)
class Drawing:
    """The pages asked for, and how many there are in all (at most MAX_PREVIEW_PAGES)."""

    pages: list[Image.Image] = field(default_factory=list)
    total: int = 0


def draw(reading: Reading, width_px: int, wanted: range, *, counted: bool = True) -> Drawing:
    """Draw the pages in `wanted` (0-based) of a text; slides keep their own pages, other texts flow.

    Without `counted` the total is not found out, which saves laying out the rest.
    """
    latin = fonts.is_latin(reading.text[:20_000])
    if reading.media_type in _SLIDES and reading.page_starts:
        return _draw_slides(reading, width_px, wanted, latin=latin)
    drawing = Drawing()
    sheet = _Sheet(width_px, 1.4142, latin=latin)
    pending = list(_blocks(reading))
    while pending and drawing.total < MAX_PREVIEW_PAGES:
        pending = sheet.fill(pending)
        if drawing.total in wanted:
            drawing.pages.append(sheet.image)
        drawing.total += 1
        if not counted and drawing.total >= wanted.stop:
            break
        sheet = _Sheet(width_px, 1.4142, latin=latin)
    return drawing


def _draw_slides(reading: Reading, width_px: int, wanted: range, *, latin: bool) -> Drawing:
    starts = [*reading.page_starts[:MAX_PREVIEW_PAGES], len(reading.text)]
    drawing = Drawing(total=len(starts) - 1)
    for number in wanted:
        if number >= drawing.total:
            break
        end = reading.page_starts[number + 1] if number + 1 < len(reading.page_starts) else len(reading.text)
        lines = [line for line in reading.text[starts[number] : end].split("\n") if line.strip()]
        sheet = _Sheet(width_px, 0.5625, latin=latin)
        title = [_Block(_Kind.SLIDE_TITLE, line) for line in lines[:1]]
        sheet.fill([*title, *(_Block(_Kind.SLIDE_TEXT, line.replace("\t", "   ")) for line in lines[1:20])])
        drawing.pages.append(sheet.image)
    return drawing


def _blocks(reading: Reading) -> Iterator[_Block]:
    headings = set(reading.headings)
    has_title = False
    rows: list[tuple[str, ...]] = []
    for line in reading.text.split("\n", _MAX_LINES)[:_MAX_LINES]:
        text = " ".join(line[:_MAX_LINE_CHARS].split())
        if "\t" in line.strip():
            cells = tuple(" ".join(cell.split()) for cell in line[:_MAX_LINE_CHARS].split("\t")[:_MAX_COLUMNS])
            rows.append(cells)
            continue
        if rows:
            yield _Block(_Kind.ROW, "", tuple(rows))
            rows = []
        if not text:
            yield _Block(_Kind.GAP, "")
        elif not has_title and text == reading.title:
            has_title = True
            yield _Block(_Kind.TITLE, text)
        else:
            yield _Block(_Kind.HEADING if text in headings else _Kind.TEXT, text)
    if rows:
        yield _Block(_Kind.ROW, "", tuple(rows))


class _Sheet:
    """One sheet of paper, filled from the top."""

    def __init__(self, width_px: int, height_over_width: float, *, latin: bool) -> None:
        self._scale = width_px / _DESIGN_WIDTH
        self._latin = latin
        self.image = Image.new("RGB", (width_px, round(width_px * height_over_width)), (255, 255, 255))
        self._pen = ImageDraw.Draw(self.image)
        self._margin = self._px(120 if height_over_width > 1 else 90)
        self._bottom = self.image.height - self._margin
        self._y = self._margin

    def fill(self, blocks: list[_Block]) -> list[_Block]:
        """Draw blocks until the sheet is full; what is left for the next one."""
        for number, block in enumerate(blocks):
            rest = self._draw_table(block) if block.rows else self._draw_text(block)
            if rest is not None:
                return [rest, *blocks[number + 1 :]]
        return []

    def _px(self, size: float) -> int:
        return max(1, round(size * self._scale))

    def _draw_text(self, block: _Block) -> _Block | None:
        family, size, bold, ink, space = block.kind.value
        if block.kind is _Kind.GAP:
            self._y += self._px(size) if self._y > self._margin else 0
            return None
        font = fonts.font(family, self._px(size), bold=bold, latin=self._latin)
        height = self._px(size * (1.28 if bold else 1.5))
        if block.kind is _Kind.HEADING and self._y > self._margin:
            self._y += self._px(14)
        lines = _wrap(block.text, font, self.image.width - 2 * self._margin)
        for number, line in enumerate(lines):
            if self._y + height > self._bottom:
                return _Block(block.kind, " ".join(lines[number:]))
            self._pen.text((self._margin, self._y), line, font=font, fill=ink)
            self._y += height
        self._y += self._px(space)
        return None

    def _draw_table(self, block: _Block) -> _Block | None:
        _, size, _, _, _ = _Kind.ROW.value
        widths = self._column_widths(block.rows)
        pad, line_height = self._px(10), self._px(size * 1.4)
        for number, row in enumerate(block.rows):
            font = fonts.font("sans", self._px(size), bold=number == 0, latin=self._latin)
            cells = [_wrap(text, font, width - 2 * pad)[:6] for text, width in zip(row, widths, strict=False)]
            height = max((len(lines) for lines in cells), default=1) * line_height + pad
            if self._y + height > self._bottom:
                return _Block(_Kind.ROW, "", block.rows[number:]) if self._y > self._margin else None
            x = self._margin
            for index, width in enumerate(widths):
                box = (x, self._y, x + width, self._y + height)
                self._pen.rectangle(box, fill=_SHADE if number == 0 else None, outline=_LINE)
                for offset, line in enumerate(cells[index] if index < len(cells) else []):
                    ink = _INK if number == 0 or index == 0 else _SOFT_INK
                    self._pen.text((x + pad, self._y + pad // 2 + offset * line_height), line, font=font, fill=ink)
                x += width
            self._y += height
        self._y += self._px(24)
        return None

    def _column_widths(self, rows: tuple[tuple[str, ...], ...]) -> list[int]:
        """Widths in proportion to the text of each column, but none too narrow for the words of its heading."""
        font = fonts.font("sans", self._px(20), bold=True, latin=self._latin)
        room = self.image.width - 2 * self._margin
        least, weights = [], []
        for index in range(max(len(row) for row in rows)):
            column = [row[index] for row in rows[:40] if index < len(row)]
            words = (column[0] if column else "").split()
            least.append(min(max((font.getlength(word) for word in words), default=0) + self._px(24), room / 4))
            weights.append(min(max(max(map(len, column), default=1), 4), 48))
        spare = max(0.0, room - sum(least))
        widths = [narrow + spare * weight / sum(weights) for narrow, weight in zip(least, weights, strict=True)]
        return [max(1, int(width * room / max(sum(widths), room))) for width in widths]


def _wrap(text: str, font: fonts.Font, width_px: int) -> list[str]:
    """Lines of `text` that fit `width_px`; a word that is too long is cut."""
    average = max(1.0, font.getlength("abcdefghijklmnop etaoin") / 23)
    longest = max(1, int(width_px / average))
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in [word[start : start + longest] for start in range(0, len(word), longest)]:
            longer = f"{line} {piece}" if line else piece
            if line and font.getlength(longer) > width_px:
                lines.append(line)
                line = piece
            else:
                line = longer
    return [*lines, line] if line else lines
