"""Erasing for good (P09): afterwards no byte below the home folder holds anything of the item."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.database import Database, now
from evidence_app.domain import evidence, intake, reports, sharing, upkeep
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, ItemFacts, PartFile, Visibility
from evidence_app.domain.extraction import sniff
from evidence_app.domain.jobs import Job, JobKind, enqueue
from evidence_app.domain.upkeep import Erasure, ErasureState, Verdict
from evidence_app.errors import NotFound
from evidence_app.worker.housekeeping import Housekeeping
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.backends import backends_in
from tests.evidence_app.domain.studies import Study
from tests.evidence_app.domain.studies import study as study
from tests.fixtures import World

CANARY = "Zugvogelcanary"


class Home:
    """An installation: a database, and a folder with store and index."""

    def __init__(self, world: World, backends: Backends) -> None:
        self.world, self.backends = world, backends

    @property
    def path(self) -> Path:
        """The folder of everything."""
        return self.backends.settings.home

    def file(self, words: str, name: str, title: str = "") -> Item:
        """A file of the teacher's, with these words."""
        blob = self.backends.blobs.put(self.world.school.id, [words.encode()])
        with self.backends.database.unit_of_work() as session:
            return evidence.add_file(
                session,
                actor=self.world.teacher,
                blob=blob,
                file_name=name,
                media_type=sniff(io.BytesIO(words.encode()), name),
                facts=ItemFacts(title=title),
            )

    @property
    def pieces(self) -> intake.Pieces:
        """The large files on their way."""
        return intake.Pieces(self.backends.blobs, self.path)

    def upload(self, actor: Actor, words: str, name: str) -> str:
        """The id of an upload in pieces that has arrived and is not filed yet."""
        content, pieces = words.encode(), self.pieces
        begun = pieces.begin(actor=actor, name=name, size_bytes=len(content), mark="", max_bytes=10**6)
        pieces.append(actor=actor, upload_id=begun.id, offset=0, source=io.BytesIO(content))
        pieces.finish(actor=actor, upload_id=begun.id)
        return begun.id

    def erase(self, item: Item) -> None:
        """Asked for by the administrator."""
        with self.backends.database.unit_of_work() as session:
            upkeep.erase(session, actor=self.world.administrator, item_id=item.id)

    def work(self) -> None:
        """Everything that waits is done; what was put off until later is due now."""
        with Tools(self.backends) as tools:
            while work_once(tools):
                pass

    def age(self) -> None:
        """All bytes were put hours ago."""
        for path in (self.path / "blobs").rglob("*"):
            os.utime(path, (time.time() - 7200, time.time() - 7200))

    def blobs(self) -> list[Path]:
        """The files of all bytes in the store."""
        folder = self.path / "blobs" / self.world.school.id
        return [path for path in folder.rglob("*") if path.is_file()]

    def make_all_due(self) -> None:
        """Work that was put off is due now."""
        with self.backends.database.unit_of_work() as session:
            for job in session.scalars(select(Job)):
                job.run_at = now()

    def found(self, words: str) -> list[str]:
        """Where these words stand in the raw bytes of any file, as UTF-8 or in the index's small letters."""
        wanted = [words.encode(), words.lower().encode()]
        database = Path(self.backends.database.url.removeprefix("sqlite:///"))
        files = {path for path in self.path.rglob("*") if path.is_file()} | set(database.parent.glob("evidence.db*"))
        return [path.name for path in sorted(files) if any(w in path.read_bytes() for w in wanted)]

    def states(self) -> list[ErasureState]:
        """How far the erasures are."""
        with self.backends.database.reading() as session:
            return [ErasureState(one.state) for one in session.scalars(select(Erasure).order_by(Erasure.asked_at))]

    def verdict(self) -> Verdict:
        """What `evidence verify` says."""
        return upkeep.verify(self.backends.database, self.backends.blobs, self.backends.index)


def opened(database: Database, home: Path, engine: str) -> Backends:
    store = f"file://{home / 'blobs'}?reserve_mib=0"
    return backends_in(home, database, STORAGE_URL=store, SEARCH_URL=f"{engine}:", READERS="1")


@pytest.fixture(params=["tantivy", "whoosh"])
def home(world: World, database: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Home]:
    """An installation of this test's own."""
    backends = opened(database, tmp_path, request.param)
    yield Home(world, backends)
    backends.close()


def test_nothing_of_an_erased_item_is_left_in_any_byte_of_the_home_folder(home: Home) -> None:
    pad = " ".join(f"word{n}" for n in range(800))
    other = home.file(f"Minutes of the staff meeting {pad}", "minutes.txt")
    item = home.file(f"A paper about {CANARY} {pad}", f"{CANARY}.txt", title=f"About {CANARY}")
    for n in range(3):
        home.file(f"Unit plan number{n} {pad}", f"plan{n}.txt")
    with home.backends.database.unit_of_work() as session:
        newer = home.backends.blobs.put(home.world.school.id, [f"{CANARY} again".encode()])
        evidence.replace(
            session,
            actor=home.world.teacher,
            item_id=item.id,
            blob=newer,
            file_name=f"{CANARY} 2.txt",
            media_type="text/plain",
        )
    home.upload(home.world.teacher, f"{CANARY} again", f"{CANARY}.txt")
    home.work()
    home.age()
    before = home.found(CANARY)
    assert {"evidence.db", "evidence.db-wal"} & set(before)
    assert len(before) >= 4

    home.erase(item)
    home.work()
    assert home.found(CANARY) == []
    assert home.states() == [ErasureState.DONE]
    verdict = home.verdict()
    assert verdict.is_clean
    assert not verdict.unreferenced
    with home.backends.database.reading() as session:
        assert evidence.item(session, home.world.teacher, other.id).id == other.id
    assert item.id in (home.path / upkeep.LIST_NAME).read_text()


@pytest.mark.parametrize("home", ["tantivy"], indirect=True)
def test_the_same_file_sent_again_after_its_erasure_arrives_and_stays(home: Home) -> None:
    """P09: only what had arrived before the erasure was asked for goes with it."""
    item, other = home.file("the very words", "gone.txt"), home.file("other words", "other.txt")
    home.work()
    home.age()
    before = home.upload(home.world.teacher, "the very words", "before.txt")
    home.age()
    home.erase(item)
    meanwhile = home.upload(home.world.coordinator, "the very words", "meanwhile.txt")
    home.work()
    # Hours later its sender still looks at the form, and something else is erased.
    for path in home.blobs():
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    home.erase(other)
    home.make_all_due()
    home.work()
    with pytest.raises(NotFound):
        home.pieces.finish(actor=home.world.teacher, upload_id=before)
    stored = home.pieces.finish(actor=home.world.coordinator, upload_id=meanwhile)
    with home.backends.database.unit_of_work() as session:
        again = evidence.add_file(
            session, actor=home.world.coordinator, blob=stored.blob, file_name=stored.name, media_type="text/plain"
        )
    home.make_all_due()
    home.work()
    assert home.states() == [ErasureState.DONE] * 2
    later = home.upload(home.world.teacher, "the very words", "later.txt")
    home.erase(home.file("third words", "third.txt"))
    home.work()
    assert home.pieces.finish(actor=home.world.teacher, upload_id=later).blob == stored.blob
    with home.backends.database.reading() as session:
        version = evidence.current_version(session, evidence.item(session, home.world.teacher, again.id))
    assert home.backends.blobs.verify(home.world.school.id, version.sha256) == stored.blob


@pytest.mark.parametrize("home", ["tantivy"], indirect=True)
def test_a_series_is_erased_with_its_files_and_captions(home: Home) -> None:
    school_id, put = home.world.school.id, home.backends.blobs.put
    words = [f"{CANARY} one", f"{CANARY} two"]
    blobs = [put(school_id, [one.encode()]) for one in words]
    parts = [
        PartFile(
            sha256=blob.sha256,
            size_bytes=blob.size_bytes,
            media_type="text/plain",
            file_name=f"{one}.txt",
            caption=f"About {one}",
        )
        for blob, one in zip(blobs, words, strict=True)
    ]
    listed = put(school_id, [evidence.list_of(parts)])
    with home.backends.database.unit_of_work() as session:
        item = evidence.add_series(session, actor=home.world.teacher, blob=listed, parts=parts, facts=ItemFacts())
    home.work()
    home.age()
    assert home.found(CANARY)
    home.erase(item)
    home.work()
    assert home.found(CANARY) == []
    assert home.states() == [ErasureState.DONE]
    assert home.verdict().is_clean


def test_bytes_that_another_item_has_too_stay_and_those_put_just_now_go_later(home: Home) -> None:
    item, twin = home.file(CANARY, "one.txt"), home.file(CANARY, "two.txt")
    alone = home.file(f"{CANARY} alone", "alone.txt")
    home.work()
    home.erase(item)
    home.erase(alone)
    home.work()
    assert home.states() == [ErasureState.DONE, ErasureState.UNDER_WAY]
    with home.backends.database.reading() as session:
        version = evidence.current_version(session, evidence.item(session, home.world.teacher, twin.id))
    assert home.backends.blobs.read_verified(home.world.school.id, version.sha256, max_bytes=99) == CANARY.encode()
    home.age()
    home.make_all_due()
    home.work()
    assert home.states() == [ErasureState.DONE] * 2
    assert not home.found(f"{CANARY} alone")


@pytest.mark.parametrize("home", ["tantivy"], indirect=True)
def test_an_erasure_goes_on_wherever_it_was_killed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        """Nothing of ours catches it, like the end of a process."""

    def kill(*_args: object, **_more: object) -> None:
        raise Killed

    item = home.file(f"A paper about {CANARY}", "paper.txt")
    home.work()
    home.age()
    home.erase(item)
    steps = [(upkeep, "remove_rows"), (upkeep, "keep_list"), (upkeep, "remove_bytes"), (upkeep, "finish_erasures")]
    for where, name in steps:
        with monkeypatch.context() as patched:
            patched.setattr(where, name, kill)
            with pytest.raises(Killed):
                home.work()
        with home.backends.database.unit_of_work() as session:
            for job in session.scalars(select(Job)):
                job.leased_until = now()
        # Of what has no row any more, no search would know whom to hide it from.
        assert item.id not in home.backends.index(item.school_id).ids()
    home.work()
    assert home.states() == [ErasureState.DONE]
    assert not home.found(CANARY)
    assert home.verdict().is_clean


@pytest.mark.parametrize("home", ["tantivy"], indirect=True)
def test_what_comes_back_with_a_backup_is_erased_again_by_the_list(home: Home, tmp_path: Path) -> None:
    item = home.file(f"A paper about {CANARY}", "paper.txt")
    home.work()
    home.age()
    blob = next(
        path for path in (home.path / "blobs").rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()
    )
    kept = blob.read_bytes()
    home.erase(item)
    home.work()
    lines = list(upkeep.read_list(tmp_path / upkeep.LIST_NAME))
    # The bytes came back with the store, and the row with the database.
    blob.write_bytes(kept)
    back = home.file(f"A paper about {CANARY}", "paper.txt")
    home.age()
    again = [upkeep.Line(one.school_id, back.id, one.sha256s) for one in lines]
    for expected in (1, 0):
        with home.backends.database.unit_of_work() as session:
            assert upkeep.erase_again(session, [*lines, *again]) == expected
        home.work()
    assert home.found(CANARY) == []
    assert set(home.states()) == {ErasureState.DONE}


@pytest.mark.parametrize("home", ["tantivy"], indirect=True)
def test_housekeeping_empties_bins_after_thirty_days_and_collects_what_no_row_names(home: Home) -> None:
    item, young = home.file(CANARY, "old.txt"), home.file("young", "young.txt")
    home.work()
    home.backends.blobs.put(home.world.school.id, [b"nobody names this"])
    with home.backends.database.unit_of_work() as session:
        evidence.withdraw(session, actor=home.world.teacher, item_ids=[item.id, young.id])
        session.get_one(Item, (item.school_id, item.id)).withdrawn_at = now() - upkeep.KEPT_IN_BIN
    for path in (home.path / "blobs").rglob("*"):
        os.utime(path, (time.time() - 90_000, time.time() - 90_000))
    with Tools(home.backends) as tools:
        Housekeeping(tools).do_what_is_due()
    home.work()
    assert home.found(CANARY) == []
    assert home.found("nobody names this")
    with home.backends.database.reading() as session:
        assert [one.id for one in evidence.items_in_bin(session, home.world.teacher)] == [young.id]
    database = home.backends.database
    assert upkeep.collect_orphans(database, home.backends.blobs, now()) == 1
    with database.unit_of_work() as session:
        for leaving in session.scalars(select(upkeep.LeavingBlob)):
            leaving.goes_at = now()
    upkeep.collect_orphans(database, home.backends.blobs, now())
    assert not home.found("nobody names this")


@pytest.mark.parametrize("home", ["whoosh"], indirect=True)
def test_drafts_and_ended_shares_that_held_it_are_emptied_to_the_last_byte(home: Home, study: Study) -> None:
    item = home.file(f"A paper about {CANARY}", "paper.txt", title=f"About {CANARY}")
    boss, school_id = home.world.administrator, home.world.school.id
    home.work()
    with home.backends.database.unit_of_work() as session:
        evidence.set_visibility(session, actor=boss, item_ids=[item.id], visibility=Visibility.SHAREABLE)
    study.cite(item)
    frozen = reports.freeze(
        home.backends.database, home.backends.blobs, actor=boss, evaluation_id=study.evaluation_id, keep_texts=True
    )
    with home.backends.database.unit_of_work() as session:
        share = sharing.issue(session, actor=boss, snapshot_id=frozen.snapshot.id).share
    home.work()
    index = home.path / "index" / "whoosh" / frozen.snapshot.id
    assert index.is_dir()
    assert len(home.found(CANARY)) >= 4
    with home.backends.database.unit_of_work() as session:
        sharing.revoke(session, actor=boss, share_id=share.id)
    home.age()
    home.erase(item)
    home.work()
    assert home.found(CANARY) == []
    assert not index.exists()
    assert not home.backends.blobs.exists(school_id, frozen.snapshot.sha256)
    assert home.states() == [ErasureState.DONE]
    verdict = home.verdict()
    assert verdict.is_clean
    assert not verdict.unreferenced


@pytest.mark.parametrize("home", ["tantivy"], indirect=True)
def test_a_report_that_was_frozen_too_late_leaves_the_store(home: Home) -> None:
    school_id = home.world.school.id
    late = home.backends.blobs.put(school_id, [f"A report with {CANARY}".encode()])
    home.age()
    with home.backends.database.unit_of_work() as session:
        enqueue(session, JobKind.ERASE, school_id, late.sha256, sha256=late.sha256)
    home.work()
    assert not home.backends.blobs.exists(school_id, late.sha256)
