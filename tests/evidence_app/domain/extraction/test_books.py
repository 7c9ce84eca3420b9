"""Books (EPUB) and documents of Apple's programs: archives with pages, pictures or a PDF inside."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from evidence_app.domain.extraction import media_types
from evidence_app.domain.extraction.preview import make_preview
from evidence_app.domain.extraction.reading import ReadingState
from tests.evidence_app.domain.extraction.making import ENGLISH, pdf_file, read_here, saved, source, zip_file

CONTAINER = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'


def book(chapters: dict[str, str], *, title: str = "", more: dict[str, str | bytes] | None = None) -> bytes:
    """An EPUB of these chapters, in this order."""
    items = "".join(f'<item id="{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in chapters)
    order = "".join(f'<itemref idref="{n}"/>' for n in chapters)
    package = (
        f"<package><metadata><title>{title}</title><language>en</language><date>2026-02-03</date></metadata>"
        f"<manifest>{items}</manifest><spine>{order}</spine></package>"
    )
    pages = {f"OEBPS/{name}.xhtml": f"<html><body>{body}</body></html>" for name, body in chapters.items()}
    first = {"mimetype": media_types.EPUB, "META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package}
    return zip_file({**first, **pages, **(more or {})})


def test_chapters_are_pages_in_the_order_of_the_book() -> None:
    content = book({"z": f"<h1>Who we are</h1><p>{ENGLISH}</p>", "a": "<p>The end of it</p>"}, title="Our year book")

    reading = read_here(content, "x.epub")

    assert reading.media_type == media_types.EPUB
    assert (reading.title, reading.language) == ("Our year book", "en")
    assert reading.facts == {"created": "2026-02-03"}
    assert reading.headings == ("Who we are",)
    assert reading.text[reading.page_starts[1] :] == "The end of it"


def test_book_without_a_title_takes_its_first_heading() -> None:
    assert read_here(book({"a": "<h1>Who we are</h1>", "b": "<h1>Later</h1>"}), "x.epub").title == "Who we are"


def test_book_with_a_missing_chapter_says_so_and_reads_the_others() -> None:
    content = book({"a": "<p>Here</p>", "b": "<p>Gone</p>"}).replace(b"OEBPS/b.xhtml", b"OEBPS/c.xhtml")

    reading = read_here(content, "x.epub")

    assert reading.text == "Here"
    assert [warning.code for warning in reading.warnings] == ["part-missing"]


def test_locked_book_says_so_and_locked_fonts_do_no_harm() -> None:
    lock = '<encryption><EncryptedData><CipherReference URI="{}"/></EncryptedData></encryption>'
    name = "META-INF/encryption.xml"

    assert read_here(book({"a": "x"}, more={name: lock.format("OEBPS/a.xhtml")}), "x.epub").state is (
        ReadingState.ENCRYPTED
    )
    assert read_here(book({"a": "Words"}, more={name: lock.format("OEBPS/font.otf")}), "x.epub").text == "Words"


@pytest.mark.parametrize(
    "members",
    [
        {"META-INF/container.xml": "<container/>"},
        {"META-INF/container.xml": CONTAINER},
        {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": "<package/>"},
        {"META-INF/container.xml": CONTAINER.replace("OEBPS/book.opf", "../../../etc/passwd")},
    ],
)
def test_broken_book_is_damaged(members: dict[str, str | bytes]) -> None:
    assert read_here(zip_file({"mimetype": media_types.EPUB, **members}), "x.epub").state is ReadingState.DAMAGED


def test_book_is_drawn_from_its_words(tmp_path: Path) -> None:
    preview = make_preview(source(book({"a": f"<p>{ENGLISH}</p>"}), "x.epub", tmp_path), page_count=1)

    assert preview.thumb is not None
    assert not preview.is_true_look


def apple_document(members: dict[str, str | bytes]) -> bytes:
    """A document of Pages, Numbers or Keynote, with nothing in it but these members."""
    return zip_file({"Index/Document.iwa": b"\x00", **members})


def test_pdf_inside_an_apple_document_is_read_and_shown(tmp_path: Path) -> None:
    content = apple_document({"QuickLook/Preview.pdf": pdf_file([[("Unit plan of grade 5", 30)]])})

    reading = read_here(content, "x.pages")
    preview = make_preview(source(content, "x.pages", tmp_path), page_count=1)

    assert reading.media_type == media_types.IWORK
    assert reading.text == "Unit plan of grade 5"
    assert len(preview.pages) == 1


def test_apple_document_of_today_is_shown_by_its_picture_and_says_what_to_do(tmp_path: Path) -> None:
    picture = saved(lambda file: Image.new("RGB", (600, 800), "white").save(file, "JPEG"))
    content = apple_document({"preview.jpg": picture})

    reading = read_here(content, "x.key")
    preview = make_preview(source(content, "x.key", tmp_path))

    assert reading.state is ReadingState.NO_TEXT
    assert [warning.code for warning in reading.warnings] == ["apple-document"]
    assert preview.thumb is not None
    assert make_preview(source(apple_document({}), "x.key", tmp_path)).thumb is None


def test_words_of_an_old_apple_document_are_read() -> None:
    content = apple_document({"index.xml": "<document><p>First <span>line</span></p><p>Second line</p></document>"})

    assert read_here(content, "x.pages").text == "First line\nSecond line"


def test_apple_document_with_a_password_is_locked() -> None:
    assert read_here(apple_document({".iwpv2": b"x"}), "x.pages").state is ReadingState.ENCRYPTED
