"""Each check sees the fault it is there for: faults are planted one at a time into a sound document."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from exports import WRITERS, Report, check_base_file, check_docx
from exports.docx_writer.base_file import seal
from exports.docx_writer.package import NotAWordFile, open_package
from exports.layouts import base_file
from exports.layouts.make_base import make_base
from tests.exports.factory import Bytes, edition


@pytest.fixture
def sound(report: Report, store: Bytes) -> bytes:
    out = io.BytesIO()
    WRITERS["docx"].write(report, edition(report), out, open_exhibit=store.open)
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same file with one part changed, sealed as the writer seals it."""
    out = io.BytesIO()
    seal(io.BytesIO(data), out, {part: change})
    assert out.getvalue() != data
    return out.getvalue()


def swap(old: str, new: str, count: int = 1) -> Callable[[bytes], bytes]:
    def change(blob: bytes) -> bytes:
        assert old.encode() in blob
        return blob.replace(old.encode(), new.encode(), count)

    return change


DOCUMENT, STYLES, SETTINGS = "word/document.xml", "word/styles.xml", "word/settings.xml"
FAULTS = {
    "doubled bookmark name": (
        DOCUMENT,
        swap('w:name="_Toc00002"', 'w:name="_Toc00001"'),
        "Bookmark _Toc00001 is there 2",
    ),
    "doubled bookmark id": (
        DOCUMENT,
        swap('bookmarkStart w:id="2"', 'bookmarkStart w:id="1"'),
        "Bookmark id 1 is there 2",
    ),
    "open bookmark": (DOCUMENT, swap('<w:bookmarkEnd w:id="2"/>', ""), "A bookmark is not closed"),
    "bad bookmark name": (DOCUMENT, swap('w:name="_Toc00002"', 'w:name="a b"'), "Bookmark name a b is not allowed"),
    "dead link": (DOCUMENT, swap('w:anchor="_Toc00002"', 'w:anchor="gone"'), "The link to gone leads nowhere"),
    "no way back": (DOCUMENT, swap('w:anchor="C_M1_01_1"', 'w:anchor="_Toc00001"'), "C_M1_01_1 has no way back"),
    "link within a link": (
        DOCUMENT,
        swap(
            "<w:hyperlink ",
            '<w:hyperlink w:anchor="_Toc00001"><w:hyperlink w:anchor="_Toc00001"/></w:hyperlink><w:hyperlink ',
        ),
        "A link stands within a link",
    ),
    "missing relationship": (DOCUMENT, swap('r:id="rIdLink1"', 'r:id="rIdGone"'), "rIdGone is missing"),
    "unused link": (DOCUMENT, swap('r:id="rIdLink1"', 'r:id="rIdLink2"'), "rIdLink1 to"),
    "outside picture": (
        "word/_rels/document.xml.rels",
        swap('"media/image1.png"', '"https://a.example/i.png" TargetMode="External"'),
        "is not a link of the text",
    ),
    "doubled drawing": (DOCUMENT, swap('<wp:docPr id="2"', '<wp:docPr id="1"'), "drawing id 1 is there 2"),
    "no alternative text": (
        DOCUMENT,
        swap('descr="Mark of the school"', 'descr=""'),
        "a drawing has no alternative text",
    ),
    "unknown style": (DOCUMENT, swap('w:val="Lead"', 'w:val="Fancy"'), "The paragraph style Fancy is not in the file"),
    "empty paragraph": (
        DOCUMENT,
        swap(
            '<w:p><w:pPr><w:pStyle w:val="Lead"/>',
            '<w:p><w:pPr><w:pStyle w:val="Lead"/></w:pPr></w:p>' * 2 + '<w:p><w:pPr><w:pStyle w:val="Lead"/>',
        ),
        "There is an empty paragraph",
    ),
    "formatted by hand": (
        DOCUMENT,
        swap('<w:pStyle w:val="Lead"/>', '<w:pStyle w:val="Lead"/><w:jc w:val="right"/>'),
        "formatted by hand: jc",
    ),
    "run by hand": (DOCUMENT, swap('<w:rStyle w:val="Strong"/>', "<w:b/>"), "A run is formatted by hand: b"),
    "unknown character style": (
        DOCUMENT,
        swap('<w:rStyle w:val="Strong"/>', '<w:rStyle w:val="Loud"/>'),
        "character style Loud",
    ),
    "heading jump": (DOCUMENT, swap('w:val="Heading2"', 'w:val="Heading4"'), "The heading level jumps from 1 to 4"),
    "open field": (DOCUMENT, swap('<w:fldChar w:fldCharType="end"/>', ""), "A field is not closed"),
    "no contents": (DOCUMENT, swap('w:val="TOC1"', 'w:val="TOC2"', 999), "The contents are empty"),
    "table without words": (
        DOCUMENT,
        swap('<w:tblCaption w:val="Coverage"/>', ""),
        "The table ? has no alternative text",
    ),
    "no header row": (DOCUMENT, swap("<w:tblHeader/>", ""), "has header rows []"),
    "splitting row": (DOCUMENT, swap("<w:cantSplit/>", ""), "may split"),
    "wrong grid": (DOCUMENT, swap('<w:gridCol w:w="1701"/>', '<w:gridCol w:w="1702"/>'), "do not add up"),
    "row too short": (
        DOCUMENT,
        swap('<w:gridCol w:w="1701"/>', '<w:gridCol w:w="1700"/><w:gridCol w:w="1"/>'),
        "does not fill the grid",
    ),
    "touching tables": (DOCUMENT, swap("</w:tbl>", "</w:tbl><w:tbl/>"), "touches the next one"),
    "wrong order": (
        DOCUMENT,
        swap('<w:pStyle w:val="Lead"/>', '<w:keepNext/><w:pStyle w:val="Lead"/>'),
        "the order within pPr is wrong",
    ),
    "other language": (STYLES, swap('w:val="en-GB"', 'w:val="fr-FR"'), "The languages en-GB, fr-FR differ"),
    "no title": ("docProps/core.xml", swap("<dc:title>", "<dc:title/><dc:subject>"), "damaged"),
    "old mode": (SETTINGS, swap('w:val="15"', 'w:val="14"'), "The compatibility mode is 14"),
    "unlisted font": ("word/fontTable.xml", swap("Cambria", "Palatino"), "The font Cambria is not in the font table"),
    "lost footnote": (DOCUMENT, swap('<w:footnoteReference w:id="1"/>', ""), "The footnotes and their marks differ"),
    "left placeholder": ("word/header1.xml", swap("Valdoria", "[School]"), "word/header1.xml holds [School]"),
    "update fields": (SETTINGS, swap("<w:zoom", '<w:updateFields w:val="true"/><w:zoom'), "holds w:updateFields"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_seen(sound: bytes, name: str) -> None:
    part, change, says = FAULTS[name]
    broken = changed(sound, part, change)
    try:
        faults = check_docx(broken)
    except NotAWordFile as error:
        faults = [str(error)]
    assert any(says in fault for fault in faults), faults


def test_an_empty_title_is_seen(sound: bytes) -> None:
    def no_title(blob: bytes) -> bytes:
        start, end = blob.index(b"<dc:title>") + 10, blob.index(b"</dc:title>")
        return blob[:start] + blob[end:]

    assert "The property title is empty." in check_docx(changed(sound, "docProps/core.xml", no_title))


def test_a_file_with_times_of_its_own_is_seen(sound: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sound)) as old, zipfile.ZipFile(out, "w") as new:
        for name in reversed(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), old.read(name))
    faults = check_docx(out.getvalue())
    assert "The parts of the file are unsorted or doubled." in faults
    assert "A part of the file has a time of its own." in faults


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04 no"], ids=["empty", "pdf", "cut"])
def test_what_is_no_word_file_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(NotAWordFile, match="not a Word document"):
        check_docx(data)
    assert check_base_file(data) == ["The file is not a Word document (.docx). Save it as Word document and try again."]


def test_another_archive_is_no_word_file() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    assert check_base_file(out.getvalue()) == [
        "The file holds no Word document. Save it as Word document (.docx) and try again."
    ]


def test_entities_are_never_read(sound: bytes) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    broken = changed(sound, "docProps/app.xml", lambda _: bomb)
    with pytest.raises(NotAWordFile, match="declares a document type"):
        open_package(broken)


def test_a_file_that_unpacks_to_too_much_is_refused(sound: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exports.docx_writer.package.MOST_BYTES", 1000)
    assert "unpacks to more" in check_base_file(sound)[0]
    monkeypatch.setattr("exports.docx_writer.check_base.LARGEST", 1000)
    assert "larger than 10 MB" in check_base_file(sound)[0]


# -- the base file
def test_the_base_file_is_the_one_its_source_writes() -> None:
    made, kept = (zipfile.ZipFile(io.BytesIO(data)) for data in (make_base(), base_file()))
    assert made.namelist() == kept.namelist()
    for name in made.namelist():
        assert made.read(name) == kept.read(name), name
    assert make_base() == make_base()


def test_the_base_file_may_carry_a_report() -> None:
    assert check_base_file(base_file()) == []


BASE_FAULTS = {
    "style": (
        STYLES,
        swap('<w:name w:val="Rating Mark"/>', '<w:name w:val="Other"/>'),
        "These styles are missing: Rating Mark.",
    ),
    "slot": (
        "word/header1.xml",
        swap('<w:tag w:val="report.school"/>', ""),
        "The place for [School] in word/header1.xml",
    ),
    "sections": (DOCUMENT, swap('w:orient="landscape"', ""), "The second section must be landscape"),
    "margins": (DOCUMENT, swap("<w:pgMar", "<w:pgOld"), "does not say its page size and margins"),
    "outside": (
        "word/_rels/document.xml.rels",
        swap(
            "</Relationships>",
            '<Relationship Id="x" Type="t" Target="https://a.example/" TargetMode="External"/></Relationships>',
        ),
        "The file loads https://a.example/ from outside",
    ),
    "rail": (
        STYLES,
        lambda blob: blob.replace(b'<w:ind w:left="1701"/>', b"", 99),
        "Body Text has lost its left indent",
    ),
    "prefix": (
        DOCUMENT,
        lambda blob: blob.replace(b"w:", b"x:").replace(b"xmlns:w=", b"xmlns:x="),
        "spells Word's format in its own way",
    ),
}


@pytest.mark.parametrize("name", BASE_FAULTS)
def test_a_base_file_with_a_fault_is_refused_with_its_remedy(name: str) -> None:
    part, change, says = BASE_FAULTS[name]
    faults = check_base_file(changed(base_file(), part, change))
    assert any(says in fault for fault in faults), faults


def test_a_base_file_without_a_part_or_with_a_macro_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base_file())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name != "word/footnotes.xml":
                new.writestr(name, old.read(name))
    assert check_base_file(out.getvalue()) == [
        "The file lacks word/footnotes.xml. Start from the base file offered here and restyle it in Word."
    ]
    out = io.BytesIO(base_file())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/vbaProject.bin", b"x")
    assert any("a macro or an embedded object" in fault for fault in check_base_file(out.getvalue()))


def test_one_section_is_not_enough() -> None:
    def one(blob: bytes) -> bytes:
        first = blob.index(b"<w:sectPr>")
        end = blob.index(b"</w:sectPr>", first) + len(b"</w:sectPr>")
        return blob[:first] + blob[end:]

    assert "2 sections instead of three" in check_base_file(changed(base_file(), DOCUMENT, one))[0]


def test_a_restyled_base_file_carries_the_report(report: Report, store: Bytes) -> None:
    wider = changed(base_file(), STYLES, lambda blob: blob.replace(b'w:left="1701"', b'w:left="1500"'))
    narrow = changed(wider, DOCUMENT, lambda blob: blob.replace(b'w:right="1361"', b'w:right="1000"'))
    assert check_base_file(narrow) == []
    out = io.BytesIO()
    WRITERS["docx"].write(report, edition(report), out, base=narrow, open_exhibit=store.open)
    assert check_docx(out.getvalue()) == []
    assert b'<w:gridCol w:w="1500"/>' in open_package(out.getvalue()).data[DOCUMENT]


def test_a_base_file_saved_by_word_in_another_language_carries_the_report(report: Report, store: Bytes) -> None:
    french = {
        "Heading1": "Titre1",
        "BodyText": "Corpsdetexte",
        "ListNumber": "Listenumros",
        "Strong": "lev",
        "Header": "Entte",
    }

    def rename(blob: bytes) -> bytes:
        for ours, theirs in french.items():
            blob = blob.replace(f'"{ours}"'.encode(), f'"{theirs}"'.encode())
            blob = blob.replace(f'<w:name w:val="{theirs}"/>'.encode(), f'<w:name w:val="{ours}"/>'.encode())
        return blob

    localized = base_file()
    for part in (STYLES, DOCUMENT, "word/numbering.xml", "word/header1.xml"):
        localized = changed(localized, part, rename)
    own = b'<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="Ours"/></w:style></w:styles>'
    localized = changed(localized, STYLES, lambda blob: blob.replace(b"</w:styles>", own))
    assert check_base_file(localized) == []
    out, usual = io.BytesIO(), io.BytesIO()
    WRITERS["docx"].write(report, edition(report), out, base=localized, open_exhibit=store.open)
    WRITERS["docx"].write(report, edition(report), usual, open_exhibit=store.open)
    assert check_docx(out.getvalue()) == []
    made, expected = open_package(out.getvalue()), open_package(usual.getvalue())
    for part in (DOCUMENT, "word/numbering.xml", "word/header1.xml"):
        assert made.data[part] == expected.data[part], part
    assert b'w:styleId="Heading1Own"' in made.data[STYLES]


def test_a_base_file_nobody_checked_fails_with_a_sentence(report: Report) -> None:
    broken = changed(base_file(), STYLES, lambda blob: blob.replace(b'<w:ind w:left="1701"/>', b""))
    with pytest.raises(ValueError, match="BodyText does not say w:left"):
        WRITERS["docx"].write(report, edition(report), io.BytesIO(), base=broken)


def test_text_has_contrast_on_paper_and_tint() -> None:
    from exports.layouts.base_look import COLOURS

    def luminance(name: str) -> float:
        parts = [int(COLOURS[name][0][n : n + 2], 16) / 255 for n in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(one: str, other: str) -> float:
        low, high = sorted((luminance(one), luminance(other)))
        return (high + 0.05) / (low + 0.05)

    for text in ("ink", "deep", "accent", "gap", "muted", "link", "visited"):
        assert contrast(text, "paper") >= 4.5
        assert contrast(text, "tint") >= 4.5
    assert contrast("paper", "accent") >= 4.5
    assert contrast("ink", "mid") >= 4.5
    assert contrast("ink", "light") >= 4.5
