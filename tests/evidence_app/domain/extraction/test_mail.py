"""Messages of mail programs: subject, date, body, names of attachments; no addresses."""

from __future__ import annotations

import pytest

from evidence_app.domain.extraction import media_types
from evidence_app.domain.extraction.reading import Reading, ReadingState
from tests.evidence_app.domain.extraction.making import ENGLISH, read_here
from tests.evidence_app.domain.extraction.making_media import compound_file, message

NINE_O_CLOCK = 134_145_828_000_000_000
"""3 February 2026, 9:00, as Outlook counts."""


def warnings(reading: Reading) -> list[tuple[str, dict[str, object]]]:
    return [(warning.code, dict(warning.params)) for warning in reading.warnings]


def test_message_gives_subject_date_body_and_attachments_but_no_addresses() -> None:
    raw = (
        b"From: Ana <ana@example.org>\r\nTo: bo@example.org\r\nSubject: =?utf-8?q?R=C3=A9union?=\r\n"
        b"Date: Tue, 03 Feb 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>See you <b>there</b></p>\r\n"
        b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=plan.pdf\r\n\r\nx\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: What was said\r\n\r\nbefore\r\n--b--\r\n"
    )

    reading = read_here(raw, "x.eml")

    assert reading.title == "Réunion"
    assert reading.text == "Réunion\nSee you there\nplan.pdf\nWhat was said"
    assert reading.facts == {"created": "2026-02-03T10:00:00"}
    assert warnings(reading) == [("attachments-not-read", {"count": 2, "names": "plan.pdf, What was said"})]


def test_plain_message_is_read() -> None:
    raw = b"From: a@b\nSubject: Hello\nMIME-Version: 1.0\n\nThe body of it\n"

    assert read_here(raw, "x.eml").text == "Hello\nThe body of it"


def test_message_with_broken_headers_is_kept_as_damaged_or_read() -> None:
    raw = b"From: a\nSubject: Hello\nContent-Type: text/plain; charset=no-such-thing\n\nbody\n"

    assert read_here(raw, "x.eml").state in {ReadingState.TEXT_FOUND, ReadingState.DAMAGED}


def test_every_message_of_a_mailbox_is_read() -> None:
    one = b"From a@b Tue Feb  3 10:00:00 2026\nFrom: a@b\nSubject: %s\nMIME-Version: 1.0\n\n%s\n\n"

    reading = read_here(one % (b"First", b"Said first") + one % (b"Second", b"Said later"), "old.mbox")

    assert reading.title == "First"
    assert reading.facts["messages"] == 2
    assert reading.text == "First\nSaid first\n\nSecond\nSaid later"


def test_message_of_outlook_is_read() -> None:
    raw = message("Minutes of Tuesday", ENGLISH, attachments=("minutes.docx", "plan.xlsx"), sent=NINE_O_CLOCK)

    reading = read_here(raw, "x.msg")

    assert reading.media_type == media_types.MSG
    assert reading.state is ReadingState.TEXT_FOUND
    assert (reading.title, reading.language) == ("Minutes of Tuesday", "en")
    assert reading.text == f"Minutes of Tuesday\n{ENGLISH}\nminutes.docx\nplan.xlsx"
    assert reading.facts == {"created": "2026-02-03T09:00:00"}
    assert warnings(reading) == [("attachments-not-read", {"count": 2, "names": "minutes.docx, plan.xlsx"})]


def test_message_of_outlook_in_html_alone_is_read() -> None:
    raw = message("Hello", page="<html><body><p>See <b>you</b></p><script>x()</script></body></html>")

    assert read_here(raw, "x.msg").text == "Hello\nSee you"


@pytest.mark.parametrize("date", [0, 1, 2**63, 2**64 - 1])
def test_impossible_date_of_outlook_is_no_fact(date: int) -> None:
    assert "created" not in read_here(message("Hello", "Words", sent=date), "x.msg").facts


def test_cut_off_message_of_outlook_is_damaged_or_read() -> None:
    whole = message("Hello", ENGLISH)

    for length in (600, 1_100, 3_000, len(whole) - 5_000):
        assert read_here(whole[:length], "x.msg").state in {
            ReadingState.DAMAGED,
            ReadingState.NO_TEXT,
            ReadingState.TEXT_FOUND,
        }


def test_message_of_outlook_without_anything_in_it_has_no_text() -> None:
    reading = read_here(compound_file({("__properties_version1.0",): b""}), "x.msg")

    assert reading.state is ReadingState.NO_TEXT
