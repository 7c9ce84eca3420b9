"""Pictures: size, date taken, and the words on them where OCR is installed.

Where a picture was taken is never read, only whether it tells: such a picture goes out as a copy that does not.
"""

from __future__ import annotations

import contextlib
import re
from functools import cache

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from PIL.ImageFile import ImageFile

from evidence_app.domain.extraction import media_types, ocr, place_data
from evidence_app.domain.extraction.draft import Damaged, Draft, Source, TooLarge, ToolMissing
from evidence_app.domain.extraction.language import detect
from evidence_app.domain.extraction.limits import MAX_OCR_PAGES, MAX_PIXELS
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.reading import TELLS_PLACE
from evidence_app.domain.extraction.titles import first_strong_line

_SMALLEST_SIDE_FOR_OCR = 80
_EXIF_DATE = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")


def open_picture(source: Source) -> ImageFile:
    """The picture, opened but not decoded. Raises Damaged, TooLarge for one of more than MAX_PIXELS, ToolMissing."""
    if source.media_type in media_types.HEIC and not _heic_is_readable():
        raise ToolMissing("heic-not-installed")
    source.file.seek(0)
    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked below, and has a sentence
    try:
        picture = Image.open(source.file)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Damaged from error
    pixels = picture.width * picture.height
    if pixels > MAX_PIXELS:
        raise TooLarge("pixels", width=picture.width, height=picture.height, limit=MAX_PIXELS)
    return picture


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the facts of the picture, and its words."""
    draft.facts[TELLS_PLACE] = True  # until it is known not to: a picture that cannot be read may tell
    picture = open_picture(source)
    draft.facts.update(width_px=picture.width, height_px=picture.height)
    draft.facts[TELLS_PLACE] = place_data.tells_place(picture)
    with contextlib.suppress(Exception):  # a broken EXIF block is no reason to refuse a picture
        _read_exif(picture, draft)
    frames = getattr(picture, "n_frames", 1) if source.media_type == "image/tiff" else 1
    draft.pages = frames if frames > 1 else None
    if min(picture.size) < _SMALLEST_SIDE_FOR_OCR:
        return
    if not ocr.is_available():
        draft.warn("ocr-not-installed")
        return
    if not source.with_ocr:
        draft.ocr_waits = True
        return
    _read_words(picture, frames, source, draft)
    draft.title = one_line(first_strong_line(draft.text.text()))


@cache
def _heic_is_readable() -> bool:
    """Whether the library that opens photographs of Apple's phones is installed; it is made known to Pillow."""
    try:
        import pi_heif
    except ImportError:
        return False
    pi_heif.options.DECODE_THREADS = 1
    pi_heif.register_heif_opener()
    return True


def _read_words(picture: Image.Image, frames: int, source: Source, draft: Draft) -> None:
    done = 0
    for number in range(min(frames, MAX_OCR_PAGES)):
        if source.seconds_left < ocr.SECONDS_A_PAGE:
            break
        try:
            picture.seek(number)
            upright = ImageOps.exif_transpose(picture).convert("L")
        except (OSError, ValueError, SyntaxError, EOFError) as error:
            if number == 0:
                raise Damaged from error
            draft.warn("page-damaged", page=number + 1)
            break
        if frames > 1:
            draft.start_page()
        text = ocr.read_picture(upright, source, draft.declared_language)
        draft.declared_language = draft.declared_language or detect(text)
        draft.chars_by_ocr += len(text)
        draft.text.add(text)
        done += 1
    if done < frames:
        draft.warn("ocr-cut", read=done, pages=frames)


def _read_exif(picture: Image.Image, draft: Draft) -> None:
    exif = picture.getexif()
    taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    if match := _EXIF_DATE.match(str(taken or "")):
        year, month, day, time = match.groups()
        if int(year) > 1900:
            draft.facts["taken"] = f"{year}-{month}-{day}T{time}"
