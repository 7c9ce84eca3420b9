"""What every store promises, tried on each of them."""

import io
import os
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage_adapters import BadBlobName, Blob, BlobNotFound, BlobStore, BlobTooLarge
from storage_adapters.blob import CHUNK_BYTES
from tests.storage_adapters.harness import ABSENT, THREE_CHUNKS, finished_file, fresh_school, held, sha

_quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("data", [b"", b"one", THREE_CHUNKS], ids=["empty", "small", "three chunks"])
@pytest.mark.parametrize("shape", [io.BytesIO, lambda data: [data[:5], data[5:]]], ids=["file", "iterable"])
def test_put_names_bytes_by_their_hash_and_returns_them(
    store: BlobStore, school: str, data: bytes, shape: Callable[[bytes], io.BytesIO]
) -> None:
    blob = store.put(school, shape(data))
    assert blob == Blob(sha(data), len(data))
    assert store.size(school, blob.sha256) == len(data)
    assert store.exists(school, blob.sha256)
    with store.open(school, blob.sha256) as stream:
        assert stream.read() == data
    assert store.read_verified(school, blob.sha256, max_bytes=len(data)) == data
    assert b"".join(store.stream_verified(school, blob.sha256)) == data
    assert store.verify(school, blob.sha256) == blob


@_quick
@given(parts=st.lists(st.binary(max_size=2000), max_size=8))
def test_how_bytes_arrive_does_not_matter(store: BlobStore, parts: list[bytes]) -> None:
    school, data = fresh_school(), b"".join(parts)
    assert store.put(school, parts) == store.put(school, io.BytesIO(data)) == Blob(sha(data), len(data))
    assert held(store, school) == [Blob(sha(data), len(data))]


@_quick
@given(data=st.binary(max_size=300), start=st.integers(0, 320), length=st.none() | st.integers(0, 320))
def test_part_of_a_file_is_the_slice_of_its_bytes(
    store: BlobStore, data: bytes, start: int, length: int | None
) -> None:
    school = "slices"
    blob = store.put(school, [data])
    with store.open(school, blob.sha256, start=start, length=length) as stream:
        assert stream.read() == data[start:][:length]


def test_large_part_is_read_in_small_steps(store: BlobStore, school: str) -> None:
    blob = store.put(school, [THREE_CHUNKS])
    with store.open(school, blob.sha256, start=10, length=CHUNK_BYTES + 5) as stream:
        steps = list(iter(lambda: stream.read(100_000), b""))
    assert b"".join(steps) == THREE_CHUNKS[10 : CHUNK_BYTES + 15]


@pytest.mark.parametrize(("start", "length"), [(-1, None), (0, -1)])
def test_part_before_the_start_is_refused(store: BlobStore, school: str, start: int, length: int | None) -> None:
    with pytest.raises(ValueError, match="starts at 0 or later"):
        store.open(school, ABSENT, start=start, length=length)


def test_same_bytes_are_kept_once_and_their_age_renewed(store: BlobStore, school: str) -> None:
    blob = store.put(school, [b"twice"])
    ((_, _, first),) = store.iter_blobs(school)
    # S3 tells ages in whole seconds, so "renewed" is seen as "not older".
    assert store.put(school, [b"twice"]) == blob
    ((_, again, second),) = store.iter_blobs(school)
    assert again == blob
    assert first <= second
    assert abs(datetime.now(UTC) - second) < timedelta(minutes=1)


def test_same_bytes_in_two_schools_are_independent(store: BlobStore) -> None:
    one, other = fresh_school(), fresh_school()
    blob = store.put(one, [b"shared by chance"])
    assert not store.exists(other, blob.sha256)
    store.put(other, [b"shared by chance"])
    store.delete(one, blob.sha256)
    assert not store.exists(one, blob.sha256)
    assert store.verify(other, blob.sha256) == blob


def test_many_putting_the_same_bytes_at_once_all_succeed(store: BlobStore, school: str) -> None:
    blobs: list[Blob] = []
    threads = [threading.Thread(target=lambda: blobs.append(store.put(school, [THREE_CHUNKS]))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert blobs == [Blob(sha(THREE_CHUNKS), len(THREE_CHUNKS))] * 6
    assert held(store, school) == blobs[:1]


def test_missing_bytes_are_not_found_by_any_reader(store: BlobStore, school: str) -> None:
    assert not store.exists(school, ABSENT)
    for read in (
        lambda: store.open(school, ABSENT),
        lambda: store.open(school, ABSENT, start=1, length=0),
        lambda: store.size(school, ABSENT),
        lambda: store.verify(school, ABSENT),
        lambda: store.read_verified(school, ABSENT, max_bytes=1),
        lambda: list(store.stream_verified(school, ABSENT)),
        lambda: store.local_path(school, ABSENT).__enter__(),
    ):
        with pytest.raises(BlobNotFound, match=ABSENT):
            read()


def test_delete_can_be_repeated(store: BlobStore, school: str) -> None:
    blob = store.put(school, [b"to be erased"])
    for _ in range(2):
        store.delete(school, blob.sha256)
        assert held(store, school) == []
    assert store.put(school, [b"to be erased"]) == blob


def test_bytes_are_erased_unless_they_were_put_or_renewed_lately(store: BlobStore, school: str) -> None:
    blob = store.put(school, [b"wanted once"])
    put_at = store.put_at(school, blob.sha256)
    assert put_at is not None
    assert not store.erase(school, blob.sha256, put_before=put_at - timedelta(minutes=1))
    assert store.sizes(school, {blob.sha256, "0" * 64}) == {blob.sha256: blob.size_bytes}
    assert store.renew(school, blob.sha256)
    renewed_at = store.put_at(school, blob.sha256)
    assert renewed_at is not None
    assert renewed_at >= put_at
    assert store.erase(school, blob.sha256, put_before=datetime.now(UTC) + timedelta(hours=1))
    assert store.erase(school, blob.sha256, put_before=put_at)
    assert not store.exists(school, blob.sha256)
    assert not store.renew(school, blob.sha256)
    assert store.put_at(school, blob.sha256) is None


def test_limit_takes_its_last_byte_and_no_more(store: BlobStore, school: str) -> None:
    assert store.put(school, [b"12345"], max_bytes=5, expected_bytes=5).size_bytes == 5
    with pytest.raises(BlobTooLarge, match="allowed 5 bytes"):
        store.put(school, [b"12345", b"6"], max_bytes=5)
    assert held(store, school) == [Blob(sha(b"12345"), 5)]


def test_reading_stops_soon_after_the_limit(store: BlobStore, school: str) -> None:
    source = io.BytesIO(bytes(20 * CHUNK_BYTES))
    with pytest.raises(BlobTooLarge):
        store.put(school, source, max_bytes=CHUNK_BYTES)
    assert source.tell() <= 2 * CHUNK_BYTES


def test_announced_size_over_the_limit_is_refused_before_reading(store: BlobStore, school: str) -> None:
    source = io.BytesIO(b"not read")
    with pytest.raises(BlobTooLarge):
        store.put(school, source, max_bytes=10, expected_bytes=11)
    assert source.tell() == 0


def test_upload_that_breaks_off_leaves_nothing_and_tells_its_own_error(store: BlobStore, school: str) -> None:
    def breaking() -> Iterator[bytes]:
        yield b"half of it"
        raise ConnectionResetError("the browser went away")

    with pytest.raises(ConnectionResetError, match="browser went away"):
        store.put(school, breaking())
    assert held(store, school) == []
    assert store.sweep_temporary(0) == 0


def test_sweep_leaves_a_running_write_alone(store: BlobStore, school: str) -> None:
    def slow() -> Iterator[bytes]:
        yield b"first half, "
        assert store.sweep_temporary(-60) == 0
        yield b"second half"

    blob = store.put(school, slow())
    assert store.read_verified(school, blob.sha256, max_bytes=100) == b"first half, second half"


@pytest.mark.parametrize("data", [b"", b"one", THREE_CHUNKS], ids=["empty", "small", "three chunks"])
@pytest.mark.parametrize("place", ["staging", "elsewhere"])
def test_adopted_file_is_held_as_if_put_and_may_be_removed(
    store: BlobStore, school: str, tmp_path: Path, data: bytes, place: str
) -> None:
    path = finished_file(store.staging if place == "staging" and store.staging else tmp_path, data)
    for _ in range(2):
        assert store.adopt(school, path, max_bytes=len(data)) == Blob(sha(data), len(data))
        assert path.read_bytes() == data
    path.unlink()
    assert held(store, school) == [Blob(sha(data), len(data))]
    assert store.read_verified(school, sha(data), max_bytes=len(data)) == data
    assert store.put(school, [data]) == Blob(sha(data), len(data))


def test_adopted_bytes_are_as_old_as_their_adoption(store: BlobStore, school: str, tmp_path: Path) -> None:
    path = finished_file(store.staging or tmp_path, b"arrived slowly")
    os.utime(path, (0, 0))
    store.adopt(school, path)
    ((_, _, moment),) = store.iter_blobs(school)
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    path.unlink()


def test_file_that_is_too_large_is_not_adopted_and_stays_as_it_was(
    store: BlobStore, school: str, tmp_path: Path
) -> None:
    path = finished_file(store.staging or tmp_path, b"123456")
    with pytest.raises(BlobTooLarge, match="allowed 5 bytes"):
        store.adopt(school, path, max_bytes=5)
    with pytest.raises(BadBlobName):
        store.adopt("..", path)
    assert held(store, school) == []
    assert path.read_bytes() == b"123456"
    path.unlink()
    with pytest.raises(FileNotFoundError):
        store.adopt(school, path)
    assert store.sweep_temporary(0) == 0


def test_read_verified_refuses_more_than_the_caller_can_hold(store: BlobStore, school: str) -> None:
    blob = store.put(school, [b"123456"])
    with pytest.raises(BlobTooLarge):
        store.read_verified(school, blob.sha256, max_bytes=5)


@pytest.mark.parametrize("prefix", ["", "A", "a/b", "..", ".tmp", "a" * 41, "é", "a\n", "a_b"])
def test_prefix_that_is_no_schools_id_is_refused(store: BlobStore, prefix: str) -> None:
    for use in (
        lambda: store.put(prefix, [b"x"]),
        lambda: list(store.iter_blobs(prefix)),
        lambda: store.open(prefix, ABSENT),
        lambda: store.size(prefix, ABSENT),
        lambda: store.delete(prefix, ABSENT),
        lambda: store.local_path(prefix, ABSENT).__enter__(),
    ):
        with pytest.raises(BadBlobName, match="cannot be a prefix"):
            use()


@pytest.mark.parametrize("name", ["", "ab", ABSENT.upper(), ABSENT + "0", "../" + ABSENT[3:], ABSENT[:-1] + "\n"])
def test_name_that_is_no_hash_is_refused(store: BlobStore, school: str, name: str) -> None:
    for use in (
        lambda: store.open(school, name),
        lambda: store.size(school, name),
        lambda: store.delete(school, name),
        lambda: store.verify(school, name),
        lambda: store.local_path(school, name).__enter__(),
    ):
        with pytest.raises(BadBlobName, match="not a SHA-256"):
            use()


def test_listing_gives_each_school_its_own_in_order(store: BlobStore) -> None:
    one, longer = fresh_school()[:20], fresh_school()
    put = {school: {store.put(school, [f"{school} {n}".encode()]) for n in range(12)} for school in (one, longer)}
    for school, blobs in put.items():
        listed = list(store.iter_blobs(school))
        assert [prefix for prefix, _, _ in listed] == [school] * 12
        assert [blob for _, blob, _ in listed] == sorted(blobs, key=lambda blob: blob.sha256)
        assert all(moment.tzinfo is UTC for _, _, moment in listed)
    everything = [(prefix, blob.sha256) for prefix, blob, _ in store.iter_blobs()]
    assert everything == sorted(everything)
    assert {(school, blob.sha256) for school, blobs in put.items() for blob in blobs} <= set(everything)


def test_listing_a_school_without_files_is_empty(store: BlobStore, school: str) -> None:
    assert list(store.iter_blobs(school)) == []


def test_local_path_can_be_read_by_any_program(store: BlobStore, school: str) -> None:
    blob = store.put(school, [THREE_CHUNKS])
    with store.local_path(school, blob.sha256) as path:
        assert isinstance(path, Path)
        assert path.read_bytes() == THREE_CHUNKS


def test_probe_passes_on_a_sound_store_and_leaves_nothing(store: BlobStore) -> None:
    store.probe()
    assert list(store.iter_blobs("probe")) == []
    assert store.suspect_reason is None
    assert store.works()


def test_free_space_is_a_number_or_unknown(store: BlobStore) -> None:
    free = store.free_bytes()
    assert free is None or free > 0
