"""PDF files: typed pages, or the picture of a page without any text."""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from html import escape
from time import struct_time

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, SimpleDocTemplate, Spacer
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from evidence_app.demo.dice import dice
from evidence_app.demo.documents.paper import scanned_page
from evidence_app.demo.draft import Block, Bullets, Draft, Heading, Paragraph, Table
from evidence_app.demo.sketch import Sketch

_BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=14.5, spaceAfter=7)
_TITLE = ParagraphStyle("title", fontName="Times-Bold", fontSize=20, leading=24, spaceAfter=4)
_BYLINE = ParagraphStyle("byline", parent=_BODY, textColor=colors.HexColor("#555555"), spaceAfter=14)
_HEADING = ParagraphStyle("heading", fontName="Times-Bold", fontSize=13, leading=17, spaceBefore=9, spaceAfter=4)
_BULLET = ParagraphStyle("bullet", parent=_BODY, leftIndent=14, bulletIndent=4, spaceAfter=2)
_CELL = ParagraphStyle("cell", parent=_BODY, fontSize=9, leading=12, spaceAfter=0)
_LOOK = [
    ("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#999999")),
    ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#eef2f1")),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]
_SCAN_DOTS_PER_INCH = 122


def write(sketch: Sketch, draft: Draft) -> bytes:
    """The draft as a PDF file; a scan where the sketch says so."""
    return _scan(sketch, draft) if sketch.is_scan else _typed(sketch, draft)


def _typed(sketch: Sketch, draft: Draft) -> bytes:
    target = io.BytesIO()
    document = SimpleDocTemplate(
        target, pagesize=A4, title=draft.title, author=sketch.owner, lang=draft.language, invariant=1,
        leftMargin=62, rightMargin=62, topMargin=58, bottomMargin=58,
    )  # fmt: skip
    story: list[Flowable] = [Text(escape(draft.title), _TITLE), Text(escape(draft.byline), _BYLINE)]
    for block in draft.blocks:
        story += _flow(block)
    document.build(story)
    return target.getvalue()


def _flow(block: Block) -> list[Flowable]:
    if isinstance(block, Heading):
        return [Text(escape(block.text), _HEADING)]
    if isinstance(block, Paragraph):
        return [Text(escape(block.text), _BODY)]
    if isinstance(block, Bullets):
        return [Text(escape(line), _BULLET, bulletText="•") for line in block.lines]
    return [_grid(block), Spacer(1, 8)]


def _grid(table: Table) -> Flowable:
    cells = [[Text(escape(cell), _CELL) for cell in row] for row in (table.head, *table.rows)]
    return Grid(cells, style=_LOOK, repeatRows=1)


def _scan(sketch: Sketch, draft: Draft) -> bytes:
    page = scanned_page(draft, dice("scan", sketch.seed, sketch.number))
    target = io.BytesIO()
    moment: struct_time = datetime.combine(sketch.written_on, time(9), UTC).timetuple()
    page.save(
        target, "PDF", resolution=_SCAN_DOTS_PER_INCH, creationDate=moment, modDate=moment, title="", producer="Copier"
    )
    return target.getvalue()
