"""What people write, in the DOCX: citations, links, lists, tables and reflections."""

from __future__ import annotations

import io
from dataclasses import replace

from exports import (
    WRITERS,
    Citation,
    Report,
    Response,
    Step,
    check_docx,
)
from exports.docx_writer.package import open_package
from tests.exports.compiled import W, compiled, words
from tests.exports.factory import Bytes, answering, edition


def test_text_pasted_from_word_is_sound(report: Report, store: Bytes) -> None:
    pasted = "\r\n\r\n".join(
        "\u201cQuoted\u201d\u00a0words \u2013 and a soft\u00adhyphen\t\u2022 bullet\x0b. " * 20 for _ in range(100)
    )
    response = Response(programme="DP", narrative=pasted)
    assert check_docx(compiled(answering(report, response), store)) == []


def test_citations_lead_to_the_row_and_back(report: Report, store: Bytes) -> None:
    root = open_package(compiled(report, store)).xml["word/document.xml"]
    marks = {str(b.get(W + "name")) for b in root.iter(W + "bookmarkStart")}
    targets = {str(h.get(W + "anchor")) for h in root.iter(W + "hyperlink")}
    assert {"E_0301_02_01", "X_0301_02_01", "C_0301_02_01_1", "X_M1_01", "C_M1_01_1"} <= marks & targets


def test_a_citation_in_a_heading_is_its_words_and_needs_no_way_back(report: Report, store: Bytes) -> None:
    response = Response(programme="DP", narrative="# See [[E-0301-02-01]]\n\ntext", strengths="![x](E-0301-02-04)")
    data = compiled(answering(report, response), store)
    assert check_docx(data) == []
    assert "See E-0301-02-01" in words(data)
    assert "Cited: 1, 2" not in words(data)


def test_what_stands_within_a_link_does_not_break_it(report: Report, store: Bytes) -> None:
    text = "[see [[E-0301-02-01]] and [b](https://b.example) note[^1] <https://c.example>](https://a.example)\n\n"
    text += "[![plan](E-0301-02-04)](https://a.example) | [x [[E-0301-02-01]]](E-0301-02-01)\n\n"
    text += "[^1]: n [m](mailto:a@b.example)\n"
    response = Response(programme="DP", narrative=text)
    data = compiled(answering(report, response), store)
    assert check_docx(data) == []
    assert "Ground floor" not in words(data)
    assert "Figure 1" in words(data)


def test_an_unknown_exhibit_is_reported_and_printed_as_text(report: Report, store: Bytes) -> None:
    objective = report.objectives[0]
    action = replace(objective.actions[0], exhibits=(Citation(number="E-P-77"),))
    wrong = replace(report, objectives=(replace(objective, actions=(action,)),))
    out = io.BytesIO()
    result = WRITERS["docx"].write(wrong, edition(wrong), out, open_exhibit=store.open)
    assert [(p.code, p.where) for p in result.problems] == [("unknown-exhibit", "action 1.1")]
    assert check_docx(out.getvalue()) == []
    assert "E-P-77" in words(out.getvalue())


def test_a_problem_names_practice_programme_and_line(report: Report, store: Bytes) -> None:
    response = Response(programme="DP", narrative="fine\n\nsee [[E-0000-00-00]]")
    wrong = answering(replace(report, language="it"), response)
    result = WRITERS["docx"].write(wrong, edition(wrong), io.BytesIO(), open_exhibit=store.open)
    (problem,) = [p for p in result.problems if p.where == "0301-02"]
    assert (problem.code, problem.programme, problem.line) == ("unknown-exhibit", "DP", 3)
    assert problem.what == "«[[E-0000-00-00]]» non è un allegato di questo rapporto."
    assert problem.remedy


def test_long_reflections_stand_below_their_table(report: Report, store: Bytes) -> None:
    path = report.paths[0]
    step = Step(code="1.1", name="Needs", reflection="# Found\n\n" + "We asked everybody. " * 60 + "\n\n- one\n- two")
    milestone = replace(path.milestones[0], steps=(step,))
    long = replace(report, paths=(replace(path, milestones=(milestone,)), replace(path, name="First path")))
    data = compiled(long, store)
    assert check_docx(data) == []
    assert "See below the table." in words(data)
    assert "First path" in words(data)


def test_a_short_reflection_may_hold_anything(report: Report, store: Bytes) -> None:
    path = report.paths[0]
    text = "# Found\n\n> said\n>\n> — by us\n\n```\ncode\n```\n\n| a |\n| - |\n| b |\n\n- one\n\n"
    text += "![x](E-0301-02-04)\n\n---\n"
    step = Step(code="1.1", name="Needs", reflection=text)
    report = replace(report, paths=(replace(path, milestones=(replace(path.milestones[0], steps=(step,)),)),))
    data = compiled(report, store)
    assert check_docx(data) == []
    for word in ("Found", "said", "by us", "code", "one"):
        assert word in words(data)


def test_two_tables_in_a_row_do_not_become_one(report: Report, store: Bytes) -> None:
    text = "| a |\n| - |\n| b |\n\n| c |\n| - |\n| d |\n\n- item\n\n    | e |\n    | - |\n    | f |\n"
    response = Response(programme="DP", narrative=text)
    data = compiled(answering(report, response), store)
    assert check_docx(data) == []


def test_numbered_lists_begin_again(report: Report, store: Bytes) -> None:
    text = "1. a\n2. b\n\nbetween\n\n5. c\n    1. d\n    2. e\n6. f\n\nthen\n\n- g\n    1. h\n"
    response = Response(programme="DP", narrative=text)
    package = open_package(compiled(answering(report, response), store))
    starts = [
        (o.get(W + "ilvl"), o.find(W + "startOverride").get(W + "val"))  # type: ignore[union-attr]
        for o in package.xml["word/numbering.xml"].iter(W + "lvlOverride")
    ]
    assert starts[1:] == [("0", "1"), ("0", "5"), ("1", "1")]
