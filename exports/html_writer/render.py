"""Blocks printed as HTML: every text escaped, classes for every look, no style attribute and no script."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from functools import cache
from html import escape

from exports.blocks import (
    Backlinks,
    Block,
    Break,
    Cell,
    Cite,
    Code,
    CodeBlock,
    Contents,
    Divider,
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
    Tab,
    Table,
    Text,
    Turn,
    cite_anchor,
)
from exports.composition import Composition
from exports.pictures import ReadyPicture
from exports.text import clean_text

CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Za-z])(?=\d)")


class SafeHtml(str):
    """HTML in which every text is escaped already; templates that know `__html__` print it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


PLAIN_LOOKS = frozenset({"BodyText", "TableText", "IndexText", "PlanText", "Normal"})
HTML_MARKS = {"Strong": "strong", "Emphasis": "em", "InlineCode": "code"}


@cache
def css_class(look: str) -> str:
    """A look as a class: `TableDetail` becomes `table-detail`, `Rating3` `rating-3`."""
    return CAPITAL.sub("-", look).lower()


def data_url(picture: ReadyPicture) -> str:
    """A picture inside the page itself."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"


class HtmlRenderer:
    """Prints blocks of one composition.

    `heading_level` gives the element of a heading's level; `link` the address of an anchor; `exhibit` the address
    of an exhibit (empty: its row); `picture` the address of a figure's image (empty: its words are printed
    instead).
    """

    def __init__(
        self,
        composition: Composition,
        heading_level: Callable[[int], int],
        link: Callable[[str], str],
        exhibit: Callable[[str], str],
        picture: Callable[[Figure], str],
    ) -> None:
        self.composition, self.words = composition, composition.words
        self.heading_level, self.link, self.exhibit, self.picture = heading_level, link, exhibit, picture
        self.notes: list[tuple[int, str]] = []
        self.note_count = self.tables = self.figures = self.loose = 0

    def blocks(self, blocks: Iterable[Block]) -> SafeHtml:
        """The blocks, and below them the footnotes they hold."""
        body = "".join(self.block(block) for block in blocks)
        notes, self.notes = self.notes, []
        if not notes:
            return SafeHtml(body)
        items = "".join(
            f'<li id="fn-{n}" value="{n}">{text} <a class="back" href="#fnref-{n}" aria-label="{n}">↑</a></li>'
            for n, text in notes
        )
        return SafeHtml(f'{body}<ol class="footnotes">{items}</ol>')

    # -- inline
    def inline(self, content: tuple[Inline, ...]) -> str:
        return "".join(self.piece(piece) for piece in content)

    def piece(self, piece: Inline) -> str:
        match piece:
            case Text():
                return self.text(piece)
            case Code():
                return f'<span class="{css_class(piece.look) if piece.look else "code"}">{_safe(piece.text)}</span>'
            case Cite():
                return self.cite(piece)
            case Jump():
                return self.jump(piece.anchor, self.inline(piece.content))
            case Place():
                return f'<span id="{piece.anchor}">{self.inline(piece.content)}</span>'
            case Link():
                return f'<a href="{_safe(piece.url)}" rel="noopener noreferrer">{self.inline(piece.content)}</a>'
            case Note():
                return self.note(piece)
            case Backlinks():
                return self.backlinks(piece)
            case Tab():
                return " "
            case Break():
                return "<br>"

    def text(self, piece: Text) -> str:
        content = _safe(piece.text)
        if not piece.look:
            return content
        if piece.look == "StrongEmphasis":
            return f"<strong><em>{content}</em></strong>"
        mark = HTML_MARKS.get(piece.look)
        return f"<{mark}>{content}</{mark}>" if mark else f'<span class="{css_class(piece.look)}">{content}</span>'

    def jump(self, anchor: str, content: str, extra: str = "") -> str:
        if anchor not in self.composition.anchors:
            return content
        return f'<a href="{_safe(self.link(anchor))}"{extra}>{content}</a>'

    def cite(self, cite: Cite) -> str:
        place = f' id="{cite_anchor(cite.number, cite.count)}"' if cite.count else ""
        number = _safe(cite.number)
        url = self.exhibit(cite.number)
        target = self.composition.target(cite.number)
        if not url and target:
            url = self.link(target)
        if not url:
            return f'<span class="cite"{place}>{number}</span>'
        return f'<a class="cite"{place} href="{_safe(url)}" data-exhibit="{number}">{number}</a>'

    def backlinks(self, back: Backlinks) -> str:
        links = [
            self.jump(anchor, _safe(words)) for anchor, words in self.composition.ways_back(back.number, back.by_place)
        ]
        return _safe(back.lead) + ", ".join(links) if links else ""

    def note(self, note: Note) -> str:
        self.note_count += 1
        n = self.note_count
        self.notes.append((n, self.inline(note.content)))
        return f'<sup class="note"><a id="fnref-{n}" href="#fn-{n}">{n}</a></sup>'

    # -- blocks
    def block(self, block: Block) -> str:
        match block:
            case Paragraph():
                return self.paragraph(block)
            case Heading():
                return self.heading(block)
            case Table():
                return self.table(block)
            case ItemList():
                return self.items(block)
            case Quote():
                source = f"<footer>{self.inline(block.source)}</footer>" if block.source else ""
                return f"<blockquote>{''.join(self.block(b) for b in block.blocks)}{source}</blockquote>"
            case CodeBlock():
                return f"<pre><code>{_safe(block.text)}</code></pre>"
            case Divider():
                return "<hr>"
            case Figure():
                return self.figure(block)
            case Contents() | Turn():
                return ""

    def paragraph(self, block: Paragraph) -> str:
        content = self.inline(block.content)
        if not content:
            return ""
        look = "" if block.look in PLAIN_LOOKS or block.look == "Quote" else f' class="{css_class(block.look)}"'
        tag = "h1" if block.look == "Title" else "p"
        return f"<{tag}{look}>{content}</{tag}>"

    def heading(self, block: Heading) -> str:
        level = self.heading_level(block.level)
        anchor = block.anchor or self.loose_anchor()
        look = f' class="{css_class(block.look)}"' if block.look else ""
        code = f'<span class="heading-code">{_safe(block.code)}</span> ' if block.code else ""
        return f'<h{level} id="{anchor}"{look}>{code}{_safe(block.title)}</h{level}>'

    def loose_anchor(self) -> str:
        """The next name for a heading nobody links to but the contents."""
        self.loose += 1
        return f"s-{self.loose}"

    def items(self, block: ItemList) -> str:
        tag = "ol" if block.ordered else "ul"
        look = f' class="{css_class(block.look)}"' if block.look else ""
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        items = "".join(f"<li>{self.item(item)}</li>" for item in block.items)
        return f"<{tag}{look}{start}>{items}</{tag}>"

    def item(self, item: tuple[Block, ...]) -> str:
        """An item; one of a single paragraph needs no paragraph of its own."""
        first, *rest = item
        if isinstance(first, Paragraph):
            return self.inline(first.content) + "".join(self.block(b) for b in rest)
        return "".join(self.block(b) for b in item)

    def figure(self, block: Figure) -> str:
        url = self.picture(block)
        if url:
            shown = f'<img src="{_safe(url)}" alt="{_safe(block.alt)}">'
        else:
            shown = f'<p class="callout">{_safe(block.alt)}</p>' if block.look == "Figure" else ""
        if not block.caption:
            return f'<p class="{css_class(block.look)}">{shown}</p>' if url else shown
        self.figures += 1
        label = f'<span class="caption-label">{_safe(self.words("figure"))} {self.figures}</span>'
        return f"<figure>{shown}<figcaption>{label} {self.inline(block.caption)}</figcaption></figure>"

    # -- tables
    def table(self, block: Table) -> str:
        if block.caption:
            self.tables += 1
            label = f'<span class="caption-label">{_safe(self.words("table"))} {self.tables}</span>'
            caption = f"<caption>{label} {_safe(block.caption)}</caption>"
        else:
            caption = f'<caption class="unseen">{_safe(block.title)}</caption>'
        heads = "".join(f'<th scope="col" class="{css_class(c.look)}">{_safe(c.head)}</th>' for c in block.columns)
        rows = "".join(
            f"<tr>{''.join(self.cell(cell, n == 0) for n, cell in enumerate(row))}</tr>" for row in block.rows
        )
        kind = css_class(block.look) + (" inset" if block.inset else "") + (" wide" if block.wide else "")
        return (
            f'<div class="scroll {kind}" role="region" tabindex="0" aria-label="{_safe(block.title)}">'
            f"<table>{caption}<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        )

    def cell(self, cell: Cell, first: bool) -> str:
        span = f' colspan="{cell.span}"' if cell.span > 1 else ""
        look = cell.shade or (cell.content[0].look if cell.content else "")
        name = f' class="{css_class(look)}"' if look and look not in PLAIN_LOOKS else ""
        content = "".join(self.line(line, look) for line in cell.content) or "\u00a0"
        tag, scope = ("th", ' scope="row"') if first and look in ("TableLabel", "TableGroup") else ("td", "")
        return f"<{tag}{scope}{span}{name}>{content}</{tag}>"

    def line(self, line: Paragraph, look: str) -> str:
        """A paragraph of a cell; the cell carries the look of its first one."""
        content = self.inline(line.content)
        if not content:
            return ""
        return (
            f"<div>{content}</div>"
            if line.look in (look, *PLAIN_LOOKS)
            else f'<div class="{css_class(line.look)}">{content}</div>'
        )


def _safe(text: str) -> str:
    return escape(clean_text(text), quote=True)
