"""WordprocessingML as text. No look here: every paragraph and run names a style of the base file."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from exports.text import clean_text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
TAB = "<w:r><w:tab/></w:r>"
LINE = "<w:r><w:br/></w:r>"
EMU_PER_MM = 36000
# 2025-26 stays on one line.
DIGITS = re.compile(r"(?<=\d)-(?=\d)")
STYLE = re.compile(r'(<w:pStyle w:val="\w+"/>)')
LONGEST_TIP = 250


def attribute(text: str) -> str:
    """Text as a quoted attribute value."""
    return quoteattr(" ".join(clean_text(text).split()))


def _look(style: str) -> str:
    return f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""


def run(text: str, style: str = "") -> str:
    """A run of text; nothing for no text."""
    if not text:
        return ""
    content = escape(clean_text(text))
    if DIGITS.search(content):
        pieces = (f'<w:t xml:space="preserve">{piece}</w:t>' for piece in DIGITS.split(content))
        return f"<w:r>{_look(style)}{'<w:noBreakHyphen/>'.join(pieces)}</w:r>"
    return f'<w:r>{_look(style)}<w:t xml:space="preserve">{content}</w:t></w:r>'


def code(text: str, style: str = "CodeReference") -> str:
    """A code or exhibit number that never breaks: real non-breaking hyphens and spaces."""
    pieces = (
        f"<w:t>{piece}</w:t>" if piece else "" for piece in escape(clean_text(text)).replace(" ", "\u00a0").split("-")
    )
    return f"<w:r>{_look(style)}{'<w:noBreakHyphen/>'.join(pieces)}</w:r>"


def field(instruction: str, result: str, style: str = "") -> str:
    """A field with its result already inside."""
    look = _look(style)
    return (
        f"{field_start(instruction, look)}<w:r>{look}<w:t>{escape(result)}</w:t></w:r>"
        f'<w:r>{look}<w:fldChar w:fldCharType="end"/></w:r>'
    )


def field_start(instruction: str, look: str = "") -> str:
    """The beginning of a field, up to its result."""
    return (
        f'<w:r>{look}<w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r>{look}<w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
        f'<w:r>{look}<w:fldChar w:fldCharType="separate"/></w:r>'
    )


FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def hyperlink(target: str, content: str, tip: str = "") -> str:
    """A link; `target` is `w:anchor="..."` or `r:id="..."`."""
    words = f" w:tooltip={attribute(tip[:LONGEST_TIP])}" if tip else ""
    return f'<w:hyperlink {target} w:history="1"{words}>{content}</w:hyperlink>'


def paragraph(style: str, content: str, properties: str = "") -> str:
    """A paragraph in a style; `properties` is a list restart or `keepNext` at most."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def keep_next(paragraphs: str) -> str:
    """The paragraphs of a cell, kept with the row that follows."""
    return STYLE.sub(r"\1<w:keepNext/>", paragraphs)


def drawing(number: int, relationship: str, width_mm: int, ratio: float, name: str, alt: str) -> str:
    """An inline picture; `ratio` is height by width."""
    cx = width_mm * EMU_PER_MM
    cy = round(cx * ratio)
    words = f'id="{number}" name={attribute(f"{name} {number}")} descr={attribute(alt)}'
    return (
        f'<w:r><w:drawing><wp:inline xmlns:wp="{WP}" distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{cx}" '
        f'cy="{cy}"/>'
        f'<wp:docPr {words}/><wp:cNvGraphicFramePr/><a:graphic xmlns:a="{A}"><a:graphicData uri="{PIC}">'
        f'<pic:pic xmlns:pic="{PIC}"><pic:nvPicPr><pic:cNvPr {words}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relationship}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{cx}" cy="{cy}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
        "</w:drawing></w:r>"
    )
