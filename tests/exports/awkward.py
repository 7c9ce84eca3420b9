"""Texts that break documents elsewhere."""

from __future__ import annotations

TEXTS = {
    "ampersand": "Maths & Sciences",
    "markup": "a <b>bold</b> </w:p> claim",
    "cdata": "]]> and <![CDATA[",
    "emoji": "👩‍🏫 notes 🇮🇹",
    "arabic": "سياسة الشمول",
    "combining": "Sa\u0302o Jose\u0301",
    "nul": "a\x00b\x0bc\x1f",
    "surrogate": "a\ud800b",
    "long": "Minutes of the meeting about the meeting " * 8,
    "quotes": "\"double\" 'single' `back`",
    "percent": "100 % of {name} and %s",
    "newlines": "one\r\ntwo\u2028three\x85four",
    "brackets": "[[[ ]] [[E-9999-99-99]]",
    "formula": '=HYPERLINK("http://x.example")',
    "separators": "a\\b/c:d*e?f|g",
    "noncharacter": "\ufffe\uffff",
    "spaces": " \u00a0\u2003 ",
}
