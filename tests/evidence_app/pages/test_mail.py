"""The page where an administrator sets up the mailbox, and what a sender sees of what came from it."""

from __future__ import annotations

import stat
from collections.abc import Callable

from evidence_app.backends import Backends
from evidence_app.domain import evidence, intake, mail
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import ItemFacts, Visibility
from evidence_app.domain.extraction import LeftOut
from evidence_app.domain.intake import EntryState
from evidence_app.domain.mail import Mailbox, Outcome, Passwords
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
PAGE = "/alder-bay/admin/mail"
FACTS = {
    "address": "evidence@school.example",
    "host": "10.0.0.7",
    "port": "993",
    "security": "tls",
    "user": "evidence@school.example",
    "folder": "INBOX",
}


def kept(backends: Backends, world: World) -> Mailbox | None:
    with backends.database.reading() as session:
        return session.get(Mailbox, world.school.id)


def test_an_administrator_sets_up_a_mailbox_tries_it_and_forgets_it(
    world: World, client_for: Open, backends: Backends
) -> None:
    browser = client_for(world.administrator)
    secret = "only for this mailbox"
    answer = browser.post(PAGE, data={**FACTS, "password": secret}, follow_redirects=True)
    assert "What is sent there from now on is filed" in answer.text
    path = backends.settings.home / "mail-passwords" / world.school.id
    assert path.read_text() == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret not in browser.get(PAGE).text
    tried = browser.post(f"{PAGE}/try", follow_redirects=True).text
    assert "not on the public internet" in tried
    moved = browser.post(PAGE, data={**FACTS, "host": "imap.thief.example", "password": ""})
    assert moved.status_code == 422, "a password is never sent to another server than the one it was typed for"
    assert browser.post(PAGE, data={**FACTS, "folder": "Evidence", "password": ""}).status_code == 302
    assert path.read_text() == secret
    bad = browser.post(PAGE, data={**FACTS, "host": "http://school.example/imap", "password": "x"})
    assert "is no name of a server" in bad.text
    browser.post(f"{PAGE}/off")
    assert kept(backends, world).is_on is False  # type: ignore[union-attr]
    browser.post(f"{PAGE}/remove")
    assert kept(backends, world) is None
    assert not Passwords(backends.settings.home).of(world.school.id)
    assert client_for(world.coordinator).get(PAGE).status_code in (403, 404)
    assert client_for(world.teacher).post(f"{PAGE}/try").status_code in (403, 404)


def test_a_sender_sees_what_came_in_their_name_and_what_was_not_taken(
    world: World, client_for: Open, backends: Backends
) -> None:
    client_for(world.administrator).post(PAGE, data={**FACTS, "password": "x"})
    blob = backends.blobs.put(world.school.id, [b"What I saw."])
    with backends.database.unit_of_work() as session:
        facts = ItemFacts(title="What I saw", visibility=Visibility.PRIVATE)
        item = evidence.add_note(session, actor=world.teacher, blob=blob, facts=facts)
        intake.enter(session, world.teacher, item, is_new=True, state=EntryState.MAILED)
        mail.note_mail(
            session,
            actor=world.teacher,
            digest="a" * 64,
            message_id="",
            subject="All our photos",
            outcome=Outcome.TOO_LARGE,
        )
    teacher = client_for(world.teacher)
    home = teacher.get("/alder-bay/").text
    assert "1 thing came by e-mail in your name" in home
    assert "not saved yet" not in home, "it was not the teacher who began to file it"
    page = teacher.get("/alder-bay/evidence/new").text
    assert "evidence@school.example" in page
    assert "All our photos" in page
    assert "larger than a mail can be" in page
    others = client_for(world.coordinator).get("/alder-bay/evidence/new").text
    assert "All our photos" not in others


def test_what_was_filed_in_part_or_could_not_be_read_is_told(
    world: World, client_for: Open, backends: Backends
) -> None:
    boss = client_for(world.administrator)
    boss.post(PAGE, data={**FACTS, "password": "x"})
    with backends.database.unit_of_work() as session:
        mail.set_aside(session, world.school.id, 7, size_bytes=3_000_000)
        mail.note_mail(
            session,
            actor=world.teacher,
            digest="a" * 64,
            message_id="",
            subject="Sixty photos",
            outcome=Outcome.IN_PART,
            items=50,
            left={LeftOut.FILES: 10},
        )
    filing = client_for(world.teacher).get("/alder-bay/evidence/new").text
    assert "filed in part" in filing
    assert "more files than are taken of a mail; left out: 10." in filing
    assert "Sixty photos" not in filing, "what was filed may be erased, and its name with it"
    page = boss.get(PAGE).text
    assert "Filed in part, the sender was told" in page
    assert "Could not be read" in page
    assert "1 mail to the school’s mailbox could not be read" in client_for(world.coordinator).get("/alder-bay/").text
    boss.post(f"{PAGE}/unread/again")
    assert "is looked at again" in boss.get(PAGE).text
    boss.post(f"{PAGE}/unread/leave")
    assert "Could not be read" not in boss.get(PAGE).text
