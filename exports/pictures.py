"""Pictures made fit for a document: upright, of modest size, without what a camera writes into them."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps

OpenExhibit = Callable[[str], BinaryIO]
LONGEST_SIDE = 1600
MOST_BYTES = 60_000_000


@dataclass(frozen=True, slots=True)
class ReadyPicture:
    """PNG or JPEG bytes with the size in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int


class ExhibitMissing(LookupError):
    """The bytes of an exhibit or picture are not there; the message names it. Nothing partial is handed out."""


def open_picture(sha256: str, name: str, open_exhibit: OpenExhibit | None) -> ReadyPicture | None:
    """The picture with this hash, made ready; None without a store, or if the bytes are no picture we can read.

    Raises ExhibitMissing if the store does not give the bytes, or gives others: an edition must not lose a picture to
    a passing fault, nor show another one.
    """
    if open_exhibit is None:
        return None
    with open_stored(sha256, name, open_exhibit) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) <= MOST_BYTES and hashlib.sha256(data).hexdigest() != sha256:
        raise ExhibitMissing(
            f"The stored bytes of {name} are not those it was frozen with (SHA-256 {sha256}), so nothing was made. "
            "Restore it, or withdraw the citation and freeze again."
        )
    return ready_picture(data)


def open_stored(sha256: str, name: str, open_exhibit: OpenExhibit) -> BinaryIO:
    """The bytes behind a hash.

    Raises ExhibitMissing, saying what is missing and what to do, whatever the store raises.
    """
    try:
        return open_exhibit(sha256)
    except Exception as error:
        raise ExhibitMissing(
            f"The file of {name} (SHA-256 {sha256}) cannot be taken from the store, so nothing was made: {error} "
            "Restore it, or withdraw the citation and freeze again."
        ) from error


def ready_picture(data: bytes) -> ReadyPicture | None:
    """The picture turned upright, at most 1600 pixels long, without metadata; None if it cannot be read safely."""
    if len(data) > MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            # A picture that unpacks to hundreds of megapixels is refused, not only warned about.
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(data)) as opened:
                opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                return _encode(opened)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning, MemoryError):
        return None


def _encode(opened: Image.Image) -> ReadyPicture:
    lossy = opened.format in ("JPEG", "MPO", "WEBP")
    image = ImageOps.exif_transpose(opened)
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    image = image.convert("RGBA" if clear else "RGB")
    out = io.BytesIO()
    if lossy and not clear:
        image.save(out, "JPEG", quality=85, optimize=True)
    else:
        image.save(out, "PNG", optimize=True)
    kind = "image/jpeg" if lossy and not clear else "image/png"
    return ReadyPicture(out.getvalue(), kind, image.width, image.height)
