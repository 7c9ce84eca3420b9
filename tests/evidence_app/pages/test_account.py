"""Getting in and out, one's own settings, the first run, the installation's schools, and pages that say no."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from evidence_app.domain import accounts
from evidence_app.domain.access import Actor, Role
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
PASSWORD = "four plain words here"


def operator(world: World) -> Actor:
    """Who runs the installation, as the one a browser is opened for."""
    with world.database.reading() as session:
        person = session.query(accounts.Person).filter_by(email="operator@example.org").one()
        return Actor(person_id=person.id, school_id="", role=Role.NOBODY)


def set_password(world: World, actor: Actor) -> None:
    with world.database.unit_of_work() as session:
        session.get_one(accounts.Person, actor.person_id).password_hash = accounts.hash_password(PASSWORD)


def test_signing_in_leads_to_the_page_that_was_wanted(client_for: Open, world: World) -> None:
    set_password(world, world.teacher)
    client = client_for(None)
    door = client.get("/alder-bay/requests/")
    assert door.location == "/sign-in?next=/alder-bay/requests/"
    form = {"email": world.teacher.email, "password": PASSWORD, "next": "/alder-bay/requests/"}
    wrong = client.post("/sign-in", data={**form, "password": "something else entirely"})
    assert wrong.status_code == 422
    assert "do not belong together" in wrong.text
    assert "something else" not in wrong.text
    assert client.post("/sign-in", data={**form, "next": "https://evil.example/"}).location == "/"
    fresh = client_for(None)
    assert fresh.post("/sign-in", data=form).location == "/alder-bay/requests/"
    assert fresh.get("/sign-in").location == "/"
    fresh.form_token = ""
    assert fresh.post("/sign-out").status_code == 302
    assert fresh.get("/alder-bay/").status_code == 302


def test_an_invitation_is_taken_once(client_for: Open, world: World) -> None:
    admin = client_for(world.administrator)
    somebody = {"email": "new@alder.example", "name": "N. Rahman", "role": "teacher"}
    page = admin.post("/alder-bay/admin/people", data=somebody)
    found = re.search(r"http://localhost(/invitation/[\w-]+)", page.text)
    assert found
    client = client_for(None)
    assert 'value="N. Rahman"' in client.get(found[1]).text, "the name the administrator wrote"
    short = client.post(found[1], data={"name": "Nadia Rahman", "password": "short"})
    assert short.status_code == 422
    form = {"name": "Nadia Rahman", "password": PASSWORD}
    assert client.post(found[1], data=form).location == "/"
    assert "Welcome, Nadia" in client.get("/", follow_redirects=True).text
    again = client_for(None).post(found[1], data=form)
    assert again.status_code == 422
    assert "not valid any more" in again.text


def test_settings_keep_name_language_and_theme(client_for: Open, world: World) -> None:
    client = client_for(world.teacher)
    assert client.post("/me", data={"name": "", "language": "fr", "theme": "dark"}).status_code == 422
    assert client.post("/me", data={"name": "Noor", "language": "xx", "theme": "dark"}).status_code == 422
    assert client.post("/me", data={"name": "Noor Haddad", "language": "fr", "theme": "dark"}).status_code == 302
    page = client.get("/me").text
    assert '<html lang="fr" data-bs-theme="dark">' in page
    assert "Noor Haddad" in page


def test_who_was_signed_out_by_another_role_is_told_why(client_for: Open, world: World) -> None:
    browser = client_for(world.teacher)
    with world.database.unit_of_work() as session:
        accounts.change_role(
            session, actor=world.administrator, person_id=world.teacher.person_id, role=Role.COORDINATOR
        )
    page = browser.get("/alder-bay/evidence/", follow_redirects=True).text
    assert "You were signed out." in page
    assert "when your role or your password was changed" in page
    assert "You were signed out." not in client_for(None).get("/sign-in").text
    left = client_for(world.head)
    left.post("/sign-out")
    assert "You were signed out." not in left.get("/sign-in").text, "who left by themselves knows"


def test_a_new_password_signs_every_other_browser_out(client_for: Open, world: World) -> None:
    set_password(world, world.teacher)
    here, there = client_for(world.teacher), client_for(world.teacher)
    wrong = here.post("/me/password", data={"pw-current": "not the one", "pw-password": "five other plain words"})
    assert wrong.status_code == 422
    assert "not the password you have now" in wrong.text
    form = {"pw-current": PASSWORD, "pw-password": "five other plain words"}
    assert here.post("/me/password", data=form).status_code == 302
    assert "Your password is changed" in here.get("/me").text
    assert there.get("/me").status_code == 302


def test_one_browser_is_signed_out_from_another(client_for: Open, world: World) -> None:
    here, there = client_for(world.teacher), client_for(world.teacher)
    ends = re.findall(r'action="(/me/sessions/[0-9a-f]+/end)"', here.get("/me").text)
    assert len(ends) == 1
    assert here.post(ends[0]).status_code == 302
    assert there.get("/me").status_code == 302
    assert here.get("/me").status_code == 200


def test_the_installation_opens_schools_for_its_operator_alone(client_for: Open, world: World) -> None:
    client = client_for(operator(world))
    assert "Birch Hill" in client.get("/installation").text
    form = {"name": "Cedar Grove", "key": "cedar-grove", "programmes": ["PYP"], "language": "en"}
    faults: tuple[dict[str, object], ...] = (
        {"key": "No Spaces"},
        {"key": "alder-bay"},
        {"key": "help"},
        {"programmes": []},
        {"name": ""},
    )
    for wrong in faults:
        assert client.post("/installation/schools/new", data={**form, **wrong}).status_code == 422, wrong
    assert client.post("/installation/schools/new", data=form).location == "/cedar-grove/admin/"
    assert "is open" in client.get("/cedar-grove/admin/").text
    for address in ("/installation", "/installation/schools/new"):
        assert client_for(world.administrator).get(address).status_code == 404
        assert client_for(None).get(address).status_code == 302


def test_the_first_administrator_comes_in_by_the_printed_link(client_for: Open, world: World) -> None:
    with world.database.unit_of_work() as session:
        session.query(accounts.Person).filter_by(runs_installation=True).update({"runs_installation": False})
        token = accounts.set_up_installation(session)
    client = client_for(None)
    form = {"name": "Ada Boss", "email": "ada@example.org", "password": PASSWORD}
    assert client.get(f"/setup/{token}").status_code == 200
    assert client.post(f"/setup/{token}", data={**form, "email": "nonsense"}).status_code == 422
    assert client.post(f"/setup/{token}", data=form).location == "/sign-in"
    assert "Sign in to create your first school" in client.get("/sign-in").text
    for address in (f"/setup/{token}", "/setup/wrong", "/invitation/wrong"):
        page = client.get(address)
        assert page.status_code == 404
        assert "not valid any more" in page.text
    again = client.post(f"/setup/{token}", data=form)
    assert again.status_code == 422
    assert "evidence init" in again.text


def test_no_school_takes_an_address_of_the_product(client_for: Open, world: World) -> None:
    client = client_for(operator(world))
    form = {"name": "Cedar Grove", "programmes": ["PYP"], "language": "en"}
    taken = {rule.rule.split("/")[1] for rule in client.application.url_map.iter_rules()}
    for key in (word for word in taken if word and not word.startswith("<")):
        refused = client.post("/installation/schools/new", data={**form, "key": key})
        assert refused.status_code == 422, key
        assert "." in key or "Choose another short name" in refused.text


def test_several_schools_are_chosen_from_and_none_is_said(client_for: Open, world: World) -> None:
    with world.database.unit_of_work() as session:
        accounts.add_person(
            session,
            actor=Actor(person_id="", school_id=world.neighbour.id, role=Role.ADMINISTRATOR),
            email=world.teacher.email,
            role=Role.READER,
        )
        lonely = accounts.new_person(session, email="lonely@example.org").id
    both = client_for(world.teacher).get("/").text
    assert "/alder-bay/" in both
    assert "/birch-hill/" in both
    assert "No school yet" in client_for(Actor(person_id=lonely, school_id="", role=Role.NOBODY)).get("/").text


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/alder-bay/evidence/nothing-here", 404, "Nothing here"),
        ("/alder-bay/admin/", 403, "Nothing was changed"),
        ("/birch-hill/", 404, "Nothing here"),
        ("/nowhere/at/all", 404, "Nothing here"),
    ],
)
def test_a_page_that_says_no_says_what_happened_and_leads_on(
    client_for: Open, world: World, address: str, status: int, said: str
) -> None:
    answer = client_for(world.teacher).get(address)
    assert answer.status_code == status
    assert said in answer.text
    assert "To the start" in answer.text
    assert "CANARY" not in answer.text


def test_a_wrong_password_of_ones_own_is_counted(client_for: Open, world: World) -> None:
    set_password(world, world.teacher)
    client = client_for(world.teacher)
    for _ in range(10):
        client.post("/me/password", data={"pw-current": "not the one", "pw-password": "five other plain words"})
    answer = client.post("/me/password", data={"pw-current": PASSWORD, "pw-password": "five other plain words"})
    assert answer.status_code == 422
    assert "Too many tries" in answer.text


def test_a_browser_that_signed_in_before_is_known_for_that_address_alone(client_for: Open, world: World) -> None:
    set_password(world, world.teacher)
    set_password(world, world.head)
    client = client_for(None)
    client.post("/sign-in", data={"email": world.teacher.email, "password": PASSWORD})
    client.post("/sign-out")
    cookie = client.get_cookie("evidence-known")
    assert cookie is not None
    assert world.teacher.email.partition("@")[0] not in cookie.value
    with world.database.unit_of_work() as session:
        for n in range(100):
            for actor in (world.teacher, world.head):
                accounts.count_failure(session, f"sign-in {actor.email}", f"10.0.{n // 10}.1")
    client.form_token = ""
    refused = client.post("/sign-in", data={"email": world.head.email, "password": PASSWORD})
    assert "Too many tries" in refused.text
    assert client.post("/sign-in", data={"email": world.teacher.email, "password": PASSWORD}).status_code == 302
    client.set_cookie("evidence-known", cookie.value[:-1] + ("0" if cookie.value[-1] != "0" else "1"))
    client.post("/sign-out")
    client.form_token = ""
    forged = client.post("/sign-in", data={"email": world.teacher.email, "password": PASSWORD})
    assert "Too many tries" in forged.text


def test_a_database_that_is_away_is_told_to_who_is_signed_in_too(client_for: Open, world: World) -> None:
    client = client_for(world.teacher)
    with world.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE sign_in_sessions RENAME TO elsewhere"))
    for address in ("/alder-bay/", "/me", "/sign-in"):
        page = client.get(address, headers={"Accept-Language": "en"})
        assert (address, page.status_code) == (address, 503)
        assert "The database does not answer" in page.text
        assert page.headers["Retry-After"]


def test_a_page_that_lay_open_learns_who_is_signed_in_and_the_token_of_now(client_for: Open, world: World) -> None:
    nobody, teacher = client_for(None).get("/sign-in/token").json, client_for(world.teacher).get("/sign-in/token").json

    assert nobody
    assert teacher
    assert (nobody["person"], teacher["person"]) == ("", world.teacher.person_id)
    assert teacher["token"]


def test_what_a_page_of_one_person_sends_is_not_taken_for_another_s(client_for: Open, world: World) -> None:
    """A page lay open while somebody else signed in in the same browser: nothing typed on it becomes theirs."""
    link = "/alder-bay/evidence/new/link"
    browser = client_for(world.coordinator)
    typed = {"data": {"url": "https://example.org/mine"}}

    answer = browser.post(f"{link}/kept", **typed, headers={"X-Person": world.teacher.person_id})

    assert answer.status_code in (302, 401)
    assert "example.org/mine" not in browser.get(link).text
    assert browser.post(f"{link}/kept", **typed, headers={"X-Person": world.coordinator.person_id}).status_code == 200
    assert "example.org/mine" in browser.get(link).text
