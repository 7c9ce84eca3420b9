"""Every answer is closed to everything that was not asked for, and an uploaded file runs nothing."""

from __future__ import annotations

import pytest
from flask import Flask, Response, abort, redirect
from werkzeug.datastructures import Headers

from evidence_app.web.headers import USER_BYTES_POLICY, protect, set_user_bytes_headers


@pytest.fixture
def app() -> Flask:
    app = Flask("evidence_app")
    protect(app)

    @app.get("/page")
    def page() -> str:
        return "<p>a page</p>"

    @app.get("/away")
    def away() -> Response:
        return redirect("/page")  # type: ignore[return-value]

    @app.get("/broken")
    def broken() -> str:
        abort(500)

    @app.get("/upload")
    def upload() -> Response:
        response = Response("<script>alert(1)</script>", mimetype="text/html")
        response.headers["Cache-Control"] = "private, max-age=600"
        return set_user_bytes_headers(response)

    return app


def headers_of(app: Flask, path: str) -> Headers:
    """The headers of an answer, whose body (an open file, for static ones) is put away."""
    with app.test_client().get(path) as response:
        return response.headers


def policy_of(headers: Headers) -> dict[str, str]:
    text = headers["Content-Security-Policy"]
    return {directive.split(" ")[0]: directive.partition(" ")[2] for directive in text.split("; ")}


@pytest.mark.parametrize("path", ["/page", "/away", "/broken", "/no-such-page", "/static/css/frame.css", "/upload"])
def test_every_answer_carries_the_headers(app: Flask, path: str) -> None:
    headers = headers_of(app, path)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]
    policy = policy_of(headers)
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"


def test_pages_load_from_here_only_and_run_nothing_inline(app: Flask) -> None:
    policy = policy_of(headers_of(app, "/page"))
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"
    assert policy["base-uri"] == policy["object-src"] == "'none'"
    assert not any("unsafe" in value or "*" in value or "http" in value for value in policy.values())


def test_an_uploaded_file_is_sandboxed_and_may_be_kept_as_its_view_says(app: Flask) -> None:
    headers = headers_of(app, "/upload")
    assert headers["Content-Security-Policy"] == USER_BYTES_POLICY
    assert policy_of(headers).keys() >= {"sandbox"}
    assert headers["Cache-Control"] == "private, max-age=600"


def test_pages_are_kept_by_no_cache_and_depend_on_the_cookie(app: Flask) -> None:
    headers = headers_of(app, "/page")
    assert headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in headers["Vary"]


def test_the_page_about_a_missing_static_file_is_kept_by_no_cache(app: Flask) -> None:
    headers = headers_of(app, "/static/no-such-file.css")
    assert headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in headers["Vary"]


def test_only_encrypted_connections_are_told_to_stay_encrypted(app: Flask) -> None:
    client = app.test_client()
    assert "Strict-Transport-Security" not in client.get("/page").headers
    told = client.get("/page", base_url="https://evidence.example").headers["Strict-Transport-Security"]
    assert int(told.partition("max-age=")[2].partition(";")[0]) >= 31536000
