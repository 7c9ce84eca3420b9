"""Films and sound: their facts, a picture out of a film, and what is said when nothing can be searched."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_app.domain.extraction import ReaderPool, iso_media, media_types
from evidence_app.domain.extraction.reading import ReadingState
from tests.evidence_app.domain.extraction.making import read_here
from tests.evidence_app.domain.extraction.making_media import box, film, sound

needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")


def test_film_tells_its_length_and_size() -> None:
    reading = read_here(film(), "assembly.mp4")

    assert reading.state is ReadingState.NO_TEXT
    assert reading.facts == {"seconds": 90.5, "width_px": 1920, "height_px": 1080}
    assert [warning.code for warning in reading.warnings] == ["not-listened-to"]


def test_film_held_upright_is_higher_than_wide() -> None:
    assert iso_media.read(io.BytesIO(film(upright=True))).facts()["height_px"] == 1920


def test_long_film_with_wide_numbers_is_understood() -> None:
    head = b"\x01" + bytes(19) + struct.pack(">IQ", 1000, 5_400_000) + bytes(80)
    content = box(b"ftyp", b"qt  \0\0\0\0") + box(b"moov", box(b"mvhd", head))

    assert iso_media.read(io.BytesIO(content)).seconds == 5400
    assert media_types.sniff(io.BytesIO(content), "x") == "video/quicktime"


@pytest.mark.parametrize(
    "extra",
    [box(b"udta", box(b"\xa9xyz", b"+45.07+007.69/")), box(b"meta", b"com.apple.quicktime.location.ISO6709")],
)
def test_film_that_tells_its_place_says_so(extra: bytes) -> None:
    reading = read_here(film(extra=extra), "x.mp4")

    assert "film-tells-place" in [warning.code for warning in reading.warnings]
    assert "45" not in str(reading.facts)


def test_sound_tells_its_length() -> None:
    reading = read_here(sound(2.5), "interview.mp3")

    assert reading.media_type == "audio/wav"
    assert reading.facts == {"seconds": 2.5}


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"\xff\xf3\x00\x00", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"FORM\x00\x00\x00\x00AIFF", "audio/aiff"),
        (b"\x1aE\xdf\xa3\x01\x42\x82\x88matroska", media_types.MATROSKA),
        (b"\x1aE\xdf\xa3\x01\x42\x82\x84webm", "video/webm"),
        (b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat", "video/quicktime"),
        (b"\x00\x00\x00\x18ftyp3gp5", "video/3gpp"),
    ],
)
def test_kinds_are_known_by_their_first_bytes(head: bytes, media_type: str) -> None:
    assert media_types.sniff(io.BytesIO(head.ljust(64, b"\x00")), "x") == media_type
    assert read_here(head.ljust(64, b"\x00"), "x").state is ReadingState.NO_TEXT


@given(st.binary(max_size=400))
def test_any_index_of_a_film_can_be_looked_into(content: bytes) -> None:
    iso_media.read(io.BytesIO(content))
    iso_media.read(io.BytesIO(box(b"moov", content)))
    iso_media.read(io.BytesIO(box(b"moov", box(b"mvhd", content) + box(b"trak", box(b"tkhd", content)))))


def test_boxes_without_end_are_not_followed_for_ever() -> None:
    tiny = box(b"free") * 400_000

    assert iso_media.read(io.BytesIO(tiny + film())).seconds == 0


def test_film_without_pictures_has_no_poster() -> None:
    with ReaderPool() as pool:
        assert pool.preview(io.BytesIO(film()), file_name="x.mp4", page_count=1).thumb is None


@needs_ffmpeg
def test_poster_is_taken_out_of_a_film_in_the_child(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    made = ["-f", "lavfi", "-i", "color=c=red:s=320x240:d=2", "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(["ffmpeg", "-v", "error", *made], check=True, capture_output=True)
    with ReaderPool() as pool:
        reading = pool.read(path, file_name="clip.mp4")
        preview = pool.preview(path, file_name="clip.mp4", page_count=1)

    assert reading.facts == {"seconds": 2.0, "width_px": 320, "height_px": 240}
    assert preview.thumb is not None
    assert (preview.thumb.width_px, preview.thumb.height_px) == (288, 216)
    assert len(preview.pages) == 1


@needs_ffmpeg
def test_playlist_that_calls_itself_a_film_fetches_nothing(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(box(b"ftyp", b"isom") + b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\nhttp://127.0.0.1:9/x\n")
    with ReaderPool() as pool:
        assert pool.preview(path, file_name="clip.mp4", page_count=1).thumb is None
