"""A large file in pieces, as the script sends it: begun, sent, asked after, and named in the form it belongs to."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from evidence_app.backends import Backends
from evidence_app.domain import evidence
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
SCRIPT = {"HX-Request": "true"}
BYTES = {**SCRIPT, "Content-Type": "application/octet-stream"}
PIECES = "/alder-bay/evidence/pieces"
FILES = "/alder-bay/evidence/new/files"
FILM = b"The exhibition, first part. The exhibition, second part."


@pytest.fixture
def teacher(client_for: OpenBrowser, world: World) -> Browser:
    return client_for(world.teacher)


def begin(browser: Browser, name: str = "film.txt", size: int | str = len(FILM), mark: str = "") -> TestResponse:
    return browser.post(PIECES, data={"name": name, "size": str(size), "mark": mark}, headers=SCRIPT)


def send(browser: Browser, upload_id: str, at: int | str, data: bytes) -> TestResponse:
    return browser.post(f"{PIECES}/{upload_id}?at={at}", data=data, headers=BYTES)


def sent_whole(browser: Browser, name: str = "film.txt", data: bytes = FILM) -> str:
    """The id of a file all of which has arrived, in two pieces."""
    upload_id = str(begin(browser, name, len(data)).json["id"])  # type: ignore[index]
    assert send(browser, upload_id, 0, data[:20]).json == {"id": upload_id, "arrived": 20}
    assert send(browser, upload_id, 20, data[20:]).json == {"id": upload_id, "arrived": len(data)}
    return upload_id


def file_it(browser: Browser, upload_id: str, key: str = "k") -> TestResponse:
    """The form, as the script sends it in the end."""
    return browser.post(FILES, data={"uploaded": upload_id}, headers={**SCRIPT, "Idempotency-Key": key})


def items_of(backends: Backends, actor: Actor) -> list[Item]:
    with backends.database.reading() as session:
        return evidence.recent_items(session, actor, owner_id=actor.person_id)


def bytes_of(backends: Backends, item: Item) -> bytes:
    with backends.database.reading() as session:
        version = evidence.current_version(session, item)
    return backends.blobs.read_verified(item.school_id, version.sha256, max_bytes=1000)


def test_a_file_sent_in_pieces_is_answered_with_its_card(teacher: Browser, world: World, backends: Backends) -> None:
    answer = file_it(teacher, sent_whole(teacher, "../Exhibition.txt"))

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Exhibition.txt" in answer.text
    [item] = items_of(backends, world.teacher)
    assert item.title == "Exhibition"
    assert bytes_of(backends, item) == FILM


def test_the_form_sent_twice_files_once(teacher: Browser, world: World, backends: Backends) -> None:
    upload_id = sent_whole(teacher)

    first, again = file_it(teacher, upload_id), file_it(teacher, upload_id)

    assert first.status_code == again.status_code == 200
    assert len(items_of(backends, world.teacher)) == 1


def test_the_server_says_where_a_file_stands_also_after_a_restart(
    teacher: Browser, client_for: OpenBrowser, world: World
) -> None:
    upload_id = str(begin(teacher, mark="Monday").json["id"])  # type: ignore[index]
    send(teacher, upload_id, 0, FILM[:20])

    assert teacher.get(f"{PIECES}/{upload_id}").json == {"id": upload_id, "arrived": 20}
    # Another browser of the same person, as after the tab was closed.
    assert begin(client_for(world.teacher), mark="Monday").json == {"id": upload_id, "arrived": 20}


@pytest.mark.parametrize("at", ["0", "19", "21", "-1", "x", ""])
def test_a_piece_in_the_wrong_place_is_told_the_right_one(teacher: Browser, at: str) -> None:
    upload_id = str(begin(teacher).json["id"])  # type: ignore[index]
    send(teacher, upload_id, 0, FILM[:20])

    answer = send(teacher, upload_id, at, FILM[20:])

    assert answer.status_code == 409
    assert answer.json == {"arrived": 20}
    assert send(teacher, upload_id, 20, FILM[20:]).status_code == 200


@pytest.mark.parametrize("size", ["0", "-1", "", "much", "9" * 5000])
def test_a_size_that_is_none_is_refused(teacher: Browser, size: str) -> None:
    answer = begin(teacher, size=size)
    assert answer.status_code == 422
    assert "“film.txt” is empty" in answer.text


def test_too_large_a_file_is_refused_before_any_of_it_is_sent(teacher: Browser, backends: Backends) -> None:
    answer = begin(teacher, size=backends.settings.max_upload_bytes + 1)
    assert answer.status_code == 422
    assert "“film.txt” is larger than the 2048 MiB a file may have here." in answer.text
    assert "<html" not in answer.text


def test_too_large_a_piece_is_refused(teacher: Browser) -> None:
    upload_id = str(begin(teacher, size=100_000_000).json["id"])  # type: ignore[index]
    assert send(teacher, upload_id, 0, bytes(16 * 1024 * 1024 + 1)).status_code == 413
    assert teacher.get(f"{PIECES}/{upload_id}").json == {"id": upload_id, "arrived": 0}


def test_a_form_is_no_piece(teacher: Browser) -> None:
    upload_id = str(begin(teacher).json["id"])  # type: ignore[index]
    assert teacher.post(f"{PIECES}/{upload_id}?at=0", data={"x": "y"}, headers=SCRIPT).status_code == 415


def test_a_file_that_has_not_arrived_as_a_whole_is_not_filed(
    teacher: Browser, world: World, backends: Backends
) -> None:
    upload_id = str(begin(teacher).json["id"])  # type: ignore[index]
    send(teacher, upload_id, 0, FILM[:20])

    answer = file_it(teacher, upload_id)

    assert answer.status_code == 409
    assert "has not arrived as a whole yet" in answer.text
    assert items_of(backends, world.teacher) == []


def test_nobody_else_files_it(teacher: Browser, client_for: OpenBrowser, world: World, backends: Backends) -> None:
    upload_id = sent_whole(teacher)

    for other in (world.coordinator, world.head):
        browser = client_for(other)
        assert file_it(browser, upload_id).status_code == 404
        assert browser.get(f"{PIECES}/{upload_id}").status_code == 404
        assert browser.post(f"{PIECES}/{upload_id}/leave-out").status_code == 404
    assert client_for(world.reader).get(f"{PIECES}/{upload_id}").status_code == 403
    assert client_for(world.stranger).get(f"{PIECES}/{upload_id}").status_code == 404
    assert file_it(teacher, upload_id).status_code == 200


def test_what_is_left_out_is_forgotten(teacher: Browser) -> None:
    upload_id = sent_whole(teacher)
    assert teacher.post(f"{PIECES}/{upload_id}/leave-out", headers=SCRIPT).status_code == 204
    answer = file_it(teacher, upload_id)
    assert answer.status_code == 404
    assert "Nothing is left of this upload" in answer.text


def test_a_new_version_may_come_in_pieces(teacher: Browser, filed: FileItem, world: World, backends: Backends) -> None:
    item = filed("plan.txt", b"The old plan.", actor=world.teacher)
    answer = teacher.post(f"/alder-bay/evidence/{item.id}/versions/new", data={"uploaded": sent_whole(teacher)})
    assert answer.status_code == 302
    assert bytes_of(backends, items_of(backends, world.teacher)[0]) == FILM


def test_the_zip_of_a_drive_may_come_in_pieces(teacher: Browser) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("Policies/Inclusion policy.txt", "How we include every student.")
    upload_id = sent_whole(teacher, "Drive.zip", packed.getvalue())
    answer = teacher.post("/alder-bay/evidence/drives", data={"uploaded": upload_id}, headers=SCRIPT)
    assert answer.status_code == 200
    assert "Drive" in answer.text


def test_no_text_of_a_file_on_its_way_leaves_the_server(teacher: Browser, app: Flask) -> None:
    """Whatever a route is asked with the id of an upload, none answers with what has arrived."""
    upload_id = sent_whole(teacher, data=b"SECRET-CANARY " * 4)
    for rule in app.url_map.iter_rules():
        if {"school_key", "item_id"} == rule.arguments or rule.endpoint == "evidence.pieces_so_far":
            values = dict.fromkeys(rule.arguments, upload_id) | {"school_key": "alder-bay"}
            path = app.url_map.bind("localhost").build(rule.endpoint, values, method=min(rule.methods or {"GET"}))
            assert b"SECRET-CANARY" not in teacher.get(path).data
