"""What the folders of a drive say of the files in them: by their names, or as somebody put it right."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from evidence_app.domain.intake.naming import Named, NameReader

SAID: Final = ("node_keys", "school_year", "programmes", "subject_id", "year_group_id")
Said = Mapping[str, Mapping[str, Any]]
"""Folder -> what somebody said of it instead of its names, by the names of `Named`; what is not there, nobody said."""


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """A folder of a drive: how many files are in it and below, how many folders in it, what its files get.

    `is_said`: somebody put it right. `own` names what it says itself; the rest comes from the folders it lies in.
    """

    folder: str
    files: int
    folders: int
    named: Named
    own: frozenset[str]
    is_said: bool

    @property
    def name(self) -> str:
        """Its own name."""
        return self.folder.rpartition("/")[2]

    @property
    def mark(self) -> str:
        """Another one once its files get something else."""
        return hashlib.sha256(repr(self.named).encode()).hexdigest()[:16]


class PathReader:
    """Reads paths: of each thing, what the file's own name says, else its innermost folder that says anything."""

    def __init__(self, names: NameReader, said: Said | None = None) -> None:
        self._names = names
        self._said = said or {}
        self._folders = {"": Named()}

    def read(self, path: str) -> Named:
        """What is said of a file."""
        folder, _slash, name = path.rpartition("/")
        return self._names.name(name).within(self.folder(folder))

    def folder(self, path: str) -> Named:
        """What is said of the files of a folder that say nothing themselves."""
        if path not in self._folders:
            for end in [*(at for at, letter in enumerate(path) if letter == "/"), len(path)]:
                one = path[:end]
                if one not in self._folders:
                    found = self.unsaid(one).within(self._folders[one.rpartition("/")[0]])
                    self._folders[one] = replace(found, **_from_kept(self._said.get(one, {})))
        return self._folders[path]

    def unsaid(self, path: str) -> Named:
        """What the name of a folder says by itself. "2023/24" may be two of them, one in the other."""
        above, _slash, name = path.rpartition("/")
        found = self._names.name(name)
        if found.school_year or not (len(name) == 2 and name.isdecimal()):
            return found
        return replace(found, school_year=self._names.name(f"{above.rpartition('/')[2]}/{name}").school_year)

    def put_right(self, path: str, wanted: Named) -> dict[str, Any]:
        """What has to be kept of a folder so that it says this: only what it would not say anyway, in any order."""
        above = path.rpartition("/")[0]
        anyway = self.unsaid(path).within(self.folder(above))
        return {
            name: _to_kept(wanted, name) for name in SAID if not _same(getattr(wanted, name), getattr(anyway, name))
        }

    def plan_of(self, folder: str, *, files: int, folders: int) -> FolderPlan:
        """The folder with what it says."""
        said = self._said.get(folder, {})
        unsaid = self.unsaid(folder)
        own = frozenset(name for name in SAID if name in said or getattr(unsaid, name))
        return FolderPlan(folder, files, folders, self.folder(folder), own, bool(said))


def folders_in(folder: str, paths: Iterable[str]) -> list[tuple[str, int, int]]:
    """Each folder directly in this one ("" for the top) by name: how many of the files are below, and how many folders
    directly in it.
    """
    start = f"{folder}/" if folder else ""
    files, inside = Counter[str](), dict[str, set[str]]()
    for path in paths:
        if path.startswith(start) and (parts := path[len(start) :].split("/", 2))[1:]:
            files[parts[0]] += 1
            if parts[2:]:
                inside.setdefault(parts[0], set()).add(parts[1])
    return [(f"{start}{name}", files[name], len(inside.get(name, ()))) for name in sorted(files, key=str.casefold)]


def naming_folders(paths: PathReader, folders: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Each folder, of these and those they lie in, that names practices itself -> these, in the order of paths."""
    every = {"/".join(parts[: n + 1]) for folder in folders for parts in [folder.split("/")] for n in range(len(parts))}
    return {folder: keys for folder in sorted(every - {""}) if (keys := paths.unsaid(folder).node_keys)}


def _from_kept(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in said.items() if name in SAID}


def _same(one: Any, other: Any) -> bool:
    return set(one) == set(other) if isinstance(one, tuple) else bool(one == other)


def _to_kept(named: Named, name: str) -> Any:
    value = getattr(named, name)
    return list(value) if isinstance(value, tuple) else value
