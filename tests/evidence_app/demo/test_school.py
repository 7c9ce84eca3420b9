"""A small demo, built once by the product's own actions and the real worker; then looked at as its people would."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from evidence_app.backends import Backends, build_backends
from evidence_app.demo.cast import MEMBERS
from evidence_app.demo.school import CARD, SIGN_IN, TRUTH, DemoSchool, build_demo, demo_in
from evidence_app.demo.study import visit_after
from evidence_app.domain import (
    accounts,
    evidence,
    insight,
    planning,
    reports,
    requests,
    search,
    selfstudy,
    sharing,
    tagging,
)
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import Flag, Visibility
from evidence_app.domain.selfstudy import ResponseStatus
from evidence_app.domain.tagging import TagState
from evidence_app.domain.upkeep import verify
from evidence_app.errors import Conflict
from evidence_app.migrations import upgrade
from evidence_app.settings import load_settings
from evidence_app.worker import run_until_done

DOCUMENTS = 16
TODAY = date.today()  # noqa: DTZ011 - the pages count from the day on which one looks at them


@dataclass(frozen=True)
class Built:
    home: Path
    backends: Backends
    school: DemoSchool

    def actor(self, role: Role) -> Actor:
        with self.backends.database.reading() as session:
            return accounts.actor_by_email(session, self.school.email_of_role[role.value])


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    home = tmp_path_factory.mktemp("demo") / "home"
    backends = build_backends(load_settings({"EVIDENCE_HOME": str(home)}, create_home=True))
    upgrade(backends.database)
    made = build_demo(
        backends,
        documents=DOCUMENTS,
        today=TODAY,
        work_until=lambda is_done, kinds: run_until_done(backends, is_done, kinds=kinds, patience_seconds=120),
    )
    yield Built(home, backends, made)
    backends.close()


def test_somebody_of_every_role_can_sign_in(built: Built) -> None:
    assert set(built.school.email_of_role) == {role.value for role in Role if role is not Role.NOBODY}
    for email in built.school.email_of_role.values():
        with built.backends.database.reading() as session:
            compared = accounts.compare_password(session, email=email, password=built.school.password, source="test")
        with built.backends.database.unit_of_work() as session:
            assert accounts.sign_in(session, compared).token


def test_every_document_is_an_item_or_a_copy_of_one(built: Built) -> None:
    with (built.home / TRUTH).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == DOCUMENTS
    assert built.school.items == sum(not row["duplicate_of"] for row in rows)
    coordinator = built.actor(Role.COORDINATOR)
    with built.backends.database.reading() as session:
        found = evidence.recent_items(session, coordinator, limit=200)
    received = [item.received_at.date() for item in found]
    assert min(received) < TODAY - timedelta(days=60)
    assert min(received) >= TODAY - timedelta(days=730)
    assert {str(item.kind) for item in found} == {"file", "link", "note"}
    assert {Visibility.STAFF, Visibility.SHAREABLE} <= {item.visibility for item in found}


def test_only_the_papers_about_single_pupils_are_asked_about(built: Built) -> None:
    with built.backends.database.reading() as session:
        flags = list(session.scalars(select(Flag)))
    assert sorted((flag.weight, flag.settled_as or "") for flag in flags) == [
        ("private", ""),
        ("question", ""),
        ("question", "consent"),
    ]


def test_private_papers_are_open_to_the_support_team_alone(built: Built) -> None:
    with built.backends.database.reading() as session:
        open_to = {
            role: sum(
                item.visibility == Visibility.PRIVATE for item in evidence.recent_items(session, actor, limit=500)
            )
            for role in (Role.LEARNING_SUPPORT, Role.ADMINISTRATOR, Role.HEAD, Role.COORDINATOR)
            for actor in [built.actor(role)]
        }
    assert open_to.pop(Role.LEARNING_SUPPORT) == 4, "its own two, a plan, and a note that names a pupil"
    assert set(open_to.values()) == {0}


def test_tags_wait_and_are_accepted(built: Built) -> None:
    coordinator = built.actor(Role.COORDINATOR)
    with built.backends.database.reading() as session:
        items = evidence.recent_items(session, coordinator, limit=500)
        tags = [t for rows in tagging.tags_of_items(session, coordinator, [i.id for i in items]).values() for t in rows]
        assert tagging.count_waiting(session, coordinator) > 0
    accepted = [tag for tag in tags if tag.state == TagState.ACCEPTED]
    assert accepted
    assert all(tag.strength in (1, 2, 3) and tag.decided_by for tag in accepted)


def test_the_school_has_a_past(built: Built) -> None:
    coordinator = built.actor(Role.COORDINATOR)
    with built.backends.database.reading() as session:
        filed = insight.filed_by_month(session, coordinator, today=TODAY)
        covered, total = insight.covered_by_month(session, coordinator, today=TODAY)
        pace = insight.pace_to_visit(session, coordinator, today=TODAY)
    assert sum(month.by_hand > 0 for month in filed) > 6
    numbers = [number for _, number in covered]
    assert 0 < numbers[0] < numbers[6] < numbers[-1] < total
    assert pace is not None
    assert 0 < pace.by_week[4][1] < pace.approved


def test_documents_are_found_by_their_words(built: Built) -> None:
    coordinator = built.actor(Role.COORDINATOR)
    with built.backends.database.reading() as session:
        page = search.find(session, built.backends.index(coordinator.school_id), coordinator, "27 plans", limit=5)
    assert page.total >= 1


def test_the_study_is_half_written_and_its_citations_hold(built: Built) -> None:
    coordinator, evaluation_id = built.actor(Role.COORDINATOR), built.school.evaluation
    with built.backends.database.reading() as session:
        tree = selfstudy.progress(session, coordinator, evaluation_id)
        assert tree
        assert not selfstudy.narrative_problems(session, coordinator, evaluation_id)
        found = selfstudy.evaluation(session, coordinator, evaluation_id)
        assert found.visit_on == visit_after(TODAY)
        assert selfstudy.team_of(session, coordinator, evaluation_id)
        inclusion = selfstudy.response_at(session, coordinator, evaluation_id, "ib-psp-2020/0301-02", "PYP")
        assert inclusion is not None
        assert inclusion.status != ResponseStatus.NOT_BEGUN
        assert "{exhibit}" not in inclusion.narrative


def test_plans_requests_edition_and_share_are_there(built: Built) -> None:
    coordinator = built.actor(Role.COORDINATOR)
    with built.backends.database.reading() as session:
        plans = planning.plans_of(session, coordinator)
        assert {str(plan.kind) for plan in plans} == {
            "action_plan",
            "programme_development",
        }
        assert planning.findings_of(session, coordinator)
        assert requests.asked_of(session, built.actor(Role.TEACHER))
        assert len(reports.editions_of(session, coordinator, built.school.evaluation)) == 1
        (line,) = sharing.shares_of(session, coordinator)
        assert line.share.edition == 1


def test_the_demo_is_kept_for_its_owner_and_not_built_twice(built: Built) -> None:
    assert demo_in(built.home) == built.school
    for name in (CARD, SIGN_IN):
        assert (built.home / name).stat().st_mode & 0o077 == 0
    assert built.school.password in (built.home / SIGN_IN).read_text("utf-8")
    with pytest.raises(Conflict, match="Delete this folder"):
        build_demo(built.backends, documents=1, today=TODAY, work_until=lambda _is_done, _kinds: None)


def test_a_home_in_use_is_no_place_for_a_demo(tmp_path: Path) -> None:
    backends = build_backends(load_settings({"EVIDENCE_HOME": str(tmp_path / "home")}, create_home=True))
    upgrade(backends.database)
    with backends.database.unit_of_work() as session:
        accounts.new_person(session, email="operator@example.org", runs_installation=True)
    with pytest.raises(Conflict, match="folder of its own"):
        build_demo(backends, documents=1, today=TODAY, work_until=lambda _is_done, _kinds: None)
    backends.close()


def test_nothing_is_lost_or_left_over(built: Built) -> None:
    assert not verify(built.backends.database, built.backends.blobs, built.backends.index).findings


def test_the_command_answers_with_the_demo_that_is_there(built: Built) -> None:
    command = [sys.executable, "-m", "evidence_app.cli", "demo", "--no-serve", "--json"]
    home = {**os.environ, "EVIDENCE_HOME": str(built.home)}
    done = subprocess.run(command, env=home, capture_output=True, text=True, timeout=60, check=True)
    answer = json.loads(done.stdout)
    assert answer["school"] == "alder-bay"
    assert answer["evaluation"] == built.school.evaluation
    assert answer["people"]["teacher"] == {
        "email": "noor.haddad@alderbay.example",
        "password": built.school.password,
    }
    assert answer["documents"] == DOCUMENTS
    assert answer["share"]["url"].endswith(built.school.share_path)
    assert len(answer["share"]["passcodes"]) == 2
    assert answer["truth"] == str(built.home / TRUTH)


def test_names_of_the_cast_make_addresses() -> None:
    assert len({member.email for member in MEMBERS}) == len(MEMBERS)
    assert all(member.email.isascii() and " " not in member.email for member in MEMBERS)


@pytest.mark.parametrize(
    ("today", "visit"),
    [
        (date(2026, 11, 19), date(2027, 5, 11)),
        (date(2027, 2, 1), date(2027, 5, 11)),
        (date(2027, 4, 1), date(2028, 5, 9)),
    ],
)
def test_the_visit_is_in_the_next_may_that_leaves_time(today: date, visit: date) -> None:
    assert visit_after(today) == visit
    assert visit.weekday() == 1
