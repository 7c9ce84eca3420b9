"""Signing in, staying in and getting out (S16, S17, S32, S33, S34)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.exc import DataError
from werkzeug.test import TestResponse

from evidence_app.app import create_app
from evidence_app.backends import Backends
from evidence_app.domain import accounts
from evidence_app.domain.access import Actor
from tests.evidence_app.pages.conftest import COOKIE, TOKEN, Browser
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
PASSWORD = "four plain words here"


@pytest.fixture
def teacher(world: World) -> Actor:
    with world.database.unit_of_work() as session:
        accounts.change_password(session, person_id=world.teacher.person_id, password=PASSWORD)
    return world.teacher


def sign_in(
    client: Browser, actor: Actor, password: str = PASSWORD, base_url: str = "http://localhost"
) -> TestResponse:
    """The answer to the sign-in form, filled in as a browser does: load it, send it with its token."""
    page = client.get("/sign-in", base_url=base_url)
    token = TOKEN.search(page.data)
    assert token is not None, page.status
    form = {"email": actor.email, "password": password, "csrf_token": token[1].decode()}
    answer = client.post("/sign-in", data=form, base_url=base_url, headers={"X-CSRFToken": form["csrf_token"]})
    client.form_token = ""
    return answer


def test_the_right_password_opens_the_school(client_for: Open, teacher: Actor) -> None:
    client = client_for(None)
    assert sign_in(client, teacher).status_code == 302
    assert client.get("/alder-bay/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_get_the_same_page(client_for: Open, teacher: Actor) -> None:
    pages = []
    for email, password in ((teacher.email, "wrong words are these"), ("nobody@alder.example", PASSWORD)):
        answer = client_for(None).post("/sign-in", data={"email": email, "password": password})
        assert answer.status_code == 422
        pages.append(answer.text.replace(email, "").partition("<form")[0])
    assert pages[0] == pages[1]


def test_guessing_is_slowed_down(client_for: Open, teacher: Actor) -> None:
    client = client_for(None)
    for _ in range(10):
        assert sign_in(client, teacher, "wrong words are these").status_code == 422
    answer = sign_in(client, teacher)
    assert answer.status_code == 422
    assert "Too many tries" in answer.text


def test_a_cookie_is_worthless_after_signing_out(client_for: Open, teacher: Actor) -> None:
    client = client_for(None)
    sign_in(client, teacher)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    answer = client.post("/sign-out")
    assert "storage" in answer.headers["Clear-Site-Data"]
    thief = client_for(None)
    thief.set_cookie(COOKIE, cookie.value)
    assert thief.get("/alder-bay/").status_code == 302


def test_signing_in_gives_a_new_secret_each_time(client_for: Open, teacher: Actor) -> None:
    first, second = client_for(None), client_for(None)
    for client in (first, second):
        client.set_cookie(COOKIE, "chosen-by-somebody-else")
        sign_in(client, teacher)
    values = {c.get_cookie(COOKIE).value for c in (first, second)}  # type: ignore[union-attr]
    assert len(values) == 2
    assert "chosen-by-somebody-else" not in values


def test_cookies_over_https_are_bound_to_the_host(backends: Backends, teacher: Actor) -> None:
    settings = replace(backends.settings, base_url="https://evidence.example")
    app = create_app(Backends(settings=settings, database=backends.database, blobs=backends.blobs))
    app.test_client_class = Browser
    client = app.test_client()
    assert isinstance(client, Browser)
    answer = sign_in(client, teacher, base_url="https://evidence.example")
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("__Host-evidence=")]
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert part in cookie
    assert "Domain" not in cookie
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize(
    "next",
    [
        "//evil.example", "/\\evil.example", "\\\\\\evil.example", "https://evil.example", "https:evil.example",
        "/%0d%0aLocation:%20https://evil.example", "javascript:alert(1)", "/@evil.example", "///evil.example",
        "/nowhere/at/all/here", "http:///evil.example", "\thttps://evil.example", "/\tevil", "evil.example",
    ],
)  # fmt: skip
def test_signing_in_never_leads_elsewhere(client_for: Open, teacher: Actor, next: str) -> None:
    answer = client_for(None).post("/sign-in", data={"email": teacher.email, "password": PASSWORD, "next": next})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/"


def test_signing_in_leads_back_to_the_page_one_wanted(client_for: Open, teacher: Actor) -> None:
    client = client_for(None)
    wanted = client.get("/alder-bay/evidence/?q=inclusion").headers["Location"]
    answer = client.post(
        "/sign-in",
        data={"email": teacher.email, "password": PASSWORD, "next": "/alder-bay/evidence/?q=inclusion"},
    )
    assert wanted.startswith("/sign-in?next=")
    assert answer.headers["Location"] == "/alder-bay/evidence/?q=inclusion"


@pytest.mark.parametrize("path", ["/alder-bay/evidence/%00", "/%00/", "/alder-bay/evidence/?q=%00", "/s/%00"])
def test_a_nul_in_an_address_is_refused(client_for: Open, world: World, path: str) -> None:
    assert client_for(world.teacher).get(path).status_code == 400


def test_what_the_database_cannot_keep_is_refused_in_a_sentence(app: Flask, client_for: Open, world: World) -> None:
    def refused(school_key: str) -> str:
        raise DataError("SELECT secret", None, ValueError("cannot contain NUL"))

    refused.access_policy = app.view_functions["home.home"].access_policy  # type: ignore[attr-defined]
    app.view_functions["home.home"] = refused
    answer = client_for(world.teacher).get("/alder-bay/")
    assert answer.status_code == 422
    assert "cannot be kept" in answer.text
    assert "secret" not in answer.text
