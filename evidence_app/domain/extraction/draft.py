"""What a reader works with: the source it is given, the draft it fills, and the ways it may give up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any, BinaryIO

from evidence_app.domain.extraction.limits import MAX_HEADINGS
from evidence_app.domain.extraction.plain_text import TextCollector, one_line
from evidence_app.domain.extraction.reading import ReadingState, ReadingWarning


class CannotRead(Exception):
    """A reader gives up on this file, for a reason that has a state and a sentence."""

    def __init__(self, state: ReadingState, code: str, **params: Any) -> None:
        super().__init__(code)
        self.state = state
        self.warning = ReadingWarning(code, params)


class Encrypted(CannotRead):
    """The file asks for a password, or for another one than was given."""

    def __init__(self, code: str = "encrypted") -> None:
        super().__init__(ReadingState.ENCRYPTED, code)


class Damaged(CannotRead):
    """The file is not what its type promises: cut off, corrupt, or made to mislead."""

    def __init__(self, code: str = "damaged", **params: Any) -> None:
        super().__init__(ReadingState.DAMAGED, code, **params)


class TooLarge(CannotRead):
    """The file, or what it unpacks to, is more than is read."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(ReadingState.TOO_LARGE, code, **params)


class ToolMissing(CannotRead):
    """The file needs a program or library that is not installed here; once it is, the file can be read again."""

    def __init__(self, code: str) -> None:
        super().__init__(ReadingState.TOOL_MISSING, code)


@dataclass(slots=True)
class Source:
    """A file to read: open, seekable, with the name it was sent under (shown and used as a hint, never opened).

    `temp_dir` is private to this file and removed after it; `deadline` is a `time.monotonic` value after which slow
    extras (OCR, LibreOffice) are not begun. Without `with_ocr` a reader only notes that OCR has something to do.
    `likely_language` (ISO 639-1, or "") is what a picture is tried in first. `password` opens a locked file.
    """

    file: BinaryIO
    size_bytes: int
    name: str
    media_type: str
    temp_dir: Path
    deadline: float
    with_ocr: bool = True
    likely_language: str = ""
    password: str = field(default="", repr=False)

    @property
    def seconds_left(self) -> float:
        """Seconds until the deadline, never negative."""
        return max(0.0, self.deadline - monotonic())

    def read_bytes(self, limit: int) -> bytes:
        """The first `limit` bytes of the file."""
        self.file.seek(0)
        return self.file.read(limit)


@dataclass(slots=True)
class Draft:
    """What a reader has found so far; it survives a TextFull or a fault half way through the file."""

    text: TextCollector = field(default_factory=TextCollector)
    title: str = ""
    headings: list[str] = field(default_factory=list)
    page_starts: list[int] = field(default_factory=list)
    pages: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    warnings: list[ReadingWarning] = field(default_factory=list)
    declared_language: str = ""
    headings_are_given: bool = False
    chars_by_ocr: int = 0
    ocr_waits: bool = False

    def warn(self, code: str, **params: Any) -> None:
        """Note something the reader of the text should know; the same warning is kept once."""
        warning = ReadingWarning(code, params)
        if warning not in self.warnings:
            self.warnings.append(warning)

    def start_page(self) -> None:
        """What is added from here on stands on the next page."""
        self.text.break_here()
        self.page_starts.append(self.text.position)

    def add_heading(self, text: str) -> None:
        """Keep a heading; the same one twice in a row, an empty one, and those past the limit are dropped."""
        line = one_line(text)
        if line and len(self.headings) < MAX_HEADINGS and (not self.headings or self.headings[-1] != line):
            self.headings.append(line)


Reader = Callable[[Source, Draft], None]
"""Fills the draft from the source; raises CannotRead, TextFull, or whatever a library raises on a broken file."""
