from __future__ import annotations

import re
from pathlib import Path

import pytest

import exports
from exports import (
    ACTION_STATES,
    FINDING_KINDS,
    FINDING_STATES,
    LANGUAGES,
    REQUIREMENT_STATES,
    RESPONSE_STATES,
    STEP_STATES,
)
from exports.compose.composer import rich
from exports.words import Words, placeholders, table

FORMS = re.compile(r"\.(one|other)$")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    assert set(table(language)) == set(table("en"))
    assert all(text.strip() for text in table(language).values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fills_in_the_same_values(language: str) -> None:
    for key, text in table("en").items():
        wanted, given = placeholders(text), placeholders(table(language)[key])
        # "The one exhibit" needs no number.
        assert given == wanted or key == "index.lead.one", key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fixed_text_is_one_paragraph(language: str) -> None:
    for text in table(language).values():
        if not text.startswith(("Give ", "![")):
            assert rich(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_a_word(language: str) -> None:
    words = Words(language)
    groups = {
        "requirement": REQUIREMENT_STATES,
        "response": RESPONSE_STATES,
        "step": STEP_STATES,
        "action": ACTION_STATES,
        "finding.state": FINDING_STATES,
        "finding": tuple(f"{kind}.name" for kind in FINDING_KINDS),
    }
    for group, states in groups.items():
        for state in states:
            assert words.state(group, state) == table(language)[f"{group}.{state}"]
    assert words.state("action", "somebody's own") == "somebody's own"


def test_no_word_is_left_over() -> None:
    root = Path(exports.__file__).parent
    code = "\n".join(path.read_text() for path in root.rglob("*.py")).replace("'", '"')
    made = re.compile(r'f"([a-z_.]*)\{')
    prefixes = (
        *{p for p in made.findall(code) if "." in p},
        "response.", "requirement.", "step.", "action.", "finding.", "csv.", "word.", "problem.", "title.",
    )  # fmt: skip
    unused = [k for k in table("en") if f'"{FORMS.sub("", k)}"' not in code and not k.startswith(prefixes)]
    assert unused == []


@pytest.mark.parametrize(
    ("language", "long", "short", "month", "period"),
    [
        ("en", "1 September 2026", "1 Sept 2026", "September 2026", "9–11 March 2027"),
        ("fr", "1er septembre 2026", "1 sept. 2026", "septembre 2026", "9–11 mars 2027"),
        ("es", "1 de septiembre de 2026", "1 sept 2026", "septiembre de 2026", "9–11 de marzo de 2027"),
        ("it", "1 settembre 2026", "1 set 2026", "settembre 2026", "9–11 marzo 2027"),
    ],
)
def test_dates_are_written_as_people_do(language: str, long: str, short: str, month: str, period: str) -> None:
    words = Words(language)
    assert words.day("2026-09-01") == long
    assert words.day("2026-09-01", short=True) == short
    assert words.day("2026-09") == month
    assert words.period("2027-03-09", "2027-03-11") == period


def test_a_date_nobody_can_read_is_printed_as_it_is() -> None:
    words = Words("en")
    assert [words.day(text) for text in ("2026", "spring", "2026-13-45", "2026-13", "")] == [
        "2026", "spring", "2026-13-45", "2026-13", "",
    ]  # fmt: skip
    assert words.moment("yesterday") == "yesterday"
    assert words.moment("2026-11-18") == "18 November 2026"
    assert words.moment("2026-11-18T16:40:00") == "18 November 2026 at 16:40"


def test_periods_with_open_ends_and_odd_dates() -> None:
    words = Words("en")
    assert words.period("2026-09-01", "") == "1 September 2026"
    assert words.period("", "2026-09-01") == "1 September 2026"
    assert words.period("2026-09-01", "2026-09-01") == "1 September 2026"
    assert words.period("2026-09", "2027-06", short=True) == "Sept 2026 to Jun 2027"
    assert words.period("2026-09-01", "2027-06-30", short=True) == "1 Sept 2026\u2009–\u200930 Jun 2027"
    assert words.period("2026-09-01", "2027-06-30") == "1 September 2026 to 30 June 2027"
    assert words.period("2026-02-30", "2026-02-31") == "2026-02-30 to 2026-02-31"
    assert words.period("2027-01-01", "2026-01-01") == "1 January 2027 to 1 January 2026"


def test_numbers_and_counts_follow_the_language() -> None:
    assert Words("en").number(1234567) == "1,234,567"
    assert Words("it").number(1234567) == "1.234.567"
    assert " " not in Words("fr").number(1234567)
    assert Words("en").count("exhibits", 1) == "1 exhibit"
    assert Words("fr").count("exhibits", 0) == "0 pièce"
    assert Words("es").count("exhibits", 1_000_000) == "1.000.000 documentos"


def test_a_region_is_kept_and_an_unknown_language_refused() -> None:
    assert Words("fr-CA").tag == "fr-CA"
    assert Words("it").tag == "it-IT"
    with pytest.raises(ValueError, match="no words for the language 'de'"):
        Words("de")
