"""Where one can go is written once, and everybody sees only what is theirs."""

from __future__ import annotations

from evidence_app.web.navigation import PLACES, navigation
from tests.evidence_app.web.test_static import STATIC

TEACHER = {"home", "evidence", "requests", "calendar", "help"}


def test_only_the_places_shown_to_this_person_are_entries() -> None:
    entries = navigation("/alder-bay", shown=TEACHER, here="evidence", counts={"requests": 3})
    assert [entry.key for entry in entries] == ["home", "evidence", "requests", "calendar", "help"]
    assert [entry.key for entry in entries if entry.current] == ["evidence"]
    assert [entry.count for entry in entries] == [0, 0, 3, 0, 0]


def test_a_number_that_nobody_reads_is_not_shown() -> None:
    for count, shown in ((99, "99"), (100, "99+")):
        (entry,) = navigation("/alder-bay", shown={"review"}, here="home", counts={"review": count})
        assert entry.count_words == shown


def test_addresses_stand_below_the_school() -> None:
    entries = {entry.key: entry.url for entry in navigation("/alder-bay/", shown=TEACHER, here="home")}
    assert entries["home"] == "/alder-bay/"
    assert entries["evidence"] == "/alder-bay/evidence"


def test_a_phone_shows_three_places_beside_filing_and_the_rest_under_more() -> None:
    everybody = {place.key for place in PLACES}
    assert [e.key for e in navigation("/a", shown=everybody, here="home") if e.tab] == ["home", "evidence", "review"]
    assert [e.key for e in navigation("/a", shown=TEACHER, here="home") if e.tab] == ["home", "evidence", "requests"]


def test_every_place_has_an_icon_of_the_sprite() -> None:
    sprite = (STATIC / "img" / "icons.svg").read_text()
    for place in PLACES:
        assert f'id="{place.icon}"' in sprite, place.key
