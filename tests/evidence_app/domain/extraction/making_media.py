"""Photographs, films, sounds and messages of Outlook, made on the spot; one HEIC was made once and is kept here."""

from __future__ import annotations

import base64
import io
import struct
import wave
import zlib
from collections.abc import Mapping
from functools import cache

import msoffcrypto.format.ooxml
from PIL import ExifTags, Image

_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_SECTOR = 512
_STREAM = 4096
_HEIC = (
    "eNpjYGCQSSupLMhIzUxmAILczDRDEDs3MzGNgYFxem5qSSIDBChmpOQUQdkMBZnJJQxowCQzJx9siIsDAxMDI4jFuBtCA0ECUAwImKThIieA2C"
    "IzMy8NzAPJigI5qWBlQDUZZcmGDEiCjCAlrhWZYOV8BZkluQxQlQzXMguKCoD09syC5HwgXQHU68zIDBKaAFYk94Hhz98fPxgY+JkTgDokHBh5"
    "GP//BylgBqlgBiG5XUwOiUBJbSdGRjSZBQaNrNNeeWquy2OS4uEACZ0AERwOSUD17C6MB4s2KDkArRFOzs8pykvOqQAK8zKwNQCFRDKLC1LhQc"
    "DAAFImUJBZkQkSYObgAJrGIJ5ZkAsLZUYGRpZGJmYWIFMqsyg1DSrMl5xSnAwOVaB/GQ1yUxJBwR+jwbg+otuIb1K8+NeZ8f9PVaVYhUxeXP5/"
    "WcjRr0qT/xRdYXPlrL63TaLpkvZ5PUZWo0vvz/5WvbfuZOXrew9OHXoxOWgvx7XaFRlPZY1N/vGwPOF4slXYQfR538NoN5uPPUDz2SDB7evLoA"
    "XkcTAwMwqBQgTiivZMBhZo+Bt1qMLZERBvTGAGx6gIKDmABIwMjMysDIytDE0UDCytjA2sDAwYgHrAkcrA5AdJAawM4BBn6GOA6GZyBYmzwMWX"
    "QUNDF2qXHJSGpQNOKM2DLA4ADseENg=="
)


def photograph(
    size: tuple[int, int] = (60, 40), *, place: bool = True, turned: bool = True, colour: str = "navy"
) -> bytes:
    """A JPEG as a phone takes it: turned by a quarter, with date, camera, artist and, unless asked not to, a place."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6 if turned else 1
    exif[ExifTags.Base.Artist] = "Ana Person"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:02:03 10:11:12"
    if place:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", (45.0, 4.0, 0.0)
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def heic_photograph() -> bytes:
    """A HEIC of 96 by 64 pixels, yellow at the left and green at the right, with a date and a place."""
    return zlib.decompress(base64.b64decode(_HEIC))


def sound(seconds: float = 2.0) -> bytes:
    """A WAV of silence."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "none"))
        file.writeframes(bytes(int(8000 * seconds) * 2))
    return buffer.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    """One box of an MP4."""
    return struct.pack(">I", len(content) + 8) + kind + content


def film(
    *, seconds: float = 90.5, size: tuple[int, int] = (1920, 1080), upright: bool = False, extra: bytes = b""
) -> bytes:
    """An MP4 that has an index and no pictures; `extra` are more boxes of its index."""
    head = bytes(12) + struct.pack(">II", 1000, int(seconds * 1000)) + bytes(80)
    turn = (0, 65536, 0, -65536, 0, 0, 0, 0, 0x40000000) if upright else (65536, 0, 0, 0, 65536, 0, 0, 0, 0x40000000)
    track = bytes(40) + struct.pack(">9i", *turn) + struct.pack(">II", size[0] << 16, size[1] << 16)
    index = box(b"mvhd", head) + box(b"trak", box(b"tkhd", track)) + extra
    return box(b"ftyp", b"isom\0\0\2\0isom") + box(b"mdat", bytes(100)) + box(b"moov", index)


def compound_file(streams: Mapping[tuple[str, ...], bytes]) -> bytes:
    """A compound file (OLE2) of these streams, whose paths are folders and a name; each is padded to 4,096 bytes."""
    tree: dict[str, object] = {}
    for path, content in streams.items():
        folder = tree
        for name in path[:-1]:
            folder = folder.setdefault(name, {})  # type: ignore[assignment]
        folder[path[-1]] = content
    entries: list[list[object]] = [["Root Entry", 5, _FREE, _FREE, _END, 0]]
    bodies: list[bytes] = []

    def add(folder: Mapping[str, object], parent: int) -> None:
        before = None
        for name, content in sorted(folder.items()):
            number = len(entries)
            is_folder = isinstance(content, dict)
            start = _END if is_folder else len(bodies)
            entries.append([name, 1 if is_folder else 2, _FREE, _FREE, start, 0 if is_folder else _STREAM])
            if before is None:
                entries[parent][3] = number
            else:
                entries[before][2] = number
            before = number
            if isinstance(content, dict):
                add(content, number)
            elif isinstance(content, bytes):
                bodies.append(content.ljust(_STREAM, b"\0"))

    add(tree, 0)
    directory_sectors = -(-len(entries) * 128 // _SECTOR)
    first = 1 + directory_sectors
    table = [_TABLE, *range(2, directory_sectors + 1), _END]
    raw = b""
    for name, kind, right, child, start, size in entries:
        label = (str(name) + "\0").encode("utf-16-le")
        at = first + int(str(start)) * 8 if kind == 2 else _END
        raw += label.ljust(64, b"\0") + struct.pack("<HBBIII", len(label), kind, 1, _FREE, right, child)
        raw += bytes(36) + struct.pack("<IQ", at, size)
    for number in range(len(bodies)):
        at = first + number * 8
        table += [*range(at + 1, at + 8), _END]
    assert len(table) <= 128, "one sector holds the table"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIII", 1, 1, 0, 4096, _END, 0, _END, 0) + struct.pack("<I", 0)
    header += struct.pack("<I", _FREE) * 108
    body = b"".join(part.ljust(_SECTOR * -(-len(part) // _SECTOR), b"\0") for part in (raw,))
    sector = struct.pack(f"<{len(table)}I", *table).ljust(_SECTOR, b"\xff")
    return header + sector + body + b"".join(bodies)


def message(subject: str, body: str = "", *, page: str = "", attachments: tuple[str, ...] = (), sent: int = 0) -> bytes:
    """A message of Outlook; `sent` counts 100 nanoseconds since 1601."""
    properties = bytes(32) + struct.pack("<HHIQ", 0x0040, 0x0039, 6, sent)
    streams: dict[tuple[str, ...], bytes] = {
        ("__properties_version1.0",): properties,
        ("__substg1.0_0037001F",): subject.encode("utf-16-le"),
    }
    if body:
        streams[("__substg1.0_1000001F",)] = body.encode("utf-16-le")
    if page:
        streams[("__substg1.0_10130102",)] = page.encode()
    for number, name in enumerate(attachments):
        streams[(f"__attach_version1.0_#{number:08X}", "__substg1.0_3707001F")] = name.encode("utf-16-le")
    return compound_file(streams)


@cache
def locked(content: bytes, password: str) -> bytes:
    """A modern Office file under a password, as Office 2010 and later lock it."""
    buffer = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(content)).encrypt(password, buffer)
    return buffer.getvalue()
