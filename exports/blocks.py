"""What a document is made of before it has a format.

Blocks and inline pieces, which each writer prints in its own way.

A `look` is the identifier of a named style of the base file ("BodyText", "RatingWord"); the HTML writer uses the
same names as classes, so that the formats cannot drift apart. An empty look of an inline piece means "as the
paragraph". An anchor is a name within the document: letters, digits and underscores, at most 40 characters.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A stretch of text in one look."""

    text: str
    look: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A practice code or exhibit number: never broken over two lines."""

    text: str
    look: str = "CodeReference"


@dataclass(frozen=True, slots=True)
class Tab:
    """The step from the rail to the reading column, or from a label to its value."""


@dataclass(frozen=True, slots=True)
class Break:
    """A new line within a paragraph."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link out of the document; the address is already checked and percent-encoded."""

    url: str
    content: tuple[Inline, ...]
    tip: str = ""
    look: str = "Hyperlink"


@dataclass(frozen=True, slots=True)
class Jump:
    """A link to an anchor in the document; printed without a link where that anchor is not printed."""

    anchor: str
    content: tuple[Inline, ...]
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Content that can be jumped to."""

    anchor: str
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Cite:
    """A citation of an exhibit in the text; `count` makes its own anchor, to come back to (0: none)."""

    number: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Backlinks:
    """The ways back from an exhibit's row to each citation of it.

    `by_place` names each place by its code, else by counting from 1; `lead` is printed before them, if there are any.
    """

    number: str
    by_place: bool = False
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote and its mark."""

    content: tuple[Inline, ...]


Inline = Text | Code | Tab | Break | Link | Jump | Place | Cite | Backlinks | Note


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 5; levels 1 to 3 enter the contents, with the code in the rail.

    `look` is set for the fixed parts of a practice ("PartHeading") and for one programme's answer
    ("ProgrammeHeading"), both of level 4.
    """

    level: int
    title: str
    code: str = ""
    anchor: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of text in a look."""

    look: str
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list; each item is a row of blocks.

    `look` is set for strengths and next steps, which carry marks of their own.
    """

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    start: int = 1
    look: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation; the last paragraph may name its source."""

    blocks: tuple[Block, ...]
    source: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines printed as they are, in the face of a typewriter."""

    text: str


@dataclass(frozen=True, slots=True)
class Divider:
    """A pause between two passages."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture opened by its hash.

    `width_mm` is its width on paper, `caption` empty for a logo, `number` the exhibit it is.
    """

    sha256: str
    media_type: str
    alt: str
    number: str = ""
    caption: tuple[Inline, ...] = ()
    look: str = "Figure"
    width_mm: int = 132


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, its share of the width, and the look of its head."""

    head: str
    share: int
    look: str = "TableHead"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: paragraphs, the columns it spans, and the look whose shading it takes."""

    content: tuple[Paragraph, ...]
    span: int = 1
    shade: str = ""


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One header row and body rows.

    `rail`: the first column stands in the rail and `columns[0].share` is not used; `inset`: the whole table stands
    in the reading column. `together` keeps a short table on one page, `with_next` keeps its last row with the note
    below it. `title` and `about` are its alternative text; `caption` prints a numbered caption.
    """

    look: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str
    about: str
    caption: str = ""
    rail: bool = True
    inset: bool = False
    wide: bool = False
    first_label: bool = False
    together: bool = False
    with_next: bool = False


@dataclass(frozen=True, slots=True)
class Contents:
    """The place of the table of contents and of the list of tables."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The page turns to landscape, or back; the block before it is always a paragraph."""

    landscape: bool


Block = Heading | Paragraph | ItemList | Quote | CodeBlock | Divider | Figure | Table | Contents | Turn


def cite_anchor(number: str, count: int) -> str:
    """The anchor of the n-th citation of an exhibit."""
    return f"C_{anchor_key(number)}_{count}"


def anchor_key(code: str) -> str:
    """A code as part of an anchor: `E-0301-02-03` becomes `0301_02_03`."""
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in code.removeprefix("E-"))[:34]
