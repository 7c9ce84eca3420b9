"""A mail taken apart: who it says it is from, its words, and its attachments. Runs in a limited child."""

from __future__ import annotations

import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage, MIMEPart
from enum import StrEnum
from typing import Any, Final

from evidence_app.domain.extraction.draft import Draft, Source
from evidence_app.domain.extraction.limits import MIB
from evidence_app.domain.extraction.plain_text import TextFull, one_line
from evidence_app.domain.extraction.readers.email import write_body

MAX_MAIL_BYTES: Final = 48 * MIB
MAX_UNPACKED_BYTES: Final = 64 * MIB
_MAX_ATTACHMENTS: Final = 50
_MAX_WORDS: Final = 100_000
_MAX_LINE: Final = 4_000
_SMALL_PICTURE_BYTES: Final = 24 * 1024
"""A picture that stands in the words and is smaller than this is a logo, not a photograph."""
_NO_EVIDENCE: Final = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "text/vcard"}
)
_MESSAGE_ID: Final = re.compile(r"<[^<>\s@]{4,120}@[^<>\s@]{1,120}>")
_SIGNATURE: Final = re.compile(r"^-- \n.*", re.MULTILINE | re.DOTALL)


class LeftOut(StrEnum):
    """What is not taken of a mail, and why."""

    FILES = "files"
    EMPTY_FILES = "empty files"
    SMALL_PICTURES = "small pictures"
    TEXTS = "texts"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a mail, under the name the mail gives it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A mail in its parts. `senders` are the addresses it says it is from, in small letters; `results` what servers on
    its way say they have checked, the last one first. `left` counts what was left out: parts, of words the characters.
    """

    senders: tuple[str, ...] = ()
    subject: str = ""
    message_id: str = ""
    results: tuple[str, ...] = ()
    words: str = ""
    attachments: tuple[Attachment, ...] = ()
    left: Mapping[LeftOut, int] = field(default_factory=dict)

    @classmethod
    def from_reply(cls, header: Mapping[str, Any], blobs: Sequence[bytes]) -> Unpacked:
        """The mail a child has taken apart. Raises ValueError, KeyError or TypeError for anything else."""
        return cls(
            senders=_texts(header["senders"]),
            subject=_text(header["subject"]),
            message_id=_text(header["message_id"]),
            results=_texts(header["results"]),
            words=_text(header["words"]),
            attachments=tuple(
                Attachment(name, content) for name, content in zip(_texts(header["names"]), blobs, strict=True)
            ),
            left={LeftOut(kind): int(count) for kind, count in dict(header["left"]).items()},
        )

    def header(self) -> dict[str, Any]:
        """What a child says of it, beside the attachments' bytes."""
        return {
            "senders": list(self.senders),
            "subject": self.subject,
            "message_id": self.message_id,
            "results": list(self.results),
            "words": self.words,
            "names": [attachment.name for attachment in self.attachments],
            "left": dict(self.left),
        }


def unpack(source: Source) -> Unpacked:
    """The mail taken apart. Raises whatever the standard library does on a broken one."""
    message = email.message_from_bytes(source.read_bytes(MAX_MAIL_BYTES), policy=email.policy.default)
    left: Counter[LeftOut] = Counter()
    return Unpacked(
        senders=tuple(_senders(message)),
        subject=one_line(_first(message, "Subject"))[:_MAX_LINE],
        message_id=_message_id(_first(message, "Message-ID")),
        results=tuple(one_line(value)[:_MAX_LINE] for value in _heads(message, "Authentication-Results")[:5]),
        words=_words(message, left),
        attachments=tuple(_attachments(message, left)),
        left=left,
    )


def _heads(message: EmailMessage, name: str) -> list[str]:
    """What stands under this name in the head; nothing where the standard library stumbles over what it is."""
    try:
        return [str(value) for value in message.get_all(name, [])]
    except (LookupError, ValueError, AttributeError, TypeError):
        return []


def _first(message: EmailMessage, name: str) -> str:
    return next(iter(_heads(message, name)), "")


def _message_id(given: str) -> str:
    """The name its first server gave the mail; empty where that is none, which others might have, too."""
    found = _MESSAGE_ID.search(given)
    return found[0] if found else ""


def _senders(message: EmailMessage) -> Iterator[str]:
    try:
        heads = message.get_all("From", [])
    except (LookupError, ValueError, AttributeError):  # the standard library on a head that is none
        return
    for head in heads:
        for address in getattr(head, "addresses", ()):
            yield one_line(str(address.addr_spec)).lower()


def _words(message: EmailMessage, left: Counter[LeftOut]) -> str:
    """What is written in it, plain rather than HTML, without the signature below."""
    body = message.get_body(("plain", "html"))
    if body is None or body.is_attachment():
        _count(left, LeftOut.TEXTS, _count_texts(message))
        return ""
    _count(left, LeftOut.TEXTS, _count_texts(message) - 1)
    draft = Draft()
    try:
        write_body(draft, _text_of(body), body.get_content_subtype())
    except TextFull:
        # How much did not fit is not known any more: it is one piece of text.
        _count(left, LeftOut.TEXTS, 1)
    words = _SIGNATURE.sub("", draft.text.text()).strip()
    _count(left, LeftOut.WORDS, len(words) - _MAX_WORDS)
    return words[:_MAX_WORDS]


def _count_texts(part: MIMEPart) -> int:
    """In how many places words are written; what says the same in several ways is one."""
    if part.get_content_maintype() == "multipart":
        counts = [_count_texts(inner) for inner in part.iter_parts()]
        return min(1, sum(counts)) if part.get_content_subtype() == "alternative" else sum(counts)
    is_text = part.get_content_type() in ("text/plain", "text/html") and not _is_file(part)
    return int(is_text and bool(_text_of(part).strip()))


def _count(left: Counter[LeftOut], kind: LeftOut, more: int) -> None:
    if more > 0:
        left[kind] += more


def _text_of(body: MIMEPart) -> str:
    """The text of a part; one whose character set nobody knows is taken for UTF-8, as far as it is that."""
    try:
        content = body.get_content()
    except (LookupError, ValueError):
        content = _content(body).decode(errors="replace")
    return content if isinstance(content, str) else ""


def _attachments(message: EmailMessage, left: Counter[LeftOut]) -> Iterator[Attachment]:
    """The files in it; not the small pictures of a signature, nor what only proves who has signed."""
    parts = [part for part in _leaves(message) if _is_file(part)]
    _count(left, LeftOut.FILES, len(parts) - _MAX_ATTACHMENTS)
    for number, part in enumerate(parts[:_MAX_ATTACHMENTS], 1):
        content = _content(part)
        if not content:
            _count(left, LeftOut.EMPTY_FILES, 1)
        elif _is_logo(part, content):
            _count(left, LeftOut.SMALL_PICTURES, 1)
        else:
            yield Attachment(_name(part, number), content)


def _leaves(part: MIMEPart) -> Iterator[MIMEPart]:
    """The parts that are no envelope of others; a mail that was attached is one file."""
    if part.get_content_maintype() != "multipart":
        yield part
        return
    for inner in part.iter_parts():
        yield from _leaves(inner)


def _is_file(part: MIMEPart) -> bool:
    kind = part.get_content_type()
    if kind in _NO_EVIDENCE:
        return False
    return part.is_attachment() or bool(part.get_filename()) or part.get_content_maintype() not in ("text", "multipart")


def _is_logo(part: MIMEPart, content: bytes) -> bool:
    stands_in_words = part.get_content_disposition() == "inline" or "Content-ID" in part
    return part.get_content_maintype() == "image" and stands_in_words and len(content) < _SMALL_PICTURE_BYTES


def _content(part: MIMEPart) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_content()
        return inner.as_bytes() if isinstance(inner, EmailMessage) else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _name(part: MIMEPart, number: int) -> str:
    given = one_line(part.get_filename() or "")
    if given:
        return given[:_MAX_LINE]
    subtype = re.sub(r"[^a-z0-9]", "", part.get_content_subtype().lower())[:8]
    ending = {"rfc822": "eml", "jpeg": "jpg", "plain": "txt"}.get(subtype, subtype or "bin")
    return f"attachment {number}.{ending}"


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {type(value).__name__}")
    value.encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, which is a ValueError
    return value


def _texts(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"expected a list, got {type(values).__name__}")
    return tuple(_text(value) for value in values)
