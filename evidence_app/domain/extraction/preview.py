"""Pictures of a file: PDF pages as they are, pictures upright and without metadata, other documents drawn on paper."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
from PIL import Image, ImageOps

from evidence_app.domain.extraction import film_poster, media_types, office, paper
from evidence_app.domain.extraction.draft import CannotRead, Damaged, Source
from evidence_app.domain.extraction.extract import read_source
from evidence_app.domain.extraction.limits import MAX_PREVIEW_PAGES, PAGE_WIDTH_PX, THUMB_WIDTH_PX
from evidence_app.domain.extraction.pictures import Picture, Preview
from evidence_app.domain.extraction.place_data import on_white, tells_place, without_place
from evidence_app.domain.extraction.readers import iwork
from evidence_app.domain.extraction.readers.image import open_picture
from evidence_app.domain.extraction.readers.pdf import open_pdf
from evidence_app.domain.extraction.reading import ReadingWarning
from evidence_app.domain.extraction.unlocking import unlocked

_HIGHEST = 2.5
"""Height over width of the longest strip that is shown whole; a longer one is cut at its foot."""
_QUALITY = 82
_LOOKS_AS_WORDS = media_types.SNIFFED_TEXT - {media_types.HTML, media_types.SVG} | {media_types.MSG, media_types.MBOX}
"""Kinds that have no look of their own: a page with their words is as true as any."""


def make_preview(source: Source, *, first_page: int = 0, page_count: int = 0, true_look: bool = True) -> Preview:
    """A thumbnail, and `page_count` large pictures from `first_page` (0-based) on; if it fails, the reason instead.

    Pages of Office files look as LibreOffice shows them where it is installed, time is left and `true_look` is wanted;
    a thumbnail alone does not wait for that.
    """
    source.media_type = source.media_type or media_types.sniff(source.file, source.name)
    pages = range(first_page, first_page + min(page_count, MAX_PREVIEW_PAGES))
    try:
        source = unlocked(source)
        return _way_to_draw(source.media_type, true_look=true_look and bool(pages))(source, pages)
    except CannotRead as error:
        return Preview(failed_because=error.warning)
    except (pypdfium2.PdfiumError, OSError, ValueError, SyntaxError, EOFError):
        return Preview(failed_because=Damaged().warning)


def make_copy_without_place(source: Source) -> Preview:
    """A copy of a picture for others, as `thumb`, or why it failed; nothing where the picture itself may be given.

    That is one that tells no place, and that other people's programs open, as they do not a HEIC.
    """
    try:
        picture = open_picture(source)
        if source.media_type not in media_types.HEIC and not tells_place(picture):
            return Preview()
        copy = without_place(picture)
    except CannotRead as error:
        return Preview(failed_because=error.warning)
    except (OSError, ValueError, SyntaxError, EOFError):
        return Preview(failed_because=Damaged().warning)
    return Preview(thumb=copy, page_total=1)


def _way_to_draw(media_type: str, *, true_look: bool) -> Callable[[Source, range], Preview]:
    if media_type == media_types.PDF:
        return _draw_pdf
    if media_type.startswith("image/") and media_type != media_types.SVG:
        return _draw_picture
    if media_type.startswith("video/"):
        return _draw_film
    if media_type == media_types.IWORK:
        return _draw_what_is_inside
    return _draw_office if true_look and media_type in office.HAVE_PAGES and office.is_available() else _draw_text


def _draw_office(source: Source, pages: range) -> Preview:
    converted = office.convert(source, "pdf") if source.seconds_left > office.SECONDS_NEEDED else None
    if converted is None:
        return _draw_text(source, pages)
    with converted.open("rb") as file:
        inner = replace(source, file=file, size_bytes=os.fstat(file.fileno()).st_size, media_type=media_types.PDF)
        return _draw_pdf(inner, pages)


def _draw_film(source: Source, pages: range) -> Preview:
    poster = film_poster.take(source)
    if poster is None:
        return Preview(failed_because=ReadingWarning("nothing-to-show"))
    with poster.open("rb") as file:
        return _draw_picture(replace(source, file=file, media_type="image/png"), pages)


def _draw_what_is_inside(source: Source, pages: range) -> Preview:
    inner = iwork.embedded(source)
    if inner is None:
        return Preview(failed_because=ReadingWarning("nothing-to-show"))
    return (_draw_pdf if inner.media_type == media_types.PDF else _draw_picture)(inner, pages)


def _draw_pdf(source: Source, pages: range) -> Preview:
    with contextlib.closing(open_pdf(source)) as document:
        with contextlib.suppress(pypdfium2.PdfiumError):
            document.init_forms()  # what was typed into a form belongs to the page
        total = len(document)
        thumb = _encode(_render(document, 0, THUMB_WIDTH_PX * 2), THUMB_WIDTH_PX)
        large = [_encode(_render(document, page, PAGE_WIDTH_PX), PAGE_WIDTH_PX) for page in pages if page < total]
    return Preview(thumb=thumb, pages=tuple(large), page_total=total)


def _render(document: pypdfium2.PdfDocument, number: int, width_px: int) -> Image.Image:
    with contextlib.closing(document[number]) as page:
        width, height = page.get_size()
        if height > width * _HIGHEST:
            page.set_cropbox(0, height - width * _HIGHEST, width, height)
        picture: Image.Image = page.render(scale=width_px / max(width, 1.0)).to_pil()
    return picture.convert("RGB")


def _draw_picture(source: Source, pages: range) -> Preview:
    picture = open_picture(source)
    total = getattr(picture, "n_frames", 1) if source.media_type == "image/tiff" else 1
    large = [_encode(_frame(picture, page), PAGE_WIDTH_PX) for page in pages if page < total]
    return Preview(thumb=_encode(_frame(picture, 0), THUMB_WIDTH_PX), pages=tuple(large), page_total=total)


def _frame(picture: Image.Image, number: int) -> Image.Image:
    """One frame, upright, on white; a new picture that has no metadata."""
    picture.seek(number)
    return on_white(ImageOps.exif_transpose(picture))


def _draw_text(source: Source, pages: range) -> Preview:
    reading = read_source(source)
    if not reading.has_text:
        reason = reading.warnings[-1] if reading.warnings else ReadingWarning("nothing-to-show")
        return Preview(failed_because=reason)
    small = paper.draw(reading, THUMB_WIDTH_PX * 2, range(1), counted=False)
    large = paper.draw(reading, PAGE_WIDTH_PX, pages) if pages else paper.Drawing()
    return Preview(
        thumb=_encode(small.pages[0], THUMB_WIDTH_PX),
        pages=tuple(_encode(page, PAGE_WIDTH_PX) for page in large.pages),
        page_total=large.total,
        is_true_look=source.media_type in _LOOKS_AS_WORDS,
    )


def _encode(picture: Image.Image, width_px: int) -> Picture:
    """The picture as WebP, at most `width_px` wide and not higher than a long page."""
    if picture.height > picture.width * _HIGHEST:
        picture = picture.crop((0, 0, picture.width, int(picture.width * _HIGHEST)))
    if picture.width > width_px:
        height = max(1, round(picture.height * width_px / picture.width))
        picture = picture.resize((width_px, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
    encoded = io.BytesIO()
    picture.save(encoded, "WEBP", quality=_QUALITY, method=3)
    return Picture(encoded.getvalue(), picture.width, picture.height)
