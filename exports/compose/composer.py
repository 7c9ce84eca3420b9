"""The hand that composes: words, citations and cells, shared by all chapters."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from exports.blocks import (
    Backlinks,
    Block,
    Break,
    Cell,
    Cite,
    Code,
    CodeBlock,
    Figure,
    Heading,
    Inline,
    ItemList,
    Jump,
    Paragraph,
    Quote,
    Table,
    Text,
    Turn,
    anchor_key,
    cite_anchor,
)
from exports.composition import Composition, Problem
from exports.model import Citation, Edition, Exhibit, RatingLevel, Report, Response
from exports.narrative import parse_narrative
from exports.text import EXHIBIT_NUMBER, number_order, one_line, pieces
from exports.words import Words

NUMBER = re.compile(r"(?:\[\[\s*|\]\()(E-[A-Z0-9]+(?:-\d{2,4})+)")
SPACE = "\u2002"
NOTHING = "\u00a0"


class Composer:
    """Builds one composition from one report. `here` and `here_anchor` say where the text being composed stands."""

    def __init__(self, report: Report, edition: Edition, out: Composition) -> None:
        self.report, self.edition, self.out, self.words = report, edition, out, out.words
        self.exhibits = _by_number(report)
        self.levels = {level.value: level for level in report.scale}
        self.names = {p.code: p.name for p in report.practices()}
        self.programmes = {p.key: p.name for p in report.programmes}
        self.here, self.here_anchor = "", ""
        self.cite_count: dict[str, int] = {}

    # -- blocks
    def add(self, *blocks: Block) -> None:
        self.out.blocks += blocks

    def heading(self, level: int, title: str, code: str = "", anchor: str = "", look: str = "") -> None:
        """A heading; `here` follows it where it has an anchor."""
        self.add(Heading(level, one_line(title) or NOTHING, one_line(code), anchor, look))
        if anchor:
            self.here_anchor = anchor

    def part(self, key: str) -> None:
        """A fixed part of a practice ("Strengths")."""
        self.add(Heading(4, self.words(key), look="PartHeading"))

    def para(self, look: str, *content: Inline) -> None:
        if content:
            self.add(Paragraph(look, content))

    def fixed(self, key: str, look: str = "BodyText", **values: str) -> None:
        """A paragraph of fixed words, which may hold emphasis; the values filled in are plain text."""
        clean = {name: one_line(value) for name, value in values.items()}
        content = rich(self.words(key))
        self.para(look, *(Text(p.text.format(**clean), p.look) if isinstance(p, Text) else p for p in content))

    def plain(self, text: str, look: str = "BodyText", style: str = "") -> None:
        """A paragraph of the school's plain text; nothing if it is empty."""
        self.para(look, *self.inline(text, style))

    def caption_table(self, table: Table, note: tuple[Inline, ...] = ()) -> None:
        """A table, and the note below it."""
        self.add(table)
        self.para("TableNote", *note)

    def turn(self, landscape: bool) -> None:
        """Turn the page; a section must end with text, so a table before it gets a closing line."""
        if not isinstance(self.out.blocks[-1], Paragraph | Heading):
            self.fixed("plan.follows" if landscape else "plan.ends", "TableNote")
        self.add(Turn(landscape))

    # -- Markdown
    def markdown(self, text: str, where: str, programme: str = "", top: int = 4) -> tuple[Block, ...]:
        """The blocks of a narrative; its faults become problems of the document."""
        about = self.words("narrative.table", where=where)
        narrative = parse_narrative(text, self.exhibits, self.cite, top, about)
        for fault in narrative.faults:
            self.problem(fault.code, where, programme, fault.line, fault.snippet)
        return narrative.blocks

    def problem(self, code: str, where: str, programme: str = "", line: int = 0, snippet: str = "") -> None:
        """Report what could not be printed as it was meant."""
        self.out.problems.append(make_problem(self.words, code, where, programme, line, snippet))

    def items(self, text: str, where: str, programme: str, look: str) -> None:
        """Strengths or next steps: each list item or paragraph becomes one line."""
        lines = list(_lines(self.markdown(text, where, programme)))
        if lines:
            self.add(ItemList(tuple((line,) for line in lines), look=look))

    def cell_markdown(self, text: str, where: str, look: str) -> tuple[Paragraph, ...]:
        """A short narrative as the paragraphs of a cell."""
        return tuple(Paragraph(look, line.content) for line in _lines(self.markdown(text, where)))

    # -- inline
    def inline(self, text: str, look: str = "") -> tuple[Inline, ...]:
        """Plain text with its codes kept whole."""
        return tuple(
            Code(piece.text, look or "CodeReference") if piece.kind == "code" else Text(piece.text, look)
            for piece in pieces(one_line(text))
        )

    def cite(self, number: str) -> Cite:
        """A citation that can be come back to."""
        count = self.cite_count[number] = self.cite_count.get(number, 0) + 1
        self.out.cited.setdefault(number, []).append((cite_anchor(number, count), self.here))
        return Cite(number, count)

    def codes(self, codes: Iterable[str]) -> tuple[Inline, ...]:
        """Practice or step codes in a row, each leading to its place."""
        out: list[Inline] = []
        for code in codes:
            out += [Text(", ")] if out else []
            out.append(Jump(place_anchor(code), (Code(code),), self.names.get(code, "")))
        return tuple(out)

    def citations(self, citations: Iterable[Citation], look: str) -> tuple[Paragraph, ...]:
        """Exhibits cited in a cell, one a line; an unknown number is reported and printed as text."""
        out = []
        for citation in citations:
            if citation.number in self.exhibits:
                out.append(Paragraph(look, (self.cite(citation.number),)))
            elif citation.number:
                self.problem("unknown-exhibit", self.here, snippet=citation.number)
                out.append(Paragraph(look, self.inline(citation.number)))
        return tuple(out)

    # -- cells
    def cell(self, text: str, look: str = "TableText") -> Cell:
        """A cell of plain text; an empty one holds a space, since an empty paragraph reads as a mistake."""
        return Cell((Paragraph(look, self.inline(text) or (Text(NOTHING),)),))

    def cell_of(self, look: str, *content: Inline) -> Cell:
        return Cell((Paragraph(look, content or (Text(NOTHING),)),))

    # -- levels
    def mark(self, value: int) -> str:
        """The level as filled and open circles, as many as the scale has levels."""
        top = max(len(self.report.scale), 1)
        return "●" * min(value, top) + "○" * (top - min(value, top))

    def level(self, value: int) -> RatingLevel:
        """The level of the scale with this value; one that says "not rated" for any other value."""
        known = self.levels.get(value)
        return known or RatingLevel(value=0, word=self.words("rating.none"), meaning=self.words("rating.none.meaning"))

    def shade(self, value: int) -> str:
        """The base file has three shades; a scale of another length is spread over them, its ends kept apart."""
        top = max(len(self.report.scale), 1)
        return f"Rating{max(1, (min(value, top) * 3 + top // 2) // top)}" if value in self.levels else "Rating0"

    def rating(self, value: int, count: int | None = None) -> Cell:
        """A level as a cell: mark and word, or word above mark and number of exhibits."""
        level, shade = self.level(value), self.shade(value)
        word, mark = Text(level.word, "RatingWord" if level.value else ""), self.mark(level.value) + SPACE
        if count is None:
            return Cell((Paragraph(shade, (Text(mark, "RatingMark"), word)),), shade=shade)
        words = self.words.count("exhibits", count) if count else self.words("exhibits.none")
        look = "RatingCountInverse" if shade == "Rating3" else "RatingCount"
        below = Paragraph(look, (Text(mark, "RatingMark"), Text(words)))
        return Cell((Paragraph(shade, (word,)), below), shade=shade)

    # -- exhibits
    def exhibits_of(self, response: Response) -> dict[str, str]:
        """Number -> how it shows the practice, for the exhibits a response lists or cites in its texts."""
        found = {c.number: c.how for c in response.exhibits}
        for text in (response.narrative, response.strengths, response.next_steps):
            for number in NUMBER.findall(text):
                found.setdefault(number, "")
        return {number: how for number, how in found.items() if number in self.exhibits}

    def exhibit_link(self, number: str, look: str = "ExhibitReference") -> Inline:
        """A link to an exhibit's row in the index, without counting as a citation."""
        return Jump(f"X_{anchor_key(number)}", (Code(number, look),), self.words("tip.index", number=number))

    def shown(self, exhibit: Exhibit) -> str:
        """The period an exhibit shows, in short dates."""
        return self.words.period(exhibit.shown, exhibit.shown_until, short=True)

    def backlinks(self, number: str) -> Inline:
        return Backlinks(number, lead=self.words("exhibit.cited"))


def make_problem(words: Words, code: str, where: str, programme: str, line: int, snippet: str) -> Problem:
    """A problem with its sentences in the language of the words."""
    short = snippet if len(snippet) <= 80 else f"{snippet[:79]}…"
    what = words(f"problem.{code}", snippet=one_line(short))
    return Problem(code, where, programme, line, what, words(f"problem.{code}.remedy"))


def _by_number(report: Report) -> dict[str, Exhibit]:
    """Exhibits by number, in the order of the numbers. Raises ValueError for a number that is wrong or there twice."""
    out: dict[str, Exhibit] = {}
    for exhibit in sorted(report.exhibits, key=lambda e: number_order(e.number)):
        if not EXHIBIT_NUMBER.fullmatch(exhibit.number):
            raise ValueError(f"{exhibit.number!r} is not an exhibit number such as 'E-0301-02-03'.")
        if exhibit.number in out:
            raise ValueError(f"Exhibit {exhibit.number} is in the report twice.")
        out[exhibit.number] = exhibit
    return out


def place_anchor(code: str) -> str:
    """The anchor of the heading of a practice, standard, category or milestone step."""
    return f"P_{anchor_key(code)}"


@cache
def rich(text: str) -> tuple[Inline, ...]:
    """Fixed words with their emphasis."""
    (block,) = parse_narrative(text, {}).blocks
    assert isinstance(block, Paragraph), text
    return block.content


def _lines(blocks: Iterable[Block]) -> Iterable[Paragraph]:
    """Every paragraph in blocks, in order; the words of headings and code count as paragraphs."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block
        elif isinstance(block, ItemList):
            for item in block.items:
                yield from _lines(item)
        elif isinstance(block, Quote):
            yield from _lines(block.blocks)
            if block.source:
                yield Paragraph("BodyText", block.source)
        elif isinstance(block, Heading):
            yield Paragraph("BodyText", (Text(block.title, "Strong"),))
        elif isinstance(block, CodeBlock):
            parts = [p for line in block.text.split("\n") for p in (Break(), Text(line, "InlineCode"))]
            yield Paragraph("BodyText", tuple(parts[1:]))
        elif isinstance(block, Figure):
            yield Paragraph("BodyText", block.caption)
        elif isinstance(block, Table):
            for row in block.rows:
                content = [p for cell in row for line in cell.content for p in (Text(", "), *line.content)]
                yield Paragraph("BodyText", tuple(content[1:]))
