"""A seccomp filter: no sockets but local ones, no tracing of other processes, no new namespaces.

The network namespace already has no way out; this layer holds also where namespaces are not allowed, as in
most containers.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import sys
from dataclasses import dataclass
from typing import Final

_PR_SET_SECCOMP: Final = 22
_MODE_FILTER: Final = 2
_ALLOW: Final = 0x7FFF0000
_KILL: Final = 0x80000000
_REFUSE: Final = 0x00050000 | errno.EPERM
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_FIRST_ARGUMENT = 0, 4, 16
_AF_UNIX: Final = 1
_FIRST_X32_CALL: Final = 0x40000000


@dataclass(frozen=True, slots=True)
class _Architecture:
    """Numbers of the calls that are refused: ptrace, process_vm_readv/writev, mount, unshare, setns, bpf, keyctl,
    perf_event_open, userfaultfd, io_uring_setup (which can open sockets that no filter sees)."""

    audit_number: int
    socket: int
    refused: tuple[int, ...]


_ARCHITECTURES: Final = {
    "x86_64": _Architecture(0xC000003E, 41, (101, 310, 311, 165, 272, 308, 321, 250, 298, 323, 425)),
    "aarch64": _Architecture(0xC00000B7, 198, (117, 270, 271, 40, 97, 268, 280, 219, 241, 282, 425)),
}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def install() -> bool:
    """Filter the system calls of this process and its children from now on; False where that is not possible."""
    architecture = _ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or architecture is None:
        return False
    instructions = _instructions(architecture)
    block = (_Instruction * len(instructions))(*instructions)
    program = _Program(len(instructions), block)
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _instructions(architecture: _Architecture) -> list[_Instruction]:
    program = [
        _Instruction(_LOAD, 0, 0, _OFFSET_ARCHITECTURE),
        _Instruction(_JUMP_EQUAL, 1, 0, architecture.audit_number),
        _Instruction(_RETURN, 0, 0, _KILL),
        _Instruction(_LOAD, 0, 0, _OFFSET_NUMBER),
        _Instruction(_JUMP_AT_LEAST, 0, 1, _FIRST_X32_CALL),
        _Instruction(_RETURN, 0, 0, _REFUSE),
    ]
    for number in architecture.refused:
        program += [_Instruction(_JUMP_EQUAL, 0, 1, number), _Instruction(_RETURN, 0, 0, _REFUSE)]
    return [
        *program,
        _Instruction(_JUMP_EQUAL, 0, 3, architecture.socket),
        _Instruction(_LOAD, 0, 0, _OFFSET_FIRST_ARGUMENT),
        _Instruction(_JUMP_EQUAL, 1, 0, _AF_UNIX),
        _Instruction(_RETURN, 0, 0, _REFUSE),
        _Instruction(_RETURN, 0, 0, _ALLOW),
    ]
