"""Local disk: what is acknowledged is on the disk, seen in calls, injected faults and kills (R03, R05, R07)."""

import hashlib
import re
from pathlib import Path

import pytest

from storage_adapters import open_store
from storage_adapters.local import LocalStore
from tests.storage_adapters.tracing import needs_strace, run_traced

pytestmark = [needs_strace, pytest.mark.reliability]

EARLIER = b"acknowledged before"
LATER = b"the document being put" * 40_000
PUT = "ack('kept', store.put('school1', [b'the document being put' * 40_000]).sha256)\n"
TRY = """
def attempt(word):
    try:
        ack('kept', store.put('school1', [word] * 3).sha256)
    except StoreError as error:
        ack(type(error).__name__, 'suspect' if store.suspect_reason else 'trusted')
"""


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def store_with_an_earlier_blob(root: Path) -> LocalStore:
    store = open_store(f"{root.as_uri()}?reserve_mib=0")
    assert isinstance(store, LocalStore)
    store.put("school1", [EARLIER])
    return store


def assert_sound(store: LocalStore, *, acknowledged: list[str]) -> None:
    """Every acknowledged blob is there, whatever else is there is whole, and nothing else is left but swept files."""
    found = {blob.sha256 for prefix, blob, _ in store.iter_blobs() if store.verify(prefix, blob.sha256) == blob}
    assert {sha(EARLIER), *acknowledged} <= found <= {sha(EARLIER), sha(LATER)}
    assert store.sweep_temporary(0) <= 1
    assert list((store.root / ".tmp").iterdir()) == []


@pytest.mark.parametrize("case", ["new school", "known folder", "held already"])
def test_file_is_flushed_before_it_is_named_and_its_folders_before_it_is_acknowledged(
    tmp_path: Path, case: str
) -> None:
    root = tmp_path / "store"
    scripts = {
        "new school": PUT,
        "known folder": "store.put('school1', [b'the document being put' * 40_000])\n"
        f"store.delete('school1', '{sha(LATER)}')\n" + PUT,
        "held already": PUT + PUT,
    }
    run = run_traced(root, scripts[case])
    assert run.code == 0, run.errors
    assert run.said[-1] == f"kept {sha(LATER)}"

    # Only the last put is looked at: from where its temporary file is locked.
    locks = re.compile(rf"flock\(\d+<{root}/\.tmp/")
    start = max(index for index, call in enumerate(run.calls) if locks.match(call))
    calls = run.calls[start:]
    folder = f"school1/{sha(LATER)[:2]}/{sha(LATER)[2:4]}"
    temporary = only(calls, rf"flock\(\d+<{root}/\.tmp/[^>]+>")
    written = last(calls, rf"write\(\d+<{root}/\.tmp/")
    flushed = only(calls, rf"fsync\(\d+<{root}/\.tmp/[^>]+>\) += 0")
    linked = only(calls, rf"link(at)?\(.*/\.tmp/.*{folder}/{sha(LATER)}")
    folder_flushed = last(calls, rf"fsync\(\d+<{root}/{folder}>\) += 0")
    acknowledged = only(calls, r"write\(1<.*kept")
    assert temporary < written < flushed < linked < folder_flushed < acknowledged
    if case == "new school":
        for above in ("", "/school1", f"/school1/{sha(LATER)[:2]}"):
            assert only(calls, rf"fsync\(\d+<{root}{above}>\) += 0") < acknowledged
        assert only(calls, rf"fsync\(\d+<{tmp_path}>\) += 0") < acknowledged


ADOPT = """
import pathlib
path = pathlib.Path(store.staging) / 'film'
path.parent.mkdir(parents=True, exist_ok=True)
path.write_bytes(b'the document being put' * 40_000)
ack('kept', store.adopt('school1', path).sha256)
"""


def test_adopted_file_is_flushed_and_named_in_the_same_order_and_never_copied(tmp_path: Path) -> None:
    root = tmp_path / "store"
    run = run_traced(root, ADOPT)
    assert run.code == 0, run.errors
    assert run.said[-1] == f"kept {sha(LATER)}"
    folder = f"school1/{sha(LATER)[:2]}/{sha(LATER)[2:4]}"
    written = last(run.calls, rf"write\(\d+<{root}/\.incoming/film>")
    flushed = only(run.calls, rf"fsync\(\d+<{root}/\.incoming/film>\) += 0")
    linked = only(run.calls, rf"link(at)?\(.*/\.incoming/film.*{folder}/{sha(LATER)}")
    folder_flushed = last(run.calls, rf"fsync\(\d+<{root}/{folder}>\) += 0")
    acknowledged = only(run.calls, r"write\(1<.*kept")
    assert written < flushed < linked < folder_flushed < acknowledged
    assert not [call for call in run.calls if re.match(rf"write\(\d+<{root}/\.tmp/", call)]
    assert (root / ".incoming" / "film").stat().st_ino == (root / folder / sha(LATER)).stat().st_ino
    assert (root / folder / sha(LATER)).stat().st_mode & 0o777 == 0o600


def test_file_of_another_file_system_is_copied(tmp_path: Path) -> None:
    root = tmp_path / "store"
    run = run_traced(root, ADOPT, inject="?link,?linkat:error=EXDEV:when=1")
    assert run.said == [f"kept {sha(LATER)}"], run.errors
    assert [call for call in run.calls if re.match(rf"write\(\d+<{root}/\.tmp/", call)]
    (root / ".incoming" / "film").unlink()
    assert open_store(root.as_uri()).verify("school1", sha(LATER)).size_bytes == 22 * 40_000
    assert list((root / ".tmp").iterdir()) == []


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_kill_in_the_middle_of_an_adoption_loses_nothing(tmp_path: Path, call: str) -> None:
    for count in (1, 2):
        root = tmp_path / f"{call}-{count}"
        store = store_with_an_earlier_blob(root)
        run = run_traced(root, ADOPT, inject=f"{call}:signal=SIGKILL:when={count}")
        assert run.code in (-9, 137), run
        assert_sound(store, acknowledged=[])
        assert store.adopt("school1", root / ".incoming" / "film").sha256 == sha(LATER)
        assert_sound(store, acknowledged=[sha(LATER)])


def only(calls: list[str], pattern: str) -> int:
    found = [index for index, call in enumerate(calls) if re.match(pattern, call)]
    assert len(found) == 1, (pattern, calls)
    return found[0]


def last(calls: list[str], pattern: str) -> int:
    return max(index for index, call in enumerate(calls) if re.match(pattern, call))


@pytest.mark.parametrize("when", [1, 2, 5])
def test_failed_flush_refuses_the_file_and_all_others_until_the_probe_passes(tmp_path: Path, when: int) -> None:
    root = tmp_path / "store"
    script = TRY + "attempt(b'one'); attempt(b'two'); store.probe(); attempt(b'three')\n"
    run = run_traced(root, script, inject=f"fsync:error=EIO:when={when}")
    assert run.code == 0, run.errors
    three = "kept " + sha(b"three" * 3)
    assert run.said == ["StoreUnavailable suspect", "StoreUnavailable suspect", three]
    failed = next(index for index, call in enumerate(run.calls) if "(INJECTED)" in call)
    refused = last(run.calls, r"write\(1<.*suspect")
    assert not [call for call in run.calls[failed + 1 : refused] if call.startswith("fsync")]


# The fifth folder asked for is the first that is not there yet.
@pytest.mark.parametrize(("failing", "when"), [("write", 1), ("fsync", 1), ("link", 1), ("mkdir", 5)])
def test_full_disk_is_told_as_such_and_leaves_nothing(tmp_path: Path, failing: str, when: int) -> None:
    root = tmp_path / "store"
    store = store_with_an_earlier_blob(root)
    script = TRY + "attempt(b'one'); attempt(b'one')\n"
    run = run_traced(root, script, inject=f"{failing}:error=ENOSPC:when={when}")
    assert run.code == 0, run.errors
    # After space was freed the next upload works, in the same process.
    assert run.said == ["StoreFull trusted", "kept " + sha(b"one" * 3)]
    assert {blob.sha256 for _, blob, _ in store.iter_blobs()} == {sha(EARLIER), sha(b"one" * 3)}
    assert store.sweep_temporary(0) == 0


def test_file_system_without_links_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    root = tmp_path / "store"
    run = run_traced(root, TRY + "attempt(b'one')\n", inject="?link,?linkat:error=EPERM")
    assert run.said == ["StoreUnavailable trusted"]
    assert list(open_store(root.as_uri()).iter_blobs()) == []


@pytest.mark.parametrize("call", ["write", "fsync", "link", "unlink"])
def test_kill_before_a_call_of_a_put_loses_nothing_acknowledged(tmp_path: Path, call: str) -> None:
    assert_every_kill_is_survived(tmp_path, PUT, [(call, 1)])


@pytest.mark.soak
@pytest.mark.parametrize(
    "script",
    [PUT, PUT + PUT, f"store.put('school1', [b'x'])\nstore.delete('school1', '{sha(b'x')}')\n" + PUT],
    ids=["new", "held already", "after a deletion"],
)
def test_kill_before_every_call_of_a_put_loses_nothing_acknowledged(tmp_path: Path, script: str) -> None:
    rehearsal = tmp_path / "rehearsal"
    store_with_an_earlier_blob(rehearsal)
    names = [call.partition("(")[0] for call in run_traced(rehearsal, script).calls if "(" in call]
    kills = [(name, count) for name in sorted(set(names)) for count in range(1, names.count(name) + 1)]
    assert len(kills) > 12
    assert_every_kill_is_survived(tmp_path, script, kills)


def assert_every_kill_is_survived(folder: Path, script: str, kills: list[tuple[str, int]]) -> None:
    for name, count in kills:
        root = folder / f"{name}-{count}"
        store = store_with_an_earlier_blob(root)
        run = run_traced(root, script, inject=f"{name}:signal=SIGKILL:when={count}")
        assert run.code == -9 or run.code == 137, (name, count, run)
        found = {blob.sha256 for _, blob, _ in store.iter_blobs()} - {sha(EARLIER), sha(LATER)}
        for leftover in found:
            assert store.verify("school1", leftover)
            store.delete("school1", leftover)
        assert_sound(store, acknowledged=[line.split()[1] for line in run.said])
        # Sending the same again after the kill gives one whole document.
        store.put("school1", [LATER])
        assert_sound(store, acknowledged=[sha(LATER)])
