"""The school and its programmes, and how the self-study was made."""

from __future__ import annotations

from exports.blocks import Cell, Column, ItemList, Paragraph, Table, Text
from exports.compose.composer import Composer

ENOUGH_ANSWERS = 5
"""From this many on, half of them say something about the days they took."""


def school(c: Composer) -> None:
    """The chapter on the school; left out if nothing is known of it."""
    content, words = c.report.school, c.words
    if not (content.lead or content.facts or content.narrative or c.report.programmes):
        return
    c.heading(1, words("school"), anchor="school")
    c.here = words("place.school")
    c.plain(content.lead, "Lead")
    c.add(*c.markdown(content.narrative, words("school"), top=2))
    if c.report.programmes:
        _programmes(c)
    if content.facts:
        columns = (Column(words("school.fact"), 30), Column(words("school.value"), 132))
        rows = tuple((c.cell(f.label, "TableLabel"), c.cell(f.value)) for f in content.facts)
        caption = words("school.facts")
        c.add(Table("ReportTable", columns, rows, caption, words("school.facts.about"), caption=caption))


def _programmes(c: Composer) -> None:
    """One row for each programme, with the columns somebody filled in."""
    words, programmes = c.words, c.report.programmes
    texts = [("name", [p.name for p in programmes], 34)]
    texts += [("authorized", [words.day(p.authorized, short=True) for p in programmes], 22)]
    texts += [("ages", [p.ages for p in programmes], 18)]
    counts = [("students", [p.students for p in programmes]), ("teachers", [p.teachers for p in programmes])]
    counts += [("trained", [p.trained for p in programmes])]
    columns = [Column(words("programme"), 30)]
    cells: list[list[Cell]] = [[c.cell(p.key, "TableLabel")] for p in programmes]
    for key, values, share in texts:
        if any(values):
            columns.append(Column(words(f"programme.{key}"), share))
            for row, text in zip(cells, values, strict=True):
                row.append(c.cell(text))
    for key, numbers in counts:
        if any(n >= 0 for n in numbers):
            columns.append(Column(words(f"programme.{key}"), 20, "TableFigureHead"))
            for row, n in zip(cells, numbers, strict=True):
                row.append(c.cell(words.number(n) if n >= 0 else "–", "TableFigure"))
    caption = words("programmes")
    rows = tuple(tuple(row) for row in cells)
    about = words("programmes.about")
    c.add(Table("ReportTable", tuple(columns), rows, caption, about, caption=caption, together=True))


def process(c: Composer) -> None:
    """The chapter on the making of the self-study; left out if nothing is known of it."""
    content, words = c.report.process, c.words
    counts = requests_in_words(c)
    if not (content.lead or content.narrative or content.participants or content.timeline or counts):
        return
    c.heading(1, words("process"), anchor="process")
    c.here = words("place.process")
    c.plain(content.lead, "Lead")
    c.add(*c.markdown(content.narrative, words("process"), top=2))
    if content.participants:
        columns = (
            Column(words("people.role"), 30),
            Column(words("people.number"), 26),
            Column(words("people.did"), 106),
        )
        rows = tuple((c.cell(p.role, "TableLabel"), c.cell(p.people), c.cell(p.did)) for p in content.participants)
        caption = words("people")
        c.add(Table("ReportTable", columns, rows, caption, words("people.about"), caption=caption))
    if content.timeline or counts:
        c.heading(2, words("timeline"))
        c.plain(counts)
        items = tuple(
            (Paragraph("BodyText", (Text(_sentence(words.day(e.when)), "Strong"), *c.inline(e.what))),)
            for e in content.timeline
        )
        c.add(*([ItemList(items, ordered=True)] if items else []))


def requests_in_words(c: Composer) -> str:
    """How many requests for evidence were sent and answered, as sentences; empty if it is not known."""
    content, words = c.report.process, c.words
    out = []
    if content.requests_sent > 0:
        out.append(words.count("requests.sent", content.requests_sent))
        if content.requests_answered == content.requests_sent:
            out.append(words.count("requests.all", content.requests_sent))
        elif content.requests_answered == 0:
            out.append(words.count("requests.none", content.requests_sent))
        elif content.requests_answered > 0:
            out.append(words.count("requests.answered", content.requests_answered))
        if content.median_days > 0 and content.requests_answered >= ENOUGH_ANSWERS:
            out.append(words.count("requests.days", content.median_days))
    return " ".join(out)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}. " if text else ""
