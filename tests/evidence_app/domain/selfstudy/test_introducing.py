"""Introductions and the levels of standards: revisions, and words kept aside."""

from __future__ import annotations

import pytest

from evidence_app.domain import selfstudy
from evidence_app.domain.selfstudy import Introduction, IntroductionPart, StandardLevel, WrittenText
from evidence_app.errors import Invalid, NotAllowed
from tests.evidence_app.domain.studies import PSP, Study, refusal

STANDARD = f"{PSP}/0301"


def test_an_introduction_is_written_and_read(study: Study) -> None:
    _introduce(study, IntroductionPart.SCHOOL, "By the sea.")
    _introduce(study, "0301", "Culture begins here.")
    _introduce(study, IntroductionPart.SCHOOL, "By the bay.")
    with study.reading() as session:
        texts = selfstudy.introductions(session, study.world.reader, study.evaluation_id)
    assert {part: row.text for part, row in texts.items()} == {
        "school": "By the bay.",
        STANDARD: "Culture begins here.",
    }
    assert IntroductionPart.SCHOOL.label.msgid == "The school and its programmes"


def test_words_written_over_newer_ones_are_kept_aside(study: Study) -> None:
    _introduce(study, "strengths", "First", base=0)
    written = _introduce(study, "strengths", "At the same time", base=0)
    assert written.conflict is not None
    assert (written.current.text, written.conflict.text) == ("First", "At the same time")
    with study.reading() as session:
        texts = selfstudy.introductions(session, study.world.reader, study.evaluation_id)
    assert texts["strengths"].text == "First"
    merged = _introduce(study, "strengths", "First, and at the same time", base=written.current.revision)
    assert (merged.conflict, merged.current.revision) == (None, 3)


def test_the_same_words_twice_are_one_revision(study: Study) -> None:
    _introduce(study, "process", "Same")
    assert _introduce(study, "process", "Same", base=0).current.revision == 1


@pytest.mark.parametrize("part", ["", "epilogue", "0301-02-0100"])
def test_an_introduction_needs_something_to_introduce(study: Study, part: str) -> None:
    with refusal(Invalid, "part"):
        _introduce(study, part, "?")


def test_a_level_is_entered_with_its_reason(study: Study) -> None:
    _level(study, level=2, reason="Seen in four classes")
    _level(study, level=3, reason="Seen in all")
    with study.reading() as session:
        levels = selfstudy.standard_levels(session, study.world.reader, study.evaluation_id)
    assert {key: (row.level, row.reason) for key, row in levels.items()} == {(STANDARD, "DP"): (3, "Seen in all")}
    taken_back = _level(study, level=0, reason="Seen in all").current
    assert taken_back.level is None


def test_a_level_over_a_newer_one_is_kept_aside(study: Study) -> None:
    _level(study, level=2, reason="Mine", base=0)
    written = _level(study, level=1, reason="Yours", base=0)
    assert written.conflict is not None
    assert (written.current.reason, written.conflict.reason) == ("Mine", "Yours")


@pytest.mark.parametrize(
    ("node", "programme", "level", "field"),
    [
        ("0301-02", "DP", 1, "node_key"),
        ("03", "DP", 1, "node_key"),
        ("nothing", "DP", 1, "node_key"),
        ("0301", "CP", 1, "programme"),
        ("0301", "DP", 4, "level"),
    ],
)
def test_a_level_belongs_to_a_standard_and_the_scale(
    study: Study, node: str, programme: str, level: int, field: str
) -> None:
    with refusal(Invalid, field):
        _level(study, node=node, programme=programme, level=level, reason="")


def test_teachers_neither_introduce_nor_set_levels(study: Study) -> None:
    with study.acting() as session, refusal(NotAllowed):
        selfstudy.write_introduction(
            session, actor=study.world.teacher, evaluation_id=study.evaluation_id, part="school", text="?"
        )


def _introduce(study: Study, part: str, text: str, base: int | None = None) -> WrittenText[Introduction]:
    with study.acting() as session:
        return selfstudy.write_introduction(
            session,
            actor=study.world.coordinator,
            evaluation_id=study.evaluation_id,
            part=part,
            text=text,
            base_revision=base,
        )


def _level(
    study: Study,
    *,
    level: int,
    reason: str,
    node: str = STANDARD,
    programme: str = "DP",
    base: int | None = None,
) -> WrittenText[StandardLevel]:
    with study.acting() as session:
        return selfstudy.set_standard_level(
            session,
            actor=study.world.coordinator,
            evaluation_id=study.evaluation_id,
            node_key=node,
            programme=programme,
            level=level,
            reason=reason,
            base_revision=base,
        )
