"""Tagged items a document resembles."""

from __future__ import annotations

import pytest

from evidence_app.domain.suggesting import DocumentProfile, Neighbours, TaggedItem, text_digest
from evidence_app.domain.suggesting.neighbours import series_of

GARDEN = "Pupils dug raised beds, sowed beans and kept a diary of rain, frost and harvest in the vegetable garden."
CHESS = "The chess club meets on Fridays; openings, endgames and a tournament against two neighbouring clubs."
KEY = "ib-psp-2020/0402-05"


def item(number: int, text: str, file_name: str = "", accepted: str = KEY) -> TaggedItem:
    profile = DocumentProfile(file_name=file_name, text=text, language="en")
    return TaggedItem(f"item-{number}", f"Item {number}", file_name, text_digest(profile), frozenset({accepted}))


@pytest.fixture
def school() -> Neighbours:
    return Neighbours(
        [item(1, GARDEN), item(2, CHESS, accepted="ib-psp-2020/0402-03"), item(3, "", "Minutes May.docx")]
    )


def test_the_nearest_text_comes_first_and_strangers_stay_out(school: Neighbours) -> None:
    found = school.near(DocumentProfile(text=GARDEN.replace("beans", "peas and beans"), language="en"))
    assert [neighbour.item_id for neighbour in found] == ["item-1"]
    assert found[0].similarity > 0.8
    assert found[0].node_keys == {KEY}
    assert not found[0].same_series


def test_nothing_is_near_a_text_of_other_words(school: Neighbours) -> None:
    assert school.near(DocumentProfile(text="Invoices for printer paper", language="en")) == []


def test_an_item_is_not_its_own_neighbour(school: Neighbours) -> None:
    assert school.near(DocumentProfile(text=GARDEN, language="en"), without=frozenset({"item-1"})) == []


def test_a_near_equal_name_says_older_version() -> None:
    older = item(1, GARDEN + " We learned to share tools.", "Garden diary 2023-24 FINAL.docx")
    school = Neighbours([older, item(2, CHESS, "Chess.docx")])
    found = school.near(DocumentProfile(file_name="garden_diary_2024-25_v2.pdf", text=GARDEN, language="en"))
    assert found[0].item_id == "item-1"
    assert found[0].same_series
    assert found[0].similarity >= 0.9


def test_a_near_equal_name_over_another_text_is_no_series() -> None:
    school = Neighbours([item(1, GARDEN, "notes 1.docx"), item(2, CHESS, "plan.docx")])
    assert (
        school.near(DocumentProfile(file_name="scores 2.docx", text="Goals, referees, referees", language="en")) == []
    )


def test_items_without_text_are_found_by_name(school: Neighbours) -> None:
    found = school.near(DocumentProfile(file_name="Minutes May (2).docx"))
    assert [neighbour.item_id for neighbour in found] == ["item-3"]


@pytest.mark.parametrize(
    ("name", "series"),
    [
        ("Language policy 2024 (new version).pdf", "language policy"),
        ("language_policy_v3_FINAL.docx", "language policy"),
        ("IMG_2031.jpg", ""),
        ("PXL_20260312_101502.jpg", ""),
        ("Scan 12.pdf", ""),
        ("2024-25.pdf", ""),
    ],
)
def test_versions_have_one_series_name(name: str, series: str) -> None:
    assert series_of(name) == series


def test_two_photographs_are_not_alike_by_what_the_camera_called_them() -> None:
    def photo(name: str) -> DocumentProfile:
        return DocumentProfile(file_name=f"{name}.jpg", title=name.replace("_", " "))

    digest = text_digest(photo("PXL_20260312_101502"))
    school = Neighbours(
        [TaggedItem("wall", "PXL 20260312 101502", "PXL_20260312_101502.jpg", digest, frozenset({KEY}))]
    )
    assert school.near(photo("PXL_20261120_094410")) == []


def test_a_damaged_digest_is_read_as_far_as_it_goes() -> None:
    odd = TaggedItem("odd", "", "a.pdf", "bean:2 frost: :3 rain:x garden:0", frozenset({KEY}))
    school = Neighbours([odd])
    assert len(school) == 1
    found = school.near(DocumentProfile(text="beans beans beans", language="en"))
    assert found[0].title == "a.pdf", "an item without a title goes by the name of its file"


def test_words_that_most_items_have_tell_nothing_apart() -> None:
    items = [item(number, f"Students of the school. Page{number}x") for number in range(30)]
    school = Neighbours(items)
    assert school.near(DocumentProfile(text="Students of the school", language="en")) == []


def test_no_items_no_neighbours() -> None:
    assert Neighbours([]).near(DocumentProfile(text=GARDEN)) == []
