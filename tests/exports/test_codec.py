from __future__ import annotations

import json
from dataclasses import replace

import pytest

from exports import Cover, Exhibit, Report, ReportFormatError, report_from_json, report_to_json
from tests.exports.awkward import TEXTS
from tests.exports.factory import Bytes
from tests.exports.large import large_report
from tests.exports.sample import sample_report


def test_a_report_comes_back_as_it_was(report: Report) -> None:
    assert report_from_json(report_to_json(report)) == report


def test_a_large_report_comes_back_as_it_was() -> None:
    report = large_report(practices=8, exhibits=60, citations=20)
    assert report_from_json(report_to_json(report)) == report


def test_the_same_report_gives_the_same_text_with_sorted_keys_and_no_spaces() -> None:
    first, second = (report_to_json(sample_report(Bytes())) for _ in range(2))
    assert first == second
    assert first == json.dumps(json.loads(first), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def test_fields_at_their_default_are_left_out_so_that_new_fields_keep_old_hashes() -> None:
    text = report_to_json(Report(language="en", cover=Cover(school="A")))
    assert text == '{"format":1,"report":{"cover":{"school":"A"},"language":"en"}}'


@pytest.mark.parametrize("name", TEXTS)
def test_awkward_text_is_cleaned_once_and_stays_the_same(name: str) -> None:
    text = report_to_json(Report(language="en", cover=Cover(school=TEXTS[name])))
    text.encode()
    assert report_to_json(report_from_json(text)) == text


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[]", "'format' and 'report'"),
        ('{"format":2,"report":{}}', "format 2"),
        ('{"format":1,"report":{"language":"en"}}', "report lacks 'cover'"),
        ('{"format":1,"report":{"language":"en","cover":{"school":"A"},"mood":1}}', "'mood'"),
        ('{"format":1,"report":{"language":1,"cover":{"school":"A"}}}', "report.language must be of type str"),
        ('{"format":1,"report":{"language":"en","cover":[]}}', "report.cover must be an object"),
        ('{"format":1,"report":{"language":"en","cover":{"school":"A"},"exhibits":{}}}', "must be a list"),
        (
            '{"format":1,"report":{"language":"en","cover":{"school":"A"},'
            '"exhibits":[{"number":"E-P-01","title":"t","size_bytes":1.5}]}}',
            "report.exhibits[0].size_bytes must be of type int",
        ),
        (
            '{"format":1,"report":{"language":"en","cover":{"school":"A"},'
            '"exhibits":[{"number":"E-P-01","title":"t","size_bytes":true}]}}',
            "size_bytes must be of type int",
        ),
    ],
)
def test_what_is_not_a_report_is_refused_with_its_place(text: str, says: str) -> None:
    with pytest.raises(ReportFormatError) as error:
        report_from_json(text)
    assert says in str(error.value)


def test_a_value_that_is_no_plain_data_is_refused(report: Report) -> None:
    wrong = replace(report, exhibits=(Exhibit(number="E-P-01", title="t", size_bytes=1.5),))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"exhibits\[0\]\.size_bytes holds 1\.5"):
        report_to_json(wrong)
