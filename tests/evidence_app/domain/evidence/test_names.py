"""What the names of versions of one document have in common."""

from __future__ import annotations

import pytest

from evidence_app.domain.evidence import version_stem


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Inclusion policy.docx", "inclusion policy"),
        ("Copy of Inclusion policy v4 FINAL (2).docx", "inclusion policy"),
        ("Inclusion_policy_clean.pdf", "inclusion policy"),
        ("Inclusion policy rev 2.1.odt", "inclusion policy"),
        ("Politique d\u2019inclusion version 3 définitive.odt", "politique d inclusion"),
        ("Copia di Bozza PTOF.docx", "ptof"),
        ("Política de inclusión borrador.docx", "politica de inclusion"),
        ("M26 EE by supervisor 20251103.xlsx", "m26 ee by supervisor"),
        ("Minutes 20251103.docx", "minutes 20251103"),
        ("Minutes 2025-11-03.docx", "minutes 2025 11 03"),
        ("Strategic plan 2023-2028.pdf", "strategic plan 2023 2028"),
        ("IMG_1234.jpg", ""),
        ("Scan 20241010.pdf", ""),
        ("Document (3).pdf", ""),
        ("final.docx", ""),
        ("2024.xlsx", ""),
        ("", ""),
    ],
)
def test_marks_of_versions_fall_away_and_what_tells_documents_apart_stays(name: str, stem: str) -> None:
    assert version_stem(name) == stem


def test_a_name_in_decomposed_characters_is_the_same_name() -> None:
    assert version_stem("Re\u0301vision finale du règlement.pdf") == version_stem("Révision finale du règlement.pdf")


def test_an_endless_name_fits_its_column() -> None:
    assert len(version_stem("word " * 500 + ".pdf")) <= 120
