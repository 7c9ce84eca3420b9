"""Filing as a browser does it, with and without scripts."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from evidence_app.backends import Backends
from evidence_app.domain import evidence, intake, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from tests.evidence_app.pages.conftest import Browser, FileItem, as_sent
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
SCRIPT = {"HX-Request": "true"}
PRACTICE = "ib-psp-2020/0301-02"


@pytest.fixture
def teacher(client_for: OpenBrowser, world: World) -> Browser:
    return client_for(world.teacher)


def drop(
    browser: Browser, name: str, content: bytes = b"A plan for Grade 4.", *, key: str = "k", **data: str
) -> TestResponse:
    """One file, sent as the script sends it."""
    return browser.post(
        "/alder-bay/evidence/new/files",
        **as_sent((name, content), **data),
        headers={**SCRIPT, "Idempotency-Key": key},
    )


def items_of(backends: Backends, actor: Actor) -> list[Item]:
    with backends.database.reading() as session:
        return evidence.recent_items(session, actor, owner_id=actor.person_id)


def test_a_dropped_file_is_kept_and_answered_with_its_card(teacher: Browser, world: World, backends: Backends) -> None:
    answer = drop(teacher, "Grade 4 plan.txt")

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert "Grade 4 plan.txt" in answer.text
    [item] = items_of(backends, world.teacher)
    with backends.database.reading() as session:
        version = evidence.current_version(session, item)
    assert backends.blobs.read_verified(world.school.id, version.sha256, max_bytes=100) == b"A plan for Grade 4."


def test_the_same_key_files_once(teacher: Browser, world: World, backends: Backends) -> None:
    for _ in range(2):
        assert drop(teacher, "plan.txt", key="same").status_code == 200

    assert len(items_of(backends, world.teacher)) == 1


def test_a_bare_form_files_many_and_shows_them(teacher: Browser, world: World, backends: Backends) -> None:
    for _ in range(2):
        answer = teacher.post(
            "/alder-bay/evidence/new/files",
            data={"form_key": "f1", "files": [(io.BytesIO(b"a"), "a.txt"), (io.BytesIO(b"b"), "b.txt")]},
        )
        assert answer.headers["Location"] == "/alder-bay/evidence/new"

    assert len(items_of(backends, world.teacher)) == 2
    page = teacher.get("/alder-bay/evidence/new").text
    assert "a.txt" in page
    assert "b.txt" in page


def test_one_bad_file_of_a_bare_form_is_named_and_the_others_kept(
    teacher: Browser, world: World, backends: Backends
) -> None:
    form = as_sent(("empty.txt", b""), ("b.txt", b"b"), form_key="f")
    page = teacher.post("/alder-bay/evidence/new/files", **form, follow_redirects=True)

    assert "“empty.txt” is empty" in page.text
    assert [i.title for i in items_of(backends, world.teacher)] == ["b"]


def test_a_bad_file_of_a_script_is_answered_with_why(teacher: Browser) -> None:
    answer = drop(teacher, "empty.txt", b"")

    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert "“empty.txt” is empty" in answer.text


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("a\u202ecod.exe.txt", "acod.exe.txt"),
        ("<img src=x onerror=alert(1)>.txt", "<img src=x onerror=alert(1)>.txt"),
        ("x" * 500 + ".txt", "x" * 236 + ".txt"),
        (". .", "unnamed"),
    ],
)
def test_hostile_names_are_tamed(teacher: Browser, world: World, backends: Backends, sent: str, kept: str) -> None:
    answer = drop(teacher, sent)

    assert answer.status_code == 200
    assert "<img src=x" not in answer.text
    [item] = items_of(backends, world.teacher)
    with backends.database.reading() as session:
        assert evidence.current_version(session, item).file_name == kept


def test_a_card_asks_again_until_it_is_read_and_then_suggests(
    teacher: Browser, world: World, backends: Backends, work: Callable[[], None]
) -> None:
    drop(teacher, "Inclusion policy.txt", b"Inclusion policy. How we include every student with barriers to learning.")
    item = items_of(backends, world.teacher)[0]
    card_url = f"/alder-bay/evidence/new/{item.id}/card"
    waiting = teacher.get(card_url, headers=SCRIPT)
    assert 'hx-trigger="every 2s"' in waiting.text
    assert "HX-Trigger" not in waiting.headers

    work()
    ready = teacher.get(card_url, headers=SCRIPT)

    assert "every 2s" not in ready.text
    assert ready.headers["HX-Trigger"] == "filed"
    assert PRACTICE in ready.text
    assert "the name says" in ready.text


def test_a_card_that_left_the_batch_asks_no_more(teacher: Browser, world: World, backends: Backends) -> None:
    drop(teacher, "plan.txt")
    [item] = items_of(backends, world.teacher)
    teacher.post(f"/alder-bay/evidence/{item.id}/withdraw")

    answer = teacher.get(f"/alder-bay/evidence/new/{item.id}/card", headers=SCRIPT)

    assert (answer.status_code, answer.data, answer.headers["HX-Trigger"]) == (200, b"", "filed")


def test_save_takes_chips_notes_and_a_no_for_all_cards(
    teacher: Browser, world: World, backends: Backends, work: Callable[[], None]
) -> None:
    drop(teacher, "Inclusion policy.txt", b"Inclusion policy for all.", key="1")
    drop(teacher, "Language policy.txt", b"Language policy for all.", key="2")
    work()
    second, first = items_of(backends, world.teacher)

    answer = teacher.post(
        "/alder-bay/evidence/new",
        data={
            "item": [first.id, second.id],
            f"practices-{first.id}": PRACTICE,
            f"more-{first.id}": "ib-learner-profile/caring",
            f"note-{first.id}": "Section 2.",
            f"declined-{second.id}": "ib-psp-2020/0301-04",
            "programmes": "PYP",
            "school_year": "2025-26",
            "year_group_id": "",
            "subject_id": "",
            "campus_id": "",
            "visibility": "shareable",
        },
    )

    assert answer.headers["Location"] == "/alder-bay/evidence/"
    with backends.database.reading() as session:
        tags = tagging.tags_of(session, world.teacher, first.id)
        kept = evidence.item(session, world.teacher, second.id)
        assert intake.cards_of(session, world.teacher) == []
    assert [(t.node_key, t.note) for t in tags] == [
        ("ib-learner-profile/caring", "Section 2."),
        (PRACTICE, "Section 2."),
    ]
    assert (kept.programmes, kept.visibility) == (("PYP",), Visibility.SHAREABLE)


def test_what_was_typed_stays_when_saving_is_refused(
    teacher: Browser, world: World, backends: Backends, work: Callable[[], None]
) -> None:
    drop(teacher, "plan.txt")
    work()
    [item] = items_of(backends, world.teacher)

    answer = teacher.post(
        "/alder-bay/evidence/new",
        data={"item": item.id, f"note-{item.id}": "Week three.", "programmes": "XXX", "visibility": "staff"},
    )

    assert answer.status_code == 422
    assert "Week three." in answer.text
    assert 'role="alert"' in answer.text


def test_another_practice_is_added_to_a_card_before_anything_is_saved(
    teacher: Browser, world: World, backends: Backends, work: Callable[[], None]
) -> None:
    drop(teacher, "plan.txt")
    work()
    [item] = items_of(backends, world.teacher)

    answer = teacher.post(
        f"/alder-bay/evidence/new/{item.id}/card",
        data={f"more-{item.id}": PRACTICE, f"note-{item.id}": "So."},
        headers=SCRIPT,
    )

    assert re.search(rf'value="{PRACTICE}" checked', answer.text)
    assert ">So.</textarea>" in answer.text
    with backends.database.reading() as session:
        assert tagging.tags_of(session, world.teacher, item.id) == []


def test_equal_bytes_are_shown_and_decided(
    teacher: Browser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    theirs = filed("Inclusion policy.txt", b"same bytes", actor=world.coordinator)
    assert "The same file, byte for byte" in drop(teacher, "copy.txt", b"same bytes").text
    [mine] = items_of(backends, world.teacher)

    answer = teacher.post(f"/alder-bay/evidence/new/{mine.id}/use/{theirs.id}", headers=SCRIPT)

    assert f'id="card-{theirs.id}"' in answer.text
    assert items_of(backends, world.teacher) == []


def test_equal_bytes_of_a_private_item_are_not_told(teacher: Browser, world: World, filed: FileItem) -> None:
    filed("letter.txt", b"same bytes", actor=world.coordinator, visibility=Visibility.PRIVATE)

    private = drop(teacher, "copy.txt", b"same bytes", key="1").text
    unknown = drop(teacher, "copy.txt", b"other bytes", key="2").text

    without_ids = [re.sub(r"[0-9a-hjkmnp-tv-z]{26}", "ID", text) for text in (private, unknown)]
    assert without_ids[0] == without_ids[1]


def test_leaving_out_and_keeping_both_work_without_scripts(
    teacher: Browser, world: World, backends: Backends, filed: FileItem
) -> None:
    filed("a.txt", b"same bytes", actor=world.coordinator)
    drop(teacher, "copy.txt", b"same bytes")
    [mine] = items_of(backends, world.teacher)

    kept = teacher.post(f"/alder-bay/evidence/new/{mine.id}/keep-both", follow_redirects=True)
    assert "byte for byte" not in kept.text
    left = teacher.post(f"/alder-bay/evidence/new/{mine.id}/leave-out", follow_redirects=True)

    assert "copy.txt" not in left.text
    assert items_of(backends, world.teacher) == []


def test_a_link_and_a_note_are_filed(teacher: Browser, world: World, backends: Backends) -> None:
    teacher.post(
        "/alder-bay/evidence/new/link", data={"url": "https://example.org/plan", "title": "Our plan", "key": "1"}
    )
    teacher.post("/alder-bay/evidence/new/note", data={"title": "Assembly", "text": "We sang.", "key": "2"})

    assert {i.title: i.kind for i in items_of(backends, world.teacher)} == {"Our plan": "link", "Assembly": "note"}


def test_a_script_address_is_no_link(teacher: Browser, world: World, backends: Backends) -> None:
    answer = teacher.post("/alder-bay/evidence/new/link", data={"url": "javascript:alert(1)", "key": "1"})

    assert answer.status_code == 422
    assert "is not a web address" in answer.text
    assert items_of(backends, world.teacher) == []


def test_a_reader_files_nothing(client_for: OpenBrowser, world: World) -> None:
    reader = client_for(world.reader)

    assert reader.get("/alder-bay/evidence/new").status_code == 403
    assert drop(reader, "plan.txt").status_code == 403


def test_nothing_is_taken_without_the_form_token(teacher: Browser, world: World, backends: Backends) -> None:
    data = {"files": (io.BytesIO(b"x"), "x.txt")}

    answer = teacher.open("/alder-bay/evidence/new/files", method="POST", data=data)

    assert answer.status_code == 400
    assert items_of(backends, world.teacher) == []
