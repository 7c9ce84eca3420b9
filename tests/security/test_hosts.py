"""A forged Host header gets nowhere (S33)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from evidence_app.app import create_app
from evidence_app.backends import Backends
from evidence_app.domain.access import Actor
from evidence_app.settings import SettingsError, load_settings
from evidence_app.web.hosts import answers_to
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]


def app_at(backends: Backends, base_url: str, **more: int) -> Flask:
    settings = replace(backends.settings, base_url=base_url, **more)  # type: ignore[arg-type]
    return create_app(Backends(settings=settings, database=backends.database, blobs=backends.blobs))


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "192.168.1.20", "10.0.0.4:80", "school-box",
     "evidence.local", "EVIDENCE.LAN.", "[fd00::7]"],
)  # fmt: skip
def test_without_a_base_url_what_is_nearby_is_answered(host: str) -> None:
    assert answers_to(host, "")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "8.8.8.8", "[2001:4860:4860::8888]", "local.evil.example", "127.0.0.1.evil.example", "", ":80",
     "[::1", "evil.example:80@localhost.example", "a b.example"],
)  # fmt: skip
def test_without_a_base_url_names_of_the_internet_are_not(host: str) -> None:
    assert not answers_to(host, "")


@pytest.mark.parametrize("path", ["/sign-in", "/", "/static/img/mark.svg", "/s/x", "/invitation/x"])
@pytest.mark.parametrize("base_url", ["", "https://evidence.school.example"])
def test_another_host_gets_400_and_no_link(backends: Backends, path: str, base_url: str) -> None:
    client = app_at(backends, base_url).test_client()
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_with_a_base_url_only_its_host_is_answered(backends: Backends) -> None:
    client = app_at(backends, "https://evidence.school.example").test_client()
    assert client.get("/sign-in", headers={"Host": "evidence.school.example"}).status_code == 200
    assert client.get("/sign-in", headers={"Host": "EVIDENCE.school.example:443"}).status_code == 200
    assert client.get("/sign-in", headers={"Host": "localhost"}).status_code == 400


def test_a_forwarded_host_counts_from_a_trusted_proxy_only(backends: Backends) -> None:
    headers = {"Host": "10.0.0.4", "X-Forwarded-Host": "evidence.school.example"}
    alone = app_at(backends, "https://evidence.school.example").test_client()
    behind = app_at(backends, "https://evidence.school.example", trusted_proxies=1).test_client()
    assert alone.get("/sign-in", headers=headers).status_code == 400
    assert behind.get("/sign-in", headers=headers).status_code == 200


def test_an_invitation_begins_with_the_base_url(client_for: Open, backends: Backends, world: World) -> None:
    app = app_at(backends, "http://evidence.school.example")
    app.test_client_class = Browser
    client = app.test_client()
    assert isinstance(client, Browser)
    cookie = client_for(world.administrator).get_cookie("evidence")
    assert cookie is not None
    client.set_cookie("evidence", cookie.value, domain="evidence.school.example")
    base = "http://evidence.school.example"
    form = client.get(f"/alder-bay/admin/people/{world.teacher.person_id}", base_url=base).text
    token = form.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = super(Browser, client).post(
        f"/alder-bay/admin/people/{world.teacher.person_id}/invite", base_url=base, data={"csrf_token": token}
    )
    assert "http://evidence.school.example/invitation/" in answer.text


@pytest.mark.parametrize(
    "address",
    ["evidence.school.org", "ftp://x.example", "https://", "https://x.example/path", "https://[::1", "https://a b:x",
     "https://a..example"],
)  # fmt: skip
def test_a_base_url_that_is_none_is_refused(address: str, backends: Backends) -> None:
    with pytest.raises(SettingsError, match="EVIDENCE_BASE_URL"):
        load_settings({"EVIDENCE_HOME": str(backends.settings.home), "EVIDENCE_BASE_URL": address})
