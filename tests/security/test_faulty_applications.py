"""What an application does that somebody made a mistake in: each test breaks one of its own."""

from __future__ import annotations

import pytest
from flask import Flask

from evidence_app.app import create_app
from evidence_app.backends import Backends
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World
from tests.security.test_routes import Open


@pytest.fixture
def app(backends: Backends) -> Flask:
    """An application that nobody else uses, since it is changed."""
    made = create_app(backends)
    made.test_client_class = Browser
    return made


def test_a_route_somebody_forgot_to_protect_is_refused(app: Flask, client_for: Open, world: World) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert client_for(world.administrator).get("/forgotten").status_code == 403


def test_an_error_page_tells_nothing_about_the_machine(app: Flask, client_for: Open, world: World) -> None:
    def broken() -> str:
        raise RuntimeError("/secret/path and SELECT * FROM people")

    app.view_functions["home.home"] = broken
    broken.access_policy = app.view_functions["admin.people"].access_policy  # type: ignore[attr-defined]
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.view_functions["home.home"] = lambda school_key: broken()
    app.view_functions["home.home"].access_policy = broken.access_policy  # type: ignore[attr-defined]
    answer = client_for(world.administrator).get("/alder-bay/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "SELECT" not in answer.text
    assert "Nothing you did is lost" in answer.text


def test_an_error_keeps_no_secret_of_an_address_in_the_log(
    app: Flask, client_for: Open, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_names: str) -> str:
        raise RuntimeError("broken")

    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    secret = "canary-of-an-address"
    opened_by_secrets = [rule for rule in app.url_map.iter_rules() if "token" in rule.arguments]
    for rule in opened_by_secrets:
        broken.access_policy = app.view_functions[rule.endpoint].access_policy  # type: ignore[attr-defined]
        app.view_functions[rule.endpoint] = broken
    stranger = client_for(None)
    for rule in opened_by_secrets:
        if "GET" in (rule.methods or ()):
            assert (
                stranger.get(rule.rule.replace("<token>", secret).replace("<school_key>", "alder-bay")).status_code
                == 500
            )
    assert caplog.text.count("unexpected error") >= 4, "an invitation, a set-up, a share's door and a calendar"
    assert "/calendar/<token>.ics" in caplog.text
    assert secret not in caplog.text
