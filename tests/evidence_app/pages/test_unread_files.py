"""Files whose words nobody can find: their card, their page and Health name what is the matter, and what to do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image

from evidence_app.domain.access import Actor
from tests.evidence_app.domain.extraction import making
from tests.evidence_app.pages.conftest import Browser, FileItem, as_sent
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
DAMAGED = ("Damaged", "Ask for the document again and file that as a new version")
LOCKED = ("Needs a password", "Give the password on its page")
UNKNOWN = ("Kept, cannot be searched", "Say in its description what it shows, so that it is found")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("Inclusion policy.docx", b"PK\x03\x04 and no more", DAMAGED),
        ("Minutes.pdf", making.pdf_file([[("Minutes", 12)]], password="secret"), LOCKED),
        ("Timetable.xyz", bytes(range(256)) * 8, UNKNOWN),
    ],
)
def test_a_file_that_cannot_be_read_is_named_for_what_it_is(
    client_for: OpenBrowser,
    world: World,
    work: Callable[[], None],
    name: str,
    content: bytes,
    said: tuple[str, str],
) -> None:
    teacher = client_for(world.teacher)
    teacher.post("/alder-bay/evidence/new/files", **as_sent((name, content), form_key="k"))
    work()

    card = teacher.get("/alder-bay/evidence/new").text.partition('id="filings"')[2].partition("</section>")[0]
    item_id = card.partition('id="card-')[2].partition('"')[0]
    page = teacher.get(f"/alder-bay/evidence/{item_id}").text
    health = client_for(world.administrator).get("/alder-bay/admin/health").text

    for words in said:
        assert words in card
        assert words in page
    assert "Ready" not in card
    unread = health.partition("Files without their text")[2].partition("</section>")[0]
    assert said[0] in unread
    assert "1 file." in unread
    assert "Every file was read" not in unread


def test_a_document_without_a_word_is_named_and_a_photograph_is_not(
    client_for: OpenBrowser, world: World, work: Callable[[], None]
) -> None:
    teacher = client_for(world.teacher)
    picture = making.saved(lambda file: Image.new("RGB", (60, 40), "white").save(file, "PNG"))
    for name, content in (("Empty.docx", making.docx_file()), ("Wall.png", picture)):
        teacher.post("/alder-bay/evidence/new/files", **as_sent((name, content), form_key=name))
    work()

    cards = teacher.get("/alder-bay/evidence/new").text.partition('id="filings"')[2].split("<article")[1:]

    assert ["No text in it" in card for card in cards] == [True, False]
    assert ["Ready" in card for card in cards] == [False, True]


def test_health_leads_to_what_cannot_be_read_and_counts_no_file_that_was_replaced(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    broken = filed("Policy.docx", b"PK\x03\x04 and no more")
    work()
    administrator = client_for(world.administrator)
    health = "/alder-bay/admin/health"
    assert "/alder-bay/evidence/?text_state=damaged" in administrator.get(health).text
    assert "Policy" in administrator.get("/alder-bay/evidence/?text_state=damaged").text

    client_for(world.teacher).post(
        f"/alder-bay/evidence/{broken.id}/versions/new", **as_sent(("Policy.txt", b"How we include everyone."))
    )
    work()

    assert "Every file was read" in administrator.get(health).text
