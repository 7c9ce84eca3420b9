"""The names of blobs, and of the parts of one that may be asked for: nothing else becomes part of a path or a key."""

import re

from storage_adapters.errors import BadBlobName

_PREFIX = re.compile(r"[a-z0-9]{1,40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def check_prefix(prefix: str) -> str:
    """Return `prefix` if it can name a school's part of the store, else raise BadBlobName."""
    if not _PREFIX.fullmatch(prefix):
        raise BadBlobName(f"{prefix!r} cannot be a prefix: use 1 to 40 lower-case letters and digits.")
    return prefix


def check_name(prefix: str, sha256: str) -> str:
    """Return `<prefix>/ab/cd/<sha256>`, the only form of name there is, or raise BadBlobName."""
    check_prefix(prefix)
    if not _SHA256.fullmatch(sha256):
        raise BadBlobName(f"{sha256!r} is not a SHA-256: it must be 64 lower-case hexadecimal digits.")
    return f"{prefix}/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def parse_name(name: str) -> tuple[str, str] | None:
    """Return (prefix, sha256) of `<prefix>/ab/cd/<sha256>`, or None for anything else."""
    prefix, _, rest = name.partition("/")
    sha256 = rest.rpartition("/")[2]
    try:
        return (prefix, sha256) if check_name(prefix, sha256) == name else None
    except BadBlobName:
        return None


def check_range(start: int, length: int | None) -> None:
    """Raise ValueError unless `start` and `length` are 0 or more."""
    if start < 0 or (length is not None and length < 0):
        raise ValueError(f"A part of a file starts at 0 or later and is 0 bytes or longer, not {start} and {length}.")
