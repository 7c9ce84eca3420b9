"""How much of a file is read, and how much a child process may use for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MIB = 1024 * 1024

MAX_TEXT_BYTES = 5 * MIB
"""Text kept of one file, in UTF-8; what comes after is left out with the warning "text-cut"."""
MAX_PAGES = 2_000
"""Pages of a PDF, slides or sheets that are read; the rest is left out with the warning "pages-cut"."""
MAX_CELLS = 5_000_000
"""Cells a spreadsheet may span from A1 to its last used cell; a reader builds all of them in memory."""
MAX_INFLATED_BYTES = 512 * MIB
"""Sum of the unpacked sizes of a zip-based document, by its directory and again counted while unpacking."""
MAX_ZIP_ENTRIES = 20_000
MAX_XML_BYTES = 96 * MIB
"""One XML part of a document: lxml needs about ten times as much memory for its tree."""
MAX_PIXELS = 60_000_000
"""Width times height of a picture that is decoded: 60 megapixels take 240 MB as RGBA."""
MAX_OCR_PAGES = 20
MAX_HEADINGS = 200
MAX_TITLE_CHARS = 200

THUMB_WIDTH_PX = 288
PAGE_WIDTH_PX = 1_200
MAX_PREVIEW_PAGES = 20

MAX_READING_REPLY_BYTES = 10 * MIB
MAX_PREVIEW_REPLY_BYTES = 32 * MIB


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What one child process may use. Times are per file, sizes in bytes.

    `program_memory_bytes` is for LibreOffice and tesseract, which the child starts as programs: they map more than
    they use. `files_per_child` bounds what a leak in a native library can add up to.
    """

    memory_bytes: int = 2048 * MIB
    program_memory_bytes: int = 4096 * MIB
    cpu_seconds: int = 30
    wall_seconds: float = 60.0
    written_bytes: int = 256 * MIB
    open_files: int = 256
    processes: int = 64
    input_bytes: int = 1024 * MIB
    files_per_child: int = 200

    def to_dict(self) -> dict[str, Any]:
        """The limits as plain values, for the child's command line."""
        return asdict(self)
