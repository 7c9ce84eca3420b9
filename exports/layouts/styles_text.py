"""The four defaults, and the styles of the cover and of headings."""

from __future__ import annotations

from exports.layouts.base_look import RAIL, edge, ppr, rpr
from exports.layouts.style_sheet import StyleSheet

RAIL_TAB = (("left", RAIL),)


def add_defaults(sheet: StyleSheet) -> None:
    """Add the four defaults every file has."""
    sheet.style("paragraph", "Normal", ppr(widow=True, before=0, after=0, line=300), "", default=True, priority=0)
    sheet.style("character", "Default Paragraph Font", default=True, priority=1, hidden=True)
    margins = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    sheet.style(
        "table",
        "Table Normal",
        default=True,
        priority=99,
        hidden=True,
        extra=f'<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>',
    )
    sheet.style("numbering", "No List", default=True, priority=99, hidden=True)


def add_heading_styles(sheet: StyleSheet) -> None:
    """Add the paragraph styles of the cover and of headings."""
    sheet.para(
        "Cover Logo",
        ppr(before=0, after=170, left=RAIL, keep_next=True, line=240, rule="auto"),
        "",
        nxt="Cover School",
        priority=1,
    )
    sheet.para(
        "Cover School",
        ppr(after=0, left=RAIL, line=320),
        rpr("record", 13, bold=True, fg="deep", track=6),
        nxt="Title",
        priority=1,
    )
    sheet.para(
        "Cover Place", ppr(after=0, left=RAIL, line=280), rpr("record", 10.5, fg="muted"), nxt="Title", priority=1
    )
    sheet.para(
        "Title",
        ppr(before=3300, after=220, left=RAIL, line=900, keep_next=True, no_hyphen=True),
        rpr("reading", 40, fg="deep", track=-6),
        nxt="Subtitle",
        priority=2,
    )
    sheet.para(
        "Subtitle",
        ppr(after=1300, left=RAIL, line=400, no_hyphen=True),
        rpr("reading", 16, fg="muted"),
        nxt="Cover Fact",
        priority=2,
    )
    sheet.para(
        "Cover Fact",
        ppr(
            after=0,
            left=RAIL + 2268,
            hang=2268,
            tabs=(("left", RAIL + 2268),),
            line=380,
            borders=edge("top", 4, "rule", 3) + edge("bottom", 4, "rule", 3) + edge("between", 4, "rule", 3),
        ),
        rpr("record", 10.5),
        priority=2,
    )
    sheet.para("Cover Note", ppr(before=360, left=RAIL, line=260), rpr("record", 9, fg="muted"), priority=2)

    # headings: unnumbered on purpose (the IB's codes are the numbers); the code is a run in the rail, then a tab

    sheet.para(
        "heading 1",
        ppr(
            keep_next=True,
            keep_lines=True,
            page_break=True,
            borders=edge("top", 18, "deep", 14),
            tabs=RAIL_TAB,
            before=0,
            after=420,
            line=620,
            left=RAIL,
            hang=RAIL,
            outline=0,
            no_hyphen=True,
        ),
        rpr("reading", 26, fg="deep"),
        nxt="Lead",
        priority=3,
    )
    sheet.para(
        "heading 2",
        ppr(
            keep_next=True,
            keep_lines=True,
            borders=edge("top", 6, "deep", 9),
            tabs=RAIL_TAB,
            before=560,
            after=140,
            line=420,
            left=RAIL,
            hang=RAIL,
            outline=1,
            no_hyphen=True,
        ),
        rpr("reading", 17, fg="deep"),
        nxt="Body Text",
        priority=3,
    )
    sheet.para(
        "heading 3",
        ppr(
            keep_next=True,
            keep_lines=True,
            borders=edge("top", 4, "rule", 8),
            tabs=RAIL_TAB,
            before=480,
            after=40,
            line=340,
            left=RAIL,
            hang=RAIL,
            outline=2,
            no_hyphen=True,
        ),
        rpr("reading", 13.5, bold=True, fg="ink"),
        nxt="Body Text",
        priority=3,
    )
    sheet.para(
        "heading 4",
        ppr(keep_next=True, keep_lines=True, before=220, after=50, line=300, left=RAIL, outline=3, no_hyphen=True),
        rpr("reading", 11, bold=True, fg="deep"),
        nxt="Body Text",
        priority=3,
    )
    sheet.para(
        "heading 5",
        ppr(keep_next=True, keep_lines=True, before=160, after=30, line=300, left=RAIL, outline=4, no_hyphen=True),
        rpr("reading", 10.5, italic=True, fg="deep"),
        nxt="Body Text",
        priority=3,
    )
    # The answer of one programme, where programmes answer differently: its key stands in the rail.
    sheet.para(
        "Programme Heading",
        ppr(borders=edge("top", 4, "rule", 6), tabs=RAIL_TAB, before=320, after=40, line=280, left=RAIL, hang=RAIL),
        rpr("record", 11, bold=True, italic=False, fg="deep"),
        based="heading 4",
        nxt="Body Text",
        priority=3,
    )
    sheet.para(
        "Part Heading",
        ppr(before=280, after=80, line=240),
        rpr("record", 9.5, bold=True, italic=False, fg="accent", track=8),
        based="heading 4",
        nxt="Body Text",
        priority=3,
    )
    sheet.para(
        "TOC Heading",
        ppr(
            keep_next=True,
            keep_lines=True,
            page_break=True,
            borders=edge("top", 18, "deep", 14),
            tabs=RAIL_TAB,
            before=0,
            after=170,
            line=620,
            left=RAIL,
            hang=RAIL,
            no_hyphen=True,
        ),
        rpr("reading", 26, fg="deep"),
        nxt="toc 1",
        priority=3,
    )
    sheet.para(
        "Contents Part",
        ppr(keep_next=True, before=220, after=40, line=260, left=RAIL),
        rpr("record", 10.5, bold=True, fg="accent", track=8),
        priority=3,
        show=False,
    )
