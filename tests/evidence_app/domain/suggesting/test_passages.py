"""What a single sentence speaks for; measured on the sentence bank of the demo school, whose practices are known."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from evidence_app.demo import bank
from evidence_app.domain import evidence
from evidence_app.domain.suggesting import decline, model_for, suggest_for_passage, suggest_passage, switch_suggestions
from evidence_app.domain.suggesting.words import language_told
from evidence_app.errors import NotAllowed
from tests.fixtures import World

PRACTICES = model_for("ib-psp-2020")
TOGETHER = "Teachers meet every week to plan together across subjects."


@pytest.mark.parametrize(("language", "least"), [("en", 0.6), ("fr", 0.5), ("es", 0.5), ("it", 0.48)])
def test_the_practice_of_a_sentence_is_mostly_among_the_first_three(language: str, least: float) -> None:
    hits = total = 0
    for code, about in bank.sentences(language).items():
        for sentence in (*about.rules, *about.done):
            found = suggest_passage(re.sub(r"\{[^}]*\}", "", sentence), PRACTICES, language)[:3]
            hits += any(one.node_key.partition("/")[2].startswith(code) for one in found)
            total += 1
    assert hits / total >= least


@pytest.mark.parametrize("sentence", ["The bus leaves at eight.", "Lunch is lentil soup.", "", "   ", "of the and"])
def test_everyday_words_speak_for_nothing(sentence: str) -> None:
    assert suggest_passage(sentence, PRACTICES, "en") == []


def test_a_code_in_the_sentence_is_sure() -> None:
    (first, *_rest) = suggest_passage("This shows 0301-02 in our school", PRACTICES, "en")
    assert first.node_key == "ib-psp-2020/0301-02"


def test_a_passage_of_an_item_leaves_out_what_was_declined_for_it(world: World) -> None:
    filed = world.file_item()
    with world.database.unit_of_work() as session:
        before = suggest_for_passage(session, world.teacher, filed.id, TOGETHER)
        decline(session, actor=world.teacher, item_id=filed.id, node_key=before[0].node_key)
        after = suggest_for_passage(session, world.teacher, filed.id, TOGETHER)
    assert {one.node_key for one in before} >= {"ib-psp-2020/0203-03", "ib-psp-2020/0401-02"}
    assert before[0].node_key not in {one.node_key for one in after}
    assert after


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Teachers meet every week to plan together across subjects.", "en"),
        ("Les enseignants se réunissent chaque semaine pour planifier ensemble.", "fr"),
        ("Los profesores se reúnen cada semana para planificar juntos.", "es"),
        ("I docenti si incontrano ogni settimana per progettare insieme.", "it"),
        ("Minutes 2026", ""),
    ],
)
def test_a_sentence_tells_its_own_language(sentence: str, language: str) -> None:
    assert language_told(sentence) == language


def test_sentences_of_practices_are_hardly_ever_taken_for_another_language() -> None:
    wrong = total = 0
    for language in ("en", "fr", "es", "it"):
        for about in bank.sentences(language).values():
            for sentence in (*about.rules, *about.done):
                wrong += language_told(re.sub(r"\{[^}]*\}", "", sentence)) not in ("", language)
                total += 1
    assert wrong / total < 0.01


def test_a_passage_is_read_in_its_own_language_and_not_in_the_items(world: World) -> None:
    sentence = "Les enseignants se réunissent chaque semaine pour la planification collaborative."
    alone = {one.node_key for one in suggest_passage(sentence, PRACTICES, "fr")[:3]}
    assert alone != {one.node_key for one in suggest_passage(sentence, PRACTICES, "es")[:3]}
    filed = world.file_item()
    with world.database.unit_of_work() as session:
        facts = replace(evidence.facts_of(filed), language="es")
        evidence.update_facts(session, actor=world.teacher, item_id=filed.id, facts=facts)
        found = suggest_for_passage(session, world.teacher, filed.id, sentence)
    assert {one.node_key for one in found if one.node_key.startswith("ib-psp-2020/")} == alone


def test_nothing_is_said_of_a_passage_where_suggestions_are_off_or_the_item_is_held_private(world: World) -> None:
    filed, plan = world.file_item(), world.file_item(name="Rossi Marco PDP 3B.txt")
    with world.database.unit_of_work() as session:
        with pytest.raises(NotAllowed):
            suggest_for_passage(session, world.teacher, plan.id, TOGETHER)
        assert suggest_for_passage(session, world.teacher, filed.id, TOGETHER)
        switch_suggestions(session, actor=world.administrator, on=False)
        with pytest.raises(NotAllowed):
            suggest_for_passage(session, world.teacher, filed.id, TOGETHER)


def test_each_other_framework_offers_one_at_most_and_only_for_a_phrase(world: World) -> None:
    filed = world.file_item()
    with world.database.reading() as session:
        found = suggest_for_passage(
            session,
            world.teacher,
            filed.id,
            "Students become better communicators and reflect on their learner profile.",
        )
    beside = [one.node_key.partition("/")[0] for one in found if not one.node_key.startswith("ib-psp-2020/")]
    assert len(beside) == len(set(beside))
    assert "ib-learner-profile" in beside
