"""Blocks printed as WordprocessingML, block by block, into one text."""

from __future__ import annotations

from collections.abc import Callable

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
from exports.docx_writer import wml
from exports.docx_writer.base_file import BaseFile
from exports.docx_writer.tables import cell_paragraphs, table_xml
from exports.docx_writer.wml import paragraph, run
from exports.pictures import ReadyPicture

DEEPEST = 2
PicturesOf = Callable[[Figure], ReadyPicture | None]


class Renderer:
    """Prints one composition over one base file.

    `pages` are page numbers by bookmark, empty where they are unknown.
    """

    def __init__(self, base: BaseFile, composition: Composition, pictures: PicturesOf, pages: dict[str, int]) -> None:
        self.base, self.composition, self.pictures, self.pages = base, composition, pictures, pages
        self.words = composition.words
        self.out: list[str] = []
        self.notes: list[str] = []
        self.part = "document"
        self.bookmarks = self.drawings = self.figures = self.section = 0
        self.tables: list[tuple[str, str, str]] = []
        self.contents_at: int | None = None
        headings = [b for b in composition.blocks if isinstance(b, Heading) and b.level <= 3 and not b.look]
        self.toc = [(h, f"_Toc{n:05d}") for n, h in enumerate(headings, 1)]
        self.bookmark_of = {h.anchor: name for h, name in self.toc if h.anchor}
        self.toc_names = iter([name for _, name in self.toc])

    def body(self) -> str:
        """The whole body but its last section's properties."""
        for block in self.composition.blocks:
            self.block(block)
        if self.contents_at is not None:
            self.out.insert(self.contents_at, self.contents())
        return "".join(self.out)

    # -- inline
    def inline(self, content: tuple[Inline, ...], look: str = "") -> str:
        return "".join(self.piece(piece, look) for piece in content)

    def piece(self, piece: Inline, look: str) -> str:
        match piece:
            case Text():
                return run(piece.text, look or piece.look)
            case Code():
                return wml.code(piece.text, look or piece.look)
            case Cite():
                return self.cite(piece)
            case Jump():
                return self.jump(piece, look)
            case Place():
                return self.bookmark(piece.anchor, self.inline(piece.content, look))
            case Link():
                target = f'r:id="{self.base.link(piece.url, self.part)}"'
                return wml.hyperlink(target, self.inline(piece.content, piece.look), piece.tip)
            case Note():
                return self.note(piece)
            case Backlinks():
                return self.backlinks(piece)
            case Tab():
                return wml.TAB
            case Break():
                return wml.LINE

    def bookmark(self, name: str, content: str) -> str:
        self.bookmarks += 1
        n = self.bookmarks
        return f'<w:bookmarkStart w:id="{n}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{n}"/>'

    def jump(self, jump: Jump, look: str) -> str:
        content = self.inline(jump.content, look)
        if jump.anchor not in self.composition.anchors:
            return content
        name = self.bookmark_of.get(jump.anchor, jump.anchor)
        return wml.hyperlink(f'w:anchor="{name}"', content, jump.tip)

    def cite(self, cite: Cite) -> str:
        """A bookmark to come back to, around a link to the exhibit's row."""
        target = self.composition.target(cite.number)
        content = wml.code(cite.number, "ExhibitReference")
        if target:
            content = wml.hyperlink(f'w:anchor="{target}"', content, self.words("tip.cite", number=cite.number))
        return self.bookmark(cite_anchor(cite.number, cite.count), content) if cite.count else content

    def backlinks(self, back: Backlinks) -> str:
        out = []
        for n, (anchor, words) in enumerate(self.composition.ways_back(back.number, back.by_place), 1):
            name = self.bookmark_of.get(anchor, anchor)
            tip = self.words("tip.back", count=str(n), number=back.number)
            out.append(wml.hyperlink(f'w:anchor="{name}"', wml.code(words, "ExhibitLink"), tip))
        return run(back.lead) + run(", ").join(out) if out else ""

    def note(self, note: Note) -> str:
        self.part = "footnotes"
        text = self.inline(note.content)
        self.part = "document"
        self.notes.append(text)
        look = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'
        return f'<w:r>{look}<w:footnoteReference w:id="{len(self.notes)}"/></w:r>'

    # -- blocks
    def block(self, block: Block) -> None:
        match block:
            case Paragraph():
                self.out.append(self.paragraph(block))
            case Heading():
                self.out.append(self.heading(block))
            case Table():
                self.table(block)
            case ItemList():
                self.items(block, 0, 0)
            case Quote():
                self.quote(block)
            case CodeBlock():
                lines = wml.LINE.join(run(line.replace("\t", "    ")) for line in block.text.split("\n"))
                self.out.append(paragraph("Code", lines))
            case Divider():
                self.out.append(paragraph("Divider", run("·\u2002·\u2002·")))
            case Figure():
                self.figure(block)
            case Contents():
                self.contents_at = len(self.out)
            case Turn():
                self.turn()

    def paragraph(self, block: Paragraph, look: str = "", properties: str = "") -> str:
        """A paragraph; nothing if its content prints nothing."""
        content = self.inline(block.content)
        return paragraph(look or block.look, content, properties) if content else ""

    def heading(self, block: Heading) -> str:
        """Headings 1 to 3 keep the code in the rail; the tab also leads a title without a code."""
        content = run(block.title)
        if block.look == "ProgrammeHeading" or (block.level <= 3 and not block.look):
            content = (wml.code(block.code, "HeadingCode") if block.code else "") + wml.TAB + content
        if block.level <= 3 and not block.look:
            content = self.bookmark(next(self.toc_names), content)
        elif block.anchor:
            content = self.bookmark(block.anchor, content)
        return paragraph(block.look or f"Heading{block.level}", content)

    def table(self, block: Table) -> None:
        if block.caption:
            self.out.append(self.caption("table", block.caption))
        elif self.out and self.out[-1].startswith("<w:tbl>"):
            # Two tables that touch would become one.
            self.block(Divider())
        self.out.append(table_xml(self.base, block, self.cell))

    def cell(self, cell: Cell) -> str:
        return cell_paragraphs(cell, self.paragraph)

    def caption(self, kind: str, text: str) -> str:
        """The caption of a table, counted by a field, with a bookmark for the list of tables."""
        number = str(len(self.tables) + 1)
        label = self.words(kind)
        name = f"_TocT{number.zfill(4)}"
        self.tables.append((f"{label} {number}", text, name))
        start = run(f"{label}\u00a0", "CaptionLabel") + wml.field("SEQ Table \\* ARABIC", number, "CaptionLabel")
        return paragraph("TableCaption", self.bookmark(name, start + wml.TAB + run(text)))

    def figure(self, block: Figure) -> None:
        picture = self.pictures(block)
        if picture is None:
            if block.alt and block.look == "Figure":
                self.out.append(paragraph("Callout", run(block.alt)))
        else:
            self.drawings += 1
            ratio = picture.height / picture.width
            width = min(block.width_mm, round(200 / ratio)) or 1
            name = self.words("figure")
            drawing = wml.drawing(self.drawings, self.base.image(picture), width, ratio, name, block.alt)
            self.out.append(paragraph(block.look, drawing))
        if block.caption:
            self.figures += 1
            label = run(f"{self.words('figure')}\u00a0", "CaptionLabel")
            label += wml.field("SEQ Figure \\* ARABIC", str(self.figures), "CaptionLabel")
            self.out.append(paragraph("Caption", label + wml.TAB + self.inline(block.caption)))

    def quote(self, block: Quote) -> None:
        for inner in block.blocks:
            self.block(inner)
        if block.source:
            self.out.append(paragraph("QuoteSource", self.inline(block.source)))

    # -- lists
    def items(self, block: ItemList, depth: int, chain: int) -> None:
        """A list; a numbered list within a numbered list goes on with its numbers, any other starts its own."""
        level = min(depth, DEEPEST)
        number = 0
        if block.ordered:
            number = chain or self.base.numbering(level, block.start)
        look = block.look or f"List{'Number' if block.ordered else 'Bullet'}{level + 1 if level else ''}"
        properties = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
        for item in block.items:
            self.item(item, depth, number, look, properties)

    def item(self, item: tuple[Block, ...], depth: int, number: int, look: str, properties: str) -> None:
        more = f"ListContinue{min(depth, DEEPEST) + 1 if depth else ''}"
        for n, block in enumerate(item):
            if isinstance(block, Paragraph):
                self.out.append(self.paragraph(block, look if n == 0 else more, properties if n == 0 else ""))
            elif isinstance(block, ItemList):
                self.items(block, depth + 1, number if block.ordered and depth < DEEPEST else 0)
            else:
                self.block(block)

    # -- sections and contents
    def turn(self) -> None:
        """The section's properties go into its last paragraph of text: no empty paragraph."""
        last = self.out[-1]
        assert last.startswith("<w:p>"), "a section ends with a paragraph of text"
        self.out[-1] = last.replace("</w:pPr>", self.base.section_xml(self.section) + "</w:pPr>", 1)
        self.section += 1

    def contents(self) -> str:
        """The contents and the list of tables, each a field with its entries already inside.

        Without page numbers the entries are links alone, yet the field asks for numbers: whoever updates it in Word
        gets those of Word's own layout, which are right, and nobody reads a number that is not.
        """
        entries = [(f"TOC{h.level}", h.code, h.title, name) for h, name in self.toc]
        out = [paragraph("TOCHeading", wml.TAB + run(self.words("contents")))]
        if not self.pages:
            out.append(paragraph("TableNote", run(self.words("contents.links"))))
        out.append(self.entries('TOC \\o "1-3" \\h \\z \\u', entries))
        if self.tables:
            out.append(paragraph("ContentsPart", run(self.words("tables"))))
            tables = [("TableOfFigures", *entry) for entry in self.tables]
            out.append(self.entries('TOC \\h \\z \\c "Table"', tables))
        return "".join(out)

    def entries(self, instruction: str, entries: list[tuple[str, str, str, str]]) -> str:
        out = []
        for n, (style, label, title, name) in enumerate(entries):
            content = (wml.code(label, "TOCCode") if label else "") + wml.TAB + run(title)
            if self.pages:
                page = str(self.pages.get(name, ""))
                content += wml.TAB + wml.field(f"PAGEREF {name} \\h", page, "TOCPage")
            content = wml.hyperlink(f'w:anchor="{name}"', content)
            if n == 0:
                content = wml.field_start(instruction) + content
            if n == len(entries) - 1:
                content += wml.FIELD_END
            # A category or standard does not stay behind at the foot of a page without what stands under it.
            leads = n + 1 < len(entries) and entries[n + 1][0] > style
            out.append(paragraph(style, content, "<w:keepNext/>" if leads else ""))
        return "".join(out)
