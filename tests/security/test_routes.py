"""Every route has a policy and keeps it (S01, S14, S17, S18): the list comes from the application itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from evidence_app.database import Base
from evidence_app.domain.access import Action, Actor, Role, can
from evidence_app.domain.accounts import Person
from evidence_app.web.access import Door, policy_of
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
ABSENT = "01aaaaaaaaaaaaaaaaaaaaaaaa"
REFUSALS = {302, 401, 403, 404, 410}


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            yield rule, method


def address(app: Flask, rule: Rule, school_key: str = "alder-bay") -> str:
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        one_of = min(getattr(converter, "items", ()), default=None)
        values[name] = one_of or {"IntegerConverter": 1, "PathConverter": "x/y"}.get(type(converter).__name__, ABSENT)
    if "school_key" in values:
        values["school_key"] = school_key
    if rule.endpoint == "static":
        values["filename"] = "img/mark.svg"
    return app.url_map.bind("localhost").build(
        rule.endpoint, values, method=(rule.methods or {"GET"}).__iter__().__next__()
    )


def call(client: Browser, method: str, path: str) -> int:
    return client.open(path, method=method).status_code if method == "GET" else client.post(path).status_code


def test_every_route_has_a_policy(app: Flask) -> None:
    assert [r.endpoint for r, _ in rules(app) if policy_of(app, r.endpoint) is None] == []


def test_nobody_gets_in_without_signing_in(app: Flask, client_for: Open) -> None:
    client = client_for(None)
    for rule, method in rules(app):
        if policy_of(app, rule.endpoint) in (Door.EVERYBODY, Door.VISITOR):
            continue
        assert call(client, method, address(app, rule)) in REFUSALS, f"{method} {rule}"


def test_a_member_of_another_school_gets_in_nowhere(app: Flask, client_for: Open, world: World) -> None:
    client = client_for(world.stranger)
    for rule, method in rules(app):
        if "school_key" in rule.arguments:
            assert call(client, method, address(app, rule)) == 404, f"{method} {rule}"


@pytest.mark.parametrize("role", [Role.READER, Role.TEACHER, Role.LEARNING_SUPPORT, Role.HEAD, Role.COORDINATOR])
def test_a_role_reaches_what_its_row_of_the_table_says(app: Flask, client_for: Open, world: World, role: Role) -> None:
    client, actor = client_for(world.actors[role]), world.actors[role]
    for rule, method in rules(app):
        policy = policy_of(app, rule.endpoint)
        if isinstance(policy, Action) and not can(actor, policy):
            assert call(client, method, address(app, rule)) == 403, f"{role}: {method} {rule}"
        if policy is Door.OPERATOR:
            assert call(client, method, address(app, rule)) == 404, f"{role}: {method} {rule}"


def test_no_route_breaks_on_ids_that_do_not_exist(app: Flask, client_for: Open, world: World) -> None:
    client = client_for(world.administrator)
    for rule, method in rules(app):
        if "school_key" in rule.arguments:
            status = call(client, method, address(app, rule))
            assert status < 500, f"{method} {rule}: {status}"


def test_every_answer_carries_the_headers(app: Flask, client_for: Open, world: World) -> None:
    client = client_for(world.administrator)
    for rule, method in rules(app):
        answer = client.open(address(app, rule), method=method)
        answer.close()
        policy = answer.headers.get("Content-Security-Policy", "")
        assert "default-src 'none'" in policy, f"{method} {rule}"
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        if rule.endpoint != "static":
            assert "no-store" in answer.headers["Cache-Control"], f"{method} {rule}"
            assert "Cookie" in answer.headers["Vary"]


def test_no_form_works_without_its_token(app: Flask, client_for: Open, world: World) -> None:
    with world.database.unit_of_work() as session:
        session.get_one(Person, world.administrator.person_id).runs_installation = True
    client = client_for(world.administrator)
    for rule, method in rules(app):
        if method != "GET":
            answer = super(Browser, client).post(address(app, rule))
            assert answer.status_code == 400, f"{method} {rule}: {answer.status_code}"


def test_reading_pages_changes_nothing(app: Flask, client_for: Open, world: World) -> None:
    client = client_for(world.administrator)
    before = dump(world)
    for rule, method in rules(app):
        if method == "GET" and rule.endpoint != "static":
            client.get(address(app, rule))
    assert dump(world) == before


def dump(world: World) -> dict[str, list[tuple[object, ...]]]:
    with world.database.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(table.select())]
            for table in Base.metadata.sorted_tables
            if table.name not in ("sign_in_sessions", "attempts", "jobs")  # a page may ask for a lost index
        }
