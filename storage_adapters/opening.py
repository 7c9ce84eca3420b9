"""From a store's address to the store."""

import threading
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from storage_adapters.base import BlobStore
from storage_adapters.errors import BadStoreUrl
from storage_adapters.local import MIB, LocalStore
from storage_adapters.memory import MemoryStore

FORMS = (
    "Use file:///FOLDER, file:///FOLDER?reserve_mib=512, memory:, memory:NAME or "
    "s3://BUCKET/PREFIX?endpoint=URL&region=NAME&spool=FOLDER."
)

_memory_stores: dict[str, MemoryStore] = {}
_memory_lock = threading.Lock()


def open_store(url: str) -> BlobStore:
    """Return the store at `url`; nothing is created, reached or checked before it is used (see probe()).

    `file:///FOLDER` (option `reserve_mib`: how much must stay free), `memory:NAME` (one store for each name in this
    process) or `s3://BUCKET/PREFIX` (options `endpoint`, `region`, `spool`; credentials from the usual AWS
    environment). Raises BadStoreUrl.
    """
    parts = urlsplit(url)
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


def _options(url: SplitResult, known: set[str]) -> dict[str, str]:
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    unknown = sorted(options.keys() - known)
    if unknown:
        raise BadStoreUrl(f"A store of the form {url.scheme}: has no option {', '.join(unknown)}. {FORMS}")
    return options


_OPENERS = {"file": _open_local, "memory": _open_memory}
