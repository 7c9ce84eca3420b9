"""Styles of tables, and of the paragraphs in their cells."""

from __future__ import annotations

from exports.layouts.base_look import edge, ppr, rpr
from exports.layouts.style_sheet import StyleSheet, cond


def level(fill: str) -> str:
    """Paragraph properties of a rating level."""
    return ppr(fill=fill, keep_lines=True, before=50, after=50, line=240, left=113, right=57, no_hyphen=True)


def add_cell_styles(sheet: StyleSheet) -> None:
    """Add the paragraph styles of table cells; the levels also lend their shading to the cell."""
    # inside tables
    sheet.para(
        "Table Text",
        ppr(before=50, after=50, line=240),
        rpr("record", 9.5, bold=False, italic=False, fg="ink"),
        priority=7,
    )
    sheet.para(
        "Table Head",
        ppr(keep_next=True, before=50, after=50, line=210, no_hyphen=True),
        rpr("record", 8.5, bold=True, fg="muted"),
        based="Table Text",
        priority=7,
    )
    sheet.para("Table Figure Head", ppr(jc="right"), "", based="Table Head", priority=7)
    sheet.para(
        "Table Detail",
        ppr(before=0, after=50, line=210),
        rpr("record", 8.5, fg="muted"),
        based="Table Text",
        priority=7,
    )
    sheet.para("Table Figure", ppr(jc="right"), "", based="Table Text", priority=7)
    sheet.para(
        "Table Label", ppr(no_hyphen=True), rpr("record", 9.5, bold=True, fg="deep"), based="Table Text", priority=7
    )
    sheet.para(
        "Table Group",
        ppr(keep_next=True, keep_lines=True, before=120, after=40),
        rpr("record", 10, bold=True, fg="deep"),
        based="Table Text",
        priority=7,
    )
    sheet.para("Plan Text", ppr(before=45, after=45, line=220), rpr("record", 9), based="Table Text", priority=7)
    sheet.para("Plan Figure", ppr(jc="right"), "", based="Plan Text", priority=7)
    sheet.para("Plan Inset", ppr(left=113), "", based="Plan Text", priority=7)
    sheet.para("Index Text", ppr(before=24, after=24, line=200), rpr("record", 8.5), based="Table Text", priority=7)
    sheet.para("Index Figure", ppr(jc="right"), "", based="Index Text", priority=7)
    sheet.para(
        "Hash",
        ppr(before=40, after=24, line=170, no_hyphen=True),
        rpr("mono", 6.5, proof=False),
        based="Index Text",
        priority=7,
    )
    sheet.para("Checksum", ppr(before=50, after=50, line=240), rpr(size=8), based="Hash", priority=7)
    sheet.para("Rating 0", level("paper"), rpr("record", 9.5, italic=True, fg="muted"), based="Table Text", priority=8)
    sheet.para("Rating 1", level("light"), rpr("record", 9.5, fg="ink"), based="Table Text", priority=8)
    sheet.para("Rating 2", level("mid"), rpr("record", 9.5, fg="ink"), based="Table Text", priority=8)
    sheet.para("Rating 3", level("accent"), rpr("record", 9.5, fg="paper"), based="Table Text", priority=8)
    sheet.para(
        "Rating Count",
        ppr(keep_next=False, before=0, after=60, line=200, left=113, right=57),
        rpr("record", 8.5),
        based="Table Text",
        priority=8,
    )
    sheet.para("Rating Count Inverse", "", rpr(fg="paper"), based="Rating Count", priority=8)
    sheet.para("Table Inset Head", ppr(left=113), "", based="Table Head", priority=8)
    sheet.para("Table Inset", ppr(left=113, right=113), "", based="Table Text", priority=8)
    sheet.para("Sign Line", ppr(before=520, after=60), "", based="Table Text", priority=8)


def add_table_styles(sheet: StyleSheet) -> None:
    """Add the table styles."""
    open_rules = edge("top", 8, "deep") + edge("bottom", 8, "deep") + edge("insideH", 4, "rule")
    head_rule = cond("firstRow", edge("bottom", 6, "deep"), valign="bottom")
    sheet.table("Report Table", open_rules, parts=head_rule)
    sheet.table("Exhibit Table", open_rules, parts=head_rule)
    sheet.table(
        "Index Table",
        edge("top", 8, "deep") + edge("bottom", 8, "deep") + edge("insideH", 2, "rule"),
        cell=(0, 0, 0, 85),
        parts=head_rule,
    )
    sheet.table("Plan Table", open_rules, cell=(0, 0, 0, 113), parts=head_rule)
    sheet.table(
        "Control Table",
        edge("top", 8, "deep") + edge("bottom", 4, "rule") + edge("insideH", 4, "rule"),
        parts=head_rule,
    )
    sheet.table(
        "Path Table",
        edge("top", 8, "deep") + edge("bottom", 8, "deep") + edge("insideH", 4, "rule"),
        parts=cond("firstRow", edge("bottom", 6, "deep"), valign="bottom") + cond("firstCol", edge("right", 18, "mid")),
    )
    white = edge("insideH", 24, "paper") + edge("insideV", 24, "paper")
    sheet.table(
        "Coverage Table",
        edge("top", 8, "deep") + edge("bottom", 8, "deep") + white,
        cell=(0, 0, 0, 113),
        parts=cond("firstRow", edge("bottom", 6, "deep") + edge("insideV", 0, ""), valign="bottom"),
        cell_pr='<w:tcPr><w:vAlign w:val="center"/></w:tcPr>',
    )
    sheet.table(
        "Rating Table",
        edge("top", 4, "rule") + edge("bottom", 4, "rule") + edge("insideH", 4, "rule"),
        cell=(0, 0, 0, 57),
        parts=cond("firstRow", edge("bottom", 4, "rule"), valign="bottom"),
        cell_pr='<w:tcPr><w:vAlign w:val="center"/></w:tcPr>',
    )
