"""Styles of contents lists, notes, headers and footers, and of runs within a paragraph."""

from __future__ import annotations

from exports.layouts.base_look import LAND_W, RAIL, TEXT_W, ppr, rpr
from exports.layouts.style_sheet import StyleSheet


def add_furniture_styles(sheet: StyleSheet) -> None:
    """Add the paragraph styles of contents, footnotes, headers and footers."""
    # contents, notes, furniture
    toc_tabs = (("left", RAIL), ("right", TEXT_W))
    sheet.para(
        "toc 1",
        ppr(keep_lines=True, tabs=toc_tabs, before=90, after=10, line=270, left=RAIL, hang=RAIL, no_hyphen=True),
        rpr("reading", 11.5, fg="deep"),
        priority=39,
        show=False,
    )
    sheet.para(
        "toc 2",
        ppr(keep_lines=True, tabs=toc_tabs, before=10, after=0, line=240, left=RAIL, hang=RAIL, no_hyphen=True),
        rpr("record", 10),
        priority=39,
        show=False,
    )
    sheet.para(
        "toc 3",
        ppr(keep_lines=True, tabs=toc_tabs, before=0, after=0, line=240, left=RAIL, hang=RAIL, no_hyphen=True),
        rpr("record", 9.5, fg="muted"),
        priority=39,
        show=False,
    )
    sheet.para(
        "table of figures",
        ppr(keep_lines=True, tabs=toc_tabs, before=0, after=0, line=230, left=RAIL, hang=RAIL, no_hyphen=True),
        rpr("record", 9.5),
        priority=39,
        show=False,
    )
    sheet.para(
        "footnote text",
        ppr(after=30, line=220, left=RAIL + 227, hang=227, tabs=(("left", RAIL + 227),)),
        rpr("record", 8.5),
        priority=40,
        show=False,
    )
    sheet.para(
        "header", ppr(tabs=(("right", TEXT_W),), line=220), rpr("record", 8.5, fg="muted"), priority=41, show=False
    )
    sheet.para(
        "footer", ppr(tabs=(("right", TEXT_W),), line=220), rpr("record", 8.5, fg="muted"), priority=41, show=False
    )
    sheet.para(
        "Header Landscape",
        ppr(tabs=(("clear", TEXT_W), ("right", LAND_W))),
        "",
        based="header",
        priority=41,
        show=False,
    )
    sheet.para(
        "Footer Landscape",
        ppr(tabs=(("clear", TEXT_W), ("right", LAND_W))),
        "",
        based="footer",
        priority=41,
        show=False,
    )
    sheet.para("Header First", ppr(line=240, rule="auto"), "", based="header", priority=41, show=False)
    sheet.para("Footer First", ppr(left=RAIL, line=230), "", based="footer", priority=41, show=False)


def add_character_styles(sheet: StyleSheet) -> None:
    """Add the character styles."""
    sheet.char("Hyperlink", rpr(fg="link", under=True), priority=30)
    sheet.char("FollowedHyperlink", rpr(fg="visited", under=True), priority=30, show=False)
    sheet.char("Strong", rpr(bold=True), priority=30)
    sheet.char("Emphasis", rpr(italic=True), priority=30)
    sheet.char("Strong Emphasis", rpr(bold=True, italic=True), priority=30)
    sheet.char("Inline Code", rpr("mono", 9, proof=False), priority=31)
    sheet.char("Heading Code", rpr("record", 9.5, bold=True, italic=False, fg="accent", proof=False), priority=31)
    sheet.char("Code Reference", rpr("record", proof=False), priority=31)
    sheet.char("Exhibit Reference", rpr("record", 9, fg="link", proof=False), priority=31)
    sheet.char("Exhibit Number", rpr("record", 9.5, bold=True, fg="link", proof=False), priority=31)
    sheet.char("Index Number", rpr("record", 8.5, bold=True, proof=False), priority=31)
    sheet.char("Index Home", rpr("record", 8.5, bold=True, fg="link", proof=False), priority=31)
    sheet.char("Exhibit Link", rpr(fg="link", under=True), priority=31)
    sheet.char("Exhibit Title", rpr(bold=True), priority=31)
    sheet.char("Rating Word", rpr(bold=True), priority=31)
    sheet.char("Rating Mark", rpr("record", bold=False, italic=False, track=10, proof=False), priority=31)
    sheet.char("Label", rpr("record", bold=True, fg="accent"), priority=31)
    sheet.char("Caption Label", rpr("record", bold=True, fg="accent"), priority=31)
    sheet.char("Callout Word", rpr(bold=True, fg="gap"), priority=31)
    sheet.char("TOC Code", rpr("record", bold=False, fg="muted", proof=False), priority=39, show=False)
    sheet.char("TOC Page", rpr("record", bold=False, fg="muted", proof=False), priority=39, show=False)
    sheet.char("footnote reference", rpr("record", vert="superscript"), priority=40, show=False)
    sheet.char("Furniture Strong", rpr(bold=True, fg="deep"), priority=41, show=False)
    sheet.char("Running Word", rpr(fg="muted"), priority=41, show=False)
