"""Words: folding, small words, stems by language, acronyms."""

from __future__ import annotations

import pytest

from evidence_app.domain.suggesting.words import (
    acronyms,
    fitting_languages,
    fold,
    is_acronym,
    is_shouted,
    phrase_stems,
    stems,
    tokens,
)


def test_accents_case_and_ligatures_do_not_matter() -> None:
    assert fold("Évaluation des ÉLÈVES, cœur") == "evaluation des eleves, coeur"
    assert fold("Stra\u00dfe co\u00adop\u0301") == "strasse coop"


def test_a_language_without_latin_letters_gives_no_words() -> None:
    assert tokens("学校のお知らせ") == []


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("inclusion policies", "Inclusion policy", "en"),
        ("politique de l'évaluation", "politiques d’évaluation", "fr"),
        ("compte rendu", "comptes rendus", "fr"),
        ("unidad escolar", "unidades escolares", "es"),
        ("organisation of the programme", "organization of the program", "en"),
        ("política lingüística", "POLÍTICAS LINGÜÍSTICAS", "es"),
        ("evaluacion", "evaluaciones", "es"),
        ("bisogno educativo speciale", "bisogni educativi speciali", "it"),
    ],
)
def test_forms_of_one_phrase_have_the_same_stems(one: str, other: str, language: str) -> None:
    assert phrase_stems(one, language) == phrase_stems(other, language) != ()


def test_a_word_of_another_language_stays_as_it_is() -> None:
    assert stems("Schulen lernen", "de") == ["schulen", "lernen"]


def test_a_sentence_that_ends_parts_the_words() -> None:
    assert stems("We plan. Units grow", "en") == ["we", "plan", ".", "unit", "grow"]


def test_acronyms_stand_in_capitals() -> None:
    assert is_acronym("CAS")
    assert is_acronym("TdC")
    assert not is_acronym("casa")
    assert not is_acronym("service learning")
    assert acronyms("CAS in casa, CAS and TdC, Cas") == {"CAS": 2, "TdC": 1}


def test_a_line_in_capitals_throughout_is_shouted() -> None:
    assert is_shouted("ÉTUDE DE CAS EN CLASSE 4")
    assert not is_shouted("CAS handbook for students")
    assert not is_shouted("CAS")


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("en",)),
        ("fr", ("fr", "en")),
        ("de", ("en",)),
        (None, ("en", "fr", "es", "it")),
        ("", ("en", "fr", "es", "it")),
    ],
)
def test_languages_looked_for(language: str | None, expected: tuple[str, ...]) -> None:
    assert fitting_languages(language) == expected
