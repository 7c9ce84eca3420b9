"""Names of files in a bundle: legal everywhere, telling, and never two alike (R28)."""

from __future__ import annotations

import pytest

from exports import tidy_file_name
from exports.names import bundle_name, bundle_path
from tests.exports.awkward import TEXTS

FORBIDDEN = set('<>:"/\\|?*') | {chr(n) for n in range(32)}


def test_a_name_tells_number_title_and_version() -> None:
    assert tidy_file_name("E-0301-02-03", "Inclusion policy", "v3", "Final FINAL(2).PDF") == (
        "E-0301-02-03 Inclusion policy v3.pdf"
    )


@pytest.mark.parametrize("title", [*TEXTS.values(), "CON", "a.", "..", "", "x" * 400, "日" * 400, "\u202egpj.exe"])
@pytest.mark.parametrize("original", ["a.docx", "a", "", "a.", ".hidden", "a.tar.gz", "x.\u202efdp", "a.b/c"])
def test_every_name_is_legal_everywhere(title: str, original: str) -> None:
    name = tidy_file_name("E-0301-02-03", title, "v1", original)
    for each in (name, bundle_name("E-0301-02-03", name), bundle_name("E-0301-02-03", title)):
        assert each.startswith("E-0301-02-03")
        assert len(each) <= 100
        assert len(each.encode()) <= 200
        assert not FORBIDDEN & set(each)
        assert not each.endswith((" ", "."))
        assert "\u202e" not in each


def test_a_tidy_name_stays_as_it_is_in_the_bundle() -> None:
    name = tidy_file_name("E-0301-02-03", "Plan; of: year/2026", "v1", "x.xlsx")
    assert bundle_name("E-0301-02-03", name) == name
    assert bundle_path("E-0301-02-03", name) == "exhibits/E-0301-02-03%20Plan%3B%20of%20year%202026%20v1.xlsx"


def test_the_same_title_gives_the_same_name_however_its_accents_are_spelled() -> None:
    composed, apart = (tidy_file_name("E-P-01", title, "", "a.pdf") for title in ("Sécurité", "Se\u0301curite\u0301"))
    assert composed == apart
