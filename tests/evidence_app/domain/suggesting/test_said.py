"""Where the words that speak for a suggestion stand in the text."""

from __future__ import annotations

from evidence_app.domain.suggesting import where_said
from evidence_app.domain.suggesting.reasons import says

TEXT = "First page, about lunch.\nSecond page: our Évaluations of the learners are\nmoderated by two teachers."
PAGES = (0, TEXT.index("Second"))


def test_the_passage_and_its_page_are_found_in_any_form_of_the_words() -> None:
    found = where_said([says("phrase_in_text", words="évaluation of learners")], TEXT, PAGES)
    assert found is not None
    assert (found.words, found.page) == ("Évaluations of the learners", 2)
    assert found.before.endswith("Second page: our ")
    assert found.after == " are moderated by two teachers."


def test_a_file_without_pages_has_the_passage_alone() -> None:
    found = where_said([says("words_shared"), says("phrase_in_text", words="moderation")], TEXT, ())
    assert found is not None
    assert (found.words, found.page) == ("moderated", 0)


def test_reasons_that_are_no_words_of_the_text_have_no_passage() -> None:
    assert where_said([says("phrase_in_name", words="lunch"), says("words_shared")], TEXT, PAGES) is None
    assert where_said([says("phrase_in_text", words="timetable")], TEXT, PAGES) is None
    assert where_said([], "", ()) is None
