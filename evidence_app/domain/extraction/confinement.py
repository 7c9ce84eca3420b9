"""What a child process gives up before it opens a stranger's file: network, other files, memory, time, privileges.

Each layer is tried; those the platform does not offer are named, so that the start-up log can say so. Linux offers all
of them to an ordinary user from kernel 6.12 on (Landlock with scopes) where user namespaces are allowed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Final

from evidence_app.domain.extraction import landlock, system_call_filter
from evidence_app.domain.extraction.limits import ChildLimits


class Layer(StrEnum):
    """One thing a confined child cannot do."""

    MEMORY = "memory is limited"
    TIME = "time is limited"
    FILE_SIZE = "size of written files is limited"
    OPEN_FILES = "number of open files is limited"
    PROCESSES = "number of processes is limited"
    NO_NEW_PRIVILEGES = "no new privileges"
    OTHER_USER = "not the super-user"
    OWN_NETWORK = "network namespace without a way out"
    OWN_PROCESSES = "process namespace that ends as one"
    OWN_TMP = "temporary files of others are out of sight"
    FILES = "only programs and its own folder can be opened"
    SIGNALS = "no signals to other processes"
    SYSTEM_CALLS = "no network sockets, no tracing"


_PR_SET_PDEATHSIG: Final = 1
_PR_SET_KEEPCAPS: Final = 8
_PR_SET_NO_NEW_PRIVS: Final = 38
_MS_BIND: Final = 0x1000
_MS_RECURSIVE: Final = 0x4000
_MS_PRIVATE: Final = 0x40000
_CLONE_NEWNS: Final = 0x00020000
_CLONE_NEWIPC: Final = 0x08000000
_CLONE_NEWUSER: Final = 0x10000000
_CLONE_NEWPID: Final = 0x20000000
_CLONE_NEWNET: Final = 0x40000000
_CAPABILITY_VERSION: Final = 0x20080522
_CAP_DAC_READ_SEARCH: Final = 1 << 2
_TMP: Final = Path("/tmp")  # noqa: S108 -- the place itself is meant; nobody else sees what stands there afterwards
UNPRIVILEGED_ID: Final = 65534
"""User and group "nobody": what a child started by the super-user becomes."""

_READABLE: Final = (
    "/usr", "/lib", "/lib32", "/lib64", "/bin", "/opt", "/etc/ld.so.cache", "/etc/fonts", "/etc/libreoffice",
    "/etc/localtime", "/etc/mime.types", "/dev/urandom", "/dev/random", "/dev/zero", "/var/cache/fontconfig",
    "/var/spool/libreoffice", "/var/lib/libreoffice",
)  # fmt: skip

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def limit_resources(limits: ChildLimits) -> set[Layer]:
    """Set the limits of this process that need no privilege; which of them hold."""
    for kind, soft, hard in (
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_AS, limits.memory_bytes, max(limits.memory_bytes, limits.program_memory_bytes)),
        (resource.RLIMIT_FSIZE, limits.written_bytes, limits.written_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files, limits.open_files),
    ):
        resource.setrlimit(kind, (soft, hard))
    return {Layer.MEMORY, Layer.TIME, Layer.FILE_SIZE, Layer.OPEN_FILES}


def limit_time(limits: ChildLimits) -> None:
    """Give this process `cpu_seconds` more from now on, and a wall clock that ends it even if the parent is gone."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds + 5)


def enter_namespaces(package: Path, own_folder: Path) -> tuple[set[Layer], Path]:
    """Move to namespaces of our own; which layers hold, and where `own_folder` is found from now on.

    The caller goes on as a grandchild of this process, which waits for it and ends as it ends. Killing the waiting
    process ends every process in the namespace, also those that changed their session to escape. `own_folder` takes the
    place of /tmp: the temporary files of other programs are out of sight, and LibreOffice finds a /tmp it may use. What
    is needed to go on, `package` and Python's own folders, stays where it is, also where it lies below /tmp.
    """
    if _libc is None:
        return set(), own_folder
    user, group = os.getuid(), os.getgid()
    base = _CLONE_NEWNET | _CLONE_NEWIPC | (0 if user == 0 else _CLONE_NEWUSER)
    for flags in (base | _CLONE_NEWPID | _CLONE_NEWNS, base | _CLONE_NEWPID, base):
        if _libc.unshare(flags) == 0:
            break
    else:
        return set(), own_folder
    held = {Layer.OWN_NETWORK}
    if user != 0:
        _map_to_itself(user, group)
    if flags & _CLONE_NEWNS and _mount_as_tmp(own_folder, _programs(package)):
        own_folder = _TMP
        held.add(Layer.OWN_TMP)
    if flags & _CLONE_NEWPID:
        held.add(Layer.OWN_PROCESSES)
        _wait_unless_child()  # the outer process waits here for the first one of the namespace,
        _wait_unless_child()  # which waits here for the reader: the first one ignores most signals, and must not read
    return held, own_folder


def _mount_as_tmp(own_folder: Path, programs: list[Path]) -> bool:
    """Whether `own_folder` is /tmp now, with those of `programs` in it that lie below /tmp.

    Somebody tries the product in a checkout below /tmp; hidden, its programs could not read a single file.
    """
    assert _libc is not None
    if _libc.mount(None, b"/", None, _MS_RECURSIVE | _MS_PRIVATE, None) != 0:
        return False
    below = {path for path in (*programs, *(path.resolve() for path in programs)) if _TMP in path.parents}
    for path in sorted(path for path in below if path.is_dir() and below.isdisjoint(path.parents)):
        place = own_folder / path.relative_to(_TMP)
        place.mkdir(parents=True, exist_ok=True)
        if not _bind(path, place):
            return False
    return _bind(own_folder, _TMP)


def _bind(folder: Path, place: Path) -> bool:
    """Whether `folder` with all that is mounted in it is seen at `place` now."""
    assert _libc is not None
    return bool(_libc.mount(str(folder).encode(), str(place).encode(), None, _MS_BIND | _MS_RECURSIVE, None) == 0)


def _map_to_itself(user: int, group: int) -> None:
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _wait_unless_child() -> None:
    child = os.fork()
    if child == 0:
        die_with_parent()
        return
    os.closerange(0, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    while True:
        ended, status = os.wait()
        if ended == child:
            code = os.waitstatus_to_exitcode(status)
            os._exit(code if code >= 0 else 128 - code)


def die_with_parent() -> None:
    """Be killed when the process that started this one ends."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def drop_privileges(limits: ChildLimits) -> set[Layer]:
    """Stop being the super-user where that is what we are, and limit the number of processes; which layers hold."""
    if _libc is None:
        return set()
    held: set[Layer] = set()
    if os.getuid() != 0:
        held.add(Layer.OTHER_USER)
    elif landlock.version():
        _become_nobody()
        held.add(Layer.OTHER_USER)
    if Layer.OTHER_USER in held:  # the limit does not bind the super-user
        most = limits.processes + _threads_of(os.getuid())
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
        held.add(Layer.PROCESSES)
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        held.add(Layer.NO_NEW_PRIVILEGES)
    return held


def _threads_of(user: int) -> int:
    """How many threads this user runs already: outside of a namespace they count towards the same limit."""
    count = 0
    for tasks in Path("/proc").glob("[0-9]*/task"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            count += len(list(tasks.iterdir())) if tasks.stat().st_uid == user else 0
    return count


def _become_nobody() -> None:
    """Become "nobody", who may still read what the super-user could: Python may be installed below /root.

    Landlock, which must follow, narrows that to programs. Programs started from here do not inherit it.
    """
    assert _libc is not None
    _libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(UNPRIVILEGED_ID, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
    os.setresuid(UNPRIVILEGED_ID, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    data = (ctypes.c_uint32 * 6)(_CAP_DAC_READ_SEARCH, _CAP_DAC_READ_SEARCH, 0, 0, 0, 0)
    if _libc.capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    die_with_parent()  # changing the user has cancelled it


def close_doors(package: Path, own_folder: Path) -> set[Layer]:
    """Give up all files but programs, this package and `own_folder`, and all network sockets; which layers hold."""
    held: set[Layer] = set()
    readable = [*_programs(package), *map(Path, _READABLE)]
    try:
        version = landlock.restrict(readable=_existing(readable), writable=_existing([own_folder, Path("/dev/null")]))
    except OSError:
        version = 0
    if version:
        held.add(Layer.FILES)
    if version >= landlock.VERSION_WITH_SCOPES:
        held.add(Layer.SIGNALS)
    if system_call_filter.install():
        held.add(Layer.SYSTEM_CALLS)
    return held


def _programs(package: Path) -> list[Path]:
    """The folders a child must be able to read: Python's, the libraries' and `package`; they exist."""
    # Where an editable installation adds its checkout to the path, the store and the keys may lie in it.
    libraries = [Path(entry) for entry in sys.path if Path(entry) != package.parent]
    return _existing([Path(sys.prefix), Path(sys.base_prefix), package, *libraries])


def _existing(paths: Iterable[Path]) -> list[Path]:
    return [path for path in paths if path.exists()]
