"""Names inside an OLE2 compound file (old Office formats), which say what it is."""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY_BYTES = 128
_MAX_DIRECTORY_SECTORS = 64
_MAX_TABLE_SECTORS = 109
_WORD_FLAGS_OFFSET = 10
_WORD_ENCRYPTED = 0x0100
_LAST_SECTOR = 0xFFFFFFFA
"""Sector numbers above this one are marks: free, end of chain, table."""


def entry_names(file: BinaryIO) -> frozenset[str]:
    """Names of the streams and storages in the directory; empty for a file too broken to tell. Never raises."""
    return frozenset(_entries_if_sound(file))


def word_asks_for_password(file: BinaryIO) -> bool:
    """Whether a Word document is encrypted, by the flag at the start of its main stream."""
    start = _entries_if_sound(file).get("WordDocument")
    if start is None:
        return False
    file.seek(30)
    sector_bytes = _sector_bytes(file.read(2))
    flags = _sector(file, start, sector_bytes)[_WORD_FLAGS_OFFSET : _WORD_FLAGS_OFFSET + 2]
    return len(flags) == 2 and bool(struct.unpack("<H", flags)[0] & _WORD_ENCRYPTED)


def _entries_if_sound(file: BinaryIO) -> dict[str, int]:
    try:
        return _entries(file)
    except (struct.error, OSError, ValueError, OverflowError):
        return {}


def _entries(file: BinaryIO) -> dict[str, int]:
    """Name -> number of its first sector."""
    file.seek(0)
    header = file.read(512)
    sector_bytes = _sector_bytes(header[30:32])
    next_sectors: list[int] = []
    for table_sector in struct.unpack_from(f"<{_MAX_TABLE_SECTORS}I", header, 76):
        if table_sector > _LAST_SECTOR:
            break
        table = _sector(file, table_sector, sector_bytes)
        next_sectors.extend(struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4]))
    entries: dict[str, int] = {}
    sector = struct.unpack_from("<I", header, 48)[0]
    for _ in range(_MAX_DIRECTORY_SECTORS):  # bounds a chain that runs in a circle
        directory = _sector(file, sector, sector_bytes)
        for start in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length = struct.unpack_from("<H", directory, start + 64)[0]
            if 2 < length <= 64:
                name = directory[start : start + length - 2].decode("utf-16-le", "replace")
                entries[name] = struct.unpack_from("<I", directory, start + 116)[0]
        if sector >= len(next_sectors) or next_sectors[sector] > _LAST_SECTOR:
            break
        sector = next_sectors[sector]
    return entries


def _sector_bytes(power: bytes) -> int:
    exponent: int = struct.unpack("<H", power)[0]
    return 1 << min(exponent, 16)


def _sector(file: BinaryIO, number: int, sector_bytes: int) -> bytes:
    file.seek((number + 1) * sector_bytes)
    return file.read(sector_bytes)
