"""Pictures of files: a thumbnail for everything that can be drawn, large pages when asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import ExifTags, Image, ImageDraw

from evidence_app.domain.extraction import Picture, Preview, ReaderPool, fonts, paper
from evidence_app.domain.extraction.preview import make_preview
from evidence_app.domain.extraction.reading import Reading, ReadingState, ReadingWarning
from tests.evidence_app.domain.extraction.making import (
    ENGLISH,
    docx_file,
    pdf_file,
    pptx_file,
    saved,
    source,
    xlsx_file,
)

POLICY = docx_file([("Inclusion policy", "Title"), ("Who helps", "Heading 1"), *[(ENGLISH, None)] * 60])


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(size=1) as pool:
        yield pool


def draw(content: bytes, name: str, folder: Path, *, first_page: int = 0, page_count: int = 0) -> Preview:
    """Drawn in this process, from the words where it is a file of an office program."""
    made = source(content, name, folder)
    return make_preview(made, first_page=first_page, page_count=page_count, true_look=False)


def opened(picture: Picture | None) -> Image.Image:
    assert picture is not None
    image = Image.open(io.BytesIO(picture.content))
    assert image.format == "WEBP"
    assert image.size == (picture.width_px, picture.height_px)
    assert not image.getexif()
    return image.convert("RGB")


def darkness(image: Image.Image) -> float:
    """Share of pixels that are not white."""
    histogram = image.convert("L").histogram()
    return 1 - sum(histogram[250:]) / sum(histogram)


def test_preview_comes_back_through_the_child(pool: ReaderPool) -> None:
    preview = pool.preview(io.BytesIO(pdf_file([[("Words", 40)]] * 3)), file_name="x.pdf", first_page=1, page_count=5)

    assert opened(preview.thumb).size == (288, 408)
    assert [opened(page).size for page in preview.pages] == [(1200, 1699)] * 2
    assert preview.page_total == 3
    assert preview.failed_because is None


def test_reason_comes_back_where_nothing_can_be_drawn(pool: ReaderPool) -> None:
    preview = pool.preview(io.BytesIO(b"%PDF-1.4 broken"), file_name="x.pdf")

    assert preview == Preview(failed_because=ReadingWarning("damaged"))


def test_pdf_is_drawn_as_it_is(tmp_path: Path) -> None:
    preview = draw(pdf_file([[("Large words on the page", 40)]]), "x.pdf", tmp_path, page_count=1)

    assert 0.01 < darkness(opened(preview.thumb)) < 0.3
    assert len(preview.pages) == 1


def test_very_long_page_is_cut_at_its_foot(tmp_path: Path) -> None:
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(100, 14_000))
    canvas.drawString(10, 13_900, "top")
    canvas.save()

    thumb = opened(draw(buffer.getvalue(), "x.pdf", tmp_path).thumb)

    assert thumb.size == (288, 720)
    assert darkness(thumb) > 0


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "LA", "CMYK", "I;16"])
def test_pictures_of_all_kinds_have_thumbnails(mode: str, tmp_path: Path) -> None:
    content = saved(lambda file: Image.new(mode, (600, 300)).save(file, "TIFF"))

    assert opened(draw(content, "x.tif", tmp_path).thumb).size == (288, 144)


def test_picture_is_turned_upright_and_loses_its_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (45.0, 4.0, 0.0)
    content = saved(lambda file: Image.new("RGB", (900, 600), "navy").save(file, "JPEG", exif=exif))

    preview = draw(content, "x.jpg", tmp_path, page_count=1)

    assert opened(preview.thumb).size == (288, 432)
    assert opened(preview.pages[0]).size == (600, 900)


def test_clear_ground_of_a_picture_is_shown_white(tmp_path: Path) -> None:
    content = saved(lambda file: Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(file, "PNG"))

    assert opened(draw(content, "x.png", tmp_path).thumb).getpixel((25, 25)) == (255, 255, 255)


def test_very_tall_picture_is_cut(tmp_path: Path) -> None:
    content = saved(lambda file: Image.new("RGB", (100, 5000)).save(file, "PNG"))

    assert opened(draw(content, "x.png", tmp_path).thumb).size == (100, 250)


def test_pages_of_a_tiff_can_be_asked_for(tmp_path: Path) -> None:
    pages = [Image.new("RGB", (300, 200), colour) for colour in ("red", "blue")]
    content = saved(lambda file: pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:]))

    preview = draw(content, "x.tif", tmp_path, first_page=1, page_count=4)

    assert preview.page_total == 2
    assert [opened(page).tobytes()[2] > 200 for page in preview.pages] == [True]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (POLICY, "x.docx"),
        (xlsx_file({"A": [["Grade", "Unit"], *[["5", "Sharing the planet"]] * 90]}), "x.xlsx"),
        (f"# Policy\n\n{ENGLISH}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n".encode(), "x.md"),
        (ENGLISH.encode(), "x.txt"),
        ("Правила школы для всех учеников".encode(), "x.txt"),
        (b"W" * 3000, "x.txt"),
    ],
)
def test_document_without_pages_is_drawn_on_paper(content: bytes, name: str, tmp_path: Path) -> None:
    preview = draw(content, name, tmp_path, page_count=1)

    thumb = opened(preview.thumb)
    assert thumb.size == (288, 407) or thumb.size == (288, 408)
    assert 0.002 < darkness(thumb) < 0.6
    assert opened(preview.pages[0]).width == 1200
    margin = opened(preview.pages[0]).crop((0, 0, 100, 1697))
    assert darkness(margin) == 0


def test_long_text_flows_over_pages_up_to_the_limit(tmp_path: Path) -> None:
    several = draw(POLICY, "x.docx", tmp_path, first_page=1, page_count=1)
    endless = draw(f"{ENGLISH}\n\n".encode() * 4000, "x.txt", tmp_path, page_count=1)

    assert several.page_total == 4
    assert len(several.pages) == 1
    assert endless.page_total == 20


def test_table_goes_on_on_the_next_page(tmp_path: Path) -> None:
    rows = [["Grade", "Unit"], *[[str(number), "Sharing the planet"] for number in range(120)]]

    preview = draw(xlsx_file({"A": rows}), "x.xlsx", tmp_path, page_count=20)

    assert preview.page_total == len(preview.pages) > 1
    assert all(darkness(opened(page)) > 0.01 for page in preview.pages)


def test_row_higher_than_a_page_does_not_stop_the_drawing() -> None:
    reading = Reading("text/csv", ReadingState.TEXT_FOUND, text="\n".join(["a\t" + "word " * 500] * 30))

    assert paper.draw(reading, 300, range(20)).total >= 1


def test_slides_are_drawn_one_by_one(tmp_path: Path) -> None:
    preview = draw(pptx_file([("Welcome", ENGLISH, ""), ("Next", "step", "")]), "x.pptx", tmp_path, page_count=9)

    assert opened(preview.thumb).size == (288, 162)
    assert len(preview.pages) == preview.page_total == 2


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "x.txt", "empty"),
        (b"\x00\x00\x00\x18ftypisom", "x.mp4", "nothing-to-show"),
        (b"\x00\x00\x00\x18ftypheic", "x.heic", "damaged"),
        (b"<html></html>", "x.html", "nothing-to-show"),
        (b"\x89PNG\r\n\x1a\n broken", "x.png", "damaged"),
        (saved(lambda file: Image.effect_noise((300, 300), 50).save(file, "PNG"))[:9000], "x.png", "damaged"),
        (pdf_file([[("x", 9)]], password="secret"), "x.pdf", "encrypted"),
    ],
)
def test_reason_is_given_where_nothing_can_be_drawn(content: bytes, name: str, code: str, tmp_path: Path) -> None:
    preview = draw(content, name, tmp_path)

    assert preview.thumb is None
    assert preview.failed_because is not None
    assert preview.failed_because.code == code


def test_reply_that_is_no_preview_is_refused() -> None:
    header = {"has_thumb": False, "sizes": [[1, 1]], "page_total": 1, "failed_because": None, "is_true_look": True}
    assert Preview.from_reply(header, [b"RIFF...."]).pages[0].width_px == 1

    for change, blobs in (
        ({}, [b"<svg>"]),
        ({}, []),
        ({"sizes": [[0, 1]]}, [b"RIFF"]),
        ({"sizes": [[1, 99_999]]}, [b"RIFF"]),
    ):
        with pytest.raises(ValueError):
            Preview.from_reply(header | change, blobs)


def test_there_is_always_a_typeface(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fonts.font.cache_clear()
    monkeypatch.setattr(fonts, "_VENDORED", tmp_path)
    monkeypatch.setattr(fonts, "_SYSTEM", {("sans", False): ("NoSuchFont.ttf",)})
    try:
        face = fonts.font("sans", 20, bold=False, latin=True)
    finally:
        fonts.font.cache_clear()

    ImageDraw.Draw(Image.new("L", (50, 50))).text((0, 0), "Words", font=face)
    assert face.getlength("Words") > 20
