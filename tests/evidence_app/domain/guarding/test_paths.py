from __future__ import annotations

import pytest

from evidence_app.domain.guarding import NOTHING, Place, SignKind, Weight, both, look_at_path, signs_from_plain


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("IEP Marco Rossi.pdf", ""),
        ("iep rossi.pdf", ""),
        ("PDP_Rossi_3B.pdf", ""),
        ("scan001.pdf", "Support/IEPs"),
        ("Elenco alunni DSA BES 2024.xlsx", ""),
        ("SEN register.xlsx", ""),
        ("Diagnosi Bianchi.pdf", ""),
        ("Anna Rossi.pdf", "Learning support"),
        ("Informe psicopedagógico 14.pdf", ""),
        ("GEVASCO Moreau.docx", ""),
        ("Access arrangements, names.xlsx", ""),
        ("Access arrangements, no names, Anna Rossi.pdf", ""),
    ],
)
def test_names_that_say_an_individuals_paper(name: str, folder: str) -> None:
    assert look_at_path(name, folder).weight is Weight.PRIVATE


@pytest.mark.parametrize(
    ("name", "kind"), [("M26 Paper 1.pdf", SignKind.EXAM), ("Marco Rossi 3B essay.docx", SignKind.NAMES)]
)
def test_names_that_give_reason_to_ask(name: str, kind: SignKind) -> None:
    seen = look_at_path(name)
    assert seen.weight is Weight.QUESTION
    assert seen.kinds == {kind}


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("IEP template.docx", "IEPs"),
        ("Inclusion policy.docx", "0202 Student support"),
        ("PDP 2024-25.docx", "Development plan"),
        ("PEI unités.docx", "PEI"),
        ("Unit plan 4 Sharing the planet.docx", "D. Learning/0401-02 Planning/PYP/Grade 3"),
        ("M26 EE by supervisor 20251103.xlsx", "DP"),
        ("C1 1a Art TOK lesson planning.doc", "Evaluation 2026"),
        ("Linee guida PDP.pdf", "Inclusione"),
        ("Photos open day 2023.zip", "Anna's folder"),
        ("Access arrangements, no names, session M26.pdf", ""),
        ("Adecuaciones de acceso, sin nombres, M27.pptx", ""),
        ("Aménagements d'examen, sans noms, M24.jpg", ""),
        ("Misure per gli esami, senza nomi.pdf", ""),
    ],
)
def test_names_of_policies_forms_and_plans_of_the_school_say_nothing(name: str, folder: str) -> None:
    assert look_at_path(name, folder) == NOTHING


def test_signs_are_kept_as_kinds_places_and_counts_and_come_back_the_same() -> None:
    seen = both(look_at_path("Rossi 3B IEP.pdf", "IEPs"), look_at_path("M26 Paper 1.pdf"))
    assert {sign.place for sign in seen.seen} == {Place.NAME, Place.FOLDER}
    assert signs_from_plain(seen.weight.value, seen.as_plain()) == seen
    assert "Rossi" not in str(seen.as_plain())
    assert both(NOTHING, seen) == seen == both(seen, NOTHING)
