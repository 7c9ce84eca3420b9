"""Drafts as files: one format a module. The same sketch gives the same bytes on every machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from evidence_app.demo.documents import docx, paper, pdf, pictures, pptx, sheets, text
from evidence_app.demo.draft import Draft
from evidence_app.demo.sketch import Sketch
from evidence_app.demo.wording import draft_of

Writer = Callable[[Sketch, Draft], bytes]

WRITERS: Mapping[str, Writer] = MappingProxyType(
    {
        "docx": docx.write,
        "pdf": pdf.write,
        "pptx": pptx.write,
        "xlsx": sheets.write_xlsx,
        "csv": sheets.write_csv,
        "jpg": pictures.write_jpg,
        "png": pictures.write_png,
        "url": text.write_shortcut,
        "rtf": text.write_rtf,
        "odt": paper.write_odt,
        "md": text.write_markdown,
        "txt": text.write_plain,
        "html": text.write_html,
        "eml": text.write_mail,
    }
)


def write_document(sketch: Sketch, path: Path) -> None:
    """The document of a sketch, as a file."""
    path.write_bytes(WRITERS[sketch.format](sketch, draft_of(sketch)))
