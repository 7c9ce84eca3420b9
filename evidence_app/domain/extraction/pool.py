"""The door to the limited child processes: a file goes in, a Reading or a Preview comes out, whatever the file does.

    with ReaderPool(size=2) as pool:
        reading = pool.read(path, file_name="Inclusion policy.pdf")

A child serves many files and is replaced after `files_per_child` of them, and after any fault.
"""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final

from evidence_app.domain.extraction import media_types, office
from evidence_app.domain.extraction.child_process import CHILD_SCRIPT, ChildFault, ChildProcess
from evidence_app.domain.extraction.confinement import Layer
from evidence_app.domain.extraction.limits import (
    MAX_PREVIEW_PAGES,
    MAX_PREVIEW_REPLY_BYTES,
    MAX_READING_REPLY_BYTES,
    MIB,
    ChildLimits,
)
from evidence_app.domain.extraction.pictures import Picture, Preview
from evidence_app.domain.extraction.reading import Reading, ReadingState, ReadingWarning
from evidence_app.domain.extraction.unpacking import MAX_MAIL_BYTES, MAX_UNPACKED_BYTES, Unpacked

_FOLDER_PREFIX: Final = "evidence-read-"
_LEFT_OVER_SECONDS: Final = 3_600
"""A folder untouched for so long belongs to nobody if its process is not seen; other containers may share /tmp."""
_COPY_BYTES: Final = 1 * MIB
_MAX_NAME_CHARS: Final = 1_000


class ReaderPool:
    """Keeps up to `size` children warm; safe to use from several threads, each of which waits for a free child.

    `script` is what a child runs; tests put a hostile one in its place.
    """

    def __init__(self, size: int = 1, limits: ChildLimits | None = None, *, script: Path = CHILD_SCRIPT) -> None:
        self._limits = limits or ChildLimits()
        self._script = script
        self._folder = _make_base_folder()
        self._free: queue.LifoQueue[ChildProcess | None] = queue.LifoQueue()
        for _ in range(max(1, size)):
            self._free.put(None)
        self._size = max(1, size)
        self.children_started = 0

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the children and remove their folders; waits for files that are being read."""
        for _ in range(self._size):
            child = self._free.get()
            if child is not None:
                child.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def layers(self) -> dict[Layer, bool]:
        """Which layers of confinement hold on this machine, as a child reports them once it has taken them on."""
        with self._child() as child:
            return {layer: layer in child.layers for layer in Layer}

    def read(
        self,
        file: Path | str | IO[bytes],
        *,
        file_name: str,
        media_type: str | None = None,
        with_ocr: bool = True,
        likely_language: str = "",
        password: str = "",
    ) -> Reading:
        """What the file holds. Never raises because of what is in the file: a fault is a state and a warning.

        `file` is a path or an open binary file; `file_name` is a hint, never opened; `media_type` overrides what the
        bytes say. Without `with_ocr` pictures of text, which take seconds each, are left out; the reading says whether
        there are any. `likely_language` (ISO 639-1) is the one that pictures are tried in first: where it is theirs,
        they are not read twice. `password` is tried where the file asks for one. Raises OSError if the file itself
        cannot be opened.
        """
        name = _short(file_name)
        request = {"kind": "read", "name": name, "media_type": media_type or "", "with_ocr": with_ocr}
        request |= {"likely_language": likely_language, "password": password}
        with _as_descriptor(file) as handle:
            size = os.fstat(handle).st_size
            if size > self._limits.input_bytes:
                return self._too_large(handle, file_name, media_type, size)
            try:
                _, blobs = self._ask(request, handle, MAX_READING_REPLY_BYTES)
                return Reading.from_json(blobs[0])
            except ChildFault as fault:
                warning = ReadingWarning(fault.code, fault.params)
            except (ValueError, IndexError):
                warning = ReadingWarning("child-talked-nonsense")
            kind = media_type or _sniff_outside(handle, file_name)
        return Reading(media_type=kind, state=ReadingState.FAILED, warnings=(warning,))

    def preview(
        self,
        file: Path | str | IO[bytes],
        *,
        file_name: str,
        media_type: str | None = None,
        first_page: int = 0,
        page_count: int = 0,
        password: str = "",
        true_look: bool = True,
    ) -> Preview:
        """A small picture of the first page, and `page_count` (at most 20) large ones from `first_page` (0-based) on.

        Empty where nothing can be drawn or the child failed; `failed_because` then holds the warning. Pages of an
        Office file show its true look where that can be had in time, else its words; without `true_look` its words.
        """
        request = {
            "kind": "preview",
            "name": _short(file_name),
            "media_type": media_type or "",
            "first_page": max(0, first_page),
            "page_count": min(max(0, page_count), MAX_PREVIEW_PAGES),
            "password": password,
            "true_look": true_look,
        }
        with _as_descriptor(file) as handle:
            preview = self._ask_for_pictures(request, handle)
            if preview.thumb is None and page_count and true_look and media_type in office.HAVE_PAGES:
                # LibreOffice needed more than a child may use; the words of the file are drawn with much less.
                preview = self._ask_for_pictures(request | {"true_look": False}, handle)
            return preview

    def copy_without_place(self, file: Path | str, *, file_name: str, media_type: str) -> Picture | None:
        """A JPEG without metadata of a picture that tells its place, or is a HEIC; None of others and broken ones."""
        request = {"kind": "copy", "name": _short(file_name), "media_type": media_type}
        with _as_descriptor(file) as handle:
            return self._ask_for_pictures(request, handle).thumb

    def unpack(self, file: IO[bytes]) -> Unpacked | None:
        """A mail taken apart; None where it is broken, or needs more than a child may use."""
        with _as_descriptor(file) as handle:
            if os.fstat(handle).st_size > MAX_MAIL_BYTES:
                return None
            request = {"kind": "unpack", "name": "mail.eml", "media_type": media_types.EMAIL}
            try:
                return Unpacked.from_reply(*self._ask(request, handle, MAX_UNPACKED_BYTES))
            except (ChildFault, ValueError, KeyError, TypeError, IndexError):
                return None

    def _ask_for_pictures(self, request: dict[str, Any], handle: int) -> Preview:
        if os.fstat(handle).st_size > self._limits.input_bytes:
            return Preview(failed_because=ReadingWarning("input-size", {"limit_mb": self._limits.input_bytes // MIB}))
        try:
            return Preview.from_reply(*self._ask(request, handle, MAX_PREVIEW_REPLY_BYTES))
        except ChildFault as fault:
            return Preview(failed_because=ReadingWarning(fault.code, fault.params))
        except (ValueError, KeyError, TypeError, IndexError):
            return Preview(failed_because=ReadingWarning("child-talked-nonsense"))

    def _ask(self, request: dict[str, Any], handle: int, max_bytes: int) -> tuple[dict[str, Any], list[bytes]]:
        with self._child() as child:
            return child.ask(request, handle, max_bytes)

    @contextlib.contextmanager
    def _child(self) -> Iterator[ChildProcess]:
        """A running child that is ours until the block ends; one that failed or has served enough is not given back."""
        child = self._free.get()
        try:
            if child is None or not child.is_usable:
                if child is not None:
                    child.stop()
                child = None
                child = ChildProcess(self._script, self._limits, self._folder)
                self.children_started += 1
            yield child
        finally:
            if child is not None and not child.is_usable:
                child.stop()
                child = None
            self._free.put(child)

    def _too_large(self, handle: int, file_name: str, media_type: str | None, size: int) -> Reading:
        params = {"size_mb": size // MIB, "limit_mb": self._limits.input_bytes // MIB}
        return Reading(
            media_type=media_type or _sniff_outside(handle, file_name),
            state=ReadingState.TOO_LARGE,
            warnings=(ReadingWarning("input-size", params),),
        )


def _make_base_folder() -> Path:
    """A fresh folder for the children's files; folders of pools that were killed are removed on the way."""
    for left_over in Path(tempfile.gettempdir()).glob(f"{_FOLDER_PREFIX}*"):
        with contextlib.suppress(OSError, ValueError):
            owner = int(left_over.name.removeprefix(_FOLDER_PREFIX).split("-")[0])
            facts = left_over.stat()
            is_old = facts.st_mtime < time.time() - _LEFT_OVER_SECONDS
            if is_old and facts.st_uid == os.getuid() and not _is_running(owner):
                shutil.rmtree(left_over, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_FOLDER_PREFIX}{os.getpid()}-"))
    folder.chmod(0o711)  # a child that is "nobody" passes through it, and cannot list it
    return folder


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@contextlib.contextmanager
def _as_descriptor(file: Path | str | IO[bytes]) -> Iterator[int]:
    """A descriptor at the start of the file, for reading only. A stream is copied to a file without a name first."""
    if isinstance(file, Path | str):
        handle = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
        try:
            yield handle
        finally:
            os.close(handle)
        return
    with tempfile.TemporaryFile() as copy:
        if file.seekable():
            file.seek(0)
        shutil.copyfileobj(file, copy, _COPY_BYTES)
        copy.flush()
        copy.seek(0)
        yield copy.fileno()


def _sniff_outside(handle: int, file_name: str) -> str:
    """The media type of a file whose child failed: first bytes only, nothing is unpacked here."""
    with os.fdopen(os.dup(handle), "rb") as file:
        return media_types.sniff_head(file, file_name)


def _short(file_name: str) -> str:
    return file_name[-_MAX_NAME_CHARS:]
