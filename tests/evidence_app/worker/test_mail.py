"""Evidence sent by e-mail, taken from a real mailbox."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import IO

import pytest
from PIL import Image
from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.domain import evidence, intake, mail, schools
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, ItemKind, Visibility
from evidence_app.domain.extraction import ReaderPool, Unpacked
from evidence_app.domain.intake import EntryState, Shown
from evidence_app.domain.jobs import Job, JobKind
from evidence_app.domain.mail import Mail, Mailbox, MailboxFacts, Outcome, Passwords, Security, Trouble
from evidence_app.errors import NotAllowed
from evidence_app.worker import mail as worker_mail
from evidence_app.worker.handlers import Lane
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.fixtures import World

pytest.importorskip("pymap", reason="pymap is not installed")
from tests.servers.mailbox import PASSWORD, USER, MailServer, mail_server

SERVER = "mx.school.example"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def mailbox(world: World, backends: Backends, server: MailServer, tools: Tools) -> Mailbox:
    """The school's mailbox on that server, looked at once while it was empty."""
    object.__setattr__(backends.settings, "mail_hosts", frozenset({f"{server.host}:{server.port}"}))
    made = set_up(world, backends, server)
    look(tools)
    return made


def set_up(world: World, backends: Backends, server: MailServer, *, password: str = PASSWORD) -> Mailbox:
    facts = MailboxFacts(
        address=USER,
        host=server.host,
        port=server.port,
        security=Security.PLAIN,
        user=USER,
        trusted_server=SERVER,
    )
    Passwords(backends.settings.home).keep(world.school.id, password)
    with backends.database.unit_of_work() as session:
        return mail.set_mailbox(session, actor=world.administrator, facts=facts)


def look(tools: Tools) -> None:
    """One look into every mailbox."""
    with tools.database.unit_of_work() as session:
        mail.ask_for_mail(session)
    while work_once(tools, [Lane.MAILBOXES]):
        pass


def letter(sender: str, subject: str = "The wall", words: str = "", id: str = "", **more: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, USER, subject
    message["Message-ID"] = id or f"<{subject.replace(' ', '-')}-of-today@school.example>"
    for name, value in more.items():
        message[name.replace("_", "-")] = value
    message.set_content(words)
    return message


def photo(width: int) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((width, 300), 60).save(file, "JPEG", quality=95)
    return file.getvalue()


def items_of(backends: Backends, actor: Actor) -> list[Item]:
    """What the actor has filed, the oldest first."""
    with backends.database.reading() as session:
        return evidence.recent_items(session, actor, owner_id=actor.person_id)[::-1]


def outcomes(backends: Backends) -> list[Outcome]:
    with backends.database.reading() as session:
        return [Outcome(one.outcome) for one in session.scalars(select(Mail).order_by(Mail.looked_at))]


def state_of(backends: Backends, world: World) -> Mailbox:
    with backends.database.reading() as session:
        return session.get_one(Mailbox, world.school.id)


def test_what_a_member_sends_is_filed_once_for_them_alone_until_they_save_it(
    world: World, backends: Backends, tools: Tools, server: MailServer, mailbox: Mailbox
) -> None:
    wall = letter(
        f"A Teacher <{world.teacher.email.upper()}>", "Fwd: The wall in May", "As seen on Friday.\n-- \nA T\n"
    )
    for n in range(2):
        wall.add_attachment(photo(300 + n), maintype="image", subtype="jpeg", filename=f"IMG_{n}.jpg")
    wall.add_attachment(b"\x89PNG tiny logo", maintype="image", subtype="png", disposition="inline", cid="<logo>")
    plans = letter(world.teacher.email, "Two plans", "For you.")
    plans.add_attachment("A plan for rivers.", filename="rivers.txt")
    plans.add_attachment(b"%PDF-1.4 broken", maintype="application", subtype="pdf", filename="../../bridge.pdf")
    note = letter(world.teacher.email, "What I saw", "They asked each other about the bridge.")
    server.deliver(*(one.as_bytes() for one in (wall, plans, note)))
    look(tools)
    look(tools)
    items = items_of(backends, world.teacher)
    assert [(one.title, one.kind) for one in items] == [
        ("The wall in May", ItemKind.FILE),
        ("rivers", ItemKind.FILE),
        ("bridge", ItemKind.FILE),
        ("What I saw", ItemKind.NOTE),
    ]
    assert {Visibility(one.visibility) for one in items} == {Visibility.PRIVATE}
    with backends.database.reading() as session:
        parts = evidence.parts_of(session, evidence.current_version(session, items[0]))
        cards = intake.cards_of(session, world.teacher)
        assert intake.next_facts(session, world.teacher).visibility == Visibility.STAFF
    assert [part.version.file_name for part in parts] == ["IMG_0.jpg", "IMG_1.jpg"]
    assert items[0].description == "As seen on Friday."
    assert items[1].purpose == "Two plans"
    assert {card.entry_state for card in cards} == {EntryState.MAILED}
    assert all(b"Seen" not in flags for flags in server.flags()), "the mailbox is only read"

    with backends.database.unit_of_work() as session:
        facts = intake.next_facts(session, world.teacher)
        intake.save_batch(session, actor=world.teacher, shown=[Shown(items[1].id)], facts=facts)
    assert items_of(backends, world.teacher)[1].visibility == Visibility.STAFF


def test_a_mail_the_receiving_server_vouches_for_is_as_open_as_usual_and_no_other_is(
    world: World, backends: Backends, tools: Tools, server: MailServer, mailbox: Mailbox
) -> None:
    vouched = f"{SERVER}; spf=pass smtp.mailfrom={world.teacher.email}"
    one = letter(world.teacher.email, "One", "Vouched for.", Authentication_Results=vouched)
    forged = letter(world.teacher.email, "Two", "Forged.", Authentication_Results=f"{SERVER}; spf=fail")
    forged["Authentication-Results"] = vouched
    server.deliver(one.as_bytes(), forged.as_bytes())
    look(tools)
    seen = {item.title: Visibility(item.visibility) for item in items_of(backends, world.teacher)}
    assert seen == {"One": Visibility.STAFF, "Two": Visibility.PRIVATE}


def test_strangers_are_counted_and_bad_mails_stop_no_others(
    world: World,
    backends: Backends,
    tools: Tools,
    server: MailServer,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mail, "MOST_MAIL_BYTES", 200_000)
    huge = letter(world.teacher.email, "Huge", "x")
    huge.add_attachment(bytes(300_000), maintype="application", subtype="zip", filename="all.zip")
    two = f"{world.teacher.email}, {world.head.email}"
    good = letter(world.teacher.email, "Good", "It works.")
    server.deliver(
        letter("stranger@elsewhere.example", "Buy", "now").as_bytes(),
        letter(two, "From two", "x").as_bytes(),
        b"\xff\x00 no mail at all",
        letter(world.reader.email, "A reader files nothing", "x").as_bytes(),
        letter(world.teacher.email, "Nothing", "").as_bytes(),
        huge.as_bytes(),
        good.as_bytes(),
        good.as_bytes().replace(b"It works.", b"It works!"),
    )
    look(tools)
    assert [item.title for item in items_of(backends, world.teacher)] == ["Good"]
    assert outcomes(backends) == [Outcome.EMPTY, Outcome.TOO_LARGE, Outcome.FILED, Outcome.AGAIN]
    assert state_of(backends, world).from_strangers == 4
    with backends.database.reading() as session:
        told = mail.told_to(session, world.teacher)
        assert mail.told_to(session, world.head) == []
    assert {one.subject for one in told} == {"Nothing", "Huge"}


def test_a_crash_between_two_mails_files_nothing_twice(
    world: World,
    backends: Backends,
    tools: Tools,
    server: MailServer,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.deliver(*(letter(world.teacher.email, f"Mail {n}", "Words.").as_bytes() for n in range(3)))
    file_letter, calls = mail.file_letter, []

    def crash_at_the_second(*args: object, **rest: object) -> list[Item]:
        calls.append(1)
        made = file_letter(*args, **rest)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise KeyboardInterrupt
        return made

    monkeypatch.setattr(mail, "file_letter", crash_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        worker_mail.read_mailbox(tools, [the_job(world)])
    assert [item.title for item in items_of(backends, world.teacher)] == ["Mail 0"]
    worker_mail.read_mailbox(tools, [the_job(world)])
    with backends.database.unit_of_work() as session:
        # The server counts its mails anew, as after it was restored.
        session.get_one(Mailbox, world.school.id).uid_validity = 1
    worker_mail.read_mailbox(tools, [the_job(world)])
    assert [item.title for item in items_of(backends, world.teacher)] == ["Mail 0", "Mail 1", "Mail 2"]


def test_what_is_left_out_of_a_mail_is_told_to_its_sender(
    world: World, backends: Backends, tools: Tools, server: MailServer, mailbox: Mailbox
) -> None:
    many = letter(world.teacher.email, "Many", "long " * 5_000)
    for n in range(52):
        many.add_attachment(f"text {n}".encode(), maintype="application", subtype="x-notes", filename=f"{n}.notes")
    many.add_attachment("More words.", disposition="inline")
    logo = letter(world.teacher.email, "With a logo", "One.")
    logo.add_attachment(b"\x89PNG tiny logo", maintype="image", subtype="png", disposition="inline", cid="<logo>")
    server.deliver(many.as_bytes(), logo.as_bytes(), letter(world.teacher.email, "Whole", "Words.").as_bytes())
    look(tools)
    with backends.database.reading() as session:
        told = mail.told_to(session, world.teacher)
        counts = mail.counts_of_mails(session, world.administrator)
    assert [one.left for one in told] == [{"small pictures": 1}, {"texts": 1, "files": 2, "words": 4_999}]
    assert counts == {Outcome.IN_PART: 2, Outcome.FILED: 1}
    assert [str(words) for words in told[0].outcome_words] == [
        "Small pictures in its words, taken for logos and left out: 1.",
        "The rest of it was filed. Send what is missing on the page for filing.",
    ]
    assert state_of(backends, world).filed == 3


def test_a_mail_whose_head_cannot_be_read_is_set_aside_for_somebody_to_see_and_looked_at_again(
    world: World,
    backends: Backends,
    tools: Tools,
    server: MailServer,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    server.deliver(*(letter(world.teacher.email, name, "Words.").as_bytes() for name in ("One", "Two")))
    (tmp_path / "child.py").write_text("raise SystemExit(9)")
    with ReaderPool(script=tmp_path / "child.py") as deadly, monkeypatch.context() as patch:
        patch.setattr(tools, "_readers", deadly)
        look(tools)
    assert items_of(backends, world.teacher) == []
    assert state_of(backends, world).from_strangers == 0
    with backends.database.reading() as session:
        assert len(mail.unread_mails(session, world.administrator)) == 2
        assert mail.count_unread(session, world.coordinator) == 2
        assert mail.count_unread(session, world.teacher) == 0
    unpack, calls = tools.readers.unpack, []

    def die_at_first(raw: IO[bytes]) -> Unpacked | None:
        calls.append(raw)
        return unpack(raw) if calls[1:] else None

    server.deliver(letter(world.teacher.email, "Three", "Words.").as_bytes())
    with monkeypatch.context() as patch:
        patch.setattr(tools.readers, "unpack", die_at_first)
        look(tools)
    assert [item.title for item in items_of(backends, world.teacher)] == ["Three"]
    with backends.database.unit_of_work() as session:
        mail.try_unread_again(session, actor=world.administrator)
    look(tools)
    assert {item.title for item in items_of(backends, world.teacher)} == {"One", "Two", "Three"}
    with backends.database.reading() as session:
        assert mail.count_unread(session, world.coordinator) == 0


def test_fewer_mails_are_taken_where_nobody_vouches_for_their_sender(
    world: World,
    backends: Backends,
    tools: Tools,
    server: MailServer,
    mailbox: Mailbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker_mail, "MOST_A_DAY_NOT_VOUCHED_FOR", 1)
    monkeypatch.setattr(worker_mail, "MOST_A_DAY", 1)
    vouched = f"{SERVER}; spf=pass smtp.mailfrom={world.teacher.email}"
    server.deliver(
        *(letter(world.teacher.email, f"Anybody {n}", "Words.").as_bytes() for n in range(2)),
        letter(world.teacher.email, "Vouched", "Words.", Authentication_Results=vouched).as_bytes(),
    )
    look(tools)
    assert outcomes(backends) == [Outcome.FILED, Outcome.TOO_MANY, Outcome.FILED]


def test_a_mail_for_which_there_is_no_room_is_not_taken_and_its_sender_is_told(
    world: World, backends: Backends, tools: Tools, server: MailServer, mailbox: Mailbox
) -> None:
    world.file_item(name="large.bin", content=b"x" * 1024 * 1024)
    with backends.database.unit_of_work() as session:
        schools.set_person_quota(session, actor=world.administrator, person_mib=1)
    full = letter(world.teacher.email, "Photos", "Here.")
    full.add_attachment(photo(300), maintype="image", subtype="jpeg", filename="wall.jpg")
    server.deliver(full.as_bytes(), letter(world.head.email, "Plan", "Of another.").as_bytes())
    look(tools)
    assert outcomes(backends) == [Outcome.NO_ROOM, Outcome.FILED]
    assert [item.title for item in items_of(backends, world.teacher)] == ["large"]
    with backends.database.reading() as session:
        (told,) = mail.told_to(session, world.teacher)
    assert "no room" in str(told.outcome_words[0])


def the_job(world: World) -> Job:
    return Job(school_id=world.school.id, kind=JobKind.READ_MAILBOX, subject=world.school.id)


def test_what_lay_there_before_is_left_alone_and_trouble_is_said(
    world: World, backends: Backends, tools: Tools, server: MailServer
) -> None:
    server.deliver(letter(world.teacher.email, "Old", "Words.").as_bytes())
    set_up(world, backends, server)
    look(tools)
    assert state_of(backends, world).trouble == Trouble.HOST_NOT_ALLOWED, "nobody has allowed it"
    object.__setattr__(backends.settings, "mail_hosts", frozenset({f"{server.host}:{server.port}"}))
    set_up(world, backends, server, password="wrong")
    look(tools)
    assert state_of(backends, world).trouble == Trouble.SIGN_IN
    set_up(world, backends, server)
    look(tools)
    assert state_of(backends, world).trouble == Trouble.NONE
    assert items_of(backends, world.teacher) == []
    with pytest.raises(NotAllowed), backends.database.unit_of_work() as session:
        mail.switch_mailbox(session, actor=world.teacher, on=False)
