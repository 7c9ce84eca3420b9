"""Typefaces for drawn pages: the product's own where they hold the letters, else what the machine has."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_VENDORED: Final = Path(__file__).resolve().parents[2] / "static" / "vendor"
_OWN: Final = {"sans": "inter-*/inter-latin-wght-normal.woff2", "serif": "source-serif-*/*-latin-wght-normal.woff2"}
_SYSTEM: Final = {
    ("sans", False): ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf"),
    ("sans", True): ("DejaVuSans-Bold.ttf", "NotoSans-Bold.ttf", "LiberationSans-Bold.ttf"),
    ("serif", False): ("DejaVuSerif.ttf", "NotoSerif-Regular.ttf", "LiberationSerif-Regular.ttf"),
    ("serif", True): ("DejaVuSerif-Bold.ttf", "NotoSerif-Bold.ttf", "LiberationSerif-Bold.ttf"),
}
_BOLD: Final = 640
_REGULAR: Final = 400
_NOT_LATIN = re.compile("[^\x00-\u024f\u2010-\u2044\u20ac\u2122]")


def is_latin(text: str) -> bool:
    """Whether the product's typefaces hold nearly all characters of `text`."""
    return len(_NOT_LATIN.findall(text)) * 50 <= len(text)


@cache
def font(family: str, size_px: int, *, bold: bool, latin: bool) -> Font:
    """A face of `family` ("sans" or "serif"); always one, if need be the small one that Pillow brings along."""
    if latin:
        for path in sorted(_VENDORED.glob(_OWN[family])):
            own = ImageFont.truetype(str(path), size_px)
            own.set_variation_by_axes([_BOLD if bold else _REGULAR] * len(own.get_variation_axes()))
            return own
    for name in _SYSTEM[family, bold]:
        try:
            return ImageFont.truetype(name, size_px)
        except OSError:
            continue
    return ImageFont.load_default(size_px)
