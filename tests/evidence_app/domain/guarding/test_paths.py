from __future__ import annotations

import pytest

from evidence_app.database import now
from evidence_app.domain.guarding import NOTHING, Place, SignKind, Weight, both, look_at_path, signs_from_plain

THIS_YEAR = now().year
SESSION = f"M{THIS_YEAR % 100}"


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
        ("Relazione DSA M.R. 2B.docx", ""),
        ("Relazione DSA M.R. 2B.jpg", ""),
        ("Legge 104 Verdi.pdf", ""),
        ("PEI M.R..docx", ""),
        ("PAP C.D. 5e B.pdf", ""),
        ("MDPH Lefèvre.pdf", ""),
        ("NEAE Ortega.pdf", ""),
        ("IEP J.W. Grade 9.docx", ""),
    ],
)
def test_names_that_say_an_individuals_paper(name: str, folder: str) -> None:
    assert look_at_path(name, folder).weight is Weight.PRIVATE


@pytest.mark.parametrize(
    "name", ["Marco Rossi 3B essay.docx", "M.R. 3B.docx", "C.D. 5e B.pdf", "J.L. 2º ESO.odt", "E. C. Grade 9.docx"]
)
def test_names_and_initials_with_a_class_give_reason_to_ask(name: str) -> None:
    seen = look_at_path(name)
    assert seen.weight is Weight.QUESTION
    assert seen.kinds == {SignKind.NAMES}


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        (f"{SESSION} Paper 1.pdf", ""),
        ("DP exam Math HL paper 2.pdf", f"Exams {THIS_YEAR}"),
        ("Math HL paper 2.pdf", f"Exams {THIS_YEAR}"),
        ("Mock exam Biology SL.docx", ""),
        ("Esame simulazione matematica.pdf", ""),
        ("Prova 2 matematica.pdf", "Esami"),
        ("Bac blanc philosophie.pdf", ""),
        ("Épreuve 2 mathématiques.pdf", "Examens"),
        ("Examen simulacro química.pdf", ""),
        ("Prueba 1 biología.pdf", f"Exámenes {THIS_YEAR}"),
    ],
)
def test_papers_of_an_examination_that_may_be_live_are_private(name: str, folder: str) -> None:
    seen = look_at_path(name, folder)
    assert seen.weight is Weight.PRIVATE
    assert seen.kinds == {SignKind.EXAM}


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("M19 Paper 1.pdf", ""),
        ("Math HL paper 2.pdf", "Exams 2019"),
        ("Past papers Biology.pdf", f"Exams {THIS_YEAR}"),
        ("Annales, épreuve 2.pdf", "Examens"),
        (f"Mock exam timetable {THIS_YEAR}.pdf", ""),
        ("Calendario simulazioni d'esame.pdf", ""),
        ("Position paper 2.docx", "Strategy"),
        ("Épreuve 1 relais.pdf", "EPS"),
        ("How examinations are conducted.pdf", "0404-03 Exams and moderation"),
    ],
)
def test_papers_of_years_gone_by_and_what_is_about_exams_say_nothing(name: str, folder: str) -> None:
    assert look_at_path(name, folder) == NOTHING


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
        ("J.S. Bach 7B.docx", ""),
        ("J.K. Rowling Grade 8 unit.docx", ""),
        ("U.S. history 9B.docx", ""),
        ("P.E. 7B.docx", ""),
        ("Legge 104 modulistica.pdf", ""),
    ],
)
def test_names_of_policies_forms_and_plans_of_the_school_say_nothing(name: str, folder: str) -> None:
    assert look_at_path(name, folder) == NOTHING


def test_signs_are_kept_as_kinds_places_and_counts_and_come_back_the_same() -> None:
    seen = both(look_at_path("Rossi 3B IEP.pdf", "IEPs"), look_at_path(f"{SESSION} Paper 1.pdf"))
    assert {sign.place for sign in seen.seen} == {Place.NAME, Place.FOLDER}
    assert signs_from_plain(seen.weight.value, seen.as_plain()) == seen
    assert "Rossi" not in str(seen.as_plain())
    assert both(NOTHING, seen) == seen == both(seen, NOTHING)
