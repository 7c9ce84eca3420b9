"""Files of every format, made on the spot, and in-process reading of them."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import monotonic

import docx
import openpyxl
import pptx
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from evidence_app.domain.extraction.draft import Source
from evidence_app.domain.extraction.extract import read_source
from evidence_app.domain.extraction.reading import Reading

SENTENCES = {
    "en": "Every student who joins our school belongs in every classroom, and teachers plan for their differences.",
    "fr": "Chaque élève qui rejoint notre école a sa place dans toutes les classes, et les enseignants y veillent.",
    "es": "Todo alumno que llega a nuestra escuela tiene su lugar en cada aula, y los docentes planifican para ello.",
    "it": "Ogni studente che arriva nella nostra scuola ha il suo posto in ogni classe, e gli insegnanti ci pensano.",
}
ENGLISH = SENTENCES["en"]


def source(content: bytes, name: str, folder: Path, *, media_type: str = "", seconds: float = 60.0) -> Source:
    """An open source of these bytes, with `folder` as its private folder."""
    return Source(io.BytesIO(content), len(content), name, media_type, folder, monotonic() + seconds)


def read_here(
    content: bytes,
    name: str,
    *,
    media_type: str = "",
    seconds: float = 60.0,
    with_ocr: bool = True,
    likely_language: str = "",
    password: str = "",
) -> Reading:
    """What the readers make of these bytes, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        made = source(content, name, Path(folder), media_type=media_type, seconds=seconds)
        return read_source(replace(made, with_ocr=with_ocr, likely_language=likely_language, password=password))


def saved(save: Callable[[io.BytesIO], object]) -> bytes:
    """The bytes that a library's `save` writes."""
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


def docx_file(paragraphs: Sequence[tuple[str, str | None]] = (), *, title: str = "") -> bytes:
    """A Word document; each paragraph is its text and the name of its style, None for body text."""
    document = docx.Document()
    document.core_properties.title = title
    for text, style in paragraphs:
        document.add_paragraph(text, style=style)
    return saved(document.save)


def pptx_file(slides: Sequence[tuple[str, str, str]]) -> bytes:
    """A presentation; each slide is its title, its body and its notes."""
    presentation = pptx.Presentation()
    for title, body, notes in slides:
        slide = presentation.slides.add_slide(presentation.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = body
        if notes:
            slide.notes_slide.notes_text_frame.text = notes
    return saved(presentation.save)


def xlsx_file(sheets: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """A workbook from the rows of its sheets."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(workbook.save)


def pdf_file(pages: Sequence[Sequence[tuple[str, int]]], *, title: str = "", password: str = "") -> bytes:
    """A PDF; each page is its lines with their size in points."""
    buffer = io.BytesIO()
    encryption = StandardEncryption(password, canPrint=1) if password else None
    canvas = Canvas(buffer, pagesize=(595, 842), encrypt=encryption)
    canvas.setTitle(title)
    for lines in pages:
        top = 780.0
        for text, size in lines:
            canvas.setFont("Helvetica", size)
            canvas.drawString(72, top, text)
            top -= size * 1.6
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def zip_file(members: Mapping[str, str | bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these members, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


_ODF_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "presentation": "presentation",
        "style": "style",
        "meta": "meta",
    }.items()
)


def odf_file(kind: str, body: str, *, meta: str = "", styles: str = "", manifest: str = "") -> bytes:
    """An OpenDocument file of a kind (text, spreadsheet, presentation) with this body of XML."""
    dublin_core = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    members = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f"<office:document-content {_ODF_NAMESPACES}><office:body><office:{kind}>{body}"
        f"</office:{kind}></office:body></office:document-content>",
        "META-INF/manifest.xml": manifest or "<manifest/>",
    }
    if meta:
        members["meta.xml"] = (
            f"<office:document-meta {_ODF_NAMESPACES} {dublin_core}><office:meta>{meta}</office:meta>"
            "</office:document-meta>"
        )
    if styles:
        members["styles.xml"] = f"<office:document-styles {_ODF_NAMESPACES}>{styles}</office:document-styles>"
    return zip_file(members)


def word_package(document_xml: str, extra: dict[str, str | bytes] | None = None) -> bytes:
    """A minimal Word package around this main part."""
    return zip_file(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            'officeDocument" Target="word/document.xml"/></Relationships>',
            "word/document.xml": document_xml,
            **(extra or {}),
        }
    )


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_body(xml: str) -> str:
    """A main part of Word around this body of XML."""
    return f"<w:document {W}><w:body>{xml}</w:body></w:document>"
