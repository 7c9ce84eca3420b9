"""Local disk: its files, its limits, and what it does with damaged ones."""

import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage_adapters import BlobDamaged, StoreFull, StoreUnavailable, disk, open_store
from storage_adapters.durable import LARGEST_RESERVE_BYTES
from storage_adapters.local import LocalStore
from tests.storage_adapters.bad_sectors import spoil


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "made" / "store", reserve_bytes=0)


def file_of(store: LocalStore, sha256: str) -> Path:
    return store.root / "school" / sha256[:2] / sha256[2:4] / sha256


def test_nothing_is_created_before_the_first_write(store: LocalStore) -> None:
    assert list(store.iter_blobs()) == []
    assert store.sweep_temporary(0) == 0
    assert store.free_bytes()
    assert not store.root.exists()


def test_files_and_folders_are_closed_to_other_accounts(store: LocalStore) -> None:
    before = os.umask(0)
    try:
        blob = store.put("school", [b"private"])
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in [store.root, *store.root.rglob("*")]}
    assert modes.pop(file_of(store, blob.sha256)) == 0o600
    assert set(modes.values()) == {0o700}


@pytest.mark.parametrize("instead", ["link", "folder", "pipe"])
def test_what_is_no_plain_file_is_damaged_never_followed_and_healed(store: LocalStore, instead: str) -> None:
    blob = store.put("school", [b"a document"])
    path = file_of(store, blob.sha256)
    path.unlink()
    if instead == "link":
        elsewhere = store.root.with_name("elsewhere")
        elsewhere.write_bytes(b"a document")
        path.symlink_to(elsewhere)
    elif instead == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    for use in (store.size, store.verify, store.open):
        with pytest.raises(BlobDamaged, match="stands in its place"):
            use("school", blob.sha256)
    assert list(store.iter_blobs("school")) == []
    store.put("school", [b"a document"])
    assert store.verify("school", blob.sha256) == blob


def test_suspect_store_takes_files_again_once_a_probe_of_its_own_passes(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R07: in a running server nobody else would ever ask."""
    failing = [True]

    def flush(file_descriptor: int) -> None:
        if failing[0]:
            raise OSError(errno.EIO, "injected")

    monkeypatch.setattr(disk, "flush", flush)
    with pytest.raises(StoreUnavailable):
        store.put("school", [b"a document"])
    failing[0] = False
    with pytest.raises(StoreUnavailable, match="takes no files since"):
        store.put("school", [b"a document"])
    monkeypatch.setattr(store._folder, "probe_at", 0.0)
    failing[0] = True
    with pytest.raises(StoreUnavailable, match="takes no files since"):
        store.put("school", [b"a document"])
    failing[0] = False
    monkeypatch.setattr(store._folder, "probe_at", 0.0)
    store.put("school", [b"a document"])
    assert store.suspect_reason is None
    assert len(list(store.iter_blobs())) == 1


def test_damaged_bytes_are_set_aside_not_thrown_away(store: LocalStore) -> None:
    blob = store.put("school", [b"a document"])
    file_of(store, blob.sha256).write_bytes(b"a d\0cument")
    store.put("school", [b"a document"])
    (kept,) = (store.root / ".damaged").iterdir()
    assert kept.read_bytes() == b"a d\0cument"
    assert kept.name.startswith(f"school-{blob.sha256}-")
    assert [blob for _, blob, _ in store.iter_blobs()] == [blob]


def test_bytes_on_a_bad_sector_are_set_aside_once_the_same_are_put_again(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = store.put("school", [b"words"])
    with store.local_path("school", blob.sha256) as path:
        spoil(monkeypatch, path)
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        store.verify("school", blob.sha256)
    assert store.works()
    assert store.put("school", [b"words"]) == store.verify("school", blob.sha256) == blob
    [aside] = (store.root / ".damaged").iterdir()
    assert aside.name.startswith(f"school-{blob.sha256}-")


def test_file_that_would_eat_the_reserve_is_refused_before_it_is_read(tmp_path: Path) -> None:
    free = LocalStore(tmp_path).free_bytes()
    assert free is not None
    store = LocalStore(tmp_path / "store", reserve_bytes=free // 2)
    store.put("school", [b"small"], expected_bytes=5)
    with pytest.raises(StoreFull, match=r"must stay free.*reserve_mib"):
        store.put("school", iter([b"never read"]), expected_bytes=free)
    assert len(list(store.iter_blobs())) == 1


def test_reserve_is_five_percent_within_limits_unless_the_address_says_otherwise(tmp_path: Path) -> None:
    free = LocalStore(tmp_path).free_bytes()
    assert free is not None
    by_default = open_store(tmp_path.as_uri())
    with pytest.raises(StoreFull):
        by_default.put("school", [b"x"], expected_bytes=free - 400 * 1024 * 1024)
    whole_disk = open_store(f"{tmp_path.as_uri()}?reserve_mib={free // 1024 // 1024 + LARGEST_RESERVE_BYTES}")
    with pytest.raises(StoreFull):
        whole_disk.put("school", [b"x"])
    whole_disk.close()


def test_renewed_age_is_seen_by_a_collection(store: LocalStore) -> None:
    blob = store.put("school", [b"a document"])
    long_ago = time.time() - 90_000
    os.utime(file_of(store, blob.sha256), (long_ago, long_ago))
    store.put("school", [b"a document"])
    ((_, _, put_at),) = store.iter_blobs()
    assert time.time() - put_at.timestamp() < 60


def test_sweep_takes_abandoned_files_only(store: LocalStore) -> None:
    store.put("school", [b"makes the folders"])
    temporary = store.root / ".tmp"
    (temporary / "a-folder").mkdir()
    for name in ("abandoned", "young", "locked"):
        (temporary / name).write_bytes(b"half a document")
    hour_ago = time.time() - 3600
    for name in ("abandoned", "locked", "a-folder"):
        os.utime(temporary / name, (hour_ago, hour_ago))
    (temporary / "link").symlink_to(temporary / "young")
    with (temporary / "locked").open("rb") as other_process:
        fcntl.flock(other_process, fcntl.LOCK_EX)
        assert store.sweep_temporary(1800) == 1
    assert {path.name for path in temporary.iterdir()} == {"young", "locked", "a-folder", "link"}


def test_a_second_name_of_kept_bytes_is_swept_though_the_bytes_were_just_put_again(store: LocalStore) -> None:
    """Its writer was killed between giving the bytes their name and taking the first one away."""
    blob = store.put("school", [b"a document"])
    os.link(file_of(store, blob.sha256), store.root / ".tmp" / "4311-left")
    store.put("school", [b"a document"])
    assert store.sweep_temporary(1800) == 1
    assert list((store.root / ".tmp").iterdir()) == []
    store.verify("school", blob.sha256)


def test_strange_files_in_the_store_are_not_listed(store: LocalStore) -> None:
    blob = store.put("school", [b"a document"])
    (store.root / "README").write_text("what an administrator left here")
    file_of(store, blob.sha256).with_suffix(".bak").write_bytes(b"a copy")
    (store.root / "school" / "zz").mkdir()
    assert [(prefix, found) for prefix, found, _ in store.iter_blobs()] == [("school", blob)]


def test_folder_removed_behind_our_back_is_made_again(store: LocalStore) -> None:
    blob = store.put("school", [b"a document"])
    file_of(store, blob.sha256).unlink()
    file_of(store, blob.sha256).parent.rmdir()
    assert store.put("school", [b"a document"]) == blob


@pytest.mark.parametrize("blocked", ["", ".tmp", "school"])
def test_store_that_cannot_be_written_says_so_and_what_to_check(store: LocalStore, blocked: str) -> None:
    in_the_way = store.root / blocked
    in_the_way.parent.mkdir(parents=True, exist_ok=True)
    in_the_way.write_text("a file where a folder should be")
    with pytest.raises(StoreUnavailable, match=r"cannot be written to.*Check that the folder"):
        store.put("school", [b"a document"])
    if blocked != ".tmp":
        with pytest.raises(StoreUnavailable):
            store.size("school", "0" * 64)


def test_probe_fails_on_a_store_that_cannot_be_written(store: LocalStore) -> None:
    store.root.parent.mkdir()
    store.root.write_text("a file where a folder should be")
    with pytest.raises(StoreUnavailable):
        store.probe()


def test_folder_nobody_may_read_is_told(store: LocalStore) -> None:
    store.put("school", [b"a document"])
    (store.root / "school").chmod(0)
    with as_somebody_without_rights(), pytest.raises(StoreUnavailable, match="cannot be listed"):
        list(store.iter_blobs())
    (store.root / "school").chmod(0o700)


@contextmanager
def as_somebody_without_rights() -> Iterator[None]:
    """The superuser may read every folder, so that its tests put its rights down for a moment."""
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        yield
    finally:
        if superuser:
            os.seteuid(0)
