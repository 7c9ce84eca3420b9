"""A private file without a name, for bytes whose hash must be known before they can be sent anywhere."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from storage_adapters.disk import NO_ROOM
from storage_adapters.errors import StoreFull, StoreUnavailable


@contextmanager
def open_spool(folder: Path | None) -> Iterator[IO[bytes]]:
    """Give the file, in this folder or the system's own; it ends with the block or the process."""
    try:
        spool = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 - closed just below
    except OSError as error:
        raise _told(error) from error
    with spool:
        yield spool


def write_all(spool: IO[bytes], chunk: bytes) -> None:
    """Write every byte, however many calls the system needs. Raises StoreFull or StoreUnavailable."""
    try:
        rest = memoryview(chunk)
        while rest:
            rest = rest[spool.write(rest) :]
    except OSError as error:
        raise _told(error) from error


def _told(error: OSError) -> StoreFull | StoreUnavailable:
    remedy = "Free some space there, or name another folder with the storage address's `spool`, then try again."
    kind = StoreFull if error.errno in NO_ROOM else StoreUnavailable
    return kind(
        f"The folder for files on their way to the bucket cannot be written: {error}. Nothing was kept. {remedy}"
    )
