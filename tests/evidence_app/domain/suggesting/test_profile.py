"""What is read from a file's name, its folders and a long text."""

from __future__ import annotations

import pytest

from evidence_app.domain.suggesting import DocumentProfile
from evidence_app.domain.suggesting.places import read_places


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("Inclusion_policy_v3.docx", "Inclusion policy v3"),
        ("InclusionPolicy.pdf", "Inclusion Policy"),
        ("Culture 2.2.docx", "Culture 2.2"),
        ("PYP.minutes.txt", "PYP minutes"),
        ("Annual report. Final", "Annual report  Final"),
        (".hidden", "hidden"),
        ("", ""),
    ],
)
def test_the_name_is_read_as_words(file_name: str, name: str) -> None:
    assert DocumentProfile(file_name=file_name).name == name


def test_folders_of_either_system_are_read() -> None:
    assert DocumentProfile(folder="./Policies\\0301_Culture/").folder_names == ("Policies", "0301 Culture")


def test_the_first_short_line_stands_for_a_heading() -> None:
    assert DocumentProfile(text="\n  Our library \nopens at nine").first_heading == "Our library"
    assert DocumentProfile(text="long " * 40).first_heading == ""
    assert DocumentProfile(text="This is a sentence.").first_heading == ""
    assert DocumentProfile(headings=("One", "Two"), text="Zero").first_heading == "One"


def test_a_long_text_is_looked_at_in_pieces_up_to_its_end() -> None:
    profile = DocumentProfile(text="a" * 500_000 + "omega")
    assert len(profile.sample) < 46_000
    assert profile.sample.endswith("omega")


def test_a_text_that_just_fits_is_looked_at_whole() -> None:
    text = "b" * 44_999
    assert DocumentProfile(text=text).sample == text


def test_a_word_counts_for_less_in_a_long_text() -> None:
    short, long = (
        next(place for place in read_places(DocumentProfile(text=text)) if place.name == "text")
        for text in ("inquiry " * 100, "inquiry " * 8_000)
    )
    assert short.weigh(1) == 1.0
    assert 0 < long.weigh(1) < 0.5


def test_places_without_text_are_left_out() -> None:
    assert [place.name for place in read_places(DocumentProfile(title="A title"))] == ["title"]
    assert read_places(DocumentProfile()) == ()


def test_a_list_of_numbers_is_told_from_a_text_that_names_some() -> None:
    assert DocumentProfile(text="Route 3: Market 7:10, Mill 7:18, School 7:45. " * 4).lists_numbers
    assert not DocumentProfile(text="Route 3: 7:10.").lists_numbers
    assert not DocumentProfile(
        text="In 2024 we met 3 times to speak of the language policy of 2 schools. " * 9
    ).lists_numbers
