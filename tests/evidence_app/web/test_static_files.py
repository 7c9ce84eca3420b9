"""Static files are asked for once: their addresses name what they hold, and text is sent small."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from evidence_app.web import static_files
from evidence_app.web.headers import protect
from evidence_app.web.static_files import STATIC, fingerprint, prepare_static_files, static_url

SMALL = {"Accept-Encoding": "gzip, deflate"}


@pytest.fixture
def app() -> Flask:
    app = Flask("evidence_app")
    prepare_static_files(app)
    protect(app)
    return app


@pytest.fixture
def empty_static(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of static files of the test's own; what was remembered of the real one is forgotten, and again after."""
    monkeypatch.setattr(static_files, "STATIC", tmp_path)
    fingerprint.cache_clear()
    yield tmp_path
    fingerprint.cache_clear()


def get(app: Flask, address: str, **headers: str) -> TestResponse:
    """The answer, read to its end: an open file is put away."""
    return app.test_client().get(address, headers={k.replace("_", "-"): v for k, v in headers.items()}, buffered=True)


def address_of(app: Flask, name: str) -> str:
    with app.test_request_context("/"):
        return static_url(name)


def test_a_file_is_kept_for_ever_where_its_address_names_what_it_holds(app: Flask) -> None:
    answer = get(app, address_of(app, "css/frame.css"))
    assert answer.data == (STATIC / "css/frame.css").read_bytes()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Cookie" not in answer.headers["Vary"]


def test_what_a_script_and_a_style_sheet_name_beside_them_is_kept_as_long(app: Flask) -> None:
    """A module that is imported by its bare name would be asked for again by every page."""
    for name, named in (("js/app.js", r'from "(\./asking\.js)"'), ("css/fonts.css", r'url\("([^"]+\.woff2)"\)')):
        address = address_of(app, name)
        found = re.search(named, get(app, address).text)
        assert found, name
        beside = get(app, f"{address.rpartition('/')[0]}/{found[1]}".replace("/css/../", "/"))
        assert beside.status_code == 200
        assert "immutable" in beside.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/static/js/asking.js", "/static/at-000000000000/js/asking.js"])
def test_a_file_is_asked_for_again_where_its_address_names_nothing_or_another_release(app: Flask, address: str) -> None:
    answer = get(app, address)
    assert answer.data == (STATIC / "js/asking.js").read_bytes()
    assert answer.headers["Cache-Control"] == "no-cache"
    for encoding in ("identity", "gzip"):
        etag = get(app, address, Accept_Encoding=encoding).headers["ETag"]
        assert get(app, address, Accept_Encoding=encoding, If_None_Match=etag).status_code == 304


def test_every_static_file_counts_for_the_address_by_its_name_and_what_it_holds(empty_static: Path) -> None:
    found = []
    for name, content in (("a.css", "x"), ("a.css", "y"), ("b.css", "y"), ("b.css", "")):
        (empty_static / name).write_text(content)
        fingerprint.cache_clear()
        found.append(fingerprint())
    assert len({len(one) for one in found}) == 1
    assert len(set(found)) == 4


def test_a_file_that_does_not_exist_is_told_at_once(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(FileNotFoundError):
        static_url("css/nothing.css")
    assert get(app, f"/static/at-{fingerprint()}/css/nothing.css").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("address", ["/static/at-0/../settings.py", "/static/at-0/%2e%2e/settings.py", "/static/at-/x"])
def test_nothing_outside_the_folder_is_given(app: Flask, address: str) -> None:
    assert get(app, address).status_code == 404


@pytest.mark.parametrize("name", ["vendor/bootstrap-5.3.9/bootstrap.min.css", "js/app.js", "img/icons.svg"])
def test_text_is_sent_small_to_whoever_can_read_that(app: Flask, name: str) -> None:
    whole, address = (STATIC / name).read_bytes(), address_of(app, name)
    small = get(app, address, **SMALL)
    assert gzip.decompress(small.data) == whole
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) == len(small.data) < len(whole) / 1.8
    assert "Accept-Encoding" in small.headers["Vary"]
    plain = get(app, address)
    assert plain.data == whole
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_font_is_sent_as_it_is(app: Flask) -> None:
    font = next(STATIC.rglob("*.woff2"))
    answer = get(app, address_of(app, str(font.relative_to(STATIC))), **SMALL)
    assert answer.data == font.read_bytes()
    assert "Content-Encoding" not in answer.headers


def test_the_head_of_a_file_says_what_its_answer_would(app: Flask) -> None:
    address = address_of(app, "js/app.js")
    head = app.test_client().head(address, headers=SMALL)
    assert head.data == b""
    assert head.headers["Content-Length"] == get(app, address, **SMALL).headers["Content-Length"]
