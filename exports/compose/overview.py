"""The overview: coverage at a glance, strengths, priorities, and what has no evidence yet."""

from __future__ import annotations

from exports.blocks import Block, Cell, Column, Jump, Paragraph, Row, Table, Text
from exports.compose.composer import SPACE, Composer, place_anchor
from exports.model import Standard


def overview(c: Composer) -> None:
    """The chapter a hurried reader reads."""
    content, words = c.report.overview, c.words
    standards = [s for category in c.report.categories for s in category.standards]
    if not (standards or content.lead or content.strengths or content.priorities or content.without_evidence):
        return
    c.heading(1, words("overview"), anchor="overview")
    c.here = words("place.overview")
    c.add(*_as(c.markdown(content.lead, words("overview")), "Lead"))
    if standards and c.report.programmes:
        c.heading(2, words("coverage"), anchor="coverage")
        c.caption_table(_coverage(c), tuple(_legend(c)))
    for key, text in (("strengths", content.strengths), ("priorities", content.priorities)):
        if blocks := c.markdown(text, words(key), top=3):
            c.heading(2, words(key))
            c.add(*blocks)
    _without_evidence(c)


def _as(blocks: tuple[Block, ...], look: str) -> tuple[Block, ...]:
    return tuple(Paragraph(look, b.content) if isinstance(b, Paragraph) else b for b in blocks)


def _legend(c: Composer) -> list[Text]:
    values = [level.value for level in reversed(c.report.scale)] + [0]
    marks = "   ".join(f"{c.mark(v)} {c.level(v).word}" for v in values)
    return [Text(f"{marks}. {c.words('coverage.note')}")]


def _coverage(c: Composer) -> Table:
    """Standards down, programmes across; four programmes leave no room for a column of names."""
    words, programmes = c.words, c.report.programmes
    narrow = len(programmes) > 3
    columns = [Column(words("standard"), 42 if narrow else 30)]
    columns += [] if narrow else [Column(words("name"), 39)]
    columns += [Column(p.key, 30 if narrow else 31, "TableInsetHead") for p in programmes]
    rows: list[Row] = []
    for category in c.report.categories:
        group = (*c.inline(category.code), Text(SPACE + category.name))
        rows.append((Cell((Paragraph("TableGroup", group),), span=len(columns)),))
        for standard in category.standards:
            code = Jump(place_anchor(standard.code), c.inline(standard.code, "CodeReference"), standard.name)
            name = c.inline(standard.name)
            first = Paragraph("TableText", (code,))
            if narrow:
                row = [Cell((first, Paragraph("TableText", name)))]
            else:
                row = [Cell((first,)), c.cell_of("TableText", *name)]
            levels = {level.programme: level.rating for level in standard.levels}
            row += [c.rating(levels.get(p.key, 0), standard_count(c, standard, p.key)) for p in programmes]
            rows.append(tuple(row))
    return Table(
        "CoverageTable",
        tuple(columns),
        tuple(rows),
        words("coverage"),
        words("coverage.about"),
        caption=words("coverage.caption"),
        rail=not narrow,
        with_next=True,
    )


def standard_count(c: Composer, standard: Standard, programme: str) -> int:
    """How many exhibits the responses of one programme to a standard's practices use."""
    used: set[str] = set()
    for practice in standard.practices:
        for response in practice.responses:
            if response.programme == programme:
                used.update(c.exhibits_of(response))
    return len(used)


def _without_evidence(c: Composer) -> None:
    words, gaps = c.words, c.report.gaps
    blocks = c.markdown(c.report.overview.without_evidence, words("without_evidence"))
    if not blocks and not gaps and not c.report.practices():
        return
    c.heading(2, words("without_evidence"))
    c.add(*_as(blocks, "NoEvidenceYet"))
    if gaps:
        practices = len({gap.practice for gap in gaps})
        c.plain(words.count("gaps.practices", practices) + " " + words("gaps.see"))
    else:
        c.fixed("gaps.none")
