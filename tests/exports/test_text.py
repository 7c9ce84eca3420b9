from __future__ import annotations

import pytest

from exports.narrative import safe_url
from exports.text import Piece, clean_text, number_order, one_line, pieces


def test_characters_no_document_can_hold_are_dropped() -> None:
    assert clean_text("a\x00\x0b\ud800\ufffe b\r\nc\rd\u2028e") == "a b\nc\nd\ne"
    assert one_line("  a\n\n b\tc ") == "a b c"


def test_codes_and_addresses_are_pieces_of_their_own() -> None:
    found = pieces("See 0301-02 (0301-02-0100), E-0301-02-03 and https://a.example/x). End")
    assert [p for p in found if p.kind != "text"] == [
        Piece("code", "0301-02"),
        Piece("code", "0301-02-0100"),
        Piece("code", "E-0301-02-03"),
        Piece("url", "https://a.example/x"),
    ]
    assert "".join(p.text for p in found) == "See 0301-02 (0301-02-0100), E-0301-02-03 and https://a.example/x). End"


def test_numbers_sort_as_people_count() -> None:
    numbers = ["E-P-01", "E-M3-01", "E-0301-02-103", "E-0301-02-11", "E-0101-01-01"]
    assert sorted(numbers, key=number_order) == [*reversed(numbers[2:]), "E-M3-01", "E-P-01"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//a.example/x",
        "/a",
        "#a",
        "",
        "https://",
        "mailto:",
        "http://[::1",
        "https://a.example/" + "x" * 3000,
    ],
)
def test_an_address_that_may_not_leave_a_document_is_refused(address: str) -> None:
    assert safe_url(address) == ""


def test_an_address_is_percent_encoded_once() -> None:
    assert safe_url(' https://a.example/a b"<é%20?q=1&r=[2] ') == "https://a.example/a%20b%22%3C%C3%A9%20?q=1&r=[2]"
    assert safe_url("mailto:a@b.example") == "mailto:a@b.example"
