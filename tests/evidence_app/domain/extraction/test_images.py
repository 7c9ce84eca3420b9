"""Pictures: size, date, words; never the place they were taken."""

from __future__ import annotations

import shutil

import pytest
from PIL import ExifTags, Image, ImageDraw, ImageFont

from evidence_app.domain.extraction import ocr
from evidence_app.domain.extraction.draft import Source
from evidence_app.domain.extraction.readers import image
from evidence_app.domain.extraction.reading import ReadingState
from tests.evidence_app.domain.extraction.making import read_here, saved
from tests.evidence_app.domain.extraction.making_media import heic_photograph, photograph

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


def picture_of(text: str, size: tuple[int, int] = (1200, 300)) -> Image.Image:
    picture = Image.new("RGB", size, "white")
    ImageDraw.Draw(picture).text((60, 100), text, font=ImageFont.load_default(48), fill="black")
    return picture


def test_size_and_date_are_facts_and_the_place_is_not() -> None:
    reading = read_here(photograph(), "photo.jpg")

    assert reading.facts == {"width_px": 60, "height_px": 40, "taken": "2026-02-03T10:11:12", "tells_place": True}
    assert reading.state is ReadingState.NO_TEXT


@pytest.mark.parametrize("taken", ["", "    :  :     :  :  ", "0000:00:00 00:00:00"])
def test_empty_date_is_no_fact(taken: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.DateTime] = taken
    content = saved(lambda file: Image.new("L", (10, 10)).save(file, "JPEG", exif=exif))

    assert "taken" not in read_here(content, "x.jpg").facts


@needs_tesseract
@pytest.mark.parametrize("format_name", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF"])
def test_words_on_a_picture_are_read(format_name: str) -> None:
    content = saved(lambda file: picture_of("Sharing the planet").save(file, format_name))

    reading = read_here(content, "x")

    assert reading.state is ReadingState.READ_BY_OCR
    assert reading.text == "Sharing the planet"
    assert reading.title == "Sharing the planet"


@needs_tesseract
@pytest.mark.parametrize(
    ("likely", "tried"), [("", ["eng", "fra"]), ("fr", ["fra"]), ("it", ["ita", "fra"]), ("xx", ["eng", "fra"])]
)
def test_words_are_read_again_where_the_likely_language_is_not_theirs(
    monkeypatch: pytest.MonkeyPatch, likely: str, tried: list[str]
) -> None:
    asked: list[str] = []
    words_in = ocr._words_in

    def noting(source: Source, languages: str) -> list[list[str]]:
        asked.append(languages)
        return words_in(source, languages)

    monkeypatch.setattr(ocr, "_words_in", noting)
    text = (
        "Dans cette classe les enfants lisent\nbeaucoup de livres et ils parlent\ndes grands arbres avec leurs parents."
    )
    content = saved(lambda file: picture_of(text, (1200, 400)).save(file, "PNG"))
    assert "les enfants lisent" in read_here(content, "x.png", likely_language=likely).text
    assert asked == tried


@needs_tesseract
def test_pages_of_a_tiff_are_read_one_by_one() -> None:
    pages = [picture_of("First page of it"), picture_of("Second page of it")]
    content = saved(lambda file: pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:]))

    reading = read_here(content, "x.tif")

    assert reading.pages == 2
    assert reading.text[reading.page_starts[1] :] == "Second page of it"


@needs_tesseract
def test_pages_of_a_tiff_past_the_time_are_left_out() -> None:
    content = saved(lambda file: picture_of("First page of it").save(file, "TIFF"))

    reading = read_here(content, "x.tif", seconds=1.0)

    assert [warning.code for warning in reading.warnings] == ["ocr-cut"]


@needs_tesseract
def test_a_reading_without_ocr_says_that_words_may_wait() -> None:
    content = saved(lambda file: picture_of("Words on a wall").save(file, "PNG"))

    quick = read_here(content, "x.png", with_ocr=False)

    assert (quick.state, quick.ocr_waits, quick.text) == (ReadingState.WAITS_FOR_OCR, True, "")
    assert (quick.facts["width_px"], quick.facts["height_px"]) == (1200, 300)
    assert not read_here(content, "x.png").ocr_waits


@needs_tesseract
def test_picture_without_words_gives_no_rubbish() -> None:
    noise = Image.effect_noise((600, 400), 90)

    assert read_here(saved(lambda file: noise.save(file, "PNG")), "x.png").text == ""


def test_picture_says_where_ocr_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "_installed_languages", lambda: ())
    ocr.is_available.cache_clear()
    try:
        reading = read_here(saved(lambda file: picture_of("Words").save(file, "PNG")), "x.png")
    finally:
        ocr.is_available.cache_clear()

    assert [warning.code for warning in reading.warnings] == ["ocr-not-installed"]


def test_photograph_of_an_iphone_is_read() -> None:
    reading = read_here(heic_photograph(), "IMG_0001.HEIC")

    assert reading.media_type == "image/heic"
    assert reading.facts == {"width_px": 96, "height_px": 64, "taken": "2026-03-14T09:30:00", "tells_place": True}


def test_photograph_of_an_iphone_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image, "_heic_is_readable", lambda: False)

    reading = read_here(heic_photograph(), "IMG_0001.HEIC")

    assert reading.state is ReadingState.TOOL_MISSING
    assert [warning.code for warning in reading.warnings] == ["heic-not-installed"]
    assert reading.facts == {"tells_place": True}


@needs_tesseract
@pytest.mark.parametrize("keep", [20, 120, 900])
def test_picture_cut_off_is_damaged(keep: int) -> None:
    content = saved(lambda file: picture_of("Words").save(file, "PNG"))[:keep]

    assert read_here(content, "x.png").state is ReadingState.DAMAGED
