"""The one way out for uploaded bytes (S20, S31): ranges, names, and nothing that runs."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from flask import Flask, Response
from hypothesis import example, given
from hypothesis import strategies as st

from evidence_app.web.serving import content_disposition, serve_bytes
from storage_adapters import BlobDamaged, open_store
from storage_adapters.memory import MemoryStore

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def store() -> MemoryStore:
    store = open_store("memory:serving")
    assert isinstance(store, MemoryStore)
    return store


def serve(
    store: MemoryStore,
    media_type: str = "application/pdf",
    range: str = "",
    method: str = "GET",
    download: bool = False,
) -> tuple[Response, bytes]:
    blob = store.put("school", io.BytesIO(CONTENT))
    headers = {"Range": range} if range else {}
    with Flask("x").test_request_context("/", method=method, headers=headers):
        answer = serve_bytes(
            store,
            school_id="school",
            sha256=blob.sha256,
            media_type=media_type,
            file_name="Plan é.pdf",
            download=download,
        )
        return answer, answer.get_data()


def test_the_whole_file_comes_with_its_name_and_may_run_nothing(store: MemoryStore) -> None:
    answer, body = serve(store)
    assert body == CONTENT
    assert (
        answer.headers["Content-Disposition"] == "inline; filename=\"Plan e.pdf\"; filename*=UTF-8''Plan%20%C3%A9.pdf"
    )
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize(
    ("range", "status", "part"),
    [
        ("bytes=0-9", 206, CONTENT[:10]),
        ("bytes=-5", 206, CONTENT[-5:]),
        ("bytes=10230-", 206, CONTENT[10230:]),
        ("bytes=99999-", 416, b""),
        ("nonsense", 200, CONTENT),
        ("bytes=0-9,20-29", 200, CONTENT),
        ("pages=1-2", 200, CONTENT),
    ],
)
def test_parts_can_be_asked_for(store: MemoryStore, range: str, status: int, part: bytes) -> None:
    answer, body = serve(store, range=range)
    assert (answer.status_code, body) == (status, part)


def test_head_sends_the_length_and_no_bytes(store: MemoryStore) -> None:
    answer, body = serve(store, method="HEAD")
    assert body == b""
    assert answer.headers["Content-Length"] == str(len(CONTENT))


@pytest.mark.parametrize(
    "active",
    [
        "text/html",
        "image/svg+xml",
        "application/xhtml+xml",
        "text/javascript",
        "text/xml",
        "a\r\nb/c",
        "",
        "text/HTML",
        "text/css",
    ],
)
def test_what_a_browser_might_run_is_a_plain_download(store: MemoryStore, active: str) -> None:
    answer, _ = serve(store, active)
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_a_picture_is_shown_unless_it_is_to_be_downloaded(store: MemoryStore) -> None:
    assert serve(store, "image/png")[0].headers["Content-Disposition"].startswith("inline;")
    assert serve(store, "image/png", download=True)[0].headers["Content-Disposition"].startswith("attachment;")
    assert serve(store, "application/zip")[0].headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("range", ["", "bytes=0-1"])
def test_damaged_bytes_are_never_delivered(tmp_path: Path, range: str) -> None:
    store = open_store(f"file://{tmp_path}/blobs")
    blob = store.put("school", io.BytesIO(b"right"))
    (kept,) = (p for p in tmp_path.rglob(blob.sha256))
    kept.chmod(0o600)
    kept.write_bytes(b"wrong")
    with Flask("x").test_request_context("/", headers={"Range": range}), pytest.raises(BlobDamaged):
        serve_bytes(store, school_id="school", sha256=blob.sha256, media_type="text/plain", file_name="x").get_data()


@given(st.text(max_size=400))
@example("plan\uff02\uff1b filename=\uff02virus.exe")
def test_a_name_is_one_header_whatever_it_holds(name: str) -> None:
    header = content_disposition(name, inline=False)
    assert header.isascii()
    assert not set(header) & set("\r\n\x00")
    assert header.count(";") == 2
    assert header.count('"') == 2
    assert len(header) < 1500
