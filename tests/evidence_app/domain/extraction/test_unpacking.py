"""A mail taken apart, whatever it is like."""

from __future__ import annotations

import io
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from evidence_app.domain.extraction import ReaderPool, Unpacked
from evidence_app.domain.extraction.draft import Source
from evidence_app.domain.extraction.unpacking import unpack

HEAD = b"From: Anna <Anna@School.example>\r\nMessage-ID: <one-mail@school.example>\r\n"


def taken_apart(raw: bytes, folder: Path) -> Unpacked:
    return unpack(Source(io.BytesIO(raw), len(raw), "mail.eml", "message/rfc822", folder, time.monotonic() + 10))


@pytest.mark.parametrize("odd", ["<>", "<@scanner>", "<[abc@scanner]>", "<abc@[>", "", "<a@b> <c@d>"])
def test_a_mail_whose_head_is_odd_is_taken_apart_all_the_same(odd: str, tmp_path: Path) -> None:
    raw = f"From: anna@school.example\r\nMessage-ID: {odd}\r\nSubject: Plan\r\n\r\nHello.\r\n".encode()
    found = taken_apart(raw, tmp_path)
    assert (found.senders, found.subject, found.words) == (("anna@school.example",), "Plan", "Hello.")


def test_names_words_and_files_of_every_kind_are_found(tmp_path: Path) -> None:
    inner = EmailMessage()
    inner["Subject"] = "The one before"
    inner.set_content("Older words.")
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Anna <Anna@School.example>", "Élèves à l'école"
    mail.set_content("Hello.\n-- \nAnna, Room 4\n")
    mail.add_alternative("<p>Hello.</p>", subtype="html")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Évaluation.pdf")
    mail.add_attachment(inner)
    mail.add_attachment(b"x" * 100, maintype="image", subtype="png", disposition="inline", cid="<logo>")
    mail.add_attachment(b"x" * 50_000, maintype="image", subtype="jpeg", disposition="inline", filename="IMG_1.jpg")
    mail.add_attachment(b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    found = taken_apart(mail.as_bytes(), tmp_path)
    assert (found.senders, found.subject, found.words) == (("anna@school.example",), "Élèves à l'école", "Hello.")
    assert [one.name for one in found.attachments] == ["Évaluation.pdf", "attachment 2.eml", "IMG_1.jpg"]
    assert b"Older words." in found.attachments[1].content


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (b"Content-Type: text/plain; charset=nonsense\r\n\r\nWords \xe9", "Words �"),
        (b"Content-Type: text/html\r\n\r\n<script>no</script><p>Words</p>", "Words"),
        (b"Content-Type: multipart/mixed; boundary=never\r\n\r\nno part at all", ""),
        (b"\r\n", ""),
    ],
)
def test_odd_mails_give_what_they_hold(more: bytes, words: str, tmp_path: Path) -> None:
    found = taken_apart(HEAD + more, tmp_path)
    assert found.senders == ("anna@school.example",)
    assert found.message_id == "<one-mail@school.example>"
    assert found.words == words


@pytest.mark.parametrize(
    "sender", [b"From: nobody\r\n", b"From: a@b.example, c@d.example\r\n", b"", b"From: \xff\xfe <\r\n"]
)
def test_no_single_sender_is_made_up(sender: bytes, tmp_path: Path) -> None:
    found = taken_apart(sender + b"Subject: x\r\n\r\ny", tmp_path)
    assert len(found.senders) != 1 or "@" not in found.senders[0]


def test_the_limited_child_takes_mails_apart_and_lives_on() -> None:
    with ReaderPool() as readers:
        deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3000))
        readers.unpack(io.BytesIO(HEAD + deep))
        found = readers.unpack(io.BytesIO(HEAD + b"\r\nWords."))
    assert found is not None
    assert found.words == "Words."
