from __future__ import annotations

import time

import pytest

from evidence_app.database import now
from evidence_app.domain.guarding import NOTHING, SignKind, Weight, look_at_text, passages_in
from tests.evidence_app.domain.guarding.seeded import about_nobody, about_pupils

RECALL, FALSE_ALARMS = 0.95, 0.02


def test_nineteen_of_twenty_documents_about_single_pupils_raise_the_question() -> None:
    seeded = list(about_pupils())
    missed = [one for one in seeded if not look_at_text(one.text, one.language)]
    assert len(seeded) == 300
    assert len(missed) <= (1 - RECALL) * len(seeded), [(one.language, one.kind) for one in missed]


def test_documents_about_nobody_in_particular_hardly_ever_raise_it() -> None:
    others = list(about_nobody())
    asked = [one.text for one in others if look_at_text(one.text, one.language)]
    assert len(others) == 300
    assert len(asked) <= FALSE_ALARMS * len(others), asked[:3]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Marta has dyslexia and needs extra time.", "en"),
        ("Marco Rossi (3B) ha una diagnosi di dislessia.", "it"),
        ("L'élève C. D., 5e B, suit un PAP.", "fr"),
        ("Lucía Ortega, 2º ESO: ACNEE, informe psicopedagógico de marzo.", "es"),
        ("Individual Education Plan\nStudent name: Anna Brown\nGrade: 7\nTargets for the term", "en"),
        ("7B\nEmily Carter  SEN\nJames Whitfield  IEP\nSarah Hughes  none\nDaniel Okoro  dyslexia", "en"),
    ],
)
def test_what_is_an_individuals_own_is_kept_private(text: str, language: str) -> None:
    assert look_at_text(text, language).weight is Weight.PRIVATE


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("Wei Zhang (7A) won the prize.", "en", SignKind.NAMES),
        ("M. R. 3B è arrivato in ritardo.", "it", SignKind.NAMES),
        ("The pupil has a 504 plan since March.", "en", SignKind.PLAN),
        (
            "Predicted grades\nAnna Rossi 6\nEmily Carter 5\nJiho Baek 7\nLuca Galli 6\nWei Zhang 4",
            "en",
            SignKind.NAMES,
        ),
    ],
)
def test_a_weaker_sign_is_a_question_only(text: str, language: str, kind: SignKind) -> None:
    seen = look_at_text(text, language)
    assert seen.weight is Weight.QUESTION
    assert kind in seen.kinds


def test_the_first_page_of_a_paper_that_may_be_live_is_kept_private_and_one_of_years_gone_by_is_not() -> None:
    page = "{} examinations, Mathematics. Instructions to candidates: answer all questions."
    live = look_at_text(page.format(now().year), "en")
    assert live.weight is Weight.PRIVATE
    assert live.kinds == {SignKind.EXAM}
    assert look_at_text(page.format("May 2019"), "en") == NOTHING
    assert look_at_text(page.format("DP"), "en", title="M19 Paper 1.pdf") == NOTHING


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Students with dyslexia get extra time. Each student with an IEP meets the coordinator.", "en"),
        ("Sofia Marchetti, learning support coordinator, and Grade 7 teacher Anna Rossi met about dyslexia.", "en"),
        ("Le PEI compte huit groupes de matières ; les élèves du PEI font un projet personnel.", "fr"),
        ("El PAI tiene ocho grupos de asignaturas.", "es"),
        ("Student name: ________\nClass: ________\nIndividual education plan (template)", "en"),
        ("Unit planner, Grade 7 Visual Arts, Year 2 Language Acquisition.", "en"),
        ("", ""),
    ],
)
def test_staff_groups_and_blank_forms_raise_nothing(text: str, language: str) -> None:
    assert look_at_text(text, language) == NOTHING


def test_an_abbreviation_counts_in_the_language_in_which_it_means_a_plan() -> None:
    assert look_at_text("Si è discusso del PEI e del PDP.", "it")
    assert not look_at_text("Nous avons parlé du PEI et du PP.", "fr")


def test_the_places_that_gave_reason_are_shown_with_the_words_around() -> None:
    [name, health] = passages_in("We met in May. Marco Rossi (3B) has dyslexia, his family says.", "en")
    assert (name.kind, name.words) == (SignKind.NAMES, "Marco Rossi")
    assert (health.words, health.after) == ("dyslexia", ", his family says.")
    assert passages_in("Nothing of the kind.", "en") == []


def test_looking_at_a_thousand_words_takes_milliseconds() -> None:
    text = "\n".join(one.text for one in about_nobody(40))[:8_000]
    look_at_text(text, "en")
    start = time.process_time()
    for _ in range(10):
        look_at_text(text, "en")
    took_ms = (time.process_time() - start) * 100
    words = len(text.split())
    assert words > 1_000
    assert took_ms / words * 1_000 < 15, f"{took_ms / words * 1_000:.1f} ms for 1,000 words; about 3 on a free machine"


def test_very_long_lines_and_odd_letters_take_no_longer() -> None:
    start = time.process_time()
    for text in ("A" * 200_000, "Ab " * 60_000, "M.R. " * 40_000, "İ" * 10_000 + " IEP", "3B " * 50_000):
        look_at_text(text, "en")
    assert time.process_time() - start < 20
