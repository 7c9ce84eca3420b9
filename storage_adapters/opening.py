"""From a store's address to the store."""

import re
import threading
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from storage_adapters.base import BlobStore
from storage_adapters.durable import MIB
from storage_adapters.errors import BadStoreUrl
from storage_adapters.local import LocalStore
from storage_adapters.memory import MemoryStore

FORMS = (
    "Use file:///FOLDER, file:///FOLDER?reserve_mib=512, memory:, memory:NAME or "
    "s3://BUCKET/PREFIX?endpoint=URL&region=NAME&spool=FOLDER."
)

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_BASE = re.compile(r"([A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*)?")

_memory_stores: dict[str, MemoryStore] = {}
_memory_lock = threading.Lock()


def open_store(url: str) -> BlobStore:
    """Return the store at `url`; nothing is created, reached or checked before it is used (see probe()).

    `file:///FOLDER` (option `reserve_mib`: how much must stay free), `memory:NAME` (one store for each name in this
    process) or `s3://BUCKET/PREFIX` (options `endpoint`, `region`, `spool`; credentials from the usual AWS
    environment). Raises BadStoreUrl.
    """
    parts = urlsplit(url)
    if parts.username or parts.password:
        raise BadStoreUrl(
            "Keep credentials out of the storage address: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        )
    opener = _OPENERS.get(parts.scheme)
    if opener is None:
        raise BadStoreUrl(f"{url!r} is no address of a store. {FORMS}")
    return opener(parts)


def _open_local(url: SplitResult) -> BlobStore:
    options = _options(url, {"reserve_mib"})
    folder = Path(unquote(url.path))
    if url.netloc or not folder.is_absolute() or folder == Path("/"):
        raise BadStoreUrl(f"{url.geturl()!r} must name an absolute folder of this machine. {FORMS}")
    reserve_mib = options.get("reserve_mib")
    if reserve_mib is None:
        return LocalStore(folder)
    if not reserve_mib.isascii() or not reserve_mib.isdigit():
        raise BadStoreUrl(f"reserve_mib must be a whole number of MiB, not {reserve_mib!r}.")
    return LocalStore(folder, reserve_bytes=int(reserve_mib) * MIB)


def _open_memory(url: SplitResult) -> BlobStore:
    _options(url, set())
    with _memory_lock:
        return _memory_stores.setdefault(url.netloc + url.path, MemoryStore())


def _open_s3(url: SplitResult) -> BlobStore:
    options = _options(url, {"endpoint", "region", "spool"})
    base = url.path.strip("/")
    if not _BUCKET.fullmatch(url.netloc) or not _BASE.fullmatch(base):
        raise BadStoreUrl(
            f"{url.geturl()!r} does not name a bucket and a prefix of letters, digits, ., _ and -. {FORMS}"
        )
    if not options.get("endpoint", "https://").startswith(("http://", "https://")):
        raise BadStoreUrl(f"endpoint must be an http or https address, not {options['endpoint']!r}.")
    try:
        # boto3 is an extra: only an installation that keeps its files in a bucket needs it.
        from storage_adapters.s3 import S3Store
    except ImportError as error:
        raise BadStoreUrl("A store in a bucket needs boto3. Install it with: pip install 'evidence-app[s3]'") from error
    spool = options.get("spool")
    try:
        return S3Store(
            url.netloc,
            base,
            endpoint=options.get("endpoint"),
            region=options.get("region"),
            spool_folder=Path(spool) if spool else None,
        )
    except ValueError as error:
        raise BadStoreUrl(f"The storage address {url.geturl()!r} cannot be used: {error}. {FORMS}") from error


def _options(url: SplitResult, known: set[str]) -> dict[str, str]:
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    unknown = sorted(options.keys() - known)
    if unknown:
        raise BadStoreUrl(f"A store of the form {url.scheme}: has no option {', '.join(unknown)}. {FORMS}")
    return options


_OPENERS = {"file": _open_local, "memory": _open_memory, "s3": _open_s3}
