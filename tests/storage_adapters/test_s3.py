"""S3: what an upload, a download and a probe make of a service in trouble (R08)."""

import socket
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from storage_adapters import (
    BlobDamaged,
    BlobNotFound,
    BlobStore,
    BlobTooLarge,
    StoreFull,
    StoreUnavailable,
    circuit,
    open_store,
)
from storage_adapters.s3 import LARGEST_BLOB_BYTES
from tests.servers.scripted_s3 import ScriptedS3, scripted_s3
from tests.servers.seaweed import S3Server

DATA = b"the document being put" * 4_000


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests-secret")


@pytest.fixture
def service() -> Iterator[ScriptedS3]:
    with scripted_s3() as running:
        yield running


@pytest.fixture
def store(service: ScriptedS3) -> Iterator[BlobStore]:
    with closing(open_store(service.url)) as opened:
        yield opened


def test_upload_is_conditional_then_checked(service: ScriptedS3, store: BlobStore) -> None:
    blob = store.put("school", [DATA])
    assert service.calls == ["PUT", "HEAD"]
    assert service.objects == {f"/scripted/base/school/{blob.sha256[:2]}/{blob.sha256[2:4]}/{blob.sha256}": DATA}


@pytest.mark.parametrize("fault", ["500 InternalError", "503 SlowDown", "reset"])
@pytest.mark.parametrize("method", ["PUT", "HEAD"])
def test_short_trouble_is_overcome(service: ScriptedS3, store: BlobStore, fault: str, method: str) -> None:
    service.fault = lambda called, n: fault if called == method and n == 1 else ""
    blob = store.put("school", [DATA])
    assert service.calls.count(method) == 2
    assert store.verify("school", blob.sha256) == blob


@pytest.mark.parametrize("fault", ["500 InternalError", "503 SlowDown", "reset", "400 BadDigest"])
def test_lasting_trouble_refuses_the_upload_after_few_tries(service: ScriptedS3, store: BlobStore, fault: str) -> None:
    service.fault = lambda method, n: fault
    with pytest.raises(StoreUnavailable, match=r"'scripted' did not do what was asked.*try again"):
        store.put("school", [DATA])
    assert len(service.calls) <= 3
    assert service.objects == {}


@pytest.mark.parametrize("checksums", ["whole", "none"])
def test_accepted_but_not_kept_is_noticed(service: ScriptedS3, store: BlobStore, checksums: str) -> None:
    service.checksums = checksums
    service.fault = lambda method, n: "forget" if method == "PUT" else ""
    with pytest.raises(StoreUnavailable, match="does not return the same bytes"):
        store.put("school", [DATA])
    with pytest.raises(StoreUnavailable):
        store.probe()


@pytest.mark.parametrize("checksums", ["none", "of parts"])
def test_service_without_a_checksum_of_the_bytes_is_read_back(
    service: ScriptedS3, store: BlobStore, checksums: str
) -> None:
    service.checksums = checksums
    blob = store.put("school", [DATA])
    assert service.calls == ["PUT", "HEAD", "GET"]
    (name,) = service.objects
    service.objects[name] = DATA[:-1] + b"?"
    assert store.put("school", [DATA]) == blob
    assert service.objects[name] == DATA


def test_bytes_held_already_are_not_replaced(service: ScriptedS3, store: BlobStore) -> None:
    store.put("school", [DATA])
    store.put("school", [DATA])
    # Refused as held, compared, renewed by a copy onto itself.
    assert service.calls == ["PUT", "HEAD", "PUT", "HEAD", "PUT"]


def test_bytes_deleted_while_their_age_is_renewed_are_put_again(service: ScriptedS3, store: BlobStore) -> None:
    blob = store.put("school", [DATA])
    service.fault = lambda method, n: "404 NoSuchKey" if method == "PUT" and n == 3 else ""
    assert store.put("school", [DATA]) == blob
    assert service.calls == ["PUT", "HEAD", "PUT", "HEAD", "PUT", "GET", "PUT", "HEAD"]


def test_two_uploads_of_the_same_bytes_at_the_same_moment_both_succeed(service: ScriptedS3, store: BlobStore) -> None:
    service.fault = lambda method, n: "409 ConditionalRequestConflict" if method == "PUT" and n == 1 else ""
    blob = store.put("school", [DATA])
    assert store.verify("school", blob.sha256) == blob


@pytest.mark.parametrize("method", ["HEAD", "PUT"])
def test_trouble_with_bytes_held_already_refuses_the_upload(service: ScriptedS3, store: BlobStore, method: str) -> None:
    store.put("school", [DATA])
    service.calls.clear()
    service.fault = lambda called, n: "403 AccessDenied" if called == method and (method == "HEAD" or n == 2) else ""
    with pytest.raises(StoreUnavailable, match="credentials"):
        store.put("school", [DATA])


def test_connection_lost_while_renewing_refuses_the_upload(service: ScriptedS3, store: BlobStore) -> None:
    store.put("school", [DATA])
    service.calls.clear()
    service.fault = lambda method, n: "reset" if method == "PUT" and n > 1 else ""
    with pytest.raises(StoreUnavailable):
        store.put("school", [DATA])


def test_dead_service_is_left_alone_and_asked_again_after_a_rest(
    service: ScriptedS3, store: BlobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R08: whoever needs a file is answered at once, so that the others are answered at all."""
    blob = store.put("school", [DATA])
    service.fault = lambda method, n: "503 SlowDown"
    for _ in range(circuit.FAILURES_IN_A_ROW):
        with pytest.raises(StoreUnavailable):
            store.size("school", blob.sha256)
    service.calls.clear()
    started = time.monotonic()
    for _ in range(50):
        with pytest.raises(StoreUnavailable, match="left alone for some seconds"):
            store.read_verified("school", blob.sha256, max_bytes=len(DATA))
    assert time.monotonic() - started < 1
    assert service.calls == []

    # After the rest one call tries for all; it fails, and the rest begins anew.
    monkeypatch.setattr(store._bucket.circuit, "_next_try_at", 0.0)  # type: ignore[attr-defined]
    for _ in range(5):
        with pytest.raises(StoreUnavailable):
            store.size("school", blob.sha256)
    assert len(service.calls) <= 3

    service.fault = lambda method, n: ""
    monkeypatch.setattr(store._bucket.circuit, "_next_try_at", 0.0)  # type: ignore[attr-defined]
    assert store.read_verified("school", blob.sha256, max_bytes=len(DATA)) == DATA
    assert store.put("school", [DATA]) == blob


def test_refusals_leave_the_circuit_closed(service: ScriptedS3, store: BlobStore) -> None:
    for _ in range(10):
        with pytest.raises(BlobNotFound):
            store.size("school", "0" * 64)
    assert store.put("school", [DATA]).size_bytes == len(DATA)


@pytest.mark.parametrize("use", ["open", "size", "delete"])
@pytest.mark.parametrize("fault", ["403 AccessDenied", "reset"])
def test_reading_and_deleting_tell_trouble(service: ScriptedS3, store: BlobStore, use: str, fault: str) -> None:
    service.fault = lambda method, n: fault
    with pytest.raises(StoreUnavailable):
        getattr(store, use)("school", "0" * 64)


def test_download_that_breaks_off_is_told_and_never_passes_as_whole(service: ScriptedS3, store: BlobStore) -> None:
    blob = store.put("school", [DATA])
    service.fault = lambda method, n: "cut" if method == "GET" else ""
    with pytest.raises((StoreUnavailable, BlobDamaged)):
        store.read_verified("school", blob.sha256, max_bytes=len(DATA))


@pytest.mark.parametrize("fault", ["507 InsufficientStorage", "400 XMinioStorageFull"])
def test_full_service_is_told_as_such(service: ScriptedS3, store: BlobStore, fault: str) -> None:
    service.fault = lambda method, n: fault
    with pytest.raises(StoreFull, match="no room left"):
        store.put("school", [DATA])


def test_file_beyond_one_put_is_refused_before_it_is_read(service: ScriptedS3, store: BlobStore) -> None:
    with pytest.raises(BlobTooLarge):
        store.put("school", [DATA], expected_bytes=LARGEST_BLOB_BYTES + 1)
    assert service.calls == []


def test_spool_folder_that_cannot_be_used_is_told(service: ScriptedS3, tmp_path: Path) -> None:
    missing = tmp_path / "missing"
    with (
        closing(open_store(f"{service.url}&spool={quote(str(missing))}")) as store,
        pytest.raises(StoreUnavailable, match="`spool`"),
    ):
        store.put("school", [DATA])
    missing.mkdir()
    with closing(open_store(f"{service.url}&spool={quote(str(missing))}")) as store:
        store.put("school", [DATA])
    assert list(missing.iterdir()) == []


def test_full_spool_is_told_as_full(service: ScriptedS3, monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: full.open("r+b", buffering=0))
    with closing(open_store(service.url)) as store, pytest.raises(StoreFull, match="spool"):
        store.put("school", [DATA])
    assert service.calls == []


def test_address_where_nobody_listens_is_told_within_seconds() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}"
    started = time.monotonic()
    with (
        closing(open_store(f"s3://bucket/base?endpoint={quote(endpoint, safe='')}&region=us-east-1")) as store,
        pytest.raises(StoreUnavailable, match="up and reachable"),
    ):
        store.put("school", [DATA])
    assert time.monotonic() - started < 10


@pytest.mark.soak
def test_service_that_never_answers_is_given_up_within_half_a_minute(service: ScriptedS3, store: BlobStore) -> None:
    service.fault = lambda method, n: "wait"
    started = time.monotonic()
    with pytest.raises(StoreUnavailable):
        store.put("school", [DATA])
    assert time.monotonic() - started < 30


@pytest.mark.s3
def test_missing_bucket_is_told(s3_server: S3Server) -> None:
    with closing(open_store(s3_server.url("base", bucket="nobody-made-this"))) as store:
        for use in (store.probe, lambda: list(store.iter_blobs()), lambda: store.open("school", "0" * 64)):
            with pytest.raises(StoreUnavailable, match="Create the bucket"):
                use()


@pytest.mark.s3
def test_wrong_credentials_are_told(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with closing(open_store(s3_server.url("base"))) as store:
        for use in (store.probe, lambda: store.exists("school", "0" * 64)):
            with pytest.raises(StoreUnavailable, match="Check the credentials"):
                use()
