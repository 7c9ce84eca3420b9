"""Kinds of document, told by name, title, heading and folder."""

from __future__ import annotations

import pytest

import standards
from evidence_app.domain.suggesting import DocumentProfile, kind_of, load_kinds, read_kinds
from evidence_app.domain.suggesting.words import LANGUAGES, phrase_stems
from standards import CatalogueError

GOOD = """
kinds:
  plan:
    label: {en: Plan, fr: Plan, es: Plan, it: Piano}
    names: {en: [school plan], fr: [plan d'école], es: [plan del colegio], it: [piano della scuola]}
    practices: ["0201-04"]
"""


@pytest.mark.parametrize(
    ("profile", "kind"),
    [
        (DocumentProfile(file_name="Inclusion_policy_v3.docx"), "inclusion_policy"),
        (DocumentProfile(file_name="x.pdf", title="Our policy on the inclusion of all"), "inclusion_policy"),
        (DocumentProfile(title="Politique linguistique de l'établissement"), "language_policy"),
        (DocumentProfile(file_name="politica de evaluacion 2025.pdf"), "assessment_policy"),
        (DocumentProfile(text="Verbale del collegio docenti\nPresenti: tutti."), "planning_minutes"),
        (DocumentProfile(file_name="2025-03.pdf", folder="DP/Extended essay"), "extended_essay"),
        (DocumentProfile(file_name="MYP coordinator role description.md"), "coordinator_role"),
        (DocumentProfile(file_name="CAS handbook.pdf", language="en"), "cas"),
        (DocumentProfile(file_name="bus timetable.pdf"), "transport"),
        (DocumentProfile(file_name="Year 9 timetable.pdf"), "timetable"),
        (DocumentProfile(file_name="Facture droits IB.pdf", title="Facture des droits de l'IB"), "budget"),
        (DocumentProfile(title="Réunion de parents de sixième"), "programme_handbook"),
        (DocumentProfile(title="Acta del consejo técnico escolar"), "planning_minutes"),
        (DocumentProfile(title="Verbale dello scrutinio"), "report_card"),
        (DocumentProfile(file_name="IMG_0001.jpg"), None),
        (DocumentProfile(), None),
    ],
)
def test_kind_is_told_by_names(profile: DocumentProfile, kind: str | None) -> None:
    assert kind_of(profile) == kind


def test_words_in_lower_case_are_no_acronym() -> None:
    assert kind_of(DocumentProfile(file_name="etude de cas.pdf", language="fr")) is None
    assert kind_of(DocumentProfile(title="ÉTUDE DE CAS EN CLASSE", language="fr")) is None


def test_an_acronym_means_what_it_means_in_the_documents_language() -> None:
    assert kind_of(DocumentProfile(title="PEI di classe", language="it")) == "learning_support"
    assert kind_of(DocumentProfile(title="Le PEI en bref", language="fr")) is None


def test_a_name_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert kind_of(DocumentProfile(title="Inclusion. Policy makers wanted")) != "inclusion_policy"


def test_a_kind_named_twice_comes_first() -> None:
    profile = DocumentProfile(file_name="library budget.pdf", title="Budget of the year")
    assert [match.kind.key for match in load_kinds().find(profile)] == ["budget", "library"]


def test_every_kind_speaks_for_nodes_of_the_catalogue() -> None:
    catalogue = standards.load("ib-psp-2020")
    codes = {node.code for node in catalogue.practices()}
    book = load_kinds()
    assert {code for kind in book.kinds for code in kind.practices} == codes, (
        "each practice has a kind that speaks for it"
    )
    assert {"menu", "transport"} <= {kind.key for kind in book.kinds if not kind.practices}


def test_no_name_of_several_words_shrinks_to_one() -> None:
    names = [
        (words, language) for kind in load_kinds().kinds for language in LANGUAGES for words in kind.names[language]
    ]
    shrunk = [words for words, language in names if " " in words and len(phrase_stems(words, language)) < 2]
    assert shrunk == []


def test_kinds_have_labels_in_every_language() -> None:
    kind = load_kinds().by_key["inclusion_policy"]
    assert kind.label("fr") == "Politique d'inclusion"
    assert kind.label("de") == kind.label() == "Inclusion policy"


def test_a_framework_without_a_list_has_no_kinds() -> None:
    assert load_kinds("a-framework-of-nobody").kinds == ()


def test_a_sound_list_is_read() -> None:
    assert kind_of(DocumentProfile(file_name="school plan.docx"), read_kinds(GOOD, "own.yaml")) == "plan"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("kinds: [", "no list of kinds"),
        ("other: {}", "no list of kinds"),
        ("kinds: {plan: {label: x}}", "exactly label, names and practices"),
        (GOOD.replace(", it: Piano", ""), "label must be in"),
        (GOOD.replace("[school plan]", "[]"), ""),
        (GOOD.replace("[school plan]", "[12]"), "names in en must be phrases"),
        (GOOD.replace('["0201-04"]', "0201-04"), "no list of codes"),
        (GOOD.replace('["0201-04"]', "[a, b, c, d, e]"), "too many"),
    ],
)
def test_an_unsound_list_is_refused_with_the_reason(text: str, complaint: str) -> None:
    if not complaint:
        assert read_kinds(text, "own.yaml").kinds[0].names["en"] == ()
        return
    with pytest.raises(CatalogueError, match=complaint) as caught:
        read_kinds(text, "own.yaml")
    assert caught.value.file == "own.yaml"
