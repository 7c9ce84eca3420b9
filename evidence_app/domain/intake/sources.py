"""Where documents come in from: a folder of this machine, or a ZIP file. Each file is met once, and opened only then.

A path is what people are told and what names are read from; nothing is ever written to a disk under it.
"""

from __future__ import annotations

import io
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO

from evidence_app.domain.extraction import directory_bytes
from evidence_app.errors import Invalid
from evidence_app.i18n import Message, msg
from evidence_app.texts import clean_line, clean_text

SYSTEM_FOLDERS = frozenset({"__MACOSX", ".git", "$RECYCLE.BIN"})
JUNK = frozenset({".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", ".localized", "icon\n"})
MOST_FILES_IN_ZIP = 50_000
MOST_FILES_TOGETHER = 100_000
"""What all parts of a drive may hold: each file of it is a row of its plan, and takes about 1 KiB while it comes in."""
MOST_DIRECTORY_BYTES = 32 * 1024 * 1024
"""The list of files at the end of a ZIP is read into memory as a whole, where it takes many times its size."""
DEEPEST = 50
MOST_TIMES_SMALLER = 1_100
"""Deflate makes nothing more than 1,032 times smaller; what claims more was made to do harm."""
IN_MEMORY_BYTES = 32 * 1024 * 1024
_KNOWN_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Others are unpacked without a limit on what they give at once, and no drive writes them."""
_ENCRYPTED, _UTF8 = 0x1, 0x800


DAMAGE = (EOFError, zipfile.BadZipFile, zlib.error)
"""What reading a file in a ZIP raises over that file alone. An OSError is about the ZIP as a whole, or its disk."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file of a source. `refused` says why it will not be kept, where that is known before it is opened.

    `opened` gives a stream that can be sought; it and its reads raise `troubles` where this file cannot be read, see
    `why_unreadable`. `checksum` is "" where there is none without reading; files of one source with another size or
    checksum are not the same. `notes` is what the export of a drive wrote about it, see `sidecars`. `notice` says what
    is worth knowing of a file that is kept.
    """

    path: str
    size_bytes: int
    opened: Callable[[], AbstractContextManager[IO[bytes]]]
    refused: Message | None = None
    checksum: str = ""
    troubles: tuple[type[Exception], ...] = DAMAGE
    notes: Found | None = None
    notice: Message | None = None

    @property
    def name(self) -> str:
        """The name of the file, without its folders."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The folders it lies in, "" at the top."""
        return self.path.rpartition("/")[0]


def files_in_folder(path: Path, files: Iterable[Path] | None = None) -> Iterator[Found]:
    """Every file below a folder, by name, folders of the system left out; or the one file itself.

    Links to folders are not followed but given, and so are folders that cannot be opened: nothing is passed over in
    silence. `files` are those that are wanted, if not all are.
    """
    for file in _files_below(path) if files is None else files:
        yield _found_on_disk(file, _shown(file, path))


def is_zip(path: Path) -> bool:
    """Whether the file itself is called a ZIP, and is no document of a program that packs its own."""
    return path.suffix.lower() == ".zip" and path.is_file()


@contextmanager
def zip_of(file: Path | IO[bytes], *, one_of_several: str = "") -> Iterator[ZipSource]:
    """The source that a ZIP file is; Invalid when it is none, is damaged, or was made to do harm. Raises OSError.

    The name of `one_of_several` is said with what is wrong with it.
    """
    with ExitStack() as opening:
        stream = opening.enter_context(file.open("rb")) if isinstance(file, Path) else file
        try:
            source = ZipSource(opening.enter_context(_archive(stream)))
        except Invalid as error:
            if not one_of_several:
                raise
            raise Invalid(msg("“%(name)s”: %(why)s", name=one_of_several, why=error.message)) from error
        yield source


def _archive(stream: IO[bytes]) -> zipfile.ZipFile:
    if directory_bytes(stream) > MOST_DIRECTORY_BYTES:
        raise Invalid(_too_many())
    try:
        return zipfile.ZipFile(stream)
    except OSError:
        raise
    except Exception as error:
        raise Invalid(msg("This ZIP file cannot be opened: it is damaged or cut off. Make it once more.")) from error


class ZipSource:
    """The files in an open ZIP file, in the order of their paths; `files` has the same order each time it is opened."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        # ZipInfo.is_dir() stumbles over a member that has no name at all.
        infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
        if len(infos) > MOST_FILES_IN_ZIP:
            raise Invalid(_too_many())
        if _overlap(archive.infolist()):
            raise Invalid(
                msg("The parts of this ZIP file lie over each other, as in one made to do harm. It is not unpacked.")
            )
        self._archive = archive
        found = [self._found(info, _path_of(info)) for info in infos]
        self.files = tuple(sorted((one for one in found if one is not None), key=lambda one: one.path))

    def _found(self, info: zipfile.ZipInfo, path: str) -> Found | None:
        if SYSTEM_FOLDERS & set(path.split("/")[:-1]):
            return None
        refused = _refused_name(path) or _refused_in_zip(info, path)
        return Found(path, info.file_size, lambda: self._opened(info), refused, f"{info.CRC:08x}")

    @contextmanager
    def _opened(self, info: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
        """The unpacked bytes: small files in memory, large ones as a stream that is unpacked anew when sought back."""
        try:
            stream = self._archive.open(info)
        except (OSError, *DAMAGE):
            raise
        except Exception as error:
            # Flags and names nobody uses: NotImplementedError, RuntimeError, UnicodeDecodeError and others.
            raise zipfile.BadZipFile(str(error)) from error
        with stream:
            yield io.BytesIO(stream.read(IN_MEMORY_BYTES + 1)) if info.file_size <= IN_MEMORY_BYTES else stream


def why_unreadable(error: Exception) -> Message:
    """Why the bytes of a file could not be had, for a person."""
    if isinstance(error, OSError) and error.strerror:
        return msg("It cannot be read: %(why)s. Check the file and its rights.", why=error.strerror)
    return msg("It is damaged. Look for another copy of it.")


def check_together(files: int) -> None:
    """Nothing, where the parts of one drive may hold so many files; Invalid otherwise."""
    if files > MOST_FILES_TOGETHER:
        raise Invalid(
            msg(
                "These ZIP files hold more than the %(most)d files that are taken as one drive. Hand in some of them "
                "at a time.",
                most=MOST_FILES_TOGETHER,
            )
        )


def _too_many() -> Message:
    return msg(
        "This ZIP file holds more than the %(most)d files that are taken at once. Make several smaller ones.",
        most=MOST_FILES_IN_ZIP,
    )


def _overlap(infos: list[zipfile.ZipInfo]) -> bool:
    """Whether two members claim the same bytes: many small members over one large one unpack to what no disk holds."""
    places = sorted((info.header_offset, info.compress_size) for info in infos)
    return any(start + size > following for (start, size), (following, _) in pairwise(places))


def _path_of(info: zipfile.ZipInfo) -> str:
    """The path as people are told it. Old programs for the Mac write UTF-8 and do not say so."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            name = info.orig_filename
    return clean_line(name.replace("\\", "/"), 1000) or "?"


def _refused_in_zip(info: zipfile.ZipInfo, path: str) -> Message | None:
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or (len(parts[0]) == 2 and parts[0][1] == ":"):
        return msg("Its path leads out of the ZIP file, as in one made to do harm. Pack the folder once more.")
    if len(parts) > DEEPEST:
        return msg("It lies in more than %(most)d folders, one in the other. Move it further up.", most=DEEPEST)
    if stat.S_ISLNK(info.external_attr >> 16):
        return msg("Not a file but a link or a device. Copy the document itself into the folder.")
    if info.flag_bits & _ENCRYPTED:
        return msg("It is locked with a password in the ZIP file. Pack it without one.")
    if info.compress_type not in _KNOWN_METHODS:
        return msg("It is packed in a way that cannot be read here. Pack the folder once more as an ordinary ZIP.")
    if info.file_size > max(1, info.compress_size) * MOST_TIMES_SMALLER:
        return msg("It says that it is far larger than it can be, as in a file made to do harm.")
    if info.file_size == 0:
        return msg("The file is empty. Look for another copy of it.")
    return None


def _refused_name(path: str) -> Message | None:
    name = path.rpartition("/")[2]
    if name.lower() in JUNK or name.startswith(("~$", "._")):
        return msg("A file of the operating system or of an open program, not a document.")
    return None


def _files_below(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    closed: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=closed.append):
        here = Path(folder)
        links = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(set(folders) - SYSTEM_FOLDERS - set(links))
        for name in sorted([*names, *links]):
            yield here / name
    for error in closed:
        yield Path(os.fsdecode(error.filename))


def _shown(file: Path, root: Path) -> str:
    """The path as people are told it: relative to the folder that was given, in composed characters."""
    relative = file.relative_to(root) if root.is_dir() else file
    return clean_text(os.fsencode(relative).decode("utf-8", "replace"))


def _found_on_disk(file: Path, shown: str) -> Found:
    @contextmanager
    def opened() -> Iterator[IO[bytes]]:
        with file.open("rb") as stream:
            yield stream

    size, refused = 0, _refused_name(shown)
    if refused is None:
        try:
            about = file.lstat()
            size, refused = about.st_size, _refused_on_disk(about)
        except OSError as error:
            refused = why_unreadable(error)
    return Found(shown, size, opened, refused, troubles=(OSError,))


def _refused_on_disk(about: os.stat_result) -> Message | None:
    if stat.S_ISDIR(about.st_mode):
        return msg("The folder cannot be opened. Check its rights, then import it again.")
    if not stat.S_ISREG(about.st_mode):
        return msg("Not a file but a link or a device. Copy the document itself into the folder.")
    if about.st_size == 0:
        return msg("The file is empty. Look for another copy of it.")
    return None
