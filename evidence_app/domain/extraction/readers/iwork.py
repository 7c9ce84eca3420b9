"""Apple's Pages, Numbers and Keynote: the PDF that lies inside many, XML in the old ones, records in the new."""

from __future__ import annotations

import io
import re
from dataclasses import replace

from evidence_app.domain.extraction import apple_archive, media_types, safe_xml
from evidence_app.domain.extraction.draft import Draft, Encrypted, Source
from evidence_app.domain.extraction.limits import MAX_INFLATED_BYTES, MAX_PAGES
from evidence_app.domain.extraction.ooxml import attribute
from evidence_app.domain.extraction.readers import pdf
from evidence_app.domain.extraction.safe_xml import local_name
from evidence_app.domain.extraction.titles import first_strong_line
from evidence_app.domain.extraction.zip_guard import GuardedZip

_PDF = "QuickLook/Preview.pdf"
_PICTURES = ("preview.jpg", "QuickLook/Preview.jpg", "preview-web.jpg", "QuickLook/Thumbnail.jpg", "preview-micro.jpg")
_OLD = ("index.xml", "index.apxl")
_LOCK = ".iwpv2"
_NO_WORDS = re.compile(r"Stylesheet|ViewState|Metadata|Calculation|TemplateSlide|MasterSlide|AnnotationAuthor")
"""Parts that hold what the program needs, and the words of its empty templates."""


def read(source: Source, draft: Draft) -> None:
    """Fill the draft, or say that the words are in a format of Apple's own."""
    archive = GuardedZip(source.file)
    if _LOCK in archive:
        raise Encrypted("encrypted-otherwise")
    inner = embedded(source, archive)
    old = next((name for name in _OLD if name in archive), None)
    if inner is not None and inner.media_type == media_types.PDF:
        pdf.read(inner, draft)
        return
    if old is not None:
        for element in safe_xml.parse(archive.read(old), old).iter():
            if local_name(element) == "p":
                draft.text.add("".join(map(str, element.itertext())))
            elif local_name(element) == "ct":  # the cell of a table
                draft.text.add(attribute(element, "s"))
    else:
        _read_archives(archive, draft)
    draft.title = first_strong_line(draft.text.text())
    if not draft.text.text():
        draft.warn("apple-document")


def _read_archives(archive: GuardedZip, draft: Draft) -> None:
    """The text of every part, the document's own before those of styles and tables; a broken part is left out."""
    parts = sorted(name for name in archive.names if name.endswith(".iwa") and not _NO_WORDS.search(name))
    for name in sorted(parts, key=lambda name: "/Document" not in name)[:MAX_PAGES]:
        try:
            for text in apple_archive.texts(archive.read(name)):
                draft.text.add(text)
        except apple_archive.NotAnArchive:
            draft.warn("part-missing", part=name[:100])


def embedded(source: Source, archive: GuardedZip | None = None) -> Source | None:
    """What Apple's program has put into the file for others to show: a PDF, else a picture of its first page."""
    archive = archive or GuardedZip(source.file)
    for name, media_type in ((_PDF, media_types.PDF), *((name, "image/jpeg") for name in _PICTURES)):
        if name in archive:
            content = archive.read(name, MAX_INFLATED_BYTES)
            return replace(source, file=io.BytesIO(content), size_bytes=len(content), media_type=media_type)
    return None
