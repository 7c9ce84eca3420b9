"""The parser's element tree turned into blocks."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown.extensions.footnotes import NBSP_PLACEHOLDER

from exports.blocks import (
    Block,
    Break,
    Cell,
    Cite,
    Code,
    CodeBlock,
    Column,
    Divider,
    Figure,
    Heading,
    Inline,
    ItemList,
    Link,
    Note,
    Paragraph,
    Quote,
    Row,
    Table,
    Text,
)
from exports.model import Exhibit
from exports.narrative.guard import TOKEN
from exports.narrative.links import safe_url
from exports.text import pieces

CITE = re.compile(r"\[\[([^\[\]\n]{1,60})\]\]")
HTML = re.compile(r"</?[A-Za-z][\w:-]*(?:\s[^<>]{0,500})?/?>|<!--")
LOST_NOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")
SOURCE = re.compile(r"^\s*(?:—|–|--)\s*")
BLOCKS = frozenset(["p", "ul", "ol", "blockquote", "pre", "table", "hr", "div", "h1", "h2", "h3", "h4", "h5", "h6"])
LOOKS = {(True, False): "Strong", (False, True): "Emphasis", (True, True): "StrongEmphasis", (False, False): ""}
WIDEST_TABLE = 12


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem found while walking: its code, and the words of the text it was found by."""

    code: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Style:
    """What the surrounding elements say about a stretch of text."""

    strong: bool = False
    emphasis: bool = False
    linked: bool = False

    @property
    def look(self) -> str:
        return LOOKS[self.strong, self.emphasis]


PLAIN = Style()


class Walker:
    """Walks one narrative.

    `cite` makes the citation of a known exhibit; `trouble` collects what could not be printed.
    """

    def __init__(
        self, exhibits: Mapping[str, Exhibit], cite: Callable[[str], Cite], stash: list[str], top_level: int, about: str
    ) -> None:
        self.exhibits, self.cite, self.stash, self.about = exhibits, cite, stash, about
        self.top, self.highest, self.last = top_level, 1, top_level - 1
        self.notes: dict[str, Element] = {}
        self.trouble: list[Trouble] = []

    def walk(self, root: Element) -> tuple[Block, ...]:
        """The blocks of a parsed text."""
        for note in root.iter("li"):
            if note.get("id", "").startswith("fn:"):
                self.notes[note.get("id", "")] = note
        levels = [int(e.tag[1]) for e in root.iter() if re.fullmatch(r"h[1-6]", str(e.tag))]
        self.highest = min(levels, default=1)
        return tuple(self.blocks(root))

    # -- blocks
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
            yield CodeBlock(_code("".join(element.itertext())).rstrip("\n"))
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
            yield CodeBlock(kept)
        else:
            yield from self.paragraphs(list(self.text(" ".join(kept.split()), PLAIN, plain=True)), look)

    def paragraphs(self, content: list[Inline | Figure], look: str) -> Iterator[Block]:
        """Paragraphs of text with the figures between them; white space alone is nothing."""
        run: list[Inline] = []
        for piece in [*content, None]:
            if piece is None or isinstance(piece, Figure):
                if trimmed := _trim(run):
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
        cells = [[tuple(self.flat(cell)) for cell in row[:width]] for row in rows]
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
            Cell((Paragraph(look, _trim(list(cell)) or (Text("\u00a0"),)),))
            for cell, look in zip(padded, looks, strict=True)
        )

    # -- inline
    def children(self, element: Element, style: Style) -> Iterator[Inline | Figure]:
        yield from self.text(element.text, style)
        for child in element:
            yield from self.inline(child, style)
            yield from self.text(child.tail, style)

    def flat(self, element: Element) -> Iterator[Inline]:
        """Inline content where no picture can stand: it becomes a citation of the exhibit."""
        for piece in self.children(element, PLAIN):
            if isinstance(piece, Figure):
                yield piece.caption[-1]
            else:
                yield piece

    def inline(self, element: Element, style: Style) -> Iterator[Inline | Figure]:
        tag = element.tag
        if tag in ("strong", "em"):
            inner = Style(style.strong or tag == "strong", style.emphasis or tag == "em", style.linked)
            yield from self.children(element, inner)
        elif tag == "code":
            yield Text(_code("".join(element.itertext())), "InlineCode")
        elif tag == "br":
            yield Break()
        elif tag == "a":
            yield from self.link(element, style)
        elif tag == "img":
            yield from self.image(element)
        elif tag == "sup" and element.get("id", "").startswith("fnref"):
            yield from self.note(element)
        else:
            yield from self.children(element, style)

    def link(self, element: Element, style: Style) -> Iterator[Inline | Figure]:
        if element.get("class") == "footnote-backref":
            return
        address = html.unescape(element.get("href", ""))
        content = tuple(p for p in self.children(element, Style(linked=True)) if not isinstance(p, Figure))
        if address in self.exhibits:
            yield from content
            yield Text(" ")
            yield self.cite(address)
        elif url := safe_url(address):
            yield Link(url, content or (Text(address),), element.get("title", ""))
        else:
            self.trouble.append(Trouble("broken-link", address))
            yield from content

    def image(self, element: Element) -> Iterator[Inline | Figure]:
        number, alt = element.get("src", "").strip(), element.get("alt", "").strip()
        exhibit = self.exhibits.get(number)
        if exhibit is None:
            self.trouble.append(Trouble("not-a-picture", number))
            yield Text(alt)
        elif not exhibit.media_type.startswith("image/") or not exhibit.sha256:
            self.trouble.append(Trouble("not-a-picture", number))
            yield from (Text(alt + " " if alt else ""), self.cite(number))
        else:
            caption = element.get("title", "") or exhibit.title
            words = (*self.plain(caption, PLAIN), Text(" "), self.cite(number))
            yield Figure(exhibit.sha256, exhibit.media_type, alt or exhibit.title, number, words)

    def note(self, element: Element) -> Iterator[Inline]:
        anchor = next((a.get("href", "") for a in element.iter("a")), "")
        body = self.notes.get(anchor.removeprefix("#"))
        # A note is walked with its own entry removed, so that a note which names itself ends.
        self.notes.pop(anchor.removeprefix("#"), None)
        content: list[Inline] = []
        for part in body if body is not None else ():
            if content:
                content.append(Break())
            content += [p for p in self.flat(part) if not isinstance(p, Note)]
        if body is not None:
            self.notes[anchor.removeprefix("#")] = body
        if trimmed := _trim(content):
            yield Note(trimmed)

    def text(self, text: str | None, style: Style, plain: bool = False) -> Iterator[Inline]:
        """Text with its citations, codes and bare addresses."""
        text = (text or "").replace(NBSP_PLACEHOLDER, "")
        if not plain:
            self.trouble += [Trouble("raw-html", found) for found in HTML.findall(text)]
            self.trouble += [Trouble("unknown-footnote", found) for found in LOST_NOTE.findall(text)]
            text = html.unescape(text)
        at = 0
        for match in CITE.finditer(text):
            yield from self.plain(text[at : match.start()], style)
            at = match.end()
            number = match[1].strip()
            if number in self.exhibits:
                yield self.cite(number)
            else:
                self.trouble.append(Trouble("unknown-exhibit", match[0]))
                yield Text(match[0], style.look)
        yield from self.plain(text[at:], style)

    def plain(self, text: str, style: Style) -> Iterator[Inline]:
        for kind, found in pieces(text.replace("\n", " ")):
            url = safe_url(found) if kind == "url" and not style.linked else ""
            if url:
                yield Link(url, (Text(found),))
            elif kind == "code":
                yield Code(found)
            else:
                yield Text(found, style.look)


def _in_list(block: Block) -> Block:
    """A heading within a list would break the outline of the document, so it becomes a strong line."""
    return Paragraph("BodyText", (Text(block.title, "Strong"),)) if isinstance(block, Heading) else block


def plain_text(content: tuple[Inline, ...]) -> str:
    """The words of inline content, without looks, links and notes."""
    out = []
    for piece in content:
        if isinstance(piece, Text | Code):
            out.append(piece.text)
        elif isinstance(piece, Cite):
            out.append(piece.number)
        elif isinstance(piece, Link):
            out.append(plain_text(piece.content))
        elif isinstance(piece, Break):
            out.append(" ")
    return "".join(out)


def _code(text: str) -> str:
    """Code as it was written: the parser escapes three characters in it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _trim(content: list[Inline]) -> tuple[Inline, ...]:
    """Content without white space at its ends; nothing, if there is nothing to see."""
    out = list(content)
    while out and (isinstance(out[0], Break) or (isinstance(out[0], Text) and not out[0].text.strip())):
        out.pop(0)
    while out and (isinstance(out[-1], Break) or (isinstance(out[-1], Text) and not out[-1].text.strip())):
        out.pop()
    if out and isinstance(out[0], Text):
        out[0] = Text(out[0].text.lstrip(), out[0].look)
    if out and isinstance(out[-1], Text):
        out[-1] = Text(out[-1].text.rstrip(), out[-1].look)
    return tuple(out)
