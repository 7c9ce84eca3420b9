"""One school's index in its own folder: who may write, which generation counts, how it is rebuilt. For any engine.

<home>/index/<engine>/<school>/     0700, as Whoosh unpickles what it finds there
    writer.lock                     held while writing; the system frees it when the process dies
    current.json, building.json     the stamp, and the generation it belongs to
    <generation>/                   the engine's own files
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

from ulid import ULID

from evidence_app.domain.search.entries import SCHEMA, IndexEntry, entry_of
from evidence_app.domain.search.plan import Plan, plan_of
from evidence_app.domain.search.protocol import (
    IndexDocument,
    IndexLocked,
    IndexUnusable,
    IndexWriting,
    SearchRequest,
    SearchResult,
    Stamp,
)
from evidence_app.i18n import msg

T = TypeVar("T")


class EngineFolder(Protocol):
    """The files of one generation. Any exception of its methods is taken as a sign of damage."""

    name: ClassVar[str]

    @classmethod
    def create(cls, folder: Path) -> None:
        """Write an empty index into the empty `folder`."""

    def __init__(self, folder: Path) -> None: ...

    def add(self, entries: Iterable[IndexEntry]) -> None: ...

    def fill(self, entries: Iterable[IndexEntry]) -> None:
        """Add to an index that nobody reads yet; what was added may wait for `finish` to be committed."""

    def finish(self) -> None:
        """Commit what waits."""

    def remove(self, item_ids: Iterable[str]) -> None: ...

    def ids(self) -> frozenset[str]: ...

    def count(self) -> int: ...

    def search(self, plan: Plan, request: SearchRequest) -> SearchResult:
        """Answer from what was last committed; called from several threads."""

    def words_beginning(self, prefix: str, hidden_ids: frozenset[str], limit: int) -> list[tuple[str, int]]: ...

    def holders(self, words: Collection[str]) -> Mapping[str, int]: ...

    def optimize(self) -> None: ...

    def close(self) -> None: ...


class FolderIndex:
    """A SearchIndex on disk; see the protocol for what each call does."""

    def __init__(self, engine: type[EngineFolder], home: Path, school_id: str, languages: tuple[str, ...]) -> None:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", school_id):
            raise ValueError(f"{school_id!r} cannot name a folder: use letters, digits, - and _")
        self._engine = engine
        self._root = home / "index" / engine.name / school_id
        self._languages = languages
        self._stamp = Stamp(engine.name, SCHEMA, languages, school_id)
        self._opened: tuple[tuple[int, int], EngineFolder] | None = None
        self._opening = threading.Lock()
        self._writer = threading.RLock()
        self._lock_file: int | None = None
        self._depth = 0

    @property
    def stamp(self) -> Stamp:
        return self._stamp

    @property
    def keeps_removed(self) -> bool:
        return True

    def open(self) -> None:
        self._asked(lambda engine: engine.count())

    def count(self) -> int:
        return self._asked(lambda engine: engine.count())

    def ids(self) -> frozenset[str]:
        return self._asked(lambda engine: engine.ids())

    def search(self, request: SearchRequest) -> SearchResult:
        if request.query.is_refused:
            return SearchResult(0, (), {name: {} for name in request.facets})
        plan = plan_of(request, self._languages)
        return self._asked(lambda engine: engine.search(plan, request))

    def words_beginning(self, prefix: str, hidden_ids: frozenset[str], limit: int) -> list[tuple[str, int]]:
        return self._asked(lambda engine: engine.words_beginning(prefix, hidden_ids, limit))

    def holders(self, words: Collection[str]) -> Mapping[str, int]:
        return self._asked(lambda engine: engine.holders(words))

    def add(self, documents: Iterable[IndexDocument]) -> None:
        # Whoever makes the documents may fail too: that is no sign of damage, so it happens before the engine is asked.
        entries = [entry_of(document, self._languages) for document in documents]
        with self.writing():
            self._asked(lambda engine: engine.add(entries), tries=1)
            self._take_out_of_unfinished([entry.item_id for entry in entries])

    def remove(self, item_ids: Iterable[str]) -> None:
        gone = list(item_ids)
        with self.writing():
            self._asked(lambda engine: engine.remove(gone), tries=1)
            self._take_out_of_unfinished(gone)

    def optimize(self) -> None:
        with self.writing():
            self._asked(lambda engine: engine.optimize(), tries=1)

    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self._root.rglob("*") if path.is_file())

    def count_in_building(self) -> int | None:
        try:
            self._stamped("building.json")
            return int(json.loads((self._root / "building.json").read_text())["count"])
        except (IndexUnusable, OSError, ValueError, KeyError):
            return None

    def create(self) -> None:
        with self.writing():
            if (self._root / "current.json").exists():
                raise ValueError(f"there is an index in {self._root} already; rebuild it instead")
            with self.rebuilding():
                pass

    @contextmanager
    def writing(self) -> Iterator[None]:
        if not self._writer.acquire(blocking=False):
            raise self._locked()
        try:
            if not self._depth:
                self._lock_file = self._take_lock()
            self._depth += 1
            yield
        finally:
            self._depth -= 1 if self._lock_file is not None else 0
            if not self._depth and self._lock_file is not None:
                os.close(self._lock_file)
                self._lock_file = None
            self._writer.release()

    @contextmanager
    def rebuilding(self, *, resume: bool = False) -> Iterator[IndexWriting]:
        with self.writing():
            resumed = self._unfinished() if resume else None
            folder, engine = resumed or self._begin()
            count = engine.count() if resumed else 0
            try:
                yield _Fresh(engine, self._languages, lambda more: self._point("building.json", folder, count + more))
            except BaseException:
                if resumed:
                    (self._root / "building.json").unlink(missing_ok=True)
                raise
            finally:
                engine.finish()
                engine.close()
            self._swap(folder)

    def close(self) -> None:
        with self._opening:
            if self._opened:
                self._opened[1].close()
            self._opened = None

    def _asked(self, ask: Callable[[EngineFolder], T], tries: int = 2) -> T:
        """What the current generation answers. A rebuild elsewhere may take its files away: then ask again."""
        while True:
            tries -= 1
            engine = self._current()
            try:
                return ask(engine)
            except Exception as error:
                self.close()
                if not tries:
                    raise self._unusable(f"{type(error).__name__}: {error}") from error

    def _current(self) -> EngineFolder:
        with self._opening:
            try:
                found = (self._root / "current.json").stat()
            except FileNotFoundError:
                raise self._unusable("there is none yet") from None
            mark = (found.st_ino, found.st_mtime_ns)
            if self._opened is None or self._opened[0] != mark:
                folder = self._stamped("current.json")
                self._opened = (mark, self._attach(folder))
            return self._opened[1]

    def _attach(self, folder: Path) -> EngineFolder:
        try:
            return self._engine(folder)
        except Exception as error:
            raise self._unusable(f"{type(error).__name__}: {error}") from error

    def _stamped(self, name: str) -> Path:
        """The generation that the file `name` points to, if it was made as we would make it."""
        try:
            said = json.loads((self._root / name).read_text())
            generation = str(said.pop("generation"))
            said.pop("count", 0)
            stamp = Stamp(**{**said, "languages": tuple(said["languages"])})
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._unusable(f"its stamp cannot be read: {error}") from error
        if stamp != self._stamp:
            raise self._unusable(f"it was made as {stamp}, not as {self._stamp}")
        folder = self._root / generation
        if folder.parent != self._root or not folder.is_dir():
            raise self._unusable(f"its folder {generation!r} is gone")
        return folder

    def _unfinished(self) -> tuple[Path, EngineFolder] | None:
        try:
            folder = self._stamped("building.json")
            engine = self._attach(folder)
            engine.ids()
        except Exception:  # Half an index that cannot be read is not gone on with, whatever is wrong with it.
            return None
        return folder, engine

    def _take_out_of_unfinished(self, item_ids: list[str]) -> None:
        found = self._unfinished() if (self._root / "building.json").exists() else None
        if found:
            _folder, engine = found
            try:
                engine.remove(item_ids)
            except Exception:  # What was written stands; only the half built one is not gone on with.
                (self._root / "building.json").unlink(missing_ok=True)
            finally:
                engine.close()

    def _begin(self) -> tuple[Path, EngineFolder]:
        kept = {"writer.lock", "current.json", self._serving()}
        for path in self._root.iterdir():
            if path.name not in kept:
                _delete(path)
        folder = self._root / str(ULID()).lower()
        folder.mkdir(mode=0o700)
        self._engine.create(folder)
        self._point("building.json", folder)
        return folder, self._engine(folder)

    def _serving(self) -> str:
        """The generation searches go on in during a rebuild, by its name alone; empty if there is no telling."""
        try:
            return str(json.loads((self._root / "current.json").read_text())["generation"])
        except (OSError, ValueError, KeyError, TypeError):
            return ""

    def _swap(self, folder: Path) -> None:
        for path in folder.rglob("*"):
            if path.is_file():
                _sync(path)
        _sync(folder)
        self._point("current.json", folder)
        kept = {"writer.lock", "current.json", folder.name}
        for path in self._root.iterdir():
            if path.name not in kept:
                _delete(path)
        self.close()

    def _point(self, name: str, folder: Path, count: int = 0) -> None:
        part = self._root / f"{name}.part"
        part.write_text(json.dumps({**asdict(self._stamp), "generation": folder.name, "count": count}))
        _sync(part)
        part.replace(self._root / name)
        _sync(self._root)

    def _take_lock(self) -> int:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._root / "writer.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise self._locked() from None
        return file

    def _locked(self) -> IndexLocked:
        return IndexLocked(
            msg("Another process is writing this school's search index. Nothing was changed; try again in a minute.")
        )

    def _unusable(self, reason: str) -> IndexUnusable:
        return IndexUnusable(
            msg("The search index cannot be used (%(reason)s). Nothing is lost: it has to be rebuilt.", reason=reason)
        )


class _Fresh:
    """The new index during a rebuild."""

    def __init__(self, engine: EngineFolder, languages: tuple[str, ...], tell: Callable[[int], None]) -> None:
        self._engine = engine
        self._languages = languages
        self._tell = tell
        self._added = 0

    def add(self, documents: Iterable[IndexDocument]) -> None:
        entries = [entry_of(document, self._languages) for document in documents]
        self._engine.fill(entries)
        self._added += len(entries)
        self._tell(self._added)

    def remove(self, item_ids: Iterable[str]) -> None:
        self._engine.finish()
        self._engine.remove(item_ids)

    def ids(self) -> frozenset[str]:
        self._engine.finish()
        return self._engine.ids()


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
