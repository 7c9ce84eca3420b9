"""Wrong bytes are never delivered whole, on any store (R09); they are set aside, and go with an erasure."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage_adapters import BlobDamaged
from storage_adapters.blob import CHUNK_BYTES
from tests.storage_adapters.harness import ABSENT, THREE_CHUNKS, Harness, finished_file, fresh_school, held, sha


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda data: data + b"!",
    ],
    ids=["emptied", "cut", "one bit", "longer"],
)
def test_damaged_bytes_are_never_delivered_whole_and_are_healed_by_the_same_upload(
    harness: Harness, school: str, damage: Callable[[bytes], bytes]
) -> None:
    store = harness.store
    blob = store.put(school, [THREE_CHUNKS])
    wrong = damage(THREE_CHUNKS)
    harness.overwrite(school, blob.sha256, wrong)
    with pytest.raises(BlobDamaged, match=blob.sha256) as told:
        store.verify(school, blob.sha256)
    assert sha(wrong) in told.value.found
    with pytest.raises(BlobDamaged):
        store.read_verified(school, blob.sha256, max_bytes=10 * CHUNK_BYTES)
    delivered = bytearray()
    with pytest.raises(BlobDamaged):
        delivered.extend(itertools.chain.from_iterable(store.stream_verified(school, blob.sha256)))
    assert len(delivered) < len(THREE_CHUNKS)
    assert store.put(school, [THREE_CHUNKS]) == blob
    assert store.verify(school, blob.sha256) == blob


def test_adoption_heals_damaged_bytes(harness: Harness, school: str, tmp_path: Path) -> None:
    blob = harness.store.put(school, [THREE_CHUNKS])
    harness.overwrite(school, blob.sha256, THREE_CHUNKS[:-1])
    path = finished_file(harness.store.staging or tmp_path, THREE_CHUNKS)
    assert harness.store.adopt(school, path) == blob
    path.unlink()
    assert harness.store.verify(school, blob.sha256) == blob


def test_damaged_bytes_are_set_aside_and_sound_ones_never(harness: Harness, school: str) -> None:
    store = harness.store
    blob = store.put(school, [b"assessment policy"])
    assert not store.set_aside(school, blob.sha256)
    assert not store.set_aside(school, ABSENT)
    harness.overwrite(school, blob.sha256, b"assessment p\0licy")
    assert store.set_aside(school, blob.sha256)
    assert not store.exists(school, blob.sha256)
    assert harness.aside(school, blob.sha256) == [b"assessment p\0licy"]
    assert held(store, school) == []
    store.put(school, [b"assessment policy"])
    harness.overwrite(school, blob.sha256, b"")
    store.put(school, [b"assessment policy"])
    assert sorted(harness.aside(school, blob.sha256)) == [b"", b"assessment p\0licy"]


def test_what_was_set_aside_is_erased_with_the_bytes(harness: Harness, school: str) -> None:
    store, other = harness.store, fresh_school()
    blob = store.put(school, [b"a pupil's plan"])
    for prefix in (school, other):
        store.put(prefix, [b"a pupil's plan"])
        harness.overwrite(prefix, blob.sha256, b"a pupil's pl\0n")
        assert store.set_aside(prefix, blob.sha256)
    store.put(school, [b"a pupil's plan"])
    assert not store.erase(school, blob.sha256, put_before=datetime.now(UTC) - timedelta(hours=1))
    assert harness.aside(school, blob.sha256)
    for _ in range(2):
        assert store.erase(school, blob.sha256, put_before=datetime.now(UTC) + timedelta(hours=1))
        assert harness.aside(school, blob.sha256) == []
    assert harness.aside(other, blob.sha256) == [b"a pupil's pl\0n"]


def test_two_files_swapped_are_both_damaged(harness: Harness, school: str) -> None:
    store = harness.store
    one, other = store.put(school, [b"assessment policy"]), store.put(school, [b"admissions policy"])
    harness.overwrite(school, one.sha256, b"admissions policy")
    harness.overwrite(school, other.sha256, b"assessment policy")
    for blob in (one, other):
        with pytest.raises(BlobDamaged):
            store.verify(school, blob.sha256)
