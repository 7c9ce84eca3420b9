"""Whether a picture tells where it was taken, and a copy of it that tells nothing but what one sees."""

from __future__ import annotations

import io
from typing import Final

from PIL import ExifTags, Image, ImageOps, IptcImagePlugin
from PIL.ImageFile import ImageFile

from evidence_app.domain.extraction.pictures import Picture

_PLACES_IN_XMP: Final = (b"GPSL", b"GPSI", b":City", b":Location", b"Sublocation", b":CountryName", b":State")
_FILM_IN_XMP: Final = (b"MotionPhoto", b"MicroVideo")
_PLACES_IN_IPTC: Final = ((2, 26), (2, 27), (2, 90), (2, 92), (2, 95), (2, 100), (2, 101))
_COPY_SIDE_PX: Final = 4_096
_COPY_QUALITY: Final = 88
_WHITE: Final = (255, 255, 255)


def tells_place(picture: ImageFile) -> bool:
    """Whether its metadata hold coordinates, the name of a place, or a film of the moment, which holds its own.

    Metadata too broken to read may tell somebody with a better program.
    """
    try:
        exif = picture.getexif()
        if exif.get_ifd(ExifTags.IFD.GPSInfo):
            return True
        xmp = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp") or b""
        packet = xmp.encode("utf-8", "replace") if isinstance(xmp, str) else bytes(xmp)
        if any(mark in packet for mark in (*_PLACES_IN_XMP, *_FILM_IN_XMP)):
            return True
        iptc = IptcImagePlugin.getiptcinfo(picture) or {}
        return any(key in iptc for key in _PLACES_IN_IPTC)
    except Exception:  # whatever Pillow raises on a broken block
        return True


def without_place(picture: Image.Image) -> Picture:
    """The first frame as JPEG: upright, at most 4,096 pixels a side, in its colours, and without any metadata."""
    profile = picture.info.get("icc_profile")
    upright = on_white(ImageOps.exif_transpose(picture))
    upright.thumbnail((_COPY_SIDE_PX, _COPY_SIDE_PX), reducing_gap=3.0)
    encoded = io.BytesIO()
    kept = {"icc_profile": profile} if profile and picture.mode in {"RGB", "RGBA"} else {"icc_profile": None}
    upright.info.clear()  # a comment would be written again
    upright.save(encoded, "JPEG", quality=_COPY_QUALITY, exif=b"", **kept)
    return Picture(encoded.getvalue(), upright.width, upright.height, "image/jpeg")


def on_white(picture: Image.Image) -> Image.Image:
    """The picture in RGB, what is clear in it white."""
    if picture.mode in {"RGBA", "LA", "PA", "P"}:
        with_alpha = picture.convert("RGBA")
        ground = Image.new("RGB", with_alpha.size, _WHITE)
        ground.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return ground
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.point(lambda value: value / 256).convert("L").convert("RGB")
    return picture.convert("RGB")
