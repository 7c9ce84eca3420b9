"""The words of a document, whatever its format: a title, a line below it, and blocks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short lines, one below the other."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, its head and its rows, all of the same width."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Paragraph | Bullets | Table


@dataclass(frozen=True, slots=True)
class Draft:
    """The words of one document, whatever its format: a title, a line below it, and blocks."""

    title: str
    byline: str
    language: str
    blocks: tuple[Block, ...]
