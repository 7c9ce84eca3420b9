"""Who may erase for good, what goes with an item, and what keeps it; on both databases."""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence_app.database import Base, now
from evidence_app.domain import evidence, reports, sharing, upkeep
from evidence_app.domain.access import Action, can
from evidence_app.domain.evidence import Item, Version, Visibility, add_file
from evidence_app.domain.jobs import Job, JobKind, JobState
from evidence_app.domain.selfstudy import Citation, Exhibit, ExhibitNumber
from evidence_app.domain.upkeep import Erasure, ErasureState, LeavingBlob, removing
from evidence_app.domain.upkeep.removing import NOT_CASCADED, PUT_LATELY
from evidence_app.errors import Conflict, NotAllowed, NotFound
from storage_adapters import Blob, BlobNotFound, BlobStore, open_store
from storage_adapters.memory import MemoryStore
from tests.evidence_app.domain.frozen import Desk
from tests.fixtures import World


def take_apart(desk: Desk, item: Item) -> None:
    """Ask for the erasure, and do what the worker does, as if the bytes had been put long ago."""
    with desk.study.acting() as session:
        upkeep.erase(session, actor=desk.world.administrator, item_id=item.id)
    with desk.study.acting() as session:
        upkeep.remove_rows(session, desk.world.school.id)


def test_an_administrator_may_erase_and_of_a_private_item_only_a_custodian(world: World) -> None:
    item, private = world.file_item(), world.file_item(name="private.txt", visibility=Visibility.PRIVATE)
    with world.database.reading() as session:
        for actor in (world.teacher, world.coordinator, world.head):
            with pytest.raises(NotAllowed):
                upkeep.consequences(session, actor, item.id)
        with pytest.raises(NotFound):
            upkeep.consequences(session, world.administrator, private.id)
        assert upkeep.consequences(session, world.teacher, private.id).versions == 1
    with world.database.unit_of_work() as session:
        upkeep.erase(session, actor=world.administrator, item_id=item.id)
    with world.database.reading() as session, pytest.raises(NotFound):
        evidence.item(session, world.teacher, item.id, withdrawn=True)
    with world.database.unit_of_work() as session, pytest.raises(NotFound):
        evidence.restore(session, actor=world.coordinator, item_id=item.id)


def test_an_open_share_refuses_and_afterwards_every_snapshot_with_the_item_is_emptied(desk: Desk) -> None:
    item, other = desk.file("gone.txt"), desk.file("stays.txt")
    number = desk.cite(item)
    desk.cite(other)
    issued = desk.share()
    with desk.study.reading() as session:
        found = upkeep.consequences(session, desk.world.administrator, item.id)
        assert (found.citations, found.drafts, found.editions) == (1, 1, ())
        assert [one.id for one in found.open_shares] == [issued.share.id]
    with desk.study.acting() as session, pytest.raises(Conflict):
        upkeep.erase(session, actor=desk.world.administrator, item_id=item.id)
    with desk.study.acting() as session:
        sharing.revoke(session, actor=desk.world.coordinator, share_id=issued.share.id)
    take_apart(desk, item)
    snapshot = desk.snapshot(issued)
    with pytest.raises(NotFound):
        reports.report_of(desk.blobs, snapshot)
    with desk.study.reading() as session:
        for table in (Version, Citation, Exhibit):
            assert session.scalar(select(func.count()).where(table.item_id == item.id)) == 0
        kept = select(ExhibitNumber).where(ExhibitNumber.number == number)
        assert session.scalar(kept.with_only_columns(ExhibitNumber.exhibit_id)) is None
        leaving = set(session.scalars(select(LeavingBlob.sha256)))
        stays = evidence.current_version(session, evidence.item(session, desk.world.teacher, other.id)).sha256
        assert {snapshot.sha256, stays} <= leaving
        assert upkeep.is_named(session, desk.world.school.id, stays)
        assert not upkeep.is_named(session, desk.world.school.id, snapshot.sha256)
    again = desk.freeze(keep_texts=True)
    assert [one.title for one in again.report.exhibits] == ["stays"]
    third = desk.file("third.txt")
    assert desk.cite(third) != number


def test_what_was_published_stays_in_the_bin_after_its_time(desk: Desk) -> None:
    item, old = desk.file("published.txt"), desk.file("old.txt")
    desk.cite(item)
    desk.share()
    with desk.study.acting() as session:
        evidence.withdraw(session, actor=desk.world.coordinator, item_ids=[item.id, old.id])
        later = now() + upkeep.KEPT_IN_BIN + timedelta(minutes=1)
        # The share is over by then, in the eyes of everybody who looks at the clock.
        assert upkeep.erase_what_is_due(session, desk.world.school.id, later) == 1
        assert [one.item_id for one in session.scalars(select(Erasure))] == [old.id]


def test_a_copy_that_is_erased_takes_no_report_of_the_original_with_it(desk: Desk) -> None:
    item, copy = desk.file("kept.txt"), desk.world.file_item(name="copy.txt", content=b"content of kept.txt")
    desk.cite(item)
    snapshot = desk.snapshot(desk.share())
    with desk.study.reading() as session:
        same = [evidence.current_version(session, one).sha256 for one in (item, copy)]
        assert same[0] == same[1]
        found = upkeep.consequences(session, desk.world.administrator, copy.id)
        assert (found.drafts, found.editions, found.open_shares) == (0, (), ())
    with desk.study.acting() as session:
        blob = desk.blobs.put(desk.world.school.id, [b"of nobody else"])
        evidence.replace(
            session,
            actor=desk.world.teacher,
            item_id=copy.id,
            blob=blob,
            file_name="newer.txt",
            media_type="text/plain",
        )
        evidence.withdraw(session, actor=desk.world.teacher, item_ids=[copy.id])
        assert upkeep.erase_what_is_due(session, desk.world.school.id, now() + upkeep.KEPT_IN_BIN * 2) == 1
        upkeep.remove_rows(session, desk.world.school.id)
    assert reports.report_of(desk.blobs, snapshot).exhibits


def test_only_an_administrator_empties_reports(desk: Desk) -> None:
    item = desk.file("mine.txt")
    desk.cite(item)
    issued = desk.share()
    with desk.study.acting() as session:
        sharing.revoke(session, actor=desk.world.coordinator, share_id=issued.share.id)
        owner = evidence.item(session, desk.world.coordinator, item.id).owner_id
    actor = next(one for one in desk.world.actors.values() if one.person_id == owner)
    with desk.study.acting() as session:
        evidence.set_visibility(session, actor=actor, item_ids=[item.id], visibility=Visibility.PRIVATE)
    assert not can(actor, Action.ERASE_EVIDENCE)
    with desk.study.acting() as session, pytest.raises(Conflict):
        upkeep.erase(session, actor=actor, item_id=item.id)


def test_work_under_way_is_waited_for(world: World) -> None:
    item = world.file_item()
    with world.database.unit_of_work() as session:
        upkeep.erase(session, actor=world.administrator, item_id=item.id)
        for job in session.scalars(select(Job).where(Job.subject == item.current_version_id)):
            job.state = JobState.RUNNING
    with world.database.unit_of_work() as session:
        removed = upkeep.remove_rows(session, world.school.id)
        assert removed.waits
        assert not removed.item_ids
        for job in session.scalars(select(Job)):
            job.state = JobState.WAITING
    with world.database.unit_of_work() as session:
        assert upkeep.remove_rows(session, world.school.id).item_ids == [item.id]
    with world.database.reading() as session:
        assert session.scalar(select(Job.id).where(Job.subject == item.current_version_id)) is None
        assert session.scalar(select(Erasure.state)) == ErasureState.UNDER_WAY


def test_the_database_lets_go_of_what_was_deleted(world: World) -> None:
    item = world.file_item(title="Gone for good")
    with world.database.unit_of_work() as session:
        upkeep.erase(session, actor=world.administrator, item_id=item.id)
        upkeep.remove_rows(session, world.school.id)
    assert world.database.clear_traces()
    assert world.database.size_bytes() > 0
    with world.database.unit_of_work() as session:
        assert upkeep.finish_erasures(session, world.school.id) == 1
        for leaving in session.scalars(select(LeavingBlob)):
            session.delete(leaving)
        session.flush()
        assert upkeep.finish_erasures(session, world.school.id) == 0


def test_every_row_that_names_an_item_goes_with_it() -> None:
    keeping = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table.name in ("items", "versions") and key.ondelete != "CASCADE"
    }
    assert keeping == set(NOT_CASCADED)


def interleave(world: World, store: BlobStore, rounds: int) -> tuple[int, int]:
    """R14: the same bytes are uploaded while their last item is erased; how often each of them won."""
    school_id, kept, gone = world.school.id, 0, 0
    for n in range(rounds):
        content = [f"the same bytes {n}".encode()]
        blob = store.put(school_id, content)
        item = world.file_item(name=f"{n}.txt", content=content[0])
        for path in Path(str(store.root)).rglob(blob.sha256):  # type: ignore[attr-defined]
            _age(path)
        with world.database.unit_of_work() as session:
            upkeep.erase(session, actor=world.administrator, item_id=item.id)
        filed: list[Item] = []

        def upload(content: list[bytes] = content, filed: list[Item] = filed) -> None:
            put = store.put(school_id, content)
            with world.database.unit_of_work() as session:
                filed.append(
                    add_file(session, actor=world.teacher, blob=put, file_name="again.txt", media_type="text/plain")
                )

        uploading = threading.Timer(random.random() / 100, upload)
        uploading.start()
        with world.database.unit_of_work() as session:
            upkeep.remove_rows(session, school_id)
        upkeep.remove_bytes(world.database, store, school_id)
        uploading.join()
        assert store.read_verified(school_id, blob.sha256, max_bytes=99) == content[0], "acknowledged, so readable"
        kept += 1
        with world.database.unit_of_work() as session:
            upkeep.erase(session, actor=world.administrator, item_id=filed[0].id)
        for path in Path(str(store.root)).rglob(blob.sha256):  # type: ignore[attr-defined]
            _age(path)
        with world.database.unit_of_work() as session:
            upkeep.remove_rows(session, school_id)
        upkeep.remove_bytes(world.database, store, school_id)
        with pytest.raises(BlobNotFound):
            store.size(school_id, blob.sha256)
        gone += 1
    return kept, gone


def _age(path: Path) -> None:
    before = (now() - 2 * PUT_LATELY).timestamp()
    os.utime(path, (before, before))


def test_bytes_uploaded_while_their_last_item_is_erased_are_never_lost(world: World, tmp_path: Path) -> None:
    store = open_store(f"{(tmp_path / 'blobs').as_uri()}?reserve_mib=0")
    assert interleave(world, store, 6) == (6, 6)


@pytest.mark.soak
def test_a_thousand_uploads_while_their_last_item_is_erased(world: World, tmp_path: Path) -> None:
    store = open_store(f"{(tmp_path / 'blobs').as_uri()}?reserve_mib=0")
    assert interleave(world, store, 1000) == (1000, 1000)


def test_bytes_that_are_named_after_it_was_asked_whether_they_are_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, school_id = MemoryStore(), world.school.id
    blob = store.put(school_id, [b"the same bytes"])
    item = world.file_item(content=b"the same bytes")
    with world.database.unit_of_work() as session:
        upkeep.erase(session, actor=world.administrator, item_id=item.id)
        upkeep.remove_rows(session, school_id)
    store._blobs = {name: (held, put_at - 2 * PUT_LATELY) for name, (held, put_at) in store._blobs.items()}

    def asked_too_early(session: Session, school_id: str, sha256: str) -> bool:
        answer = upkeep.is_named(session, school_id, sha256)
        put = store.put(school_id, [b"the same bytes"])
        # Nobody waits for whoever looks for names, which may take minutes: no unit of work is open.
        with world.database.unit_of_work(patience_seconds=0.1) as work:
            add_file(work, actor=world.teacher, blob=put, file_name="again.txt", media_type="text/plain")
        return answer

    with monkeypatch.context() as patch:
        patch.setattr(removing, "is_named", asked_too_early)
        assert upkeep.remove_bytes(world.database, store, school_id) == 1
    assert upkeep.remove_bytes(world.database, store, school_id) == 0
    assert store.verify(school_id, blob.sha256) == blob
    with world.database.reading() as session:
        assert upkeep.is_named(session, school_id, blob.sha256)
        assert session.scalars(select(LeavingBlob)).all() == []


class ErasedMeanwhile(MemoryStore):
    """A store whose first taker waits until somebody has asked for an erasure."""

    def __init__(self, desk: Desk, item: Item, *, is_apart: bool) -> None:
        super().__init__()
        self._desk, self._item, self._is_apart = desk, item, is_apart
        self.taken: list[str] = []

    def put(self, prefix: str, source: IO[bytes] | Iterable[bytes], **limits: int | None) -> Blob:
        if not self.taken:
            with self._desk.study.acting() as session:
                upkeep.erase(session, actor=self._desk.world.administrator, item_id=self._item.id)
            if self._is_apart:
                with self._desk.study.acting() as session:
                    upkeep.remove_rows(session, self._desk.world.school.id)
        blob = super().put(prefix, source, **limits)
        self.taken.append(blob.sha256)
        return blob


@pytest.mark.parametrize("is_apart", [False, True], ids=["asked for", "taken apart"])
def test_what_is_erased_while_a_report_is_frozen_is_not_in_it(desk: Desk, is_apart: bool) -> None:
    item = desk.file("gone.txt", title="Zugvogelcanary")
    desk.cite(item)
    desk.cite(desk.file("stays.txt"))
    store = ErasedMeanwhile(desk, item, is_apart=is_apart)
    meanwhile = Desk(desk.study, store)
    frozen = meanwhile.freeze(keep_texts=True)
    assert [one.title for one in frozen.report.exhibits] == ["stays"]
    with desk.study.reading() as session:
        assert [one.sha256 for one in session.scalars(select(reports.Snapshot))] == [frozen.snapshot.sha256]
        asked = {job.payload.get("sha256") for job in session.scalars(select(Job).where(Job.kind == JobKind.ERASE))}
    # What was frozen too late goes, too.
    assert asked - {None} == set(store.taken[:2])
