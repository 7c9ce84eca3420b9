"""OpenDocument texts, as the older years have them, and bitonal page pictures as a copier makes them."""

from __future__ import annotations

import textwrap
from functools import cache
from html import escape
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFont

from evidence_app.demo.dice import Dice
from evidence_app.demo.documents.packing import packed
from evidence_app.demo.documents.text import as_lines
from evidence_app.demo.draft import Bullets, Draft, Heading, Paragraph
from evidence_app.demo.sketch import Sketch

_ODT = "application/vnd.oasis.opendocument.text"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
_SCAN_SIZE_PX = (1010, 1430)
_LINES_A_PAGE = 52
_LETTERS_A_LINE = 82
_TILT_DEGREES = 1.2


@cache
def typeface(size_px: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """A face with the letters of our four languages, the same on every machine."""
    folder = Path(str(reportlab.__file__)).parent / "fonts"
    return ImageFont.truetype(str(folder / ("VeraBd.ttf" if bold else "Vera.ttf")), size_px)


def write_odt(sketch: Sketch, draft: Draft) -> bytes:
    """The draft as an OpenDocument text."""
    body = [f'<text:h text:outline-level="1">{escape(draft.title)}</text:h>', _line(draft.byline)]
    for block in draft.blocks:
        if isinstance(block, Heading):
            body.append(f'<text:h text:outline-level="2">{escape(block.text)}</text:h>')
        elif isinstance(block, Paragraph):
            body.append(_line(block.text))
        elif isinstance(block, Bullets):
            body += [_line(f"• {line}") for line in block.lines]
        else:
            body += [_line("   ".join(row)) for row in (block.head, *block.rows)]
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{_NAMES}:office:1.0" '
        f'xmlns:text="{_NAMES}:text:1.0" office:version="1.2"><office:body><office:text>{"".join(body)}'
        "</office:text></office:body></office:document-content>"
    )
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{_NAMES}:manifest:1.0" '
        f'manifest:version="1.2"><manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODT}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    parts = {"mimetype": _ODT, "content.xml": content, "META-INF/manifest.xml": manifest}
    return packed(parts, plain=("mimetype",))


def scanned_page(draft: Draft, throws: Dice) -> Image.Image:
    """The first page of a draft as a copier sees it: black and white, and not quite straight."""
    page = Image.new("L", _SCAN_SIZE_PX, 255)
    pen = ImageDraw.Draw(page)
    pen.text((90, 80), textwrap.fill(draft.title, 42), font=typeface(30, bold=True), fill=0)
    lines = [folded for line in as_lines(draft)[1:] for folded in (textwrap.wrap(line, _LETTERS_A_LINE) or [""])]
    for number, line in enumerate(lines[:_LINES_A_PAGE]):
        pen.text((90, 170 + number * 22), line, font=typeface(17), fill=0)
    pen.rectangle((0, 0, throws.randint(4, 12), _SCAN_SIZE_PX[1]), fill=60)
    tilted = page.rotate(
        throws.uniform(-_TILT_DEGREES, _TILT_DEGREES), fillcolor=255, resample=Image.Resampling.BILINEAR
    )
    return tilted.point(lambda value: 255 if value > 150 else 0).convert("1")


def _line(text: str) -> str:
    return f"<text:p>{escape(text)}</text:p>"
