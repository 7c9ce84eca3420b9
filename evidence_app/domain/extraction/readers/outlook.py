"""A message saved by Outlook (MSG): subject, date, body, names of attachments, out of a compound file."""

from __future__ import annotations

import contextlib
import datetime as dt
import struct
from typing import Any

import olefile

from evidence_app.domain.extraction.decode import decode
from evidence_app.domain.extraction.draft import Damaged, Draft, Source
from evidence_app.domain.extraction.limits import MIB
from evidence_app.domain.extraction.readers import email

_MAX_STREAM_BYTES = 32 * MIB
_MAX_ATTACHMENTS = 500
_PROPERTIES = "__properties_version1.0"
_HEAD_OF_PROPERTIES = 32
_PROPERTY_BYTES = 16
_SUBJECT, _BODY, _HTML, _LONG_NAME, _SHORT_NAME, _SHOWN_NAME = "0037", "1000", "1013", "3707", "3704", "3001"
_SENT, _DELIVERED, _CODE_PAGE = 0x0039, 0x0E06, 0x3FFD
_UNICODE, _BYTES, _BINARY = "001F", "001E", "0102"
_TICKS_A_SECOND = 10_000_000
_EPOCH = dt.datetime(1601, 1, 1, tzinfo=dt.UTC)


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the subject and the body, plain rather than HTML where both are there."""
    source.file.seek(0)
    try:
        with contextlib.closing(olefile.OleFileIO(source.file)) as box:
            _read_message(_Message(box), draft)
    except (OSError, ValueError, IndexError, struct.error, OverflowError) as error:
        raise Damaged from error


def _read_message(message: _Message, draft: Draft) -> None:
    email.write_head(draft, message.text([], _SUBJECT), message.sent())
    if body := message.text([], _BODY):
        email.write_body(draft, body, "plain")
    elif page := message.text([], _HTML):
        email.write_body(draft, page, "html")
    email.write_attachments(draft, message.attachment_names())


class _Message:
    """The properties of a message: each one a stream that is named for its number and its type."""

    def __init__(self, box: Any) -> None:
        self._box = box
        self._fixed = self._fixed_properties()
        number = struct.unpack_from("<I", self._fixed.get(_CODE_PAGE, bytes(8)))[0]
        self._encoding = f"cp{number}" if 0 < number < 65_000 else ""

    def text(self, folder: list[str], number: str) -> str:
        """A property as text, whichever way it was written; "" where it is missing."""
        for kind in (_UNICODE, _BYTES, _BINARY):
            raw = self._stream([*folder, f"__substg1.0_{number}{kind}"])
            if raw:
                return raw.decode("utf-16-le", "replace") if kind == _UNICODE else decode(raw, self._encoding)
        return ""

    def sent(self) -> str:
        """When it was sent or delivered, ISO 8601, or ""."""
        raw = self._fixed.get(_SENT) or self._fixed.get(_DELIVERED)
        ticks = struct.unpack("<Q", raw)[0] if raw else 0
        with contextlib.suppress(OverflowError):
            moment = _EPOCH + dt.timedelta(seconds=ticks // _TICKS_A_SECOND)
            return moment.strftime("%Y-%m-%dT%H:%M:%S") if 1980 <= moment.year <= 2100 else ""
        return ""

    def attachment_names(self) -> list[str]:
        """What each attachment is called."""
        folders = sorted({entry[0] for entry in self._box.listdir() if entry[0].startswith("__attach_version1.0")})
        return [
            self.text([folder], _LONG_NAME) or self.text([folder], _SHORT_NAME) or self.text([folder], _SHOWN_NAME)
            for folder in folders[:_MAX_ATTACHMENTS]
        ]

    def _stream(self, path: list[str]) -> bytes:
        if not self._box.exists(path) or self._box.get_size(path) > _MAX_STREAM_BYTES:
            return b""
        content: bytes = self._box.openstream(path).read()
        return content

    def _fixed_properties(self) -> dict[int, bytes]:
        """Number -> the eight bytes of its value, of the properties that need no stream of their own."""
        raw = self._stream([_PROPERTIES])
        return {
            struct.unpack_from("<H", raw, start + 2)[0]: raw[start + 8 : start + _PROPERTY_BYTES]
            for start in range(_HEAD_OF_PROPERTIES, len(raw) - _PROPERTY_BYTES + 1, _PROPERTY_BYTES)
        }
