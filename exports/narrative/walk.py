"""The parser's element tree turned into blocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from xml.etree.ElementTree import Element

from exports.blocks import (
    Block,
    Cell,
    Cite,
    CodeBlock,
    Column,
    Divider,
    Figure,
    Heading,
    Inline,
    ItemList,
    Paragraph,
    Quote,
    Row,
    Table,
    Text,
)
from exports.model import Exhibit
from exports.narrative.guard import TOKEN
from exports.narrative.inline import PLAIN, InlineWalker, plain_text, trim, unescaped

SOURCE = re.compile(r"^\s*(?:—|–|--)\s*")
BLOCKS = frozenset(["p", "ul", "ol", "blockquote", "pre", "table", "hr", "div", "h1", "h2", "h3", "h4", "h5", "h6"])
WIDEST_TABLE = 12


class Walker(InlineWalker):
    """Walks one narrative: `stash` is what the guard set aside, `top_level` the level of its highest heading."""

    def __init__(
        self, exhibits: Mapping[str, Exhibit], cite: Callable[[str], Cite], stash: list[str], top_level: int, about: str
    ) -> None:
        super().__init__(exhibits, cite)
        self.stash, self.about = stash, about
        self.top, self.highest, self.last = top_level, 1, top_level - 1

    def walk(self, root: Element) -> tuple[Block, ...]:
        """The blocks of a parsed text."""
        for note in root.iter("li"):
            if note.get("id", "").startswith("fn:"):
                self.notes[note.get("id", "")] = note
        levels = [int(e.tag[1]) for e in root.iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
        self.highest = min(levels, default=1)
        return tuple(self.blocks(root))

    def blocks(self, parent: Element, look: str = "BodyText") -> Iterator[Block]:
        """The blocks below an element, whose own text is a paragraph too (a list item's, for one)."""
        if token := TOKEN.fullmatch((parent.text or "").strip()):
            yield from self.set_aside(token, look)
            loose: list[Inline | Figure] = []
        else:
            loose = list(self.text(parent.text, PLAIN))
        for child in parent:
            if child.tag in BLOCKS:
                yield from self.paragraphs(loose, look)
                yield from self.block(child, look)
                loose = list(self.text(child.tail, PLAIN))
            else:
                loose += self.inline(child, PLAIN)
                loose += self.text(child.tail, PLAIN)
        yield from self.paragraphs(loose, look)

    def block(self, element: Element, look: str) -> Iterator[Block]:
        tag = element.tag
        if tag == "p":
            yield from self.paragraph(element, look)
        elif tag in ("ul", "ol"):
            items = tuple(tuple(_in_list(block) for block in self.blocks(item)) for item in element.findall("li"))
            start = element.get("start", "1")
            number = int(start) if start.isdigit() and len(start) < 6 else 1
            yield ItemList(tuple(i for i in items if i), tag == "ol", number)
        elif tag == "blockquote":
            yield from self.quote(element)
        elif tag == "pre":
            yield from _code(unescaped("".join(element.itertext())).rstrip("\n"))
        elif tag == "table":
            yield from self.table(element)
        elif tag == "hr":
            yield Divider()
        elif tag == "div":
            if element.get("class") != "footnote":
                yield from self.blocks(element, look)
        else:
            yield from self.heading(element)

    def paragraph(self, element: Element, look: str) -> Iterator[Block]:
        token = TOKEN.fullmatch((element.text or "").strip()) if len(element) == 0 else None
        if token:
            yield from self.set_aside(token, look)
        else:
            yield from self.paragraphs(list(self.children(element, PLAIN)), look)

    def set_aside(self, token: re.Match[str], look: str) -> Iterator[Block]:
        """What the guard set aside: code as it is, or a dense passage as plain text."""
        kept = self.stash[int(token[2])]
        if token[1] == "code":
            yield from _code(kept)
        else:
            yield from self.paragraphs(list(self.text(" ".join(kept.split()), PLAIN, plain=True)), look)

    def paragraphs(self, content: list[Inline | Figure], look: str) -> Iterator[Block]:
        """Paragraphs of text with the figures between them; white space alone is nothing."""
        run: list[Inline] = []
        for piece in [*content, None]:
            if piece is None or isinstance(piece, Figure):
                if trimmed := trim(run):
                    yield Paragraph(look, trimmed)
                run = []
                if piece is not None:
                    yield piece
            else:
                run.append(piece)

    def heading(self, element: Element) -> Iterator[Block]:
        title = " ".join(plain_text(tuple(self.flat(element))).split())
        if title:
            level = self.top + int(str(element.tag)[1]) - self.highest
            self.last = min(level, self.last + 1, 5)
            yield Heading(self.last, title)

    def quote(self, element: Element) -> Iterator[Block]:
        blocks = [b for b in self.blocks(element, "Quote") if not isinstance(b, Heading)]
        source: tuple[Inline, ...] = ()
        last = blocks[-1] if blocks else None
        if isinstance(last, Paragraph) and len(blocks) > 1:
            first = last.content[0]
            if isinstance(first, Text) and (mark := SOURCE.match(first.text)):
                source = (Text(first.text[mark.end() :], first.look), *last.content[1:])
                blocks.pop()
        if blocks:
            yield Quote(tuple(blocks), source)

    def table(self, element: Element) -> Iterator[Block]:
        rows = [list(row) for row in element.iter("tr")]
        width = min(max((len(row) for row in rows), default=0), WIDEST_TABLE)
        if not width:
            return
        cells = [_joined([tuple(self.flat(cell)) for cell in row], width) for row in rows]
        right = ["right" in (c.get("style", "") + c.get("align", "")) for c in rows[0][:width]]
        heads = [plain_text(cell).strip() for cell in cells[0]]
        shares = [
            max([len(h), *(min(len(plain_text(r[n])), 60) for r in cells[1:])], default=1) for n, h in enumerate(heads)
        ]
        columns = tuple(
            Column(head or "\u00a0", max(share, 6), "TableFigureHead" if figure else "TableHead")
            for head, share, figure in zip(heads, shares, right, strict=True)
        )
        looks = ["TableFigure" if figure else "TableLabel" if n == 0 else "TableText" for n, figure in enumerate(right)]
        body = tuple(self.row(row, looks) for row in cells[1:])
        title = ", ".join(h for h in heads if h) or self.about
        yield Table("ReportTable", columns, body, title, self.about, rail=False, inset=True, together=len(body) < 10)

    def row(self, cells: list[tuple[Inline, ...]], looks: list[str]) -> Row:
        padded = [*cells, *[()] * (len(looks) - len(cells))]
        return tuple(
            Cell((Paragraph(look, trim(list(cell)) or (Text("\u00a0"),)),))
            for cell, look in zip(padded, looks, strict=True)
        )


def _code(text: str) -> Iterator[Block]:
    """Lines of code; nothing if nobody could see them."""
    if text.strip():
        yield CodeBlock(text)


def _joined(cells: list[tuple[Inline, ...]], width: int) -> list[tuple[Inline, ...]]:
    """A row no wider than a page can hold: what is left over stands in the last cell."""
    for cell in cells[width:]:
        cells[width - 1] = (*cells[width - 1], Text(" | "), *cell)
    return cells[:width]


def _in_list(block: Block) -> Block:
    """A heading within a list would break the outline of the document, so it becomes a strong line."""
    return Paragraph("BodyText", (Text(block.title, "Strong"),)) if isinstance(block, Heading) else block
