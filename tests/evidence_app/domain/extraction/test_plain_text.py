"""Text as it is kept: normalised, free of marks that break exports or searches, and limited."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_app.domain.extraction.plain_text import TextCollector, TextFull, clean, one_line


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("ﬁnd the oﬃce", "find the office"),
        ("e\u0301cole", "école"),
        ("ｆｕｌｌ", "full"),
        ("ﻻ", "لا"),
        ("x² and ½", "x² and ½"),
        ("a\x00b\x07c\x1fd", "abcd"),
        ("learn\u00ading", "learning"),
        ("zero\u200bwidth", "zerowidth"),
        ("safe\u202etxt.exe", "safetxt.exe"),
        ("\ufeffstart", "start"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("a\u00a0\u2003 b", "a b"),
        ("a\n \n\n\t\nb", "a\n\nb"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_text_is_normalised(raw: str, kept: str) -> None:
    assert clean(raw) == kept


@given(st.text(st.characters(), max_size=200))
def test_any_text_can_be_stored_and_is_stable(raw: str) -> None:
    kept = clean(raw)

    kept.encode("utf-8")
    assert clean(kept) == kept
    assert unicodedata.is_normalized("NFC", kept)
    assert not any(unicodedata.category(mark) == "Cc" and mark not in "\t\n" for mark in kept)


def test_line_is_cut_at_a_word() -> None:
    assert one_line("  Our \n policy\ton inclusion ", 40) == "Our policy on inclusion"
    assert one_line("inclusion and learning support", 22) == "inclusion and…"
    assert len(one_line("x" * 500, 100)) == 100


def test_collector_keeps_what_fits_and_says_when_it_is_full() -> None:
    collector = TextCollector(max_bytes=10)
    collector.add("été")

    with pytest.raises(TextFull):
        collector.add("école maternelle")

    assert collector.text() == "été\néco"
    assert len(collector.text().encode()) <= 10
    assert collector.is_full


def test_collector_never_cuts_a_letter_in_half() -> None:
    collector = TextCollector(max_bytes=5)

    with pytest.raises(TextFull):
        collector.add("ééé")

    assert collector.text() == "éé"


def test_collector_counts_characters_for_the_starts_of_pages() -> None:
    collector = TextCollector()
    collector.add("première page")
    collector.break_here()
    second = collector.position
    collector.add("zweite")
    collector.add("  \n ")

    assert collector.text()[second:] == "zweite"


def test_rows_become_lines_with_tabs() -> None:
    collector = TextCollector()
    collector.add_all(["Grade  6", "two\nlines", ""])

    assert collector.text() == "Grade 6\ttwo lines"
