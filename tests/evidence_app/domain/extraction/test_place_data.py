"""Where a picture was taken leaves with no copy: found in every block that may hold it, and gone from the copy."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from evidence_app.domain.extraction import ReaderPool
from tests.evidence_app.domain.extraction.making import read_here, saved, source
from tests.evidence_app.domain.extraction.making_media import heic_photograph, photograph

XMP = b"<x:xmpmeta><rdf:Description exif:GPSLatitude='45,4N'/></x:xmpmeta>"


def with_xmp(packet: bytes) -> bytes:
    return saved(lambda file: Image.new("RGB", (20, 20)).save(file, "JPEG", xmp=packet))


def with_iptc() -> bytes:
    """A JPEG whose IPTC block names a city."""
    record = b"\x1c\x02\x5a\x00\x05Turin"
    block = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00" + len(record).to_bytes(4, "big") + record
    plain = saved(lambda file: Image.new("RGB", (20, 20)).save(file, "JPEG"))
    return plain[:2] + b"\xff\xed" + (len(block) + 2).to_bytes(2, "big") + block + plain[2:]


def png_with_xmp() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return saved(lambda file: Image.new("RGB", (20, 20)).save(file, "PNG", pnginfo=info))


@pytest.mark.parametrize(
    ("content", "tells"),
    [
        pytest.param(photograph(), True, id="coordinates"),
        pytest.param(photograph(place=False), False, id="date and camera alone"),
        pytest.param(with_xmp(XMP), True, id="XMP"),
        pytest.param(with_xmp(b"<x:xmpmeta><a GCamera:MotionPhoto='1'/></x:xmpmeta>"), True, id="motion photo"),
        pytest.param(with_xmp(b"<x:xmpmeta><a xmp:Rating='5'/></x:xmpmeta>"), False, id="harmless XMP"),
        pytest.param(with_iptc(), True, id="IPTC"),
        pytest.param(png_with_xmp(), True, id="XMP of PNG"),
        pytest.param(saved(lambda file: Image.new("RGB", (20, 20)).save(file, "PNG")), False, id="screenshot"),
        pytest.param(saved(lambda file: Image.new("RGB", (20, 20)).save(file, "TIFF")), False, id="scan"),
        pytest.param(saved(lambda file: Image.new("RGB", (20, 20)).save(file, "WEBP", xmp=XMP)), True, id="WebP"),
        pytest.param(heic_photograph(), True, id="HEIC"),
        pytest.param(b"\xff\xd8\xff\xe0 broken", True, id="cannot be known"),
    ],
)
def test_picture_says_whether_it_tells(content: bytes, tells: bool) -> None:
    assert read_here(content, "x").facts["tells_place"] is tells


def test_copy_is_upright_and_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(photograph((80, 40)))
    plain = tmp_path / "plain.jpg"
    plain.write_bytes(photograph(place=False))
    with ReaderPool() as pool:
        copy = pool.copy_without_place(path, file_name="x.jpg", media_type="image/jpeg")
        gone = pool.copy_without_place(Path(__file__), file_name="x.jpg", media_type="image/jpeg")

        harmless = pool.copy_without_place(plain, file_name="x.jpg", media_type="image/jpeg")

    assert copy is not None
    assert gone is None
    assert harmless is None
    assert (copy.media_type, copy.width_px, copy.height_px) == ("image/jpeg", 40, 80)
    assert b"Ana Person" not in copy.content
    picture = Image.open(io.BytesIO(copy.content))
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert read_here(copy.content, "x.jpg").facts["tells_place"] is False


def test_copy_of_an_iphone_photograph_is_a_jpeg_in_the_same_colours(tmp_path: Path) -> None:
    path = tmp_path / "x.heic"
    path.write_bytes(heic_photograph())
    with ReaderPool() as pool:
        copy = pool.copy_without_place(path, file_name="x.heic", media_type="image/heic")
        preview = pool.preview(path, file_name="x.heic", page_count=1)

    assert copy is not None
    picture = Image.open(io.BytesIO(copy.content)).convert("RGB")
    assert picture.size == (96, 64)
    left, right = picture.getpixel((10, 30)), picture.getpixel((85, 30))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 150 > right[0]
    assert len(preview.pages) == 1


def test_large_picture_is_copied_at_a_size_for_screens(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(photograph((6000, 3000), turned=False))
    with ReaderPool() as pool:
        copy = pool.copy_without_place(path, file_name="x.jpg", media_type="image/jpeg")

    assert copy is not None
    assert (copy.width_px, copy.height_px) == (4096, 2048)


def test_comment_and_colours_of_a_jpeg(tmp_path: Path) -> None:
    """The colour profile stays, because colours are what one sees; a comment goes."""
    from evidence_app.domain.extraction.preview import make_copy_without_place

    profile = b"\x00" * 128
    content = saved(
        lambda file: Image.new("RGB", (20, 20)).save(file, "JPEG", comment=b"Via Roma 1", icc_profile=profile, xmp=XMP)
    )
    copy = make_copy_without_place(source(content, "x.jpg", tmp_path, media_type="image/jpeg")).thumb

    assert copy is not None
    assert b"Via Roma" not in copy.content
    assert Image.open(io.BytesIO(copy.content)).info["icc_profile"] == profile
