"""One school's index in its own folder: who may write, and how it is rebuilt. For any engine of files."""

from __future__ import annotations

import fcntl
import os
import re
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import ClassVar, Protocol, TypeVar

from evidence_app.domain.search.engines.generations import LOCK, Generations
from evidence_app.domain.search.entries import SCHEMA, IndexEntry, entry_of
from evidence_app.domain.search.plan import Plan, plan_of
from evidence_app.domain.search.protocol import (
    IndexDocument,
    IndexWriting,
    SearchRequest,
    SearchResult,
    Stamp,
    locked,
    unusable,
)

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
        self._languages = languages
        self._stamp = Stamp(engine.name, SCHEMA, languages, school_id)
        self._root = home / "index" / engine.name / school_id
        self._generations = Generations(self._root, self._stamp)
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
        return self._generations.count_in_building()

    def create(self) -> None:
        with self.writing():
            if self._generations.is_there:
                raise ValueError(f"there is an index in {self._root} already; rebuild it instead")
            with self.rebuilding():
                pass

    @contextmanager
    def writing(self) -> Iterator[None]:
        if not self._writer.acquire(blocking=False):
            raise locked()
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
                tell = partial(self._generations.note_building, folder)
                yield _Fresh(engine, self._languages, count, tell)
            except BaseException:
                if resumed:
                    self._generations.give_up_building()
                raise
            finally:
                engine.finish()
                engine.close()
            self._generations.take_over(folder)
            self.close()

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
                    raise unusable(f"{type(error).__name__}: {error}") from error

    def _current(self) -> EngineFolder:
        with self._opening:
            mark = self._generations.mark()
            if self._opened is None or self._opened[0] != mark:
                self._opened = (mark, self._attach(self._generations.current()))
            return self._opened[1]

    def _attach(self, folder: Path) -> EngineFolder:
        try:
            return self._engine(folder)
        except Exception as error:
            raise unusable(f"{type(error).__name__}: {error}") from error

    def _begin(self) -> tuple[Path, EngineFolder]:
        folder = self._generations.begin()
        self._engine.create(folder)
        self._generations.note_building(folder)
        return folder, self._engine(folder)

    def _unfinished(self) -> tuple[Path, EngineFolder] | None:
        try:
            folder = self._generations.building()
            engine = self._attach(folder)
            engine.ids()
        except Exception:  # Half an index that cannot be read is not gone on with, whatever is wrong with it.
            return None
        return folder, engine

    def _take_out_of_unfinished(self, item_ids: list[str]) -> None:
        if not self._generations.is_building:
            return
        found = self._unfinished()
        if found is None:
            self._generations.give_up_building()
            return
        _folder, engine = found
        try:
            engine.remove(item_ids)
        except Exception:  # What was written stands; only the half built one is not gone on with.
            self._generations.give_up_building()
        finally:
            engine.close()

    def _take_lock(self) -> int:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(self._root / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise locked() from None
        return file


class _Fresh:
    """The new index during a rebuild."""

    def __init__(
        self, engine: EngineFolder, languages: tuple[str, ...], count: int, tell: Callable[[int], None]
    ) -> None:
        self._engine = engine
        self._languages = languages
        self._count = count
        self._tell = tell

    def add(self, documents: Iterable[IndexDocument]) -> None:
        entries = [entry_of(document, self._languages) for document in documents]
        self._engine.fill(entries)
        self._count += len(entries)
        self._tell(self._count)

    def remove(self, item_ids: Iterable[str]) -> None:
        self._engine.finish()
        self._engine.remove(item_ids)

    def ids(self) -> frozenset[str]:
        self._engine.finish()
        return self._engine.ids()
