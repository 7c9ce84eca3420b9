"""The contract every writer keeps."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from exports import DOCUMENTS, LANGUAGES, WRITERS, Cover, Edition, Report, report_from_json, report_to_json
from tests.exports.factory import Bytes, edition
from tests.exports.sample import sample_report

BEGINS = {"docx": b"PK\x03\x04", "html": b"<!doctype html>", "zip": b"PK\x03\x04"}


@pytest.fixture(params=list(WRITERS))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def written(
    name: str, report: Report, store: Bytes, document: str = "self-study", made: Edition | None = None
) -> bytes:
    out = io.BytesIO()
    WRITERS[name].write(report, made or edition(report), out, open_exhibit=store.open, document=document)
    return out.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_it_writes_every_document_in_every_language(name: str, store: Bytes, language: str, document: str) -> None:
    assert written(name, sample_report(store, language), store, document).startswith(BEGINS[name])


def test_the_same_report_gives_the_same_bytes_even_after_a_round_trip(name: str, report: Report, store: Bytes) -> None:
    again = report_from_json(report_to_json(report))
    assert written(name, report, store) == written(name, again, store)


def test_another_edition_gives_other_bytes(name: str, report: Report, store: Bytes) -> None:
    assert written(name, report, store) != written(name, report, store, made=edition(report, number=3))


def test_a_draft_of_an_empty_report_can_be_written(name: str, store: Bytes) -> None:
    report = Report(language="en", cover=Cover(school="A"))
    assert written(name, report, store, made=Edition()).startswith(BEGINS[name])


def test_all_writers_report_the_same_problems(name: str, store: Bytes) -> None:
    report = sample_report(store)
    wrong = replace(report, overview=replace(report.overview, strengths="See [[E-0000-00-00]] and <i>this</i>."))
    out = io.BytesIO()
    result = WRITERS[name].write(wrong, edition(wrong), out, open_exhibit=store.open)
    assert [(p.code, p.where, p.line) for p in result.problems] == [
        ("raw-html", "Strengths", 1),
        ("raw-html", "Strengths", 1),
        ("unknown-exhibit", "Strengths", 1),
    ]


def test_an_unknown_document_is_refused_by_name(name: str, report: Report, store: Bytes) -> None:
    with pytest.raises(ValueError, match="poster"):
        written(name, report, store, "poster")


def test_every_writer_says_its_extension_and_media_type(name: str) -> None:
    writer = WRITERS[name]
    assert writer.extension == name
    assert "/" in writer.media_type
