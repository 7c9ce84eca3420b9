"""A message saved from a mail program: subject, date, body. Addresses are no facts, attachments are not opened."""

from __future__ import annotations

import email
import email.policy
import email.utils
from email.message import EmailMessage

from evidence_app.domain.extraction.draft import Damaged, Draft, Source
from evidence_app.domain.extraction.limits import MIB
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.readers import html, plain

_MAX_MESSAGE_BYTES = 48 * MIB


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the subject and the body, plain rather than HTML where both are there."""
    message = email.message_from_bytes(source.read_bytes(_MAX_MESSAGE_BYTES), policy=email.policy.default)
    try:
        _read_message(message, draft)
    except (LookupError, ValueError, TypeError, AttributeError) as error:  # the standard library on broken headers
        raise Damaged from error


def _read_message(message: EmailMessage, draft: Draft) -> None:
    draft.title = one_line(str(message.get("Subject", "")))
    draft.text.add(draft.title)
    if date := email.utils.parsedate(str(message.get("Date", ""))):
        draft.facts["created"] = f"{date[0]:04}-{date[1]:02}-{date[2]:02}T{date[3]:02}:{date[4]:02}:{date[5]:02}"
    body = message.get_body(("plain", "html"))
    if body is not None:
        content = body.get_content()
        text = content if isinstance(content, str) else ""
        (html if body.get_content_subtype() == "html" else plain).read_text(text, draft)
    if count := sum(1 for _ in message.iter_attachments()):
        draft.warn("attachments-not-read", count=count)
