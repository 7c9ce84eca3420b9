"""Pictures in the DOCX: put in with their words, told where they cannot be read, refused where bytes are wrong."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from exports import (
    WRITERS,
    ExhibitMissing,
    Picture,
    Report,
    check_docx,
)
from exports.docx_writer.package import open_package
from tests.exports.compiled import compiled, words
from tests.exports.factory import Bytes, edition, exhibit, picture
from tests.exports.sample import sample_report


def test_pictures_are_put_in_with_their_words(report: Report, store: Bytes) -> None:
    package = open_package(compiled(report, store))
    assert [name for name in package.data if name.startswith("word/media/")]
    descriptions = {
        str(d.get("descr")) for d in package.xml["word/document.xml"].iter() if str(d.tag).endswith("}docPr")
    }
    assert {"Mark of the school", "Ground floor: the support room lies in the middle"} <= descriptions


@pytest.mark.parametrize(
    "data",
    [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, picture()[:200]],
    ids=["empty", "text", "head", "cut"],
)
def test_a_picture_that_cannot_be_read_is_told_and_its_words_are_printed(report: Report, data: bytes) -> None:
    store = Bytes()
    fresh = sample_report(store)
    bad = Picture(sha256=store.put(data), media_type="image/png", alt="Mark")
    exhibits = tuple(
        exhibit(store, e.number, e.title, data, media_type="image/png") if e.media_type == "image/png" else e
        for e in fresh.exhibits
    )
    broken = replace(fresh, cover=replace(fresh.cover, logo=bad), exhibits=exhibits)
    out = io.BytesIO()
    result = WRITERS["docx"].write(broken, edition(broken), out, open_exhibit=store.open)
    assert {p.code for p in result.problems} == {"picture-unreadable"}
    assert check_docx(out.getvalue()) == []
    assert "Ground floor: the support room lies in the middle" in words(out.getvalue())


def test_a_picture_the_store_does_not_give_stops_the_compile(report: Report) -> None:
    for name in WRITERS:
        with pytest.raises(ExhibitMissing, match="cannot be taken from the store"):
            WRITERS[name].write(report, edition(report), io.BytesIO(), open_exhibit=Bytes().open)


def test_a_picture_whose_bytes_changed_since_the_freeze_stops_the_compile(report: Report) -> None:
    other = io.BytesIO()
    Image.new("RGB", (8, 8)).save(other, "PNG")
    for name in WRITERS:
        with pytest.raises(ExhibitMissing, match="not those it was frozen with"):
            WRITERS[name].write(
                report, edition(report), io.BytesIO(), open_exhibit=lambda _: io.BytesIO(other.getvalue())
            )


def test_without_a_store_the_words_of_pictures_are_printed(report: Report) -> None:
    out = io.BytesIO()
    result = WRITERS["docx"].write(report, edition(report), out)
    assert {p.code for p in result.problems} == {"picture-unreadable"}
    assert check_docx(out.getvalue()) == []
