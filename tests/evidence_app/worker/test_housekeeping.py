"""What a worker does unasked: lost and damaged indexes are made anew, leftovers of interrupted uploads removed."""

from __future__ import annotations

import os
import shutil
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from evidence_app.backends import Backends
from evidence_app.database import now
from evidence_app.domain import accounts, intake, search
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import SignInSession
from evidence_app.domain.evidence import ItemFacts, add_note
from evidence_app.domain.evidence.models import FilingKey
from evidence_app.domain.jobs import Job, JobKind, JobState
from evidence_app.errors import NotFound
from evidence_app.worker.housekeeping import Housekeeping
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from storage_adapters import open_store
from tests.evidence_app.worker.conftest import FileText
from tests.fixtures import World


def work(tools: Tools) -> None:
    while work_once(tools):
        pass


def found(backends: Backends, world: World, words: str) -> search.FoundPage:
    with backends.database.reading() as session:
        return search.find(session, backends.index(world.school.id), world.teacher, words)


def asked_for(backends: Backends, world: World) -> list[str]:
    """The states of the rebuilds of the school's index that were asked for and are not done."""
    with backends.database.reading() as session:
        chosen = select(Job.state).where(Job.kind == JobKind.REBUILD_INDEX, Job.school_id == world.school.id)
        return list(session.scalars(chosen))


def lose(index: Path) -> None:
    shutil.rmtree(index)


def cut_stamp(index: Path) -> None:
    [stamp] = index.rglob("current.json")
    stamp.write_bytes(stamp.read_bytes()[:10])


def lose_generation(index: Path) -> None:
    [stamp] = index.rglob("current.json")
    for folder in [path for path in stamp.parent.iterdir() if path.is_dir()]:
        shutil.rmtree(folder)


@pytest.mark.parametrize("damage", [lose, cut_stamp, lose_generation])
def test_a_lost_or_damaged_index_is_made_anew_unasked(
    backends: Backends, tools: Tools, world: World, file_text: FileText, damage: object
) -> None:
    item = file_text("rubric for the exhibition")
    work(tools)
    assert [hit.item.id for hit in found(backends, world, "exhibition").hits] == [item.id]

    [index] = [path.parent for path in (backends.settings.home / "index").rglob(world.school.id)]
    damage(index / world.school.id)  # type: ignore[operator]
    meanwhile = found(backends, world, "rubric")
    assert meanwhile.is_rebuilding
    assert [hit.item.id for hit in meanwhile.hits] == [item.id]
    Housekeeping(tools).do_what_is_due()
    assert asked_for(backends, world) == [JobState.WAITING]
    work(tools)

    again = found(backends, world, "exhibition")
    assert [hit.item.id for hit in again.hits] == [item.id]
    assert not again.is_rebuilding


def test_a_rebuild_is_asked_for_once(backends: Backends, tools: Tools, world: World) -> None:
    for _ in range(2):
        Housekeeping(tools).do_what_is_due()
    assert asked_for(backends, world) == [JobState.WAITING]


def test_a_rebuild_that_failed_too_often_waits_for_a_person(backends: Backends, tools: Tools, world: World) -> None:
    Housekeeping(tools).do_what_is_due()
    with backends.database.unit_of_work() as session:
        for job in session.scalars(select(Job)):
            job.state = JobState.PARKED
    Housekeeping(tools).do_what_is_due()
    assert asked_for(backends, world) == [JobState.PARKED]


def test_a_sound_index_is_left_alone(backends: Backends, tools: Tools, world: World, file_text: FileText) -> None:
    file_text("plan")
    work(tools)
    Housekeeping(tools).do_what_is_due()
    assert asked_for(backends, world) == []


def test_nothing_is_begun_once_there_is_work_again_and_is_done_afterwards(
    backends: Backends, tools: Tools, world: World
) -> None:
    housekeeping = Housekeeping(tools)
    housekeeping.do_what_is_due(lambda: True)
    assert asked_for(backends, world) == []
    housekeeping.do_what_is_due(lambda: False)
    assert asked_for(backends, world) == [JobState.WAITING]


def test_what_interrupted_uploads_left_is_removed_and_running_ones_are_not(backends: Backends, tmp_path: Path) -> None:
    store = open_store(f"{(tmp_path / 'blobs').as_uri()}?reserve_mib=0")
    store.put("school", [b"kept"])
    old, young = (tmp_path / "blobs" / ".tmp" / name for name in ("1-old", "1-young"))
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (time.time() - 7200,) * 2)

    with Tools(replace(backends, blobs=store)) as tools:
        Housekeeping(tools).do_what_is_due()

    assert not old.exists()
    assert young.exists()
    assert [blob.size_bytes for _, blob, _ in store.iter_blobs()] == [4]


def test_an_upload_in_pieces_is_forgotten_a_day_after_its_last_piece(backends: Backends, tmp_path: Path) -> None:
    store = open_store(f"{(tmp_path / 'blobs').as_uri()}?reserve_mib=0")
    pieces = intake.Pieces(store, backends.settings.home)
    actor = Actor(person_id="teacher", school_id="school", role=Role.TEACHER)
    old, young = (pieces.begin(actor=actor, name="film.mp4", size_bytes=10, mark="", max_bytes=10).id for _ in range(2))
    for upload_id, hours in ((old, 25), (young, 23)):
        for path in tmp_path.rglob(f"*{upload_id}*"):
            os.utime(path, (time.time() - 3600 * hours,) * 2)

    with Tools(replace(backends, blobs=store)) as tools:
        Housekeeping(tools).do_what_is_due()

    assert pieces.standing(actor=actor, upload_id=young).size_bytes == 10
    with pytest.raises(NotFound):
        pieces.standing(actor=actor, upload_id=old)


def test_ended_sign_ins_and_old_filing_keys_are_forgotten(backends: Backends, tools: Tools, world: World) -> None:
    blob = backends.blobs.put(world.school.id, [b"text"])
    with backends.database.unit_of_work() as session:
        kept, idle, old = (accounts.open_session(session, person_id=world.head.person_id) for _ in range(3))
        session.flush()
        long_ago = now() - timedelta(days=60)
        for token, column in ((idle, "seen_at"), (old, "created_at")):
            row = session.get_one(SignInSession, accounts.token_hash(token))
            setattr(row, column, long_ago)
        for key in ("old key", "young key"):
            add_note(session, actor=world.teacher, blob=blob, facts=ItemFacts(title=key), filing_key=key)
        session.flush()
        session.execute(update(FilingKey).where(FilingKey.key == "old key").values(created_at=long_ago))
    Housekeeping(tools).do_what_is_due()
    with backends.database.reading() as session:
        assert list(session.scalars(select(SignInSession.token_hash))) == [accounts.token_hash(kept)]
        assert list(session.scalars(select(FilingKey.key))) == ["young key"]


def test_threads_that_ask_at_once_get_one_index(backends: Backends, world: World) -> None:
    start, found_ones = threading.Barrier(8), []

    def ask() -> None:
        start.wait(10)
        found_ones.append(backends.index(world.school.id))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(index) for index in found_ones}) == 1


def test_nothing_is_done_twice_at_once(backends: Backends, tools: Tools, world: World) -> None:
    housekeeping = Housekeeping(tools)
    housekeeping.do_what_is_due()
    with backends.database.unit_of_work() as session:
        for job in session.scalars(select(Job)):
            session.delete(job)
    housekeeping.do_what_is_due()
    assert asked_for(backends, world) == []
