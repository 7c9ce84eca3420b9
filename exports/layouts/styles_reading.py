"""Styles of narrative: text, lists, quotations, code, figures, captions and callouts."""

from __future__ import annotations

from exports.layouts.base_look import RAIL, edge, ppr, rpr
from exports.layouts.style_sheet import StyleSheet
from exports.layouts.styles_text import RAIL_TAB


def add_reading_styles(sheet: StyleSheet) -> None:
    """Add the paragraph styles of narrative: text, lists, quotations, code, figures, captions and callouts."""
    sheet.para("Body Text", ppr(after=150, line=300, left=RAIL), "", priority=4)
    sheet.para(
        "Lead",
        ppr(after=240, line=380, left=RAIL, no_hyphen=True),
        rpr("reading", 13.5, fg="accent"),
        nxt="Body Text",
        priority=4,
    )
    sheet.para(
        "Quote",
        ppr(
            keep_next=True,
            keep_lines=True,
            before=120,
            after=240,
            line=310,
            left=RAIL + 340,
            right=567,
            borders=edge("left", 18, "mid", 12),
        ),
        rpr("reading", 11, italic=True, fg="deep"),
        nxt="Body Text",
        priority=4,
    )
    sheet.para(
        "Quote Source",
        ppr(keep_next=False, before=0, after=240, line=260),
        rpr("record", 9, italic=False, fg="muted"),
        based="Quote",
        nxt="Body Text",
        priority=4,
    )
    sheet.para(
        "Practice Meta",
        ppr(keep_next=True, keep_lines=True, after=150, line=250, left=RAIL),
        rpr("record", 9, fg="muted"),
        nxt="Body Text",
        priority=4,
    )
    for n, name in enumerate(("List Bullet", "List Bullet 2", "List Bullet 3")):
        sheet.para(name, ppr(num=(1, n), after=100, left=RAIL + 284 * (n + 1), hang=284), "", priority=5)
    for n, name in enumerate(("List Number", "List Number 2", "List Number 3")):
        sheet.para(
            name, ppr(num=(2, n), after=100, left=RAIL + (340, 624, 964)[n], hang=(340, 284, 340)[n]), "", priority=5
        )
    sheet.para("List Continue", ppr(after=70, left=RAIL + 284), "", priority=5)
    for n in (2, 3):
        sheet.para(f"List Continue {n}", ppr(left=RAIL + 284 * n), "", based="List Continue", priority=5)
    sheet.para("List Strength", ppr(num=(3, 0), after=80, line=300, left=RAIL + 284, hang=284), "", priority=5)
    sheet.para("List Next Step", ppr(num=(4, 0), after=80, line=300, left=RAIL + 284, hang=284), "", priority=5)
    sheet.para(
        "Code",
        ppr(
            keep_lines=True,
            before=60,
            after=180,
            line=240,
            left=RAIL + 113,
            right=113,
            fill="tint",
            no_hyphen=True,
            borders=edge("top", 4, "tint", 4)
            + edge("left", 4, "tint", 5)
            + edge("bottom", 4, "tint", 4)
            + edge("right", 4, "tint", 5),
        ),
        rpr("mono", 8.5, proof=False),
        priority=6,
    )
    sheet.para(
        "Divider", ppr(before=60, after=200, left=RAIL, jc="center"), rpr("record", 10.5, fg="muted"), priority=6
    )
    sheet.para(
        "Figure",
        ppr(keep_next=True, before=160, after=100, line=240, rule="auto", left=RAIL),
        "",
        nxt="caption",
        priority=6,
    )
    sheet.para(
        "caption",
        ppr(keep_lines=True, tabs=RAIL_TAB, before=0, after=240, line=250, left=RAIL, hang=RAIL, no_hyphen=True),
        rpr("record", 9.5, fg="ink"),
        nxt="Body Text",
        priority=6,
    )
    sheet.para(
        "Table Caption", ppr(keep_next=True, before=260, after=90), "", based="caption", nxt="Body Text", priority=6
    )
    sheet.para(
        "Table Note",
        ppr(before=90, after=240, line=230, left=RAIL),
        rpr("record", 8.5, fg="muted"),
        nxt="Body Text",
        priority=6,
    )
    sheet.para(
        "Callout",
        ppr(
            keep_lines=True,
            before=120,
            after=220,
            line=270,
            left=RAIL + 227,
            right=113,
            fill="tint",
            borders=edge("top", 4, "tint", 5)
            + edge("left", 24, "accent", 9)
            + edge("bottom", 4, "tint", 5)
            + edge("right", 4, "tint", 5),
        ),
        rpr("record", 10),
        nxt="Body Text",
        priority=6,
    )
    sheet.para(
        "No Evidence Yet",
        ppr(
            borders=edge("top", 6, "gap", 5)
            + edge("left", 24, "gap", 9)
            + edge("bottom", 6, "gap", 5)
            + edge("right", 6, "gap", 5),
            fill="paper",
        ),
        "",
        based="Callout",
        nxt="Body Text",
        priority=6,
    )
    sheet.para(
        "Rating Strip",
        ppr(
            keep_lines=True,
            before=60,
            after=240,
            line=290,
            left=RAIL,
            tabs=(("left", RAIL + 2552), ("left", RAIL + 5104)),
            borders=edge("top", 4, "rule", 4) + edge("bottom", 4, "rule", 4),
        ),
        rpr("record", 9.5),
        priority=6,
    )
