"""The language of a text, also of short ones; no guess where there is too little."""

from __future__ import annotations

import pytest

from evidence_app.domain.extraction.language import detect
from tests.evidence_app.domain.extraction.making import SENTENCES


@pytest.mark.parametrize("language", SENTENCES)
def test_one_sentence_is_enough(language: str) -> None:
    assert detect(SENTENCES[language]) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Jede Schülerin und jeder Schüler gehört in jede Klasse dieser Schule.", "de"),
        ("すべての生徒は、すべての教室に居場所があります。先生たちは違いを大切にします。", "ja"),
        ("كل طالب ينضم إلى مدرستنا له مكان في كل صف", "ar"),
    ],
)
def test_other_languages_of_schools_are_known(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text", ["", "2024-11-03 12.50 100 %", "Ana", "https://example.org/a/very/long/address ana@example.org"]
)
def test_too_few_letters_have_no_language(text: str) -> None:
    assert detect(text) == ""
