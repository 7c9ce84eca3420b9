"""One reader a format: a table media type -> the module whose `read(source, draft)` fills the draft.

Modules are imported when first needed: a child process that reads only PDFs never loads the office libraries.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import Final

from evidence_app.domain.extraction import media_types
from evidence_app.domain.extraction.draft import Reader

READERS: Final = MappingProxyType(
    {
        media_types.PDF: "pdf",
        media_types.DOCX: "docx",
        media_types.DOCM: "docx",
        media_types.PPTX: "pptx",
        media_types.PPTM: "pptx",
        media_types.XLSX: "xlsx",
        media_types.XLSM: "xlsx",
        media_types.ODT: "odf",
        media_types.ODT + "-template": "odf",
        media_types.ODS: "odf",
        media_types.ODP: "odf",
        media_types.DOC: "legacy_office",
        media_types.XLS: "legacy_office",
        media_types.PPT: "legacy_office",
        media_types.WORDPERFECT: "legacy_office",
        media_types.WORKS: "legacy_office",
        media_types.PUBLISHER: "legacy_office",
        media_types.VISIO: "legacy_office",
        media_types.RTF: "rtf",
        media_types.HTML: "html",
        media_types.MARKDOWN: "markdown",
        media_types.TEXT: "plain",
        media_types.CSV: "csv",
        "text/tab-separated-values": "csv",
        "text/calendar": "plain",
        "text/vcard": "plain",
        "application/json": "plain",
        media_types.XML: "xml",
        media_types.SVG: "xml",
        media_types.EMAIL: "email",
        media_types.MBOX: "email",
        media_types.MSG: "outlook",
        media_types.EPUB: "epub",
        media_types.IWORK: "iwork",
        "audio/aac": "media",
        "audio/aiff": "media",
        "audio/flac": "media",
        "audio/mp4": "media",
        "audio/mpeg": "media",
        "audio/ogg": "media",
        "audio/wav": "media",
        "video/3gpp": "media",
        "video/mp4": "media",
        "video/quicktime": "media",
        "video/webm": "media",
        "video/x-msvideo": "media",
        media_types.MATROSKA: "media",
        "image/png": "image",
        "image/jpeg": "image",
        "image/gif": "image",
        "image/tiff": "image",
        "image/bmp": "image",
        "image/webp": "image",
        "image/avif": "image",
        "image/heic": "image",
        "image/heif": "image",
    }
)
"""Media type -> module of this package. A type that is missing here is accepted and stored, with "no reader"."""


def reader_for(media_type: str) -> Reader | None:
    """The function that reads this type, or None."""
    name = READERS.get(media_type)
    if name is None:
        return None
    read: Reader = import_module(f"{__name__}.{name}").read
    return read
