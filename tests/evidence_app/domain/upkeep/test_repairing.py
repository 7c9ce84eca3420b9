"""Repair destroys nothing (R26): it tells first, sets aside what is damaged, and the second time changes nothing."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy import delete, select

from evidence_app.database import Database
from evidence_app.domain.evidence import Item, Version, add_file
from evidence_app.domain.extraction import PreviewImage, StoredPicture, keep_thumbnails
from evidence_app.domain.jobs import Job, JobKind
from evidence_app.domain.search import SearchIndex, all_documents, open_index
from evidence_app.domain.upkeep import LeavingBlob, Remedy, Repair, repair
from storage_adapters import BlobStore, StoreUnavailable, open_store
from storage_adapters.memory import MemoryStore
from tests.fixtures import World
from tests.storage_adapters.bad_sectors import spoil

WORDS = {name: f"The words of {name}. ".encode() * 50 for name in ("lost.txt", "cut.txt", "sound.txt")}
PICTURE = b"a picture drawn of it"


@dataclass
class Damaged:
    """Three documents, their indexes and a thumbnail: one lost, one cut off, a picture flipped, one item unindexed."""

    world: World
    store: BlobStore
    backup: BlobStore
    folder: Path
    indexes: dict[str, SearchIndex]
    versions: dict[str, Version]

    def path(self, sha256: str) -> Path:
        return self.folder / "blobs" / self.world.school.id / sha256[:2] / sha256[2:4] / sha256

    def repair(self, *, apply: bool, source: BlobStore | None = None) -> dict[str, Repair]:
        """What it says, by what each damaged thing is called here."""
        found = repair(self.world.database, self.store, self.indexes.__getitem__, source=source, apply=apply)
        names = {version.sha256: name for name, version in self.versions.items()}
        return {names.get(one.subject[-65:-1], one.subject.partition(" ")[0]): one for one in found}

    def files(self) -> dict[str, bytes]:
        """Everything in the store's folder, unfinished things too."""
        blobs = self.folder / "blobs"
        return {str(path.relative_to(blobs)): path.read_bytes() for path in blobs.rglob("*") if path.is_file()}

    def jobs(self) -> list[tuple[str, str]]:
        with self.world.database.reading() as session:
            return sorted((job.kind, job.subject) for job in session.scalars(select(Job)))


@pytest.fixture
def damaged(world: World, database: Database, tmp_path: Path) -> Iterator[Damaged]:
    store = open_store(f"{(tmp_path / 'blobs').as_uri()}?reserve_mib=0")
    backup = open_store(f"{(tmp_path / 'backup').as_uri()}?reserve_mib=0")
    with database.unit_of_work() as session:
        for name, words in WORDS.items():
            blob = store.put(world.school.id, [words])
            backup.put(world.school.id, [words])
            add_file(session, actor=world.teacher, blob=blob, file_name=name, media_type="text/plain")
    with database.reading() as session:
        versions = {version.file_name: version for version in session.scalars(select(Version))}
    drawn = store.put(world.school.id, [PICTURE]).sha256
    with database.unit_of_work() as session:
        pictures = {versions["sound.txt"].id: StoredPicture(0, drawn, "image/webp", 10, 10)}
        keep_thumbnails(session, school_id=world.school.id, thumbnails=pictures)
        session.execute(delete(Job))
    indexes = {
        school.id: open_index("whoosh:", tmp_path, school.id, database.engine)
        for school in (world.school, world.neighbour)
    }
    with database.reading() as session, indexes[world.school.id].rebuilding() as fresh:
        for documents in all_documents(session, world.school.id):
            fresh.add(documents)
    with database.reading() as session:
        indexes[world.school.id].remove(session.scalars(select(Item.id).limit(1)).all())
    made = Damaged(world, store, backup, tmp_path, indexes, versions)
    made.path(versions["lost.txt"].sha256).unlink()
    made.path(versions["cut.txt"].sha256).write_bytes(WORDS["cut.txt"][:100])
    made.path(drawn).write_bytes(b"A picture drawn of it")
    yield made
    indexes[world.school.id].close()


def test_it_tells_first_then_mends_and_keeps_aside_what_was_damaged(damaged: Damaged, database: Database) -> None:
    before = damaged.files()
    told = damaged.repair(apply=False, source=damaged.backup)
    assert {name: one.remedy for name, one in told.items()} == {
        "lost.txt": Remedy.FETCH,
        "cut.txt": Remedy.FETCH,
        "preview": Remedy.DRAW,
        "index": Remedy.REBUILD,
    }
    assert not any(one.is_done for one in told.values())
    assert damaged.files() == before
    assert damaged.jobs() == []

    done = damaged.repair(apply=True, source=damaged.backup)
    assert len(done) == 4
    assert all(one.is_done for one in done.values())
    for name, words in WORDS.items():
        assert damaged.path(damaged.versions[name].sha256).read_bytes() == words
    aside = {name: data for name, data in damaged.files().items() if name.startswith(".damaged/")}
    assert sorted(aside.values()) == sorted([WORDS["cut.txt"][:100], b"A picture drawn of it"])
    with database.reading() as session:
        assert session.scalars(select(PreviewImage)).all() == []
    asked = [(JobKind.DRAW_THUMBNAIL, damaged.versions["sound.txt"].id), (JobKind.REBUILD_INDEX, "index")]
    assert damaged.jobs() == sorted(asked)

    after = damaged.files()
    # The rebuild of the index is asked for and waits; nothing else is found, and nothing is changed.
    assert damaged.repair(apply=True, source=damaged.backup) == {}
    assert damaged.files() == after
    assert damaged.jobs() == sorted(asked)


def test_a_file_on_a_bad_sector_is_set_aside_and_taken_from_the_backup(
    damaged: Damaged, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged.repair(apply=True, source=damaged.backup)
    bad = damaged.path(damaged.versions["sound.txt"].sha256)
    spoil(monkeypatch, bad)
    told = damaged.repair(apply=True)["sound.txt"]
    assert (told.remedy, told.is_done) == (Remedy.NONE, False)
    assert "cannot be read" in told.why
    assert damaged.repair(apply=True, source=damaged.backup)["sound.txt"].is_done
    assert damaged.store.verify(damaged.world.school.id, bad.name).size_bytes == len(WORDS["sound.txt"])
    # What the bad sector holds may be read by a person with better means.
    assert [path for path in damaged.files() if path.startswith(f".damaged/{damaged.world.school.id}-{bad.name}")]
    assert damaged.repair(apply=True, source=damaged.backup) == {}


@pytest.mark.parametrize("moment", ["looked at", "fetched"])
def test_what_is_erased_while_a_backup_is_used_does_not_come_back(
    damaged: Damaged, database: Database, moment: str
) -> None:
    gone, opened = damaged.versions["lost.txt"], []

    def erase() -> None:
        with database.unit_of_work() as session:
            session.execute(delete(Version).where(Version.id == gone.id))

    class Backup(MemoryStore):
        """A backup; while it is asked what it holds, or gives it, the item is erased."""

        def exists(self, prefix: str, sha256: str) -> bool:
            if moment == "looked at":
                erase()
            return super().exists(prefix, sha256)

        def stream_verified(self, prefix: str, sha256: str) -> Iterator[bytes]:
            erase()
            opened.append(sha256)
            return super().stream_verified(prefix, sha256)

    source = Backup()
    source.put(damaged.world.school.id, [WORDS["lost.txt"]])
    assert not damaged.repair(apply=True, source=source)["lost.txt"].is_done
    with database.reading() as session:
        leaving = list(session.scalars(select(LeavingBlob.sha256)))
    assert leaving == opened == ([gone.sha256] if moment == "fetched" else [])
    assert damaged.store.exists(damaged.world.school.id, gone.sha256) == (moment == "fetched")


def test_a_store_that_does_not_answer_is_said_so_and_nothing_is_mended(
    damaged: Damaged, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> NoReturn:
        raise OSError(errno.EIO, "the disk is away")

    monkeypatch.setattr(os, "open", away)
    with pytest.raises(StoreUnavailable, match="the disk is away"):
        damaged.repair(apply=True, source=damaged.backup)


def test_what_cannot_be_mended_is_left_as_it_is(damaged: Damaged) -> None:
    damaged.repair(apply=True, source=damaged.backup)
    damaged.path(damaged.versions["cut.txt"].sha256).write_bytes(b"damaged again")
    before = damaged.files()
    wrong = (
        damaged.folder
        / "backup"
        / damaged.path(damaged.versions["cut.txt"].sha256).relative_to(damaged.folder / "blobs")
    )
    wrong.write_bytes(b"damaged in the backup, too")
    for source in (None, damaged.backup):
        [left] = damaged.repair(apply=True, source=source).values()
        assert (left.remedy, left.is_done) == (Remedy.NONE, False)
        assert damaged.files() == before
