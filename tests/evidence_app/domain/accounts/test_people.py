from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from evidence_app.database import now
from evidence_app.domain import accounts
from evidence_app.domain.access import Actor, Role, worker_for
from evidence_app.domain.accounts.models import Attempt, Invitation, Person, SignInSession
from evidence_app.domain.schools import add_school
from evidence_app.errors import Conflict, Invalid, NotFound
from tests.fixtures import World

GOOD = "four plain words here"
EMAIL = "new@alder.example"


def invited(world: World, email: str = EMAIL) -> tuple[str, str]:
    """The id of a new teacher, and the token of their invitation."""
    with world.database.unit_of_work() as session:
        membership = accounts.add_person(session, actor=world.administrator, email=email, role=Role.TEACHER)
        session.flush()
        return membership.person_id, accounts.invite(session, actor=world.administrator, person_id=membership.person_id)


def sign_in(
    world: World, password: str = GOOD, email: str = EMAIL, source: str = "10.0.0.1", browser: str = ""
) -> accounts.SignIn:
    with world.database.reading() as session:
        compared = accounts.compare_password(session, email=email, password=password, source=source, browser=browser)
    with world.database.unit_of_work() as session:
        return accounts.sign_in(session, compared)


def accept(world: World, token: str, password: str = GOOD) -> str:
    with world.database.unit_of_work() as session:
        return accounts.accept_invitation(session, token=token, name="New Person", password=password).id


def is_live(world: World, token: str, idle: int = 3600, longest: int = 7200) -> bool:
    with world.database.reading() as session:
        return accounts.find_session(session, token, idle_seconds=idle, longest_seconds=longest) is not None


def test_an_invitation_lets_one_person_in_once(world: World) -> None:
    person_id, token = invited(world)
    assert accept(world, token) == person_id
    with pytest.raises(NotFound, match="not valid any more"):
        accept(world, token)
    assert sign_in(world).person_id == person_id


def test_an_old_invitation_opens_nothing(world: World) -> None:
    _, token = invited(world)
    with world.database.unit_of_work() as session:
        session.execute(update(Invitation).values(expires_at=now()))
    with pytest.raises(NotFound):
        accept(world, token)


def test_a_new_invitation_ends_the_earlier_one(world: World) -> None:
    person_id, first = invited(world)
    with world.database.unit_of_work() as session:
        accounts.invite(session, actor=world.administrator, person_id=person_id)
    with pytest.raises(NotFound):
        accept(world, first)


def boss_of(school_id: str) -> Actor:
    return Actor(person_id="", school_id=school_id, role=Role.ADMINISTRATOR)


def test_no_school_chooses_the_password_of_an_account_that_opens_another(world: World) -> None:
    person_id = accept(world, invited(world)[1])
    elsewhere = boss_of(world.neighbour.id)
    with world.database.unit_of_work() as session:
        accounts.add_person(session, actor=elsewhere, email=EMAIL, role=Role.READER)
    for boss in (elsewhere, world.administrator):
        with pytest.raises(Conflict, match="opens more than this school"), world.database.unit_of_work() as session:
            accounts.invite(session, actor=boss, person_id=person_id)
    assert sign_in(world).person_id == person_id


def test_no_school_chooses_the_password_of_who_runs_the_installation(world: World) -> None:
    with world.database.unit_of_work() as session:
        session.execute(update(Person).where(Person.id == world.teacher.person_id).values(runs_installation=True))
        accounts.change_password(session, person_id=world.teacher.person_id, password=GOOD)
    with pytest.raises(Conflict), world.database.unit_of_work() as session:
        accounts.invite(session, actor=world.administrator, person_id=world.teacher.person_id)


def test_links_of_other_schools_end_when_one_is_used(world: World) -> None:
    person_id, token = invited(world)
    elsewhere = boss_of(world.neighbour.id)
    with world.database.unit_of_work() as session:
        accounts.add_person(session, actor=elsewhere, email=EMAIL, role=Role.READER)
        other = accounts.invite(session, actor=elsewhere, person_id=person_id)
    accept(world, token)
    with pytest.raises(NotFound):
        accept(world, other, "the words of a thief")
    assert sign_in(world).token


def test_a_link_ends_when_its_account_comes_to_open_another_school(world: World) -> None:
    person_id = accept(world, invited(world)[1])
    with world.database.unit_of_work() as session:
        again = accounts.invite(session, actor=world.administrator, person_id=person_id)
        accounts.add_person(session, actor=boss_of(world.neighbour.id), email=EMAIL, role=Role.READER)
    with pytest.raises(NotFound):
        accept(world, again, "the words of a thief")


def test_only_the_hash_of_a_token_is_kept(world: World) -> None:
    _, token = invited(world)
    with world.database.reading() as session:
        (kept,) = session.scalars(select(Invitation.token_hash))
    assert token not in kept
    assert len(token) >= 43


@pytest.mark.parametrize(
    "password", ["short", "password password", "aaaaaaaaaaaaaaaa", "evidence evidence evidence", "x" * 300]
)
def test_a_weak_password_is_refused_with_advice(world: World, password: str) -> None:
    _, token = invited(world)
    with pytest.raises(Invalid) as error:
        accept(world, token, password)
    assert error.value.field == "password"
    assert sign_in(world, password).refused == "wrong"


def test_a_password_is_the_same_however_its_accents_are_composed(world: World) -> None:
    _, token = invited(world)
    accept(world, token, "caf\u00e9 au lait et croissant")
    assert sign_in(world, "cafe\u0301 au lait et croissant").token


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "another password"), ("nobody@alder.example", GOOD), (EMAIL, "")]
)
def test_wrong_address_and_wrong_password_look_alike(world: World, email: str, password: str) -> None:
    accept(world, invited(world)[1])
    assert sign_in(world, password, email) == accounts.SignIn(refused="wrong")


def test_ten_wrong_tries_from_one_place_stop_that_place_only(world: World) -> None:
    accept(world, invited(world)[1])
    for _ in range(10):
        assert sign_in(world, "wrong").refused == "wrong"
    assert sign_in(world).refused == "throttled"
    assert sign_in(world, source="10.0.0.2").token


def fail(world: World, tries: list[tuple[str, str]]) -> set[str]:
    """The answers to so many wrong passwords, each for an address from a place."""
    with world.database.unit_of_work() as session:
        return {accounts.sign_in(session, accounts.Compared(email, place)).refused for email, place in tries}


def later(world: World, seconds: float) -> None:
    """So much time goes by for the counters."""
    with world.database.unit_of_work() as session:
        for row in session.scalars(select(Attempt)):
            row.failed_at -= timedelta(seconds=seconds)
            row.window_started_at -= timedelta(seconds=seconds)


def test_many_strangers_slow_an_account_down_and_lock_nobody_out(world: World) -> None:
    accept(world, invited(world)[1])
    assert fail(world, [(EMAIL, f"10.0.{n // 10}.1") for n in range(100)]) == {"wrong"}
    assert sign_in(world, source="10.1.0.1").refused == "throttled"
    later(world, 31)
    assert sign_in(world, "wrong", source="10.1.0.2").refused == "wrong"
    assert sign_in(world, source="10.1.0.1").refused == "throttled"
    later(world, 31)
    assert sign_in(world, source="10.1.0.1").token


def test_a_known_browser_does_not_queue_behind_strangers_and_has_ten_tries(world: World) -> None:
    accept(world, invited(world)[1])
    fail(world, [(EMAIL, f"10.0.{n // 10}.1") for n in range(100)])
    assert sign_in(world, source="10.1.0.1", browser="browser 1").token
    for _ in range(10):
        assert sign_in(world, "wrong", source="10.1.0.1", browser="browser 1").refused == "wrong"
    assert sign_in(world, source="10.1.0.1", browser="browser 1").refused == "throttled"


def test_one_place_that_tries_many_accounts_is_slowed_down_and_others_are_not(world: World) -> None:
    accept(world, invited(world)[1])
    assert fail(world, [(f"guess{n}@alder.example", "10.0.0.1") for n in range(100)]) == {"wrong"}
    assert sign_in(world, "wrong", "guess100@alder.example").refused == "throttled"
    assert sign_in(world).refused == "throttled"
    assert sign_in(world, source="10.0.0.2").token
    later(world, 31)
    assert sign_in(world).token


def test_ones_own_password_is_not_guessed_either(world: World) -> None:
    person_id = accept(world, invited(world)[1])

    def try_it(password: str) -> bool | None:
        with world.database.reading() as session:
            is_right = accounts.is_own_password(session, person_id=person_id, password=password)
        if is_right is None:
            return None
        with world.database.unit_of_work() as session:
            return accounts.count_own_password(session, person_id=person_id, is_right=is_right)

    assert try_it(GOOD)
    assert [try_it("wrong") for _ in range(11)] == [False] * 10 + [None]
    assert try_it(GOOD) is None
    with world.database.unit_of_work() as session:
        assert not accounts.count_own_password(session, person_id=person_id, is_right=True)
    later(world, 15 * 60 + 1)
    assert try_it(GOOD)


def test_tries_made_at_the_same_moment_are_all_counted(world: World) -> None:
    accept(world, invited(world)[1])
    with world.database.reading() as session:
        wrong = accounts.compare_password(session, email=EMAIL, password="wrong", source="10.0.0.1")
        right = accounts.compare_password(session, email=EMAIL, password=GOOD, source="10.0.0.1")
    refused: list[str] = []

    def try_often() -> None:
        for _ in range(4):
            with world.database.unit_of_work() as session:
                refused.append(accounts.sign_in(session, wrong).refused)

    threads = [threading.Thread(target=try_often) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refused) == ["throttled"] * 2 + ["wrong"] * 10
    with world.database.unit_of_work() as session:
        assert accounts.sign_in(session, right).refused == "throttled"


def test_a_password_that_was_changed_meanwhile_opens_nothing(world: World) -> None:
    person_id = accept(world, invited(world)[1])
    with world.database.reading() as session:
        compared = accounts.compare_password(session, email=EMAIL, password=GOOD, source="10.0.0.1")
    with world.database.unit_of_work() as session:
        accounts.change_password(session, person_id=person_id, password="five other plain words")
    with world.database.unit_of_work() as session:
        assert accounts.sign_in(session, compared).refused == "wrong"


def test_the_brake_loosens_after_a_quarter_of_an_hour(world: World) -> None:
    accept(world, invited(world)[1])
    for _ in range(10):
        sign_in(world, "wrong")
    with world.database.unit_of_work() as session:
        session.execute(update(Attempt).values(window_started_at=now() - timedelta(minutes=16)))
    assert sign_in(world).token


def test_signing_out_ends_the_session_for_good(world: World) -> None:
    accept(world, invited(world)[1])
    token = sign_in(world).token
    assert is_live(world, token)
    with world.database.unit_of_work() as session:
        accounts.sign_out(session, token)
    assert not is_live(world, token)


def test_a_session_ends_when_idle_and_when_old(world: World) -> None:
    accept(world, invited(world)[1])
    token = sign_in(world).token
    with world.database.unit_of_work() as session:
        session.execute(update(SignInSession).values(seen_at=now() - timedelta(minutes=61)))
    assert not is_live(world, token)
    with world.database.unit_of_work() as session:
        accounts.mark_seen(session, token)
    assert is_live(world, token)
    with world.database.unit_of_work() as session:
        session.execute(update(SignInSession).values(created_at=now() - timedelta(hours=3)))
    assert not is_live(world, token)


@pytest.mark.parametrize("act", ["role", "password", "removal", "invitation"])
def test_every_change_of_rights_signs_out_everywhere(world: World, act: str) -> None:
    person_id = accept(world, invited(world)[1])
    token = sign_in(world).token
    with world.database.unit_of_work() as session:
        if act == "role":
            accounts.change_role(session, actor=world.administrator, person_id=person_id, role=Role.READER)
        elif act == "password":
            accounts.change_password(session, person_id=person_id, password="five other plain words")
        elif act == "removal":
            accounts.remove_member(session, actor=world.administrator, person_id=person_id)
        else:
            again = accounts.invite(session, actor=world.administrator, person_id=person_id)
            accounts.accept_invitation(session, token=again, name="", password="five other plain words")
    assert not is_live(world, token)


def test_a_deactivated_person_cannot_sign_in(world: World) -> None:
    person_id = accept(world, invited(world)[1])
    with world.database.unit_of_work() as session:
        session.execute(update(Person).where(Person.id == person_id).values(deactivated_at=now()))
    assert sign_in(world).refused == "wrong"
    with world.database.reading() as session:
        assert accounts.person(session, person_id) is None
        with pytest.raises(NotFound):
            accounts.actor_in(session, person_id, world.school.id)


def test_the_first_administrator_claims_the_installation_once(world: World) -> None:
    with world.database.unit_of_work() as session:
        assert accounts.set_up_installation(session) is None
        session.execute(update(Person).values(runs_installation=False))
        first = accounts.set_up_installation(session)
        second = accounts.set_up_installation(session)
    assert first
    assert second
    for token, works in ((first, False), (second, True), (second, False)):
        with world.database.unit_of_work() as session:
            if works:
                boss = accounts.claim_installation(
                    session, token=token, email="boss@x.example", name="Boss", password=GOOD
                )
                assert boss.runs_installation
            else:
                with pytest.raises(NotFound):
                    accounts.claim_installation(session, token=token, email="b@x.example", name="B", password=GOOD)


def test_a_new_school_gets_one_founder(world: World) -> None:
    with world.database.unit_of_work() as session:
        school = add_school(session, key="new-school", name="New", programmes=["CP"], language="it")
        founder = {"actor": worker_for(school.id), "person_id": world.head.person_id, "role": Role.ADMINISTRATOR}
        accounts.add_founder(session, **founder)  # type: ignore[arg-type]
        session.flush()
        with pytest.raises(Conflict):
            accounts.add_founder(session, **founder)  # type: ignore[arg-type]


def test_preferences_are_checked(world: World) -> None:
    with world.database.unit_of_work() as session:
        me = {"person_id": world.teacher.person_id, "name": "  Noor   Haddad "}
        assert accounts.set_preferences(session, **me, language="fr", theme="dark").name == "Noor Haddad"
        for wrong in ({"language": "xx", "theme": "dark"}, {"language": "fr", "theme": "pink"}):
            with pytest.raises(Invalid):
                accounts.set_preferences(session, **me, **wrong)


def test_sessions_can_be_listed_and_ended_one_by_one(world: World) -> None:
    person_id = accept(world, invited(world)[1])
    tokens = [sign_in(world).token, sign_in(world).token]
    with world.database.reading() as session:
        assert {s.token_hash for s in accounts.sessions_of(session, person_id)} == set(map(accounts.token_hash, tokens))
    with world.database.unit_of_work() as session:
        accounts.end_session(session, person_id=person_id, hash_of_token=accounts.token_hash(tokens[0]))
    assert [is_live(world, token) for token in tokens] == [False, True]


@pytest.mark.parametrize(
    ("name", "initials"), [("Noor Haddad", "NH"), ("Jun", "J"), ("", "N"), ("Ana de la Cruz", "AC")]
)
def test_initials_are_one_or_two_letters(name: str, initials: str) -> None:
    assert Person(email="noor@x.org", name=name).initials == initials


def test_odd_characters_are_taken_out_of_names_and_addresses(world: World) -> None:
    sent, kept = "A\x00mara\x07 \u202eDiallo", "Amara Diallo"
    with world.database.unit_of_work() as session:
        member = accounts.add_person(
            session, actor=world.administrator, email="am\x00ara@alder.example", role=Role.TEACHER, name=sent
        )
        session.flush()
        person_id = member.person_id
        assert (member.person.name, member.person.email) == (kept, "amara@alder.example")
        group = accounts.add_group(session, actor=world.administrator, name=sent, person_ids=[])
        assert group.name == kept
        changed = accounts.set_preferences(session, person_id=person_id, name=sent, language="en", theme="auto")
        assert changed.name == kept
        token = accounts.invite(session, actor=world.administrator, person_id=person_id)
        assert accounts.accept_invitation(session, token=token, name=sent, password=GOOD).name == kept
        accounts.open_session(session, person_id=person_id, browser=sent)
    with world.database.reading() as session:
        assert accounts.actor_by_email(session, "amara\x00@alder.example").name == kept
        assert accounts.compare_password(session, email="x\x00", password=GOOD, source="here").matched == ""
