"""Codes of an older edition lead to nodes that there are; a file that says otherwise is refused with its line."""

import pytest

from standards import CatalogueError, crosswalk, load, read_crosswalk

SOUND = """\
format: crosswalk/1
framework: our-school
edition: "2014"
codes:
  C3.10: [A1, B2]
"""


def test_every_code_of_2014_leads_to_practices() -> None:
    practices = {node.code for node in load("ib-psp-2020").practices()}
    known = crosswalk("ib-psp-2020")
    assert {code.partition(".")[0] for code in known} == {"A", "B1", "B2", "C1", "C2", "C3", "C4"}
    assert len([code for code in known if code[-1].isdigit()]) == 9 + 7 + 12 + 9 + 11 + 16 + 9
    assert {code for codes in known.values() for code in codes} <= practices


def test_every_practice_of_today_is_reached_from_some_code() -> None:
    practices = {node.code for node in load("ib-psp-2020").practices()}
    assert practices == {code for codes in crosswalk("ib-psp-2020").values() for code in codes}


def test_a_framework_without_such_a_file_has_none() -> None:
    assert crosswalk("ib-learner-profile") == {}


def test_what_a_sound_file_says() -> None:
    assert read_crosswalk(SOUND, "ours", "our-school", {"A1", "B2"}) == {"C3.10": ("A1", "B2")}


@pytest.mark.parametrize(
    ("sound", "broken", "line", "what"),
    [
        ("crosswalk/1", "crosswalk/2", 1, "format"),
        ("our-school", "another", 2, "framework"),
        ("[A1, B2]", "[A1, B3]", 5, "no node 'B3'"),
        ("[A1, B2]", "[]", 5, "leads nowhere"),
        ("[A1, B2]", "A1", 5, "must be a list"),
        ('edition: "2014"\n', "", 1, "edition"),
    ],
)
def test_an_unsound_file_is_refused_with_its_line(sound: str, broken: str, line: int, what: str) -> None:
    with pytest.raises(CatalogueError, match=what) as error:
        read_crosswalk(SOUND.replace(sound, broken), "ours", "our-school", {"A1", "B2"})
    assert (error.value.file, error.value.line) == ("ours", line)
