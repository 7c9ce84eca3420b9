"""Files made to harm (S26): the process that asks goes on, the file gets a state and a reason, the next is read."""

from __future__ import annotations

import io
import struct
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import psutil
import pytest
from PIL import Image

from evidence_app.domain.extraction import ChildLimits, ReaderPool, Reading, ReadingState, warning_sentence
from evidence_app.domain.extraction.draft import Damaged, Encrypted, TooLarge
from evidence_app.domain.extraction.limits import MIB
from evidence_app.domain.extraction.zip_guard import GuardedZip
from tests.evidence_app.domain.extraction.making import (
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

LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefghi", "bcdefghij", strict=True)
)
SECRET = "root:x:0:0"


def codes(reading: Reading) -> list[str]:
    return [warning.code for warning in reading.warnings]


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    limits = ChildLimits(memory_bytes=700 * MIB, program_memory_bytes=900 * MIB, cpu_seconds=1, wall_seconds=6)
    with ReaderPool(size=1, limits=limits) as pool:
        yield pool


def bomb_docx(megabytes: int) -> bytes:
    """A Word file whose main part unpacks to so many megabytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in word_names().items():
            archive.writestr(name, content)
        with archive.open("word/document.xml", "w", force_zip64=True) as part:
            part.write(word_body("<w:p><w:r><w:t>").encode()[:-25])
            for _ in range(megabytes):
                part.write(b"a" * MIB)
    return buffer.getvalue()


def word_names() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(word_package(""))) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "word/document.xml"}


def lying_docx(declared: int) -> bytes:
    """A Word file whose directory says that the main part is `declared` bytes long."""
    honest = word_package(word_body("<w:p><w:r><w:t>" + "a" * 400_000 + "</w:t></w:r></w:p>"))
    with zipfile.ZipFile(io.BytesIO(honest)) as archive:
        real = archive.getinfo("word/document.xml").file_size
    return honest.replace(struct.pack("<L", real), struct.pack("<L", declared))


@cache
def stacked_flate_pdf() -> bytes:
    """A PDF whose page is 450 MB of spaces, deflated twice."""
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b" " * MIB) for _ in range(450)) + packer.flush()
    content = zlib.compress(once)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>",
        b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(content), content),
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return body + b"trailer<</Root 1 0 R/Size 5>>\n"


def far_cell_xlsx(cell: str, dimension: str = "A1") -> bytes:
    """A workbook with one value in a far cell."""
    sheet = (
        f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="{dimension}"/>'
        f'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row><c t="n" r="{cell}"><v>1</v></c></row></sheetData>'
        "</worksheet>"
    )
    with zipfile.ZipFile(io.BytesIO(xlsx_file({"A": [[1]]}))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    return zip_file({**members, "xl/worksheets/sheet1.xml": sheet})


# What is refused without a fault: the reason is the right one, in this process too.


@pytest.mark.parametrize(
    ("content", "name", "state", "code"),
    [
        pytest.param(lambda: far_cell_xlsx("XFD1048576"), "x.xlsx", ReadingState.TOO_LARGE, "cells", id="far cell"),
        pytest.param(
            lambda: far_cell_xlsx("B2", "A1:XFD1048576"), "x.xlsx", ReadingState.TOO_LARGE, "cells", id="dimension"
        ),
        pytest.param(lambda: bomb_docx(100), "x.docx", ReadingState.TOO_LARGE, "part-size", id="one huge part"),
        pytest.param(
            lambda: lying_docx(600 * MIB), "x.docx", ReadingState.TOO_LARGE, "zip-size", id="600 MB by the directory"
        ),
        pytest.param(lambda: lying_docx(100), "x.docx", ReadingState.DAMAGED, "damaged", id="directory lies"),
        pytest.param(
            lambda: zip_file(
                {f"{n}.xml": "" for n in range(20_001)} | {"mimetype": "application/vnd.oasis.opendocument.text"}
            ),
            "x.odt",
            ReadingState.TOO_LARGE,
            "zip-entries",
            id="20,000 parts",
        ),
        pytest.param(
            lambda: docx_file([("whole", None)])[:4000], "x.docx", ReadingState.DAMAGED, "damaged", id="cut off"
        ),
        pytest.param(lambda: b"PK\x03\x04" + b"\x00" * 50, "x.docx", ReadingState.DAMAGED, "damaged", id="empty shell"),
        pytest.param(
            lambda: word_package("<w:document"), "x.docx", ReadingState.DAMAGED, "xml-broken", id="broken XML"
        ),
        pytest.param(
            lambda: word_package(f"{LAUGHS}]><w:document>&j;</w:document>"),
            "x.docx",
            ReadingState.DAMAGED,
            "xml-broken",
            id="laughs",
        ),
        pytest.param(
            lambda: word_package('<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>'),
            "x.docx",
            ReadingState.DAMAGED,
            "xml-entities",
            id="entity of its own",
        ),
        pytest.param(
            lambda: odf_file("text", "", manifest="<m><encryption-data/></m>"),
            "x.odt",
            ReadingState.ENCRYPTED,
            "encrypted-otherwise",
            id="locked ODT",
        ),
        pytest.param(lambda: b"MZ\x00\x01", "setup.exe", ReadingState.NO_READER, "no-reader", id="program"),
    ],
)
def test_reason_is_named(content: Callable[[], bytes], name: str, state: ReadingState, code: str) -> None:
    reading = read_here(content(), name)

    assert reading.state is state
    assert code in codes(reading)
    assert all(str(warning_sentence(warning)) for warning in reading.warnings)


def test_external_entity_is_never_read() -> None:
    xml = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "http://127.0.0.1:9/x">'
        '%p;]><w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body></w:document>'
    )
    for content, name in (
        (word_package(xml), "x.docx"),
        (zip_file({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": xml}), "x.odt"),
        (xml.encode(), "x.xml"),
        (xml.replace("w:document", "html").encode(), "x.html"),
        (xml.replace("w:document", "svg").encode(), "x.svg"),
    ):
        assert SECRET not in read_here(content, name).text


def test_archive_inside_an_archive_is_not_opened() -> None:
    inner = zip_file({"bomb": b"\x00" * 50 * MIB})

    assert read_here(zip_file({"a.zip": inner, "b.zip": inner}), "x.zip").state is ReadingState.NO_READER


def test_two_parts_of_one_name_are_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("content.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("content.xml", "<b/>")

    with pytest.raises(Damaged) as caught:
        GuardedZip(io.BytesIO(buffer.getvalue()))
    assert caught.value.warning.code == "zip-same-name-twice"


def test_guard_counts_while_unpacking() -> None:
    content = zip_file({"a": b"x" * 3 * MIB, "b": b"y" * 3 * MIB})
    archive = GuardedZip(io.BytesIO(content), max_inflated_bytes=6 * MIB)
    archive.read("a")
    archive.read("b")

    with pytest.raises(TooLarge) as caught:
        archive.read("a")
    assert caught.value.warning.code == "zip-size"
    with pytest.raises(Damaged):
        archive.read("missing")


def test_guard_proves_the_sizes_of_the_directory() -> None:
    GuardedZip(io.BytesIO(xlsx_file({"A": [[1]]}))).prove_sizes()
    GuardedZip(io.BytesIO(zip_file({"a": b"x"}, compression=zipfile.ZIP_STORED))).prove_sizes()

    with pytest.raises(Damaged):
        GuardedZip(io.BytesIO(lying_docx(100))).prove_sizes()


def test_guard_names_a_password() -> None:
    locked = bytearray(zip_file({"a.xml": b"x" * 100}))
    directory = locked.index(b"PK\x01\x02")
    locked[6] |= 1
    locked[directory + 8] |= 1
    archive = GuardedZip(io.BytesIO(bytes(locked)))

    with pytest.raises(Encrypted):
        archive.read("a.xml")
    with pytest.raises(Encrypted):
        archive.prove_sizes()


def test_picture_of_too_many_pixels_is_not_decoded() -> None:
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    data = zlib.compress(b"\x00" * 1000)
    content = b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", 0)

    reading = read_here(content, "x.png")

    assert reading.state is ReadingState.TOO_LARGE
    assert codes(reading) == ["pixels"]


def test_file_is_read_as_what_it_is_and_says_that_the_name_differs() -> None:
    reading = read_here(pdf_file([[("Real words", 12)]]), "report.docx")

    assert reading.text == "Real words"
    assert codes(reading) == ["name-differs"]


def test_file_of_two_kinds_is_read_as_the_first() -> None:
    both = pdf_file([[("The PDF speaks", 12)]]) + zip_file({"word/document.xml": word_body("")})

    assert read_here(both, "x.pdf").text == "The PDF speaks"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "\x00",
        "../../etc/passwd",
        "a\nb\r\nc.docx",
        "\u202ecod.exe.docx",
        "x" * 5000 + ".docx",
        "CON",
        "\ud800.docx",
        ".",
    ],
)
def test_name_is_only_a_hint(pool: ReaderPool, name: str) -> None:
    reading = pool.read(io.BytesIO(docx_file([("Words", None)])), file_name=name)

    assert reading.text == "Words"


# What may end the child: it must end nothing else.


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(stacked_flate_pdf, "x.pdf", id="stacked flate"),
        pytest.param(lambda: word_package("<a>" * 200_000), "x.docx", id="deep XML"),
        pytest.param(lambda: b"<html>" + b"<div>" * 300_000, "x.html", id="deep HTML"),
        pytest.param(lambda: b"{\\rtf1" + b"{" * 300_000, "x.rtf", id="deep RTF"),
        pytest.param(lambda: b"> " * 300_000, "x.md", id="deep Markdown"),
        pytest.param(lambda: b"[" * 100_000 + b"](" * 50_000, "x.md", id="Markdown of brackets"),
        pytest.param(lambda: word_package(word_body("<w:p/>" * 1_500_000)), "x.docx", id="a million paragraphs"),
        pytest.param(lambda: xlsx_file({"A": [["x" * 30_000] * 50] * 200}), "x.xlsx", id="shared string"),
        pytest.param(lambda: b'"' + b"a,\n" * 500_000, "x.csv", id="open quote"),
        pytest.param(
            lambda: b"From: a\nMIME-Version: 1.0\n" + b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 3000,
            "x.eml",
            id="mail",
        ),
        pytest.param(lambda: saved(lambda f: Image.new("1", (7000, 7000)).save(f, "PNG")), "x.png", id="49 megapixels"),
    ],
)
def test_nothing_in_a_file_stops_the_next_one(pool: ReaderPool, content: Callable[[], bytes], name: str) -> None:
    reading = pool.read(io.BytesIO(content()), file_name=name)

    assert reading.state in ReadingState
    assert reading.has_text or reading.warnings or reading.state is ReadingState.NO_TEXT
    assert len(reading.text.encode()) <= 5 * MIB
    assert pool.read(io.BytesIO(b"The next file"), file_name="next.txt").text == "The next file"


def test_parent_stays_small_while_a_child_meets_a_bomb(pool: ReaderPool) -> None:
    bomb = stacked_flate_pdf()
    process = psutil.Process()
    before = process.memory_info().rss

    pool.read(io.BytesIO(bomb), file_name="x.pdf")

    assert process.memory_info().rss - before < 20 * MIB


def test_others_are_served_while_one_child_is_busy() -> None:
    limits = ChildLimits(cpu_seconds=30, wall_seconds=2)
    slow = b"[" * 400_000 + b"](" * 100_000
    with ReaderPool(size=2, limits=limits) as two:
        thread = threading.Thread(target=two.read, args=(io.BytesIO(slow),), kwargs={"file_name": "x.md"})
        thread.start()
        quick = two.read(io.BytesIO(b"Quick words"), file_name="y.txt")
        assert quick.text == "Quick words"
        thread.join(30)
        assert not thread.is_alive()


def test_file_larger_than_is_read_is_not_sent_to_a_child(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\x00\x00\x00\x18ftypisom")
    with path.open("ab") as file:
        file.truncate(3 * MIB)
    with ReaderPool(limits=ChildLimits(input_bytes=2 * MIB)) as pool:
        reading = pool.read(path, file_name="film.mp4")
        preview = pool.preview(path, file_name="film.mp4")
        assert pool.children_started == 0

    assert (reading.state, reading.media_type) == (ReadingState.TOO_LARGE, "video/mp4")
    assert codes(reading) == ["input-size"]
    assert preview.failed_because == reading.warnings[0] or preview.failed_because is not None
