"""One store of each kind for the contract tests, with a way to damage bytes behind its back, and bytes to put there."""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storage_adapters import Blob, BlobStore, open_store
from storage_adapters.blob import CHUNK_BYTES
from storage_adapters.memory import MemoryStore
from tests.servers.seaweed import S3Server

ABSENT = hashlib.sha256(b"never stored").hexdigest()
THREE_CHUNKS = secrets.token_bytes(2 * CHUNK_BYTES + 77)


@dataclass(frozen=True, slots=True)
class Harness:
    """A store; `overwrite(prefix, sha256, data)` changes held bytes as a failing disk would.

    `aside(prefix, sha256)` gives what was set aside of them.
    """

    store: BlobStore
    overwrite: Callable[[str, str, bytes], None]
    aside: Callable[[str, str], list[bytes]]


@contextmanager
def local_harness(folder: Path) -> Iterator[Harness]:
    """A store in a folder, whose files are overwritten in place."""
    root = folder / "store with a blank"

    def overwrite(prefix: str, sha256: str, data: bytes) -> None:
        (root / prefix / sha256[:2] / sha256[2:4] / sha256).write_bytes(data)

    def aside(prefix: str, sha256: str) -> list[bytes]:
        return [path.read_bytes() for path in (root / ".damaged").glob(f"{prefix}-{sha256}-*")]

    yield Harness(open_store(f"{root.as_uri()}?reserve_mib=0"), overwrite, aside)


@contextmanager
def memory_harness() -> Iterator[Harness]:
    """A store in memory, whose dictionary is changed."""
    store = open_store(f"memory:{secrets.token_hex(6)}")
    assert isinstance(store, MemoryStore)

    def overwrite(prefix: str, sha256: str, data: bytes) -> None:
        store._blobs[f"{prefix}/{sha256[:2]}/{sha256[2:4]}/{sha256}"] = (data, datetime.now(UTC))

    def aside(prefix: str, sha256: str) -> list[bytes]:
        return [data for name, data in store.damaged if name.startswith(prefix) and name.endswith(sha256)]

    yield Harness(store, overwrite, aside)


@contextmanager
def s3_harness(server: S3Server) -> Iterator[Harness]:
    """A store in a bucket, whose objects are replaced by another client."""
    base = f"contract-{secrets.token_hex(6)}/deeper"
    store = open_store(server.url(base))
    client = server.client()

    def overwrite(prefix: str, sha256: str, data: bytes) -> None:
        key = f"{base}/{prefix}/{sha256[:2]}/{sha256[2:4]}/{sha256}"
        client.put_object(Bucket=server.bucket, Key=key, Body=data)

    def aside(prefix: str, sha256: str) -> list[bytes]:
        found = client.list_objects_v2(Bucket=server.bucket, Prefix=f"{base}/.damaged/{prefix}-{sha256}-")
        keys = [entry["Key"] for entry in found.get("Contents", [])]
        return [client.get_object(Bucket=server.bucket, Key=key)["Body"].read() for key in keys]

    yield Harness(store, overwrite, aside)
    client.close()
    store.close()


def fresh_school() -> str:
    return f"school{secrets.token_hex(8)}"


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def held(store: BlobStore, prefix: str) -> list[Blob]:
    return [blob for _, blob, _ in store.iter_blobs(prefix)]


def finished_file(folder: Path, data: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / secrets.token_hex(8)
    path.write_bytes(data)
    return path
