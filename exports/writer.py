"""What every writer is: one signature, one result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO, Protocol

from exports.composition import Problem
from exports.model import Edition, Report
from exports.pictures import OpenExhibit


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What a writer has to tell: texts that could not be printed as they were meant. The document is sound."""

    problems: tuple[Problem, ...] = ()


class Write(Protocol):
    """Prints a report into a binary file opened for writing."""

    def __call__(
        self,
        report: Report,
        edition: Edition,
        out: BinaryIO,
        *,
        base: bytes | None = None,
        open_exhibit: OpenExhibit | None = None,
        document: str = "self-study",
        pages: dict[str, int] | None = None,
    ) -> WriteResult: ...


@dataclass(frozen=True, slots=True)
class Writer:
    """One format: its file name extension, its media type, and the function that prints it."""

    extension: str
    media_type: str
    write: Write
