"""A message saved from a mail program: subject, date, body, names of attachments. Addresses are no facts."""

from __future__ import annotations

import email
import email.policy
import email.utils
import re
from collections.abc import Iterator, Sequence
from email.message import EmailMessage

from evidence_app.domain.extraction import media_types
from evidence_app.domain.extraction.draft import Damaged, Draft, Source
from evidence_app.domain.extraction.limits import MAX_PAGES, MIB
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.readers import html, plain

_MAX_MESSAGE_BYTES = 48 * MIB
_MAX_NAMES = 100
_NAMES_IN_WARNING = 5
_MESSAGE_START = re.compile(rb"^From [^\n]{1,500}\n(?=[!-9;-~]+:)", re.MULTILINE)


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the subject and the body, plain rather than HTML where both are there.

    A mailbox of several messages gives one after the other; its title is the first subject.
    """
    raw = source.read_bytes(_MAX_MESSAGE_BYTES)
    if source.media_type != media_types.MBOX:
        _read_message(raw, draft)
        return
    found = list(_MESSAGE_START.finditer(raw))
    draft.facts["messages"] = len(found)
    for match, end in zip(found[:MAX_PAGES], [*(after.start() for after in found[1:]), len(raw)], strict=False):
        draft.text.break_here()
        _read_message(raw[match.end() : end], draft)


def _read_message(raw: bytes, draft: Draft) -> None:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    try:
        write_head(draft, str(message.get("Subject", "")), _date(message))
        body = message.get_body(("plain", "html"))
        if body is not None:
            content = body.get_content()
            write_body(draft, content if isinstance(content, str) else "", body.get_content_subtype())
        write_attachments(draft, list(_attachment_names(message)))
    except (LookupError, ValueError, TypeError, AttributeError) as error:  # the standard library on broken headers
        raise Damaged from error


def write_head(draft: Draft, subject: str, sent: str) -> None:
    """Begin a message: its subject is the title of the first one, `sent` (ISO 8601 or "") when it was written."""
    line = one_line(subject)
    draft.title = draft.title or line
    draft.text.add(line)
    if sent:
        draft.facts.setdefault("created", sent)


def write_body(draft: Draft, text: str, kind: str) -> None:
    """Add the body, which is "html" or plain."""
    (html if kind == "html" else plain).read_text(text, draft)


def write_attachments(draft: Draft, names: Sequence[str]) -> None:
    """Add the names of attachments, so that the message is found by them, and say that they were not opened."""
    known = [one_line(name) for name in names[:_MAX_NAMES]]
    for name in known:
        draft.text.add(name)
    if names:
        named = ", ".join(name for name in known[:_NAMES_IN_WARNING] if name)
        draft.warn(
            "attachments-not-read",
            count=len(names),
            names=named + ("…" if len(names) > len(known[:_NAMES_IN_WARNING]) else ""),
        )


def _date(message: EmailMessage) -> str:
    date = email.utils.parsedate(str(message.get("Date", "")))
    if not date:
        return ""
    return f"{date[0]:04}-{date[1]:02}-{date[2]:02}T{date[3]:02}:{date[4]:02}:{date[5]:02}"


def _attachment_names(message: EmailMessage) -> Iterator[str]:
    """The name of each attachment; a message that was attached is named by its subject."""
    for part in message.iter_attachments():
        name = part.get_filename() or ""
        if not name and part.get_content_type() == media_types.EMAIL:
            inner = part.get_content()
            name = str(inner.get("Subject", "")) if isinstance(inner, EmailMessage) else ""
        yield name
