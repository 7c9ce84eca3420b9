"""All kept bytes are read again within a week (R24): damage is found, told to those it concerns, and taken back."""

from __future__ import annotations

import errno
import os
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import delete, select

from evidence_app.database import Database, now
from evidence_app.domain.access import Actor
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.evidence import Item, ItemFacts, Version, Visibility, a_file, add_all
from evidence_app.domain.upkeep import (
    Damage,
    Rereader,
    Rereading,
    damaged_among,
    damages,
    damages_by_school,
    look_again,
    rereading,
    rereading_of,
)
from storage_adapters import BlobStore, open_store
from tests.fixtures import World
from tests.storage_adapters.bad_sectors import spoil

FILES = 28


class Kept:
    """Twenty-eight items with bytes of their own in a store on disk, and a clock that is set forward."""

    def __init__(self, world: World, store: BlobStore, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.world, self.store, self.root = world, store, root
        self.rereader = Rereader(world.database, store)
        self.days = 0.0
        patch.setattr(rereading, "now", self.now)
        self.items = self.file(*(f"{n}.txt" for n in range(FILES)))

    def now(self) -> datetime:
        return now() + timedelta(days=self.days)

    def file(self, *names: str, visibility: Visibility = Visibility.STAFF) -> list[Item]:
        words = {name: f"The words of {name}. ".encode() * 9 for name in names}
        filings = [
            a_file(
                blob=self.store.put(self.world.school.id, [words[name]]),
                file_name=name,
                media_type="text/plain",
                facts=ItemFacts(visibility=visibility),
            )
            for name in names
        ]
        with self.world.database.unit_of_work() as session:
            return add_all(session, actor=self.world.teacher, filings=filings)

    def path(self, item: Item) -> Path:
        with self.world.database.reading() as session:
            sha256 = session.scalars(select(Version.sha256).where(Version.id == item.current_version_id)).one()
        return self.root / self.world.school.id / sha256[:2] / sha256[2:4] / sha256

    def read_what_is_due(self) -> None:
        while self.rereader.go_on(5):
            pass

    def standing(self) -> Rereading:
        with self.world.database.reading() as session:
            found = rereading_of(session, self.world.teacher)
        assert found is not None
        return found

    def damaged(self, actor: Actor) -> tuple[list[str], int]:
        with self.world.database.reading() as session:
            found = damages(session, actor)
        return [one.item.id for one in found.versions], found.others


@pytest.fixture
def kept(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    return Kept(world, open_store(f"{tmp_path.as_uri()}/blobs?reserve_mib=0"), tmp_path / "blobs", monkeypatch)


def flip(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:5] + bytes([content[5] ^ 1]) + content[6:])


def test_damage_of_one_file_is_found_within_a_week_by_a_seventh_a_day(kept: Kept, database: Database) -> None:
    kept.read_what_is_due()
    first = kept.standing()
    assert (first.portion, first.finished_at) == (1, None)
    assert 0 < first.files < FILES / 3
    kept.read_what_is_due()
    assert kept.standing().files == first.files  # not before the next day

    last = max(kept.items, key=lambda item: kept.path(item).name)
    flip(kept.path(last))
    portions = [kept.standing().files]
    for day in range(1, 7):
        kept.days = day
        kept.read_what_is_due()
        portions.append(kept.standing().files)
    done = kept.standing()
    assert (done.portion, done.finished_files) == (0, FILES)
    assert done.finished_at is not None
    assert all(later - earlier < FILES / 2 for earlier, later in pairwise(portions[:-1]))
    assert kept.damaged(kept.world.coordinator) == ([last.id], 0)
    with database.reading() as session:
        assert damages_by_school(session) == {kept.world.school.id: 1}
        actions = list(session.scalars(select(AuditEntry.action).where(AuditEntry.subject_kind == "bytes")))
    assert actions == ["upkeep.damage_found"]


def test_what_is_whole_again_is_no_longer_told(kept: Kept, database: Database) -> None:
    lost, cut = kept.items[:2]
    sound = kept.path(lost).read_bytes()
    kept.path(lost).unlink()
    kept.path(cut).write_bytes(b"")
    for day in range(7):
        kept.days = day
        kept.read_what_is_due()
    assert set(kept.damaged(kept.world.teacher)[0]) == {lost.id, cut.id}
    with database.reading() as session:
        versions = list(session.scalars(select(Version).where(Version.item_id.in_([lost.id, kept.items[2].id]))))
        assert damaged_among(session, versions) == {lost.current_version_id}
    assert kept.store.put(kept.world.school.id, [sound]).size_bytes == len(sound)
    assert look_again(database, kept.store, kept.world.school.id) == 1
    assert kept.damaged(kept.world.teacher)[0] == [cut.id]


def test_a_damaged_private_item_is_named_to_its_people_only(kept: Kept) -> None:
    [private] = kept.file("plan.txt", visibility=Visibility.PRIVATE)
    flip(kept.path(private))
    for day in range(7):
        kept.days = day
        kept.read_what_is_due()
    assert kept.damaged(kept.world.teacher) == ([private.id], 0)
    assert kept.damaged(kept.world.administrator) == ([], 1)
    assert kept.damaged(kept.world.stranger) == ([], 0)


def test_days_off_are_caught_up_with_and_a_store_that_is_away_says_nothing(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.read_what_is_due()
    kept.days = 30

    def away(*_: object) -> NoReturn:
        raise OSError(errno.EIO, "the disk is away")

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", away)
        kept.read_what_is_due()
    assert kept.standing().portion == 1
    assert kept.damaged(kept.world.teacher) == ([], 0)
    kept.read_what_is_due()
    assert kept.standing().finished_files == FILES


def test_a_bad_sector_is_told_of_its_file_and_the_others_are_read(
    kept: Kept, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = sorted(kept.items, key=lambda item: kept.path(item).name)[:2]
    flip(kept.path(good))
    with monkeypatch.context() as patch:
        spoil(patch, kept.path(bad))
        for day in range(7):
            kept.days = day
            kept.read_what_is_due()
        with database.reading() as session:
            found = {one.item.id: one.file.damage for one in damages(session, kept.world.teacher).versions}
        assert found == {bad.id: Damage.UNREADABLE, good.id: Damage.DAMAGED}
        assert kept.standing().finished_files == FILES
    # It is tried again the next day, long before its portion comes again.
    kept.days = 7
    kept.read_what_is_due()
    assert kept.damaged(kept.world.teacher)[0] == [good.id]


def test_bytes_that_are_erased_while_they_are_read_are_no_damage(kept: Kept, database: Database) -> None:
    gone = min(kept.items, key=lambda item: kept.path(item).name)
    steps = kept.rereader._steps
    kept.path(gone).unlink()
    with database.unit_of_work() as session:
        session.execute(delete(Version).where(Version.item_id == gone.id))
    assert next(steps)
    kept.read_what_is_due()
    assert kept.damaged(kept.world.teacher) == ([], 0)
