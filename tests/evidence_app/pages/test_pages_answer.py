"""The frame of every page: who gets in, and how those who do not are answered."""

from __future__ import annotations

from collections.abc import Callable

from evidence_app.domain.access import Actor
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World


def test_home_of_the_school_is_open_to_a_member(client_for: Callable[[Actor | None], Browser], world: World) -> None:
    answer = client_for(world.teacher).get("/alder-bay/")

    assert answer.status_code == 200
    assert "Alder Bay" in answer.text


def test_a_school_looks_unknown_to_who_is_no_member(
    client_for: Callable[[Actor | None], Browser], world: World
) -> None:
    assert client_for(world.stranger).get("/alder-bay/evidence/").status_code == 404
    assert client_for(world.stranger).get("/no-such-school/evidence/").status_code == 404


def test_who_is_not_signed_in_is_sent_to_the_door(client_for: Callable[[Actor | None], Browser]) -> None:
    answer = client_for(None).get("/alder-bay/evidence/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=")
