"""What `verify` can see (R25): each kind of damage is found, under the name of what is damaged, and nothing else."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, text, update

from evidence_app.database import Base, Database
from evidence_app.domain import tables
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.evidence import Item, Version, add_file, replace
from evidence_app.domain.jobs import Job, JobKind, enqueue
from evidence_app.domain.search import SearchIndex, all_documents, documents_for, open_index
from evidence_app.domain.upkeep import Verdict, verify
from evidence_app.domain.upkeep.references import BLOB_COLUMNS
from storage_adapters import BlobStore, open_store
from tests.fixtures import World

NAMES_NO_BLOB = {
    ("damaged_files", "sha256"): "it says which bytes are damaged",
    ("drives", "leaving_sha256"): "it is being removed",
    ("drive_parts", "leaving_sha256"): "it is being removed",
    ("leaving_blobs", "sha256"): "they are on their way out",
    ("exhibit_pages", "exhibit_sha256"): "the snapshot's own row names it",
    ("signatures", "snapshot_sha256"): "it says what was signed",
}


@dataclass
class Kept:
    """A world with three items of two versions in a store on disk, all of them indexed, and nothing left to do."""

    world: World
    store: BlobStore
    root: Path
    index: SearchIndex
    neighbours_index: SearchIndex
    item: Item
    version: Version

    @property
    def path(self) -> Path:
        """The file of the newest version's bytes."""
        sha256 = self.version.sha256
        return self.root / self.world.school.id / sha256[:2] / sha256[2:4] / sha256

    def change(self, statement: Any) -> None:
        with self.world.database.unit_of_work() as session:
            session.execute(statement)

    def verify(self) -> Verdict:
        mine = self.world.school.id
        return verify(self.world.database, self.store, lambda id: self.index if id == mine else self.neighbours_index)


@pytest.fixture
def kept(world: World, database: Database, tmp_path: Path) -> Iterator[Kept]:
    store = open_store(f"{(tmp_path / 'blobs').as_uri()}?reserve_mib=0")
    for name in ("first.txt", "second.txt", "third.txt"):
        blob = store.put(world.school.id, [name.encode() * 100])
        with database.unit_of_work() as session:
            item = add_file(session, actor=world.teacher, blob=blob, file_name=name, media_type="text/plain")
    blob = store.put(world.school.id, [b"third again " * 100])
    with database.unit_of_work() as session:
        version = replace(
            session, actor=world.teacher, item_id=item.id, blob=blob, file_name=name, media_type="text/plain"
        )
    index, neighbours_index = (
        open_index("whoosh:", tmp_path, school.id, database.engine) for school in (world.school, world.neighbour)
    )
    with database.reading() as session, index.rebuilding() as fresh:
        for documents in all_documents(session, world.school.id):
            fresh.add(documents)
    with database.unit_of_work() as session:
        session.execute(delete(Job))
    yield Kept(world, store, tmp_path / "blobs", index, neighbours_index, item, version)
    index.close()


def in_place(change: Callable[[bytes], bytes]) -> Callable[[Kept], None]:
    def damage(kept: Kept) -> None:
        kept.path.write_bytes(change(kept.path.read_bytes()))

    return damage


def make_link(kept: Kept) -> None:
    kept.path.rename(kept.path.with_name("elsewhere"))
    kept.path.symlink_to("elsewhere")


def set_version(**values: object) -> Callable[[Kept], None]:
    return lambda kept: kept.change(update(Version).where(Version.id == kept.version.id).values(**values))


BLOB_DAMAGE: dict[str, tuple[Callable[[Kept], None], str]] = {
    "missing": (lambda kept: kept.path.unlink(), "its bytes are missing"),
    "empty": (in_place(lambda _: b""), "not the ones"),
    "truncated": (in_place(lambda data: data[:-1]), "not the ones"),
    "one bit flipped": (in_place(lambda data: bytes([data[0] ^ 1]) + data[1:]), "not the ones"),
    "longer": (in_place(lambda data: data + b"\0"), "not the ones"),
    "another file's bytes": (in_place(lambda _: b"first.txt" * 100), "not the ones"),
    "a link": (make_link, "not the ones"),
    "size of the row": (set_version(size_bytes=7), "where 7 were filed"),
    "hash of the row": (set_version(sha256="0" * 64), "its bytes are missing"),
    "no hash at all": (set_version(sha256="z" * 64), "names no bytes"),
}


def test_a_sound_installation_is_clean(kept: Kept) -> None:
    verdict = kept.verify()
    assert verdict.is_clean, verdict
    assert verdict.unreferenced == []
    assert verdict.counts["blobs"] == verdict.counts["referenced_blobs"] == 4
    assert verdict.counts["indexed_items"] >= 3
    assert verdict.counts["audit_chains"] == 2


@pytest.mark.parametrize("damage", BLOB_DAMAGE)
def test_damaged_bytes_are_found_under_the_name_of_their_version(kept: Kept, damage: str) -> None:
    do, said = BLOB_DAMAGE[damage]
    do(kept)
    verdict = kept.verify()
    assert not verdict.is_clean
    [found] = verdict.findings
    assert (found.kind, found.school) == ("blob", "alder-bay")
    assert found.subject.startswith(f"version {kept.version.id} ")
    assert said in found.what
    assert "backup" in found.remedy


def test_the_wrong_size_is_found_in_each_row_that_names_the_bytes(kept: Kept) -> None:
    first = kept.world.file_item(content=b"third again " * 100)
    kept.change(delete(Job))
    with kept.world.database.reading() as session:
        kept.index.add(documents_for(session, kept.world.school.id, [first.id]))
    kept.change(update(Version).where(Version.id == first.current_version_id).values(size_bytes=1))
    [found] = kept.verify().findings
    assert str(first.current_version_id) in found.subject


def test_bytes_no_row_names_are_told_and_are_no_finding(kept: Kept) -> None:
    """What an upload leaves that was cut off between its bytes and its rows."""
    orphan = kept.store.put(kept.world.school.id, [b"cut off"])
    verdict = kept.verify()
    assert verdict.is_clean
    assert verdict.unreferenced == [f"{kept.world.school.id}/{orphan.sha256}"]


def test_what_cannot_be_read_is_not_called_damaged(kept: Kept) -> None:
    folder = kept.path.parents[1]
    shutil.rmtree(folder)
    folder.write_bytes(b"no folder any more")
    verdict = kept.verify()
    assert not verdict.is_clean
    assert verdict.findings == []
    assert kept.version.id in verdict.unreadable[0].subject
    assert "could not be read" in verdict.unreadable[0].what


def test_an_item_whose_newest_version_is_gone_is_found(kept: Kept) -> None:
    kept.change(update(Item).where(Item.id == kept.item.id).values(current_version_id="0" * 26))
    found = {finding.kind: finding for finding in kept.verify().findings}
    assert found["row"].subject == f"item {kept.item.id}"


def test_an_item_whose_newest_version_is_anothers_is_found(kept: Kept) -> None:
    other = kept.world.file_item()
    kept.change(update(Item).where(Item.id == kept.item.id).values(current_version_id=other.current_version_id))
    assert f"item {kept.item.id}" in [finding.subject for finding in kept.verify().findings if finding.kind == "row"]


@pytest.mark.parametrize(
    "change",
    [
        update(AuditEntry).where(AuditEntry.sequence == 3).values(actor_id="somebody else"),
        delete(AuditEntry).where(AuditEntry.sequence == 3),
        text("delete from audit_heads"),
    ],
    ids=["changed", "removed", "heads gone"],
)
def test_a_touched_audit_log_is_found(kept: Kept, change: Any) -> None:
    kept.change(change)
    findings = [finding for finding in kept.verify().findings if finding.kind == "audit"]
    assert "alder-bay" in {finding.school for finding in findings}
    if "heads" not in str(change):
        assert {finding.subject for finding in findings} == {"entry 3"}


def test_an_item_missing_in_the_index_is_found(kept: Kept) -> None:
    kept.index.remove([kept.item.id])
    [found] = kept.verify().findings
    assert (found.kind, found.subject) == ("index", f"item {kept.item.id}")
    assert "missing in the search index" in found.what
    assert "search rebuild" in found.remedy


def test_an_item_that_should_not_be_in_the_index_is_found(kept: Kept) -> None:
    with kept.world.database.reading() as session:
        [document] = documents_for(session, kept.world.school.id, [kept.item.id])
    kept.index.add([dataclasses.replace(document, item_id="0" * 26)])
    [found] = kept.verify().findings
    assert found.subject == f"item {'0' * 26}"
    assert "not in use" in found.what


def test_a_lost_index_is_found(kept: Kept, tmp_path: Path) -> None:
    kept.index.close()
    shutil.rmtree(tmp_path / "index")
    [found] = kept.verify().findings
    assert (found.kind, found.subject) == ("index", "index")


@pytest.mark.parametrize("kind", [JobKind.INDEX_ITEM, JobKind.READ_VERSION, JobKind.REBUILD_INDEX])
def test_what_still_waits_for_the_worker_is_no_finding(kept: Kept, kind: JobKind) -> None:
    kept.index.remove([kept.item.id])
    subject = kept.version.id if kind == JobKind.READ_VERSION else kept.item.id
    with kept.world.database.unit_of_work() as session:
        enqueue(session, kind, kept.world.school.id, subject)
    assert kept.verify().is_clean


def test_a_broken_key_between_rows_is_found(kept: Kept, database: Database) -> None:
    if not database.is_sqlite:
        with pytest.raises(Exception, match="foreign key"):
            kept.change(text("delete from people"))
        return
    with database.engine.connect() as connection:
        connection.connection.driver_connection.execute("pragma foreign_keys=off")  # type: ignore[union-attr]
        connection.connection.driver_connection.execute("delete from people where email like 'teacher%'")  # type: ignore[union-attr]
    kinds = {(finding.kind, finding.subject) for finding in kept.verify().findings}
    assert ("database", "items") in kinds


def test_every_column_that_names_a_blob_is_looked_at() -> None:
    assert tables.ALL_TABLES
    named = {(place.table, place.column) for place in BLOB_COLUMNS}
    found = {(t.name, c.name) for t in Base.metadata.sorted_tables for c in t.columns if c.name.endswith("sha256")}
    assert found - named == set(NAMES_NO_BLOB)
