"""Facts of MP4 and QuickTime files, from their index alone: the pictures and sounds are not touched."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, NamedTuple

_MAX_BOXES: Final = 4_000
_MAX_BOX_READ: Final = 1 << 20
_LONGEST_SECONDS: Final = 7 * 24 * 3600
_LARGEST_SIDE_PX: Final = 20_000
_FIXED_POINT: Final = 65_536
_QUARTER_TURNS: Final = frozenset({(0, 1), (0, -1)})
_PLACE_MARKS: Final = (b"\xa9xyz", b"location.ISO6709", b"loci")


class _Box(NamedTuple):
    kind: bytes
    start: int
    end: int


@dataclass(slots=True)
class Film:
    """Length in seconds, and size in pixels as it is shown (0 by 0 for sound alone)."""

    seconds: float = 0.0
    width_px: int = 0
    height_px: int = 0
    tells_place: bool = False

    def facts(self) -> dict[str, Any]:
        """What is known, as facts of a reading."""
        known: dict[str, Any] = {"seconds": round(self.seconds, 1)} if self.seconds else {}
        if self.width_px and self.height_px:
            known |= {"width_px": self.width_px, "height_px": self.height_px}
        return known | ({"tells_place": True} if self.tells_place else {})


def read(file: BinaryIO) -> Film:
    """The facts of an open file; what is broken or missing is left out. Never raises because of the content."""
    film = Film()
    boxes = _Walk(file)
    for box in boxes.inside(0, file.seek(0, 2)):
        if box.kind == b"moov":
            for inner in boxes.inside(box.start, box.end):
                if inner.kind == b"mvhd":
                    film.seconds = _seconds(boxes.content(inner))
                elif inner.kind == b"trak":
                    _take_size(film, boxes, inner)
                elif inner.kind in {b"udta", b"meta"}:
                    content = boxes.content(inner)
                    film.tells_place = film.tells_place or any(mark in content for mark in _PLACE_MARKS)
    return film


class _Walk:
    """Finds boxes by their sizes, and stops after a number of them: sizes are what strangers say."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = _MAX_BOXES

    def inside(self, start: int, end: int) -> Iterator[_Box]:
        """The boxes between two offsets, as long as they fit in there."""
        while start + 8 <= end and self._left > 0:
            self._left -= 1
            self._file.seek(start)
            head = self._file.read(16)
            if len(head) < 8:
                return
            size = int.from_bytes(head[:4], "big")
            content = start + 8
            if size == 1:
                size, content = int.from_bytes(head[8:16], "big"), start + 16
            elif size == 0:
                size = end - start
            if size < content - start or start + size > end:
                return
            yield _Box(head[4:8], content, start + size)
            start += size

    def content(self, box: _Box) -> bytes:
        """The bytes of a box, its beginning where it is long."""
        self._file.seek(box.start)
        return self._file.read(min(box.end - box.start, _MAX_BOX_READ))


def _seconds(header: bytes) -> float:
    try:
        if header[:1] == b"\x01":
            scale, length = struct.unpack_from(">IQ", header, 20)
        else:
            scale, length = struct.unpack_from(">II", header, 12)
    except struct.error:
        return 0.0
    seconds = length / scale if scale else 0.0
    return float(seconds) if seconds < _LONGEST_SECONDS else 0.0


def _take_size(film: Film, boxes: _Walk, track: _Box) -> None:
    """Keep the largest size of all tracks; a film held upright is stored lying, with a quarter turn noted."""
    for box in boxes.inside(track.start, track.end):
        if box.kind == b"tkhd":
            header = boxes.content(box)
            try:
                matrix = struct.unpack_from(">9i", header, len(header) - 44)
                width, height = (side // _FIXED_POINT for side in struct.unpack_from(">II", header, len(header) - 8))
            except struct.error:
                return
            if (matrix[0] // _FIXED_POINT, matrix[1] // _FIXED_POINT) in _QUARTER_TURNS:
                width, height = height, width
            if film.width_px * film.height_px < width * height and max(width, height) <= _LARGEST_SIDE_PX:
                film.width_px, film.height_px = width, height
