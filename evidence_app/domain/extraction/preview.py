"""Pictures of a file: PDF pages as they are, pictures upright and without metadata, other documents drawn on paper."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

import pypdfium2
from PIL import Image, ImageOps

from evidence_app.domain.extraction import media_types, paper
from evidence_app.domain.extraction.draft import CannotRead, Damaged, Source
from evidence_app.domain.extraction.extract import read_source
from evidence_app.domain.extraction.limits import MAX_PREVIEW_PAGES, PAGE_WIDTH_PX, THUMB_WIDTH_PX
from evidence_app.domain.extraction.pictures import Picture, Preview
from evidence_app.domain.extraction.readers.image import UNREADABLE_HERE, open_picture
from evidence_app.domain.extraction.readers.pdf import open_pdf
from evidence_app.domain.extraction.reading import ReadingWarning

_HIGHEST = 2.5
"""Height over width of the longest strip that is shown whole; a longer one is cut at its foot."""
_QUALITY = 82
_WHITE = (255, 255, 255)


def make_preview(source: Source, *, first_page: int = 0, page_count: int = 0) -> Preview:
    """A thumbnail, and `page_count` large pictures from `first_page` (0-based) on; if it fails, the reason instead."""
    source.media_type = source.media_type or media_types.sniff(source.file, source.name)
    pages = range(first_page, first_page + min(page_count, MAX_PREVIEW_PAGES))
    draw: Callable[[Source, range], Preview]
    if source.media_type == media_types.PDF:
        draw = _draw_pdf
    elif source.media_type.startswith("image/") and source.media_type not in {*UNREADABLE_HERE, media_types.SVG}:
        draw = _draw_picture
    else:
        draw = _draw_text
    try:
        return draw(source, pages)
    except CannotRead as error:
        return Preview(failed_because=error.warning)
    except (pypdfium2.PdfiumError, OSError, ValueError, SyntaxError, EOFError):
        return Preview(failed_because=Damaged().warning)


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
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in {"RGBA", "LA", "PA", "P"}:
        with_alpha = upright.convert("RGBA")
        ground = Image.new("RGB", with_alpha.size, _WHITE)
        ground.paste(with_alpha, mask=with_alpha.getchannel("A"))
        return ground
    if upright.mode.startswith("I;16") or upright.mode == "I":
        return upright.point(lambda value: value / 256).convert("L").convert("RGB")
    return upright.convert("RGB")


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
