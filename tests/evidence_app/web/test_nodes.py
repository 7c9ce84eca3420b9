"""Finding a practice by what somebody types beside the list of them."""

from __future__ import annotations

import pytest

import standards
from evidence_app.web.nodes import MOST_FITTING, NodeBook

CATALOGUES = [standards.load(key) for key in ("ib-psp-2020", "ib-learner-profile")]


def codes(typed: str, language: str = "en") -> list[str]:
    return [node.code for node in NodeBook(CATALOGUES, language).fitting(typed)]


def test_a_code_that_is_begun_gives_all_below_it_in_order() -> None:
    found = codes("0404")
    assert found == sorted(found)
    assert found
    assert all(code.startswith("0404") for code in found)
    assert codes("0404-02") == ["0404-02"]
    requirement = CATALOGUES[0].of_level("requirement")[0]
    assert codes(requirement.code) == [requirement.code[:7]], "a requirement leads to its practice"


@pytest.mark.parametrize(("typed", "language"), [("assess", "en"), ("ASSESSMENTS", "en"), ("évalu", "fr")])
def test_a_word_that_is_begun_or_in_another_form_gives_what_is_called_so_first(typed: str, language: str) -> None:
    book = NodeBook(CATALOGUES, language)
    found = book.fitting(typed)
    assert 0 < len(found) <= MOST_FITTING
    assert {node.code[:4] for node in found} & {"0404"}
    assert typed.casefold()[:5] in found[0].label.casefold()


def test_every_word_must_fit_and_accents_and_order_do_not_matter() -> None:
    both = codes("assessment feedback")
    assert both
    assert both == codes("feedback assessment")
    assert set(both) <= set(codes("feedback"))
    assert codes("évaluation", "fr") == codes("evaluation", "fr")


@pytest.mark.parametrize("typed", ["", "  ", "xyzzy", "assess xyzzy", "…", "%", "'"])
def test_what_fits_nothing_gives_nothing(typed: str) -> None:
    assert codes(typed) == []


def test_other_frameworks_are_looked_through_too() -> None:
    assert [node.label for node in NodeBook(CATALOGUES, "en").fitting("caring")][:1] == ["Caring"]


def test_beside_a_list_of_one_framework_only_that_one_is_looked_through() -> None:
    book = NodeBook(CATALOGUES, "en")
    everywhere = {node.key.partition("/")[0] for node in book.fitting("thinkers")}
    assert "ib-learner-profile" in everywhere
    assert {node.key.partition("/")[0] for node in book.fitting("thinkers", "ib-psp-2020")} <= {"ib-psp-2020"}
