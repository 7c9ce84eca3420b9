"""Names inside an OLE2 compound file (old Office formats), which say what it is."""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY_BYTES = 128
_MAX_DIRECTORY_SECTORS = 64
_MAX_TABLE_SECTORS = 109
_LAST_SECTOR = 0xFFFFFFFA
"""Sector numbers above this one are marks: free, end of chain, table."""


def entry_names(file: BinaryIO) -> frozenset[str]:
    """Names of the streams and storages in the directory; empty for a file too broken to tell. Never raises."""
    try:
        return _entry_names(file)
    except (struct.error, OSError, ValueError, OverflowError):
        return frozenset()


def _entry_names(file: BinaryIO) -> frozenset[str]:
    file.seek(0)
    header = file.read(512)
    sector_bytes = 1 << min(struct.unpack_from("<H", header, 30)[0], 16)
    next_sectors: list[int] = []
    for table_sector in struct.unpack_from(f"<{_MAX_TABLE_SECTORS}I", header, 76):
        if table_sector > _LAST_SECTOR:
            break
        table = _sector(file, table_sector, sector_bytes)
        next_sectors.extend(struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4]))
    names: set[str] = set()
    sector = struct.unpack_from("<I", header, 48)[0]
    for _ in range(_MAX_DIRECTORY_SECTORS):  # bounds a chain that runs in a circle
        directory = _sector(file, sector, sector_bytes)
        for start in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            length = struct.unpack_from("<H", directory, start + 64)[0]
            if 2 < length <= 64:
                names.add(directory[start : start + length - 2].decode("utf-16-le", "replace"))
        if sector >= len(next_sectors) or next_sectors[sector] > _LAST_SECTOR:
            break
        sector = next_sectors[sector]
    return frozenset(names)


def _sector(file: BinaryIO, number: int, sector_bytes: int) -> bytes:
    file.seek((number + 1) * sector_bytes)
    return file.read(sector_bytes)
