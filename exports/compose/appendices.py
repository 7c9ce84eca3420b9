"""The appendices: every exhibit once, practices without evidence, checksums, words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from exports.blocks import Backlinks, Cell, Column, Inline, Jump, Paragraph, Place, Row, Table, Text, anchor_key
from exports.blocks import Code as CodeText
from exports.compose.composer import Composer
from exports.compose.front import words_appendix
from exports.model import Exhibit, ExhibitFile
from exports.names import bundle_name

# LibreOffice takes time quadratic in the rows of one table, so a long index is one table for each standard.
LONG_INDEX = 150
INDEX_COLUMNS = (("number", 30), ("title", 54), ("kind", 22), ("shown", 28), ("cited", 28))


def appendices(c: Composer) -> None:
    """All four, lettered in order; one without content is left out."""
    letters = iter("ABCD")
    exhibits = list(c.exhibits.values())
    if exhibits:
        index(c, next(letters), exhibits)
    if c.report.practices():
        _gaps(c, next(letters))
    if any(e.files for e in exhibits):
        _manifest(c, next(letters), [e for e in exhibits if e.files])
    words_appendix(c, next(letters))


def _groups(c: Composer, exhibits: Iterable[Exhibit]) -> Iterator[tuple[str, str, list[Exhibit]]]:
    """(code, name, exhibits) for each standard, then for milestones and plan."""
    names = {s.code: s.name for category in c.report.categories for s in category.standards}
    for head, group in groupby(exhibits, key=lambda e: e.number.split("-")[1]):
        if head.startswith("M"):
            yield head, c.words("milestone.code", code=head), list(group)
        elif head == "P":
            yield "", c.words("plan"), list(group)
        else:
            yield head, names.get(head, c.words("standard.code", code=head)), list(group)


# -- the index
def index(c: Composer, letter: str, exhibits: list[Exhibit]) -> None:
    """Every exhibit once, by number."""
    words = c.words
    c.heading(1, words("appendix.index"), words("appendix", letter=letter), anchor="exhibits")
    c.plain(words.count("index.lead", len(exhibits)), "Lead")
    c.out.indexed.update(e.number for e in exhibits)
    if len(exhibits) <= LONG_INDEX:
        c.add(_index_table(c, words("appendix.index"), exhibits))
        return
    for code, name, group in _groups(c, exhibits):
        label = words("standard.code", code=code) if code and not code.startswith("M") else code
        c.heading(2, name, label)
        c.add(_index_table(c, f"{words('appendix.index')}: {name}", group))


def _index_table(c: Composer, title: str, exhibits: list[Exhibit]) -> Table:
    words = c.words
    columns = tuple(Column(words(f"index.{key}"), share) for key, share in INDEX_COLUMNS)
    rows = tuple(_index_row(c, exhibit) for exhibit in exhibits)
    return Table("IndexTable", columns, rows, title, words("index.about"))


def _index_row(c: Composer, exhibit: Exhibit) -> Row:
    number = exhibit.number
    home = number in c.out.homes
    name: Inline = CodeText(number, "IndexHome" if home else "IndexNumber")
    if home:
        name = Jump(f"E_{anchor_key(number)}", (name,), c.words("tip.home", number=number))
    kind = f"{exhibit.kind}, {c.words('exhibit.redacted')}" if exhibit.redacted else exhibit.kind
    shown = ", ".join(part for part in (exhibit.version, c.shown(exhibit)) if part)
    return (
        c.cell_of("IndexText", Place(f"X_{anchor_key(number)}", (name,))),
        c.cell(exhibit.title, "IndexText"),
        c.cell(kind, "IndexText"),
        c.cell(shown, "IndexText"),
        c.cell_of("IndexText", Backlinks(number, by_place=True)),
    )


# -- practices without evidence
def _gaps(c: Composer, letter: str) -> None:
    words = c.words
    c.heading(1, words("appendix.gaps"), words("appendix", letter=letter), anchor="gaps")
    if not c.report.gaps:
        c.fixed("gaps.none", "Lead")
        return
    c.fixed("gaps.lead", "Lead")
    columns = tuple(
        Column(words(key), share)
        for key, share in (("practice", 30), ("name", 60), ("programme", 22), ("gap.who", 30), ("gap.due", 20))
    )
    rows = tuple(
        (
            c.cell_of("TableLabel", *c.codes([gap.practice])),
            c.cell(gap.name or c.names.get(gap.practice, "")),
            c.cell(gap.programme),
            c.cell(gap.asked_of),
            c.cell(words.day(gap.due, short=True)),
        )
        for gap in c.report.gaps
    )
    c.add(Table("ReportTable", columns, rows, words("appendix.gaps"), words("gaps.about")))


# -- checksums
def _manifest(c: Composer, letter: str, exhibits: list[Exhibit]) -> None:
    """The checksum of each file; a long list is one table for each standard, told apart by captions."""
    words = c.words
    c.heading(1, words("appendix.manifest"), words("appendix", letter=letter), anchor="manifest")
    c.fixed("manifest.lead", "Lead")
    if len(exhibits) <= LONG_INDEX:
        c.add(_manifest_table(c, words("appendix.manifest"), exhibits, ""))
        return
    for code, name, group in _groups(c, exhibits):
        title = f"{code} {name}" if code and not code.startswith("M") else name
        c.add(_manifest_table(c, f"{words('appendix.manifest')}: {title}", group, words("manifest.of", name=title)))


def _manifest_table(c: Composer, title: str, exhibits: list[Exhibit], caption: str) -> Table:
    words = c.words
    heads = (("number", 30, "TableHead"), ("file", 66, "TableHead"), ("sha256", 48, "TableHead"))
    columns = [Column(words(f"manifest.{key}"), share, look) for key, share, look in heads]
    columns.append(Column(words("manifest.bytes"), 18, "TableFigureHead"))
    rows = tuple(_manifest_row(c, exhibit, file) for exhibit in exhibits for file in exhibit.files)
    return Table("IndexTable", tuple(columns), rows, title, words("manifest.about"), caption)


def _manifest_row(c: Composer, exhibit: Exhibit, held: ExhibitFile) -> Row:
    if exhibit.downloadable:
        file = c.inline(bundle_name(exhibit.number, held.file_name), "")
    else:
        file = (Text(c.words("manifest.kept")),)
    return (
        c.cell_of("IndexText", CodeText(exhibit.number, "IndexNumber")),
        Cell((Paragraph("IndexText", file),)),
        Cell((Paragraph("Hash", (Text(held.sha256),)),)),
        c.cell(c.words.number(held.size_bytes), "IndexFigure"),
    )
