"""Beside practices, a document is offered what else of the school's frameworks its name and headings speak of."""

from __future__ import annotations

import pytest

from evidence_app.domain.suggesting import DocumentProfile, model_for, suggest, suggest_beside
from evidence_app.domain.suggesting.neighbours import TaggedNeighbour

PROFILE = DocumentProfile(
    file_name="Inclusion policy.txt",
    title="Inclusion policy",
    headings=("Inclusion policy", "How our pupils become open-minded communicators"),
    text="Inclusion policy. All pupils learn together.",
    language="en",
)


def keys(profile: DocumentProfile, **options: object) -> list[str]:
    practices = suggest(profile, model_for("ib-psp-2020"))
    return [one.node_key for one in suggest_beside(profile, practices, **options)]  # type: ignore[arg-type]


def test_one_of_each_framework_is_offered_below_the_practices_and_never_surely() -> None:
    practices = suggest(PROFILE, model_for("ib-psp-2020"))
    found = suggest_beside(PROFILE, practices)
    assert [one.node_key.partition("/")[0] for one in found] == ["ib-learner-profile"]
    assert all(one.because and not one.sure and one.score <= practices[-1].score for one in found)


def test_what_shows_no_practice_shows_nothing_else() -> None:
    assert keys(DocumentProfile(title="Lunch menu for caring, open-minded eaters", language="en")) == []
    assert suggest_beside(PROFILE, []) == []


def test_a_word_in_passing_is_no_reason_but_a_colleagues_tag_is() -> None:
    in_passing = DocumentProfile(title="Inclusion policy", text="They are open-minded communicators.", language="en")
    assert keys(in_passing) == []
    tagged = TaggedNeighbour("i1", "Last year's", frozenset({"ib-learner-profile/balanced"}), 0.9)
    assert keys(in_passing, learned=[tagged]) == ["ib-learner-profile/balanced"]


@pytest.mark.parametrize(
    ("title", "language"),
    [
        ("Frequently asked questions: a language policy", "en"),  # asking questions
        ("Theory of Knowledge: a course outline", "en"),  # knowledgeable
        ("Reasons for our inclusion policy", "en"),  # reasoning
        ("Unit planning and unit planner", "en"),  # changes in unit plans
        ("Politique linguistique : informations aux parents", "fr"),  # informés
        ("Le tronc commun du diplôme", "fr"),  # communicatifs
        ("Compte rendu du conseil pédagogique", "fr"),  # comptes rendus du conseil des élèves
        ("Traguardi e curricolo verticale", "it"),  # traguardi del piano
    ],
)
def test_words_that_only_share_a_beginning_are_no_reason(title: str, language: str) -> None:
    profile = DocumentProfile(file_name=f"{title}.docx", title=title, language=language)
    assert suggest(profile, model_for("ib-psp-2020"))
    assert keys(profile) == []


def test_one_word_in_another_number_is_a_reason() -> None:
    profile = DocumentProfile(file_name="Inclusion policy, our reflections.docx", language="en")
    found = suggest_beside(profile, suggest(profile, model_for("ib-psp-2020")))
    assert "ib-approaches-to-learning/self-management.reflection" in [one.node_key for one in found]
    assert {because.code for one in found for because in one.because} == {"phrase_in_name"}


def test_only_frameworks_the_school_follows_and_nothing_declined_is_offered() -> None:
    assert keys(PROFILE, frameworks=()) == []
    (first,) = keys(PROFILE)
    assert first not in keys(PROFILE, declined={first})
