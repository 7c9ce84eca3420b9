"""Texts from outside are made fit to keep (R28)."""

from __future__ import annotations

import pytest

from evidence_app.texts import clean_line, clean_text


@pytest.mark.parametrize(
    ("sent", "line", "text"),
    [
        ("Alder\x00 Bay", "Alder Bay", "Alder Bay"),
        ("Alder\x07\x1b \u202eBay\ufeff", "Alder Bay", "Alder Bay"),
        (" Alder \t Bay\r\n", "Alder Bay", " Alder \t Bay\n"),
        ("Ecole\u0301", "Ecolé", "Ecolé"),
        ("a\ud800b", "ab", "ab"),
        ("\x00", "", ""),
    ],
)
def test_what_no_database_keeps_or_nobody_sees_is_taken_out(sent: str, line: str, text: str) -> None:
    assert (clean_line(sent), clean_text(sent)) == (line, text)


def test_a_line_is_cut_to_its_length() -> None:
    assert clean_line("a" * 400, 20) == "a" * 20
