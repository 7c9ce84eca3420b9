"""Files made to harm (S26), of every kind that is read: accepted, accepted with a warning, or refused with a reason.

Nothing of it ends the process that asks, and the time a child takes is the time it is given.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from time import monotonic

import pytest
from PIL import Image

from evidence_app.domain.extraction import ChildLimits, ReaderPool, Reading, ReadingState, media_types
from evidence_app.domain.extraction.limits import MIB
from tests.evidence_app.domain.extraction.making import (
    W,
    docx_file,
    odf_file,
    pdf_file,
    read_here,
    saved,
    word_body,
    word_package,
    xlsx_file,
    zip_file,
)
from tests.evidence_app.domain.extraction.making_media import box, compound_file, film, locked, message, sound
from tests.evidence_app.domain.extraction.test_books import CONTAINER, apple_document, book

WALL_SECONDS = 8
START_SECONDS = 60
"""What starting a child may take on a machine that has much else to do."""
SECRET = "root:x:0:0"
OUTSIDE = '<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]>'
LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def codes(reading: Reading) -> list[str]:
    return [warning.code for warning in reading.warnings]


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    limits = ChildLimits(
        memory_bytes=900 * MIB, program_memory_bytes=900 * MIB, cpu_seconds=2, wall_seconds=WALL_SECONDS
    )
    with ReaderPool(size=1, limits=limits) as pool:
        yield pool


@cache
def bomb(member: str, megabytes: int, others: tuple[tuple[str, str], ...], start: bytes = b"") -> bytes:
    """An archive whose `member` unpacks to so many megabytes of spaces."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in others:
            archive.writestr(name, content)
        with archive.open(member, "w", force_zip64=True) as part:
            part.write(start)
            for _ in range(megabytes):
                part.write(b" " * MIB)
    return buffer.getvalue()


def workbook_with(name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(xlsx_file({"A": [["x"]]}))) as archive:
        members: dict[str, str | bytes] = {entry: archive.read(entry) for entry in archive.namelist()}
    return zip_file({**members, name: content})


def presentation(slide: str) -> bytes:
    return zip_file(
        {
            "[Content_Types].xml": "presentationml.presentation.main+xml",
            "_rels/.rels": '<R><Rel Id="1" Type="x/officeDocument" Target="ppt/presentation.xml"/></R>',
            "ppt/presentation.xml": '<p><sldIdLst><sldId id="256" rid="s1"/></sldIdLst></p>',
            "ppt/_rels/presentation.xml.rels": '<R><Rel Id="s1" Type="x/slide" Target="slides/slide1.xml"/></R>',
            "ppt/slides/slide1.xml": slide,
        }
    )


def nested(content: bytes, levels: int) -> bytes:
    """A Word file in a Word file in a Word file: what is embedded is not opened."""
    for _ in range(levels):
        content = word_package(
            word_body("<w:p><w:r><w:t>Outer words</w:t></w:r></w:p>"), {"word/embeddings/inner.docx": content}
        )
    return content


def circle_of_folders() -> bytes:
    """A message of Outlook whose folders lead back to themselves."""
    whole = bytearray(message("Hello", "Words", attachments=("a", "b")))
    struct.pack_into("<I", whole, 1024 + 76, 0)  # the root is its own child
    return bytes(whole)


def folder_without_end() -> bytes:
    """A compound file whose table of sectors leads back to where it came from."""
    return compound_file({("a",): b""}).replace(b"\x02\x00\x00\x00", b"\x01\x00\x00\x00")


def slow_lock() -> bytes:
    """A locked file that asks for a key made in four thousand million turns."""
    return locked(docx_file([("x", None)]), "x").replace(b'spinCount="100000"', b'spinCount="999999999"')


def many_frames(count: int) -> bytes:
    first, *rest = [Image.new("1", (90, 90)) for _ in range(count)]
    return saved(lambda file: first.save(file, "TIFF", save_all=True, append_images=rest))


def circle_pdf() -> bytes:
    """A PDF whose pages, outlines and object table lead back to themselves."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Outlines 4 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 2 0 R]/Count 1000000000>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>",
        b"<</First 5 0 R/Last 5 0 R>>",
        b"<</Title(Again)/Next 5 0 R/First 5 0 R/Parent 4 0 R>>",
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return body + b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 6/Prev 9>>\nstartxref\n9\n"


EPUB = (("mimetype", media_types.EPUB), ("META-INF/container.xml", CONTAINER))
CASES: list[tuple[str, Callable[[], bytes], str]] = [
    ("chapter of 150 MB", lambda: book({"a": "x"}) and bomb("OEBPS/book.opf", 150, EPUB), "x.epub"),
    ("preview of 150 MB", lambda: bomb("QuickLook/Preview.pdf", 150, (("Index/D.iwa", "x"),), b"%PDF-"), "x.pages"),
    ("preview of 600 MB", lambda: bomb("preview.jpg", 600, (("Index/D.iwa", "x"),)), "x.key"),
    ("open document of 150 MB", lambda: bomb("content.xml", 150, (("mimetype", media_types.ODT),)), "x.odt"),
    ("strings of 150 MB", lambda: workbook_with("xl/sharedStrings.xml", b" " * 150 * MIB), "x.xlsx"),
    ("comments of 150 MB", lambda: workbook_with("xl/comments1.xml", b" " * 150 * MIB), "x.xlsx"),
    ("word in word", lambda: nested(docx_file([("Inner words", None)]), 8), "x.docx"),
    ("laughs in a chapter", lambda: book({"a": "&i;"}).replace(b"<html>", LAUGHS.encode()), "x.epub"),
    ("laughs in a book", lambda: zip_file(dict((*EPUB, ("OEBPS/book.opf", f"{LAUGHS}]><p>&i;</p>")))), "x.epub"),
    ("laughs in slides", lambda: presentation(f"{LAUGHS}]><sld>&i;</sld>"), "x.pptx"),
    ("deep slides", lambda: presentation("<sp>" * 100_000), "x.pptx"),
    ("deep book", lambda: book({"a": "<div>" * 200_000}), "x.epub"),
    ("deep open document", lambda: odf_file("text", "<text:p>" * 100_000), "x.odt"),
    ("circle of folders", circle_of_folders, "x.msg"),
    ("folder without end", folder_without_end, "x.msg"),
    ("message of nothing", lambda: message("", "")[:1536], "x.msg"),
    ("subject of 4 MB", lambda: b"From: a@b\nSubject: " + b"x" * 4 * MIB + b"\n\nbody", "x.eml"),
    ("messages in messages", lambda: b"From: a\nContent-Type: message/rfc822\n\n" * 20_000, "x.eml"),
    ("mailbox of 50,000", lambda: b"From a b\nFrom: a\nSubject: s\n\nx\n\n" * 50_000, "x.mbox"),
    ("film of tiny boxes", lambda: box(b"ftyp", b"isom") + box(b"moov", box(b"free") * 500_000), "x.mp4"),
    ("film that lies", lambda: film().replace(struct.pack(">I", 108), struct.pack(">I", 2**32 - 1)), "x.mp4"),
    ("sound that lies", lambda: sound().replace(b"data", b"data\xff\xff\xff\xff"), "x.wav"),
    ("sound of zeros", lambda: b"\xff\xfb\x90\x00" * 500_000, "x.mp3"),
    ("tags without end", lambda: b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + b"TIT2\xff\xff\xff\xff" * 5_000, "x.mp3"),
    ("pages of ogg", lambda: b"OggS\x00\x02" + bytes(20) + b"\x01\xff" * 200_000, "x.ogg"),
    ("iPhone photograph cut off", lambda: b"\x00\x00\x00\x18ftypheic" + b"\xff" * 5_000, "x.heic"),
    ("book with 5,000 chapters", lambda: book({f"c{n}": "<p>words</p>" for n in range(5_000)}), "x.epub"),
    ("TIFF with 500 pages", lambda: many_frames(500), "x.tif"),
    ("PDF that bites its tail", circle_pdf, "x.pdf"),
    ("text for slow patterns", lambda: b"From " + b"a" * 2 * MIB + b":\n" * 10_000, "x.eml"),
    ("links for slow patterns", lambda: b"[" * 50_000 + b"a" * MIB + b"](" * 50_000, "x.md"),
    ("XML for slow patterns", lambda: b"<?xml version='1.0'?>" + b"<" * 2 * MIB, "x.xml"),
    ("spreadsheet for slow patterns", lambda: workbook_with("xl/worksheets/sheet9.xml", b"<c " * 2 * MIB), "x.xlsx"),
    ("margins for slow patterns", lambda: workbook_with("xl/worksheets/sheet9.xml", b"<oddHeader>&" * MIB), "x.xlsx"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "name"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_every_file_ends_in_a_state_and_in_time(pool: ReaderPool, make: Callable[[], bytes], name: str) -> None:
    content = make()
    start = monotonic()

    reading = pool.read(io.BytesIO(content), file_name=name)
    preview = pool.preview(io.BytesIO(content), file_name=name, page_count=2)

    assert reading.has_text or reading.warnings or reading.state is ReadingState.NO_TEXT
    assert preview.thumb is not None or preview.failed_because is not None
    assert monotonic() - start < 2 * WALL_SECONDS + START_SECONDS
    assert pool.read(io.BytesIO(b"The next file"), file_name="next.txt").text == "The next file"


def test_lock_that_takes_for_ever_ends_with_the_child(pool: ReaderPool) -> None:
    start = monotonic()

    reading = pool.read(io.BytesIO(slow_lock()), file_name="x.docx", password="x")

    assert reading.state in {ReadingState.FAILED, ReadingState.ENCRYPTED}
    assert monotonic() - start < WALL_SECONDS + START_SECONDS
    assert pool.read(io.BytesIO(b"The next file"), file_name="next.txt").text == "The next file"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (book({"a": "&e;"}).replace(b"<html>", OUTSIDE.encode()), "x.epub"),
        (zip_file(dict((*EPUB, ("OEBPS/book.opf", f"{OUTSIDE}<package><title>&e;</title></package>")))), "x.epub"),
        (apple_document({"index.xml": f"{OUTSIDE}<d><p>&e;</p></d>"}), "x.pages"),
        (presentation(f"{OUTSIDE}<sld><sp><p><r><t>&e;</t></r></p></sp></sld>"), "x.pptx"),
        (workbook_with("xl/comments1.xml", f"{OUTSIDE}<c><comment>&e;</comment></c>".encode()), "x.xlsx"),
        (word_package(word_body("<w:p/>"), {"word/charts/chart1.xml": f"{OUTSIDE}<c><v>&e;</v></c>"}), "x.docx"),
    ],
    ids=["chapter", "book", "Apple", "slide", "comments", "chart"],
)
def test_files_of_the_machine_are_not_read_for_anybody(content: bytes, name: str) -> None:
    reading = read_here(content, name)

    assert SECRET not in reading.text + reading.title


def test_macros_are_named_and_never_run() -> None:
    main = "application/vnd.ms-word.document.macroEnabled.main+xml"
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    modern = word_package(
        word_body("<w:p><w:r><w:t>Words</w:t></w:r></w:p>"), {"word/vbaProject.bin": b"x", "[Content_Types].xml": types}
    )
    old = compound_file({("Workbook",): b"", ("_VBA_PROJECT_CUR", "VBA", "dir"): b"x"})

    reading = read_here(modern, "x.docm")

    assert reading.media_type == media_types.DOCM
    assert (reading.text, codes(reading)) == ("Words", ["macros"])
    assert "macros" in codes(read_here(old, "x.xls"))


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"GIF89a/*" + b"\x00" * 200 + b"*/=1;alert(1)//<script>", "x.gif", "image/gif"),
        (b"\xff\xd8\xff\xe0<html><script>alert(1)</script>" + b"\x00" * 99, "x.html", "image/jpeg"),
        (pdf_file([[("The PDF speaks", 12)]]) + docx_file([("The Word file speaks", None)]), "x.docx", media_types.PDF),
        (b"PK\x03\x04" + pdf_file([[("x", 12)]]), "x.pdf", media_types.ZIP),
        (docx_file([("Words", None)]), "photo.jpg", media_types.DOCX),
        (film(), "policy.pdf", "video/mp4"),
        (b"MZ" + b"\x00" * 60, "holiday.jpg", "application/vnd.microsoft.portable-executable"),
        (b"<svg onload='alert(1)'><text>Words</text></svg>", "x.png", media_types.SVG),
    ],
)
def test_file_of_several_kinds_is_what_its_bytes_begin_with(content: bytes, name: str, media_type: str) -> None:
    reading = read_here(content, name)

    assert reading.media_type == media_type
    assert reading.state is not ReadingState.FAILED
    assert "alert" not in reading.text


def test_five_thousand_pages_are_read_to_the_limit_and_said() -> None:
    with ReaderPool() as roomy:
        reading = roomy.read(io.BytesIO(pdf_file([[("page", 12)]] * 5_000)), file_name="x.pdf")

    assert reading.pages == 5_000
    assert len(reading.page_starts) == 2_000
    assert "pages-cut" in codes(reading)


def test_what_is_embedded_in_a_document_is_not_opened() -> None:
    assert read_here(nested(docx_file([("Inner words", None)]), 3), "x.docx").text == "Outer words"
    picture = word_package(f"<w:document {W}/>", {"word/media/image1.png": b"\x89PNG broken"})
    assert read_here(picture, "x.docx").state is ReadingState.NO_TEXT
