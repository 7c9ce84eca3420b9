"""A whole document as blocks, with its anchors, citations and problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from exports.blocks import (
    Block,
    Cite,
    Figure,
    Heading,
    Inline,
    ItemList,
    Jump,
    Link,
    Note,
    Paragraph,
    Place,
    Quote,
    Table,
    anchor_key,
    cite_anchor,
)
from exports.words import Words


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a text that cannot be printed as it was meant; the document is sound without it.

    `code` is stable (`unknown-exhibit`, `broken-link`, `raw-html`, `not-a-picture`, `picture-unreadable`,
    `unknown-footnote`, `too-dense`, `too-deep`, `too-long`); `where` is a practice or chapter, `programme` may be
    empty, `line` counts from 1 within the text (0: no line); `what` and `remedy` are sentences in the report's
    language.
    """

    code: str
    where: str
    programme: str
    line: int
    what: str
    remedy: str


@dataclass(slots=True, kw_only=True)
class Composition:
    """A whole document as blocks, with what the writers need beside them.

    `slots` are the words of headers and footers. `cited` lists, for each exhibit number, the (anchor, code of the
    place) of each citation in order; `listed` the places whose table names it, for exhibits no text cites. `homes`
    are the exhibits whose row is printed with their home practice, `indexed` those with a row in the index.
    """

    words: Words
    title: str
    subject: str
    school: str
    keywords: str
    comments: str
    stamp: str
    slots: dict[str, str]
    blocks: list[Block] = field(default_factory=list)
    cited: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    listed: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    homes: set[str] = field(default_factory=set)
    indexed: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def target(self, number: str) -> str:
        """The anchor a citation of this exhibit leads to: its row at home, else in the index, else nothing."""
        key = anchor_key(number)
        return f"E_{key}" if number in self.homes else f"X_{key}" if number in self.indexed else ""

    def settle(self) -> None:
        """Note every anchor that is printed, and forget citations that are not: a heading prints only their words."""
        printed: set[str] = set()
        for block in self.blocks:
            if isinstance(block, Heading) and block.anchor:
                printed.add(block.anchor)
            for piece in pieces_of(block):
                if isinstance(piece, Place):
                    printed.add(piece.anchor)
                elif isinstance(piece, Cite) and piece.count:
                    printed.add(cite_anchor(piece.number, piece.count))
        for number, places in self.cited.items():
            self.cited[number] = [place for place in places if place[0] in printed]
        self.anchors = printed

    def ways_back(self, number: str, by_place: bool) -> list[tuple[str, str]]:
        """(anchor, words) of each way back from an exhibit's row to where it is used."""
        places = self.cited.get(number, [])
        if not by_place:
            return [(anchor, str(n)) for n, (anchor, _) in enumerate(places, 1)]
        out: list[tuple[str, str]] = []
        seen: Counter[str] = Counter()
        for anchor, place in places or self.listed.get(number, []):
            seen[place] += 1
            # The second citation in one place is told by its number alone.
            out.append((anchor, place if seen[place] == 1 else str(seen[place])))
        return out


def pieces_of(block: Block) -> Iterator[Inline]:
    """Every inline piece within a block, at any depth."""
    if isinstance(block, Paragraph):
        yield from _deep(block.content)
    elif isinstance(block, ItemList):
        for item in block.items:
            for inner in item:
                yield from pieces_of(inner)
    elif isinstance(block, Quote):
        for inner in block.blocks:
            yield from pieces_of(inner)
        yield from _deep(block.source)
    elif isinstance(block, Figure):
        yield from _deep(block.caption)
    elif isinstance(block, Table):
        for row in block.rows:
            for cell in row:
                for line in cell.content:
                    yield from _deep(line.content)


def _deep(content: tuple[Inline, ...]) -> Iterator[Inline]:
    for piece in content:
        yield piece
        if isinstance(piece, Link | Jump | Place | Note):
            yield from _deep(piece.content)
