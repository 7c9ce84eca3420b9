"""Words and stems, on which all engines agree because they are made here."""

from __future__ import annotations

import pytest

from evidence_app.domain.search.analysis import file_name_text, fold, spans, stem, words
from evidence_app.domain.search.entries import node_line, school_year_text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("L'évaluation des Élèves", ["evaluation", "des", "eleves"]),
        ("L’évaluation d’un", ["evaluation", "un"]),
        ("dell'istituto", ["istituto"]),
        ("The school's policy", ["the", "school", "policy"]),
        ("don't", ["don", "t"]),
        ("Practice 0301-02 (2024/25)", ["practice", "0301", "02", "2024", "25"]),
        ("self-study_v2", ["self", "study", "v2"]),
        ("e\u0301valuer co\u00adoperation", ["evaluer", "cooperation"]),
        ("Straße ﬁle ＤＰ", ["strasse", "file", "dp"]),
        ("学校政策 MYP", ["学", "校", "政", "策", "myp"]),
        ("Ёлка и μέθοδος", ["елка", "и", "μεθοδοσ"]),
        ("| % \x00 …", []),
    ],
)
def test_words_are_folded_and_joined_ones_come_in_parts(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_spans_point_into_the_text_as_it_was() -> None:
    text = "Voilà l'évaluation"
    assert [(word, text[start:end]) for word, start, end in spans(text)] == [
        ("voila", "Voilà"),
        ("evaluation", "évaluation"),
    ]


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("en", ["policy", "Policies"]),
        ("en", ["assessment", "assessments", "assessed"]),
        ("fr", ["évaluation", "evaluations", "évaluée", "évaluer"]),
        ("fr", ["activité", "activites", "Activités"]),
        ("es", ["evaluación", "evaluacion", "evaluaciones"]),
        ("es", ["política", "politicas"]),
        ("it", ["valutazione", "valutazioni"]),
        ("it", ["attività", "attivita"]),
        ("de", ["Prüfung", "prufung"]),
    ],
)
def test_forms_of_a_word_share_a_stem_with_accents_and_without(language: str, forms: list[str]) -> None:
    assert len({stem(fold(form), language) for form in forms}) == 1


def test_stems_of_two_languages_are_never_the_same() -> None:
    assert stem("not", "en") != stem("note", "it")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("MYP_AssessmentPolicy2024.final.pdf", ["myp", "assessment", "policy", "2024", "final", "pdf"]),
        ("Éval-Français2.docx", ["eval", "francais", "2", "docx"]),
    ],
)
def test_file_names_are_parted_where_words_meet(name: str, found: list[str]) -> None:
    assert words(file_name_text(name)) == found


def test_a_node_is_also_found_under_those_above_it() -> None:
    assert node_line("ib-psp-2020/0301-02-0100") == (
        "ib-psp-2020/03",
        "ib-psp-2020/0301",
        "ib-psp-2020/0301-02",
        "ib-psp-2020/0301-02-0100",
    )
    assert node_line("ib-programme-development-milestones/3.1") == ("ib-programme-development-milestones/3.1",)


@pytest.mark.parametrize(
    ("year", "same"),
    [("2024-25", "2024-25"), ("2024/2025", "2024-25"), ("24-25", "2024-25"), ("2024", "2024"), ("", "")],
)
def test_school_years_are_compared_however_they_are_written(year: str, same: str) -> None:
    assert school_year_text(year) == same
