"""What a single sentence speaks for; measured on the sentence bank of the demo school, whose practices are known."""

from __future__ import annotations

import re

import pytest

from evidence_app.demo import bank
from evidence_app.domain.suggesting import decline, model_for, suggest_for_passage, suggest_passage
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
