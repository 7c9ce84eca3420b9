"""What of a text is shown and marked for a query."""

from __future__ import annotations

import time
import unicodedata

import pytest

from evidence_app.domain.search import parse
from evidence_app.domain.search.snippets import Marker, Piece, Snippet


def marked(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in pieces)


def snippet(typed: str, text: str, language: str = "en", **options: int) -> Snippet:
    return Marker(parse(typed)).snippet(text, language, **options)


@pytest.mark.parametrize(
    ("typed", "language", "text", "shown"),
    [
        ("policy", "en", "All policies and the Policy.", "All [policies] and the [Policy]."),
        ("evaluation", "fr", "L'évaluation, les évaluées", "L'[évaluation], les [évaluées]"),
        ("evaluacion", "es", "Las evaluaciones", "Las [evaluaciones]"),
        ("poli*", "en", "Police and policy, monopoly", "[Police] and [policy], monopoly"),
        (
            '"service as action"',
            "en",
            "Service as action; service, as\naction",
            "[Service as action]; [service, as action]",
        ),
        ("self-study", "en", "the self study, a study", "the [self study], a study"),
        ("0301-02", "en", "see 0301-02, 0301-05", "see [0301-02], 0301-05"),
        ("plan -draft", "en", "draft plan", "draft [plan]"),
        ("programme:dp", "en", "the dp programme", "the dp programme"),
        ("学校", "zh", "我们的学校很好", "我们的[学校]很好"),
        ("note", "en", "not a note", "not a [note]"),
        ("Prüfung", "de", "PRÜFUNG", "[PRÜFUNG]"),
        ("<b>", "en", "<b>bold</b>", "<[b]>bold</[b]>"),
        ("policy", "en", "", ""),
    ],
)
def test_the_words_that_were_found_are_marked(typed: str, language: str, text: str, shown: str) -> None:
    assert marked(snippet(typed, text, language).pieces) == shown


def test_accents_written_apart_are_marked_too() -> None:
    text = unicodedata.normalize("NFD", "Après l'évaluation")
    assert "".join(piece.text for piece in snippet("evaluation", text, "fr").pieces if piece.is_match) == text[-11:]


def test_the_window_is_where_most_terms_stand_together() -> None:
    filler = "Nothing of note here. " * 40
    text = f"{filler}A policy.\n{filler}The inclusion policy of the school. {filler}"
    found = snippet("inclusion policy", text)
    assert marked(found.pieces).startswith("… The [inclusion] [policy] of the school. Nothing")
    assert marked(found.pieces).endswith(" …")
    assert found.at == text.index("inclusion")
    assert sum(len(piece.text) for piece in found.pieces) < 300


def test_without_a_match_the_beginning_is_shown() -> None:
    found = snippet("kangaroo", "One two three " * 100, chars=20)
    assert (marked(found.pieces), found.at) == ("One two three One two …", None)


def test_titles_are_also_read_in_the_schools_language() -> None:
    pieces = Marker(parse("policies")).title("Assessment policy", "es")
    assert marked(pieces) == "Assessment [policy]"


def test_twenty_long_texts_are_marked_at_once() -> None:
    text = "The quick learner reflects on the inclusion of the service in action. " * 3_000
    marker = Marker(parse('the learner "in action" reflec*'))
    begun = time.process_time()
    for _ in range(20):
        marker.snippet(text, "en")
    assert time.process_time() - begun < 1.0
