"""The folder of one school's index: which generation counts, which is being built, and what each was made with.

<home>/index/<engine>/<school>/     0700, as Whoosh unpickles what it finds there
    writer.lock                     held while writing; the system frees it when the process dies
    current.json, building.json     the stamp, and the generation it belongs to
    <generation>/                   the engine's own files
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

from ulid import ULID

from evidence_app.domain.search.protocol import IndexUnusable, Stamp, unusable

LOCK, CURRENT, BUILDING = "writer.lock", "current.json", "building.json"


class Generations:
    """What lies in the folder `root`. Only who holds the lock changes any of it."""

    def __init__(self, root: Path, stamp: Stamp) -> None:
        self._root = root
        self._stamp = stamp

    def mark(self) -> tuple[int, int]:
        """Another one whenever another generation counts. Raises IndexUnusable where none does."""
        try:
            found = (self._root / CURRENT).stat()
        except FileNotFoundError:
            raise unusable("there is none yet") from None
        return found.st_ino, found.st_mtime_ns

    @property
    def is_there(self) -> bool:
        """Whether some generation counts, whatever can be read of it."""
        return (self._root / CURRENT).exists()

    def current(self) -> Path:
        """The generation that counts. Raises IndexUnusable if it was not made as we would make it."""
        return self._stamped(CURRENT)[0]

    @property
    def is_building(self) -> bool:
        """Whether one was begun and not ended, whatever can be read of it."""
        return (self._root / BUILDING).exists()

    def building(self) -> Path:
        """The generation that is being built. Raises IndexUnusable like `current`."""
        return self._stamped(BUILDING)[0]

    def count_in_building(self) -> int | None:
        """How many items that one held when it was last noted; None where there is none of our make."""
        try:
            return self._stamped(BUILDING)[1]
        except IndexUnusable:
            return None

    def begin(self) -> Path:
        """An empty folder for a new generation; what lies about is gone, but not the generation in use."""
        self._keep_only(CURRENT, self._serving())
        folder = self._root / str(ULID()).lower()
        folder.mkdir(mode=0o700)
        return folder

    def note_building(self, folder: Path, count: int = 0) -> None:
        """This generation is being built, and holds so many items."""
        self._point(BUILDING, folder, count)

    def give_up_building(self) -> None:
        """Nobody goes on with what is half built."""
        (self._root / BUILDING).unlink(missing_ok=True)

    def take_over(self, folder: Path) -> None:
        """This generation counts from now on, however the power goes, and no other is there any more."""
        for path in folder.rglob("*"):
            if path.is_file():
                _sync(path)
        _sync(folder)
        self._point(CURRENT, folder)
        self._keep_only(CURRENT, folder.name)

    def _stamped(self, name: str) -> tuple[Path, int]:
        """The generation that the file `name` points to, if it was made as we would make it, and what it holds."""
        try:
            said = json.loads((self._root / name).read_text())
            generation, count = str(said.pop("generation")), int(said.pop("count"))
            stamp = Stamp(**{**said, "languages": tuple(said["languages"])})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise unusable(f"its stamp cannot be read: {error}") from error
        if stamp != self._stamp:
            raise unusable(f"it was made as {stamp}, not as {self._stamp}")
        folder = self._root / generation
        if folder.parent != self._root or not folder.is_dir():
            raise unusable(f"its folder {generation!r} is gone")
        return folder, count

    def _serving(self) -> str:
        """The generation searches go on in during a rebuild, by its name alone; empty if there is no telling."""
        try:
            return str(json.loads((self._root / CURRENT).read_text())["generation"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _keep_only(self, *names: str) -> None:
        for path in self._root.iterdir():
            if path.name not in {LOCK, *names}:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    def _point(self, name: str, folder: Path, count: int = 0) -> None:
        part = self._root / f"{name}.part"
        part.write_text(json.dumps({**asdict(self._stamp), "generation": folder.name, "count": count}))
        _sync(part)
        part.replace(self._root / name)
        _sync(self._root)


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
