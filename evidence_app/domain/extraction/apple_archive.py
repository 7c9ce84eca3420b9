"""The words in a document of Apple's programs since 2013: packed records, of which only those that hold text are read.

The format is not published. What is used here is what people found out: pieces packed by Snappy, in them messages of
Protocol Buffers, each led by a list of kinds and lengths.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evidence_app.domain.extraction.limits import MIB

_TEXT_STORAGE: Final = 2001
_TABLE_STRINGS: Final = 6005
_VARINT, _BYTES, _EIGHT, _FOUR = 0, 2, 1, 5
_MAX_UNPACKED: Final = 64 * MIB
_OBJECT_MARK: Final = "\ufffc"


class NotAnArchive(ValueError):
    """The bytes are not what is known of this format."""


def texts(raw: bytes) -> Iterator[str]:
    """The runs of text in one part (`*.iwa`), as they stand there. Raises NotAnArchive where it breaks off."""
    content = unpack(raw)
    at = 0
    while at < len(content):
        length, at = _varint(content, at)
        infos, at = content[at : at + length], at + length
        for number, _, info in _fields(infos):
            if number == 2 and isinstance(info, bytes):
                kind, size = _kind_and_size(info)
                message, at = content[at : at + size], at + size
                yield from _strings(kind, message)


def unpack(raw: bytes) -> bytes:
    """The content of a part: chunks of a zero byte, a length of three bytes, and data packed by Snappy."""
    unpacked = bytearray()
    at = 0
    while at + 4 <= len(raw):
        if raw[at] != 0:
            raise NotAnArchive
        length = int.from_bytes(raw[at + 1 : at + 4], "little")
        unpacked += _without_snappy(raw[at + 4 : at + 4 + length], _MAX_UNPACKED - len(unpacked))
        at += 4 + length
    return bytes(unpacked)


def _without_snappy(packed: bytes, most: int) -> bytes:
    total, at = _varint(packed, 0)
    if total > most:
        raise NotAnArchive
    out = bytearray()
    while at < len(packed) and len(out) < total:
        tag = packed[at]
        at += 1
        if tag & 3 == 0:  # bytes as they are
            length = tag >> 2
            if length >= 60:
                extra = length - 59
                length, at = int.from_bytes(packed[at : at + extra], "little"), at + extra
            out += packed[at : at + length + 1]
            at += length + 1
            continue
        if tag & 3 == 1:  # bytes that were there before
            length, size = (tag >> 2 & 7) + 4, 1
            offset = (tag >> 5 << 8) | int.from_bytes(packed[at : at + 1], "little")
        else:
            length, size = (tag >> 2) + 1, 2 if tag & 3 == 2 else 4
            offset = int.from_bytes(packed[at : at + size], "little")
        at += size
        if not 0 < offset <= len(out):
            raise NotAnArchive
        start = len(out) - offset
        piece = bytes(out[start : start + length])
        out += (piece * (length // len(piece) + 1))[:length]
    if len(out) < total:
        raise NotAnArchive
    return bytes(out)


def _kind_and_size(info: bytes) -> tuple[int, int]:
    values = {number: value for number, wire, value in _fields(info) if wire == _VARINT}
    kind, size = values.get(1, 0), values.get(3, 0)
    return (kind, size) if isinstance(kind, int) and isinstance(size, int) else (0, 0)


def _strings(kind: int, message: bytes) -> Iterator[str]:
    if kind not in {_TEXT_STORAGE, _TABLE_STRINGS}:
        return
    for number, _, value in _fields(message):
        if number != 3 or not isinstance(value, bytes):
            continue
        if kind == _TEXT_STORAGE:
            yield _shown(value)
        else:
            yield from (_shown(inner) for n, _, inner in _fields(value) if n == 3 and isinstance(inner, bytes))


def _shown(raw: bytes) -> str:
    return raw.decode("utf-8", "replace").replace(_OBJECT_MARK, "")


def _fields(message: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """Number, kind and value of each field; fixed numbers are passed over."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, at = _varint(message, at)
            yield number, wire, value
        elif wire == _BYTES:
            length, at = _varint(message, at)
            if at + length > len(message):
                raise NotAnArchive
            yield number, wire, message[at : at + length]
            at += length
        elif wire in {_EIGHT, _FOUR}:
            at += 8 if wire == _EIGHT else 4
        else:
            raise NotAnArchive


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(raw):
            raise NotAnArchive
        byte = raw[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise NotAnArchive
