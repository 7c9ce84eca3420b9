"""Landlock: a Linux process gives up its access to files, to TCP and to other processes' signals, for good."""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_CREATE_RULESET: Final = 444
_ADD_RULE: Final = 445
_RESTRICT_SELF: Final = 446
_GET_VERSION: Final = 1
_RULE_PATH_BENEATH: Final = 1

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_TRUNCATE: Final = 1 << 14
_READ: Final = _EXECUTE | _READ_FILE | _READ_DIR
_ON_FILES: Final = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_RIGHTS_BY_VERSION: Final = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
_ALL_TCP: Final = 0b11
_VERSION_WITH_TCP: Final = 4
_ALL_SCOPES: Final = 0b11
VERSION_WITH_SCOPES: Final = 6

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("tcp", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def version() -> int:
    """Version of the interface this kernel offers; 0 where there is none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, 0, _GET_VERSION))) if _libc is not None else 0


def restrict(*, readable: Iterable[Path], writable: Iterable[Path]) -> int:
    """Allow this process and its children nothing but these existing paths; the version in force, 0 where it failed.

    Files opened before stay open. Needs no_new_privs.
    """
    available = version()
    if _libc is None or not available:
        return 0
    handled = _RIGHTS_BY_VERSION[min(available, max(_RIGHTS_BY_VERSION))]
    # An older kernel accepts a longer structure as long as what it does not know is zero.
    rules = _Ruleset(
        handled,
        _ALL_TCP if available >= _VERSION_WITH_TCP else 0,
        _ALL_SCOPES if available >= VERSION_WITH_SCOPES else 0,
    )
    ruleset = _libc.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    if ruleset < 0:
        return 0
    try:
        for paths, rights in ((readable, _READ), (writable, handled & ~_EXECUTE)):
            for path in paths:
                _allow(ruleset, path, rights & handled)
        return available if _libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    assert _libc is not None
    handle = os.open(path, getattr(os, "O_PATH", os.O_RDONLY) | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            rights &= _ON_FILES
        rule = _PathBeneath(rights, handle)
        if _libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0) != 0:
            raise OSError(ctypes.get_errno(), f"landlock rule for {path}")
    finally:
        os.close(handle)
