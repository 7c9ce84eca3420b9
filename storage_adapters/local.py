"""A store in a folder of this machine (Linux, macOS), in an order of operations that survives kills and power cuts.

put(): temporary file in the same store, written and hashed in one pass -> fsync(file) -> link to its final name, never
over an existing one -> fsync(folder). adopt() does the same with the file it is given in place of a temporary one.
`.tmp` holds unfinished writes, `.incoming` files that are to be adopted, and `.damaged` what was set aside; none of
them can be a school's prefix.
"""

import errno
import io
import logging
import os
import secrets
import stat
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO

from storage_adapters import disk
from storage_adapters.base import BlobStore
from storage_adapters.blob import CHUNK_BYTES, Blob, Meter, chunks_of
from storage_adapters.durable import DurableFolder
from storage_adapters.errors import BlobDamaged, BlobNotFound, StoreError, StoreUnavailable
from storage_adapters.names import check_name, check_prefix, check_range, parse_name

NO_PLAIN_FILE = "something else than a plain file stands in its place"

_log = logging.getLogger(__name__)


class LocalStore(BlobStore):
    """Blobs as read-only-by-habit files below `root`; folders are 0700, files 0600, made at the first write.

    `reserve_bytes` is what must stay free after a write; by default 5 % of the file system, at least 512 MiB and at
    most 10 GiB.
    """

    def __init__(self, root: Path, *, reserve_bytes: int | None = None) -> None:
        self.root = root
        self._folder = DurableFolder(root, reserve_bytes)

    @property
    def suspect_reason(self) -> str | None:
        return self._folder.suspect_reason

    def open(self, prefix: str, sha256: str, *, start: int = 0, length: int | None = None) -> BinaryIO:
        check_range(start, length)
        file = self._open_file(prefix, sha256)
        file.seek(start)
        return file if length is None else io.BufferedReader(disk.Part(file, length), CHUNK_BYTES)

    def size(self, prefix: str, sha256: str) -> int:
        path = self._path(prefix, sha256)
        try:
            status = path.lstat()
        except FileNotFoundError:
            raise BlobNotFound(prefix, sha256) from None
        except OSError as error:
            raise self._folder.told(error, "looked at") from error
        if not stat.S_ISREG(status.st_mode):
            raise BlobDamaged(prefix, sha256, NO_PLAIN_FILE)
        return status.st_size

    def delete(self, prefix: str, sha256: str) -> None:
        path = self._path(prefix, sha256)
        try:
            path.unlink()
        except FileNotFoundError:
            return
        except OSError as error:
            raise self._folder.told(error, "deleted from") from error
        self._folder.flush_folder(path.parent)

    def erase(self, prefix: str, sha256: str, *, put_before: datetime) -> bool:
        path = self._path(prefix, sha256)
        try:
            is_gone = disk.remove_unless_younger(path, put_before.timestamp())
            aside = list((self.root / ".damaged").glob(f"{prefix}-{sha256}-*")) if is_gone else []
            for one in aside:
                one.unlink(missing_ok=True)
        except OSError as error:
            raise self._folder.told(error, "deleted from") from error
        for folder in {path.parent, *(one.parent for one in aside)}:
            if folder.is_dir():
                self._folder.flush_folder(folder)
        return is_gone

    def put_at(self, prefix: str, sha256: str) -> datetime | None:
        try:
            return datetime.fromtimestamp(self._path(prefix, sha256).lstat().st_mtime, UTC)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._folder.told(error, "looked at") from error

    def renew(self, prefix: str, sha256: str) -> bool:
        try:
            return disk.renew(self._path(prefix, sha256))
        except OSError as error:
            raise self._folder.told(error, "written to") from error

    def iter_blobs(self, prefix: str | None = None) -> Iterator[tuple[str, Blob, datetime]]:
        if prefix is not None:
            check_prefix(prefix)
        for folder in [self.root / prefix] if prefix else self._folder.entries(self.root):
            for path in self._folder.files_below(folder, depth=2):
                named = parse_name(path.relative_to(self.root).as_posix())
                with suppress(FileNotFoundError):
                    status = path.lstat()
                    if named and stat.S_ISREG(status.st_mode):
                        yield named[0], Blob(named[1], status.st_size), datetime.fromtimestamp(status.st_mtime, UTC)

    def sizes(self, prefix: str, sha256s: Collection[str]) -> dict[str, int]:
        # A look at each is faster than a walk through two folders for each.
        found = {}
        for sha256 in sha256s:
            with suppress(BlobNotFound, BlobDamaged):
                found[sha256] = self.size(prefix, sha256)
        return found

    def sweep_temporary(self, older_than_seconds: float) -> int:
        oldest_kept = time.time() - older_than_seconds
        return sum(disk.remove_if_abandoned(path, oldest_kept) for path in self._folder.entries(self.root / ".tmp"))

    def free_bytes(self) -> int | None:
        return self._folder.room().free_bytes

    @contextmanager
    def local_path(self, prefix: str, sha256: str) -> Iterator[Path]:
        self.size(prefix, sha256)
        yield self._path(prefix, sha256)

    @property
    def staging(self) -> Path:
        return self.root / ".incoming"

    def probe(self) -> None:
        super().probe()
        self._folder.suspect_reason = None

    def _require_trust(self, prefix: str) -> None:
        # Nobody stands beside a running server to probe its store: the next upload does, once a while has passed.
        if self._folder.is_probe_due():
            with suppress(StoreError):
                self.probe()
        super()._require_trust(prefix)

    def _put_checked(
        self, prefix: str, source: IO[bytes] | Iterable[bytes], max_bytes: int | None, expected_bytes: int
    ) -> Blob:
        meter = Meter(max_bytes, expected_bytes=expected_bytes)
        self.require_room(expected_bytes)
        with self._folder.temporary_file() as (path, file_descriptor):
            for chunk in chunks_of(source):
                meter.add(chunk)
                self._folder.write_all(file_descriptor, chunk)
            self._folder.flush(file_descriptor)
            blob = meter.blob()
            self._file_under_its_name(path, prefix, blob)
        return blob

    def _adopt_checked(self, prefix: str, path: Path, max_bytes: int | None) -> Blob:
        with disk.open_plain(path) as file:
            if not disk.can_link(path, self._folder.temporary_folder()):
                return self._put_checked(prefix, file, max_bytes, os.fstat(file.fileno()).st_size)
            meter = Meter(max_bytes, expected_bytes=os.fstat(file.fileno()).st_size)
            self.require_room(0)
            for chunk in chunks_of(file):
                meter.add(chunk)
            os.fchmod(file.fileno(), 0o600)
            # The age of a blob is when it was put, however long its bytes took to arrive.
            os.utime(file.fileno())
            self._folder.flush(file.fileno())
            blob = meter.blob()
            self._file_under_its_name(path, prefix, blob)
        return blob

    def _file_under_its_name(self, temporary: Path, prefix: str, blob: Blob) -> None:
        """Link the finished file to its final name, unless sound bytes are there already."""
        final = self._path(prefix, blob.sha256)
        try:
            self._folder.make_durable(final.parent)
            while True:
                try:
                    # link() fails where rename() would overwrite, so held bytes are never replaced unseen.
                    os.link(temporary, final)
                    break
                except FileExistsError:
                    if self._holds(prefix, blob.sha256):
                        # The new age keeps an erasure that is under way from taking what is being acknowledged.
                        if disk.renew(final):
                            break
                    else:
                        self._set_aside(prefix, blob.sha256)
        except OSError as error:
            raise self._folder.told(error, "written to") from error
        # Also for bytes that were there: whoever linked them may not have reached this line yet.
        self._folder.flush_folder(final.parent)

    def _holds(self, prefix: str, sha256: str) -> bool:
        """Tell whether the held bytes are sound, by reading them; bytes that just vanished count as damaged.

        So do those that alone cannot be read: whoever puts the same bytes has them in hand.
        """
        try:
            self.verify(prefix, sha256)
        except (BlobDamaged, BlobNotFound):
            return False
        except StoreUnavailable:
            if not self.works():
                raise
            return False
        return True

    def _set_aside(self, prefix: str, sha256: str) -> None:
        folder = self.root / ".damaged"
        folder.mkdir(mode=0o700, exist_ok=True)
        kept_as = folder / f"{prefix}-{sha256}-{secrets.token_hex(4)}"
        with suppress(FileNotFoundError):
            self._path(prefix, sha256).rename(kept_as)
            _log.warning("Damaged file set aside as %s", kept_as)
        self._folder.flush_folder(folder)

    def require_room(self, expected_bytes: int) -> None:
        self._folder.require_room(expected_bytes)

    def _path(self, prefix: str, sha256: str) -> Path:
        return self.root / check_name(prefix, sha256)

    def _open_file(self, prefix: str, sha256: str) -> BinaryIO:
        try:
            # Neither a link nor a pipe in the file's place may lead elsewhere or keep us waiting.
            flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            file_descriptor = os.open(self._path(prefix, sha256), flags)
        except FileNotFoundError:
            raise BlobNotFound(prefix, sha256) from None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise BlobDamaged(prefix, sha256, NO_PLAIN_FILE) from error
            raise self._folder.told(error, "read from") from error
        if not stat.S_ISREG(os.fstat(file_descriptor).st_mode):
            os.close(file_descriptor)
            raise BlobDamaged(prefix, sha256, NO_PLAIN_FILE)
        return os.fdopen(file_descriptor, "rb")
