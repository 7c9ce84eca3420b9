"""The bank of sentences: what documents say about each practice, and how each kind of document is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

LANGUAGES = ("en", "fr", "es", "it")


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences about one practice, with slots in braces. `titles`: kind of document -> title."""

    titles: Mapping[str, str]
    rules: tuple[str, ...]
    done: tuple[str, ...]
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frames:
    """How documents of a language are built, and the words that fill slots."""

    months: tuple[str, ...]
    day: str
    subjects: Mapping[str, str]
    units: tuple[tuple[str, str], ...]
    headings: Mapping[str, str]
    columns: Mapping[str, tuple[str, ...]]
    openings: Mapping[str, tuple[str, ...]]
    closings: tuple[str, ...]
    talk: tuple[str, ...]
    steps: tuple[str, ...]
    fields: tuple[str, ...]
    evidence: tuple[str, ...]
    remarks: tuple[str, ...]


@cache
def sentences(language: str) -> Mapping[str, Sentences]:
    """Code of a practice -> its sentences, in the order of the codes."""
    return {code: _sentences(entry) for code, entry in sorted(_data(f"{language}.practices").items())}


@cache
def frames(language: str) -> Frames:
    """The frames of a language."""
    data = _data(f"{language}.frames")
    lists = {name: tuple(data[name]) for name in ("closings", "talk", "steps", "fields", "evidence", "remarks")}
    return Frames(
        months=tuple(data["months"]),
        day=data["day"],
        subjects=data["subjects"],
        units=tuple((title, idea) for title, idea in data["units"]),
        headings=data["headings"],
        columns={name: tuple(columns) for name, columns in data["columns"].items()},
        openings={kind: tuple(lines) for kind, lines in data["openings"].items()},
        **lists,
    )


def codes() -> tuple[str, ...]:
    """The codes of all practices, in order."""
    return tuple(sentences("en"))


def _sentences(entry: Any) -> Sentences:
    return Sentences(entry["titles"], tuple(entry["rules"]), tuple(entry["done"]), tuple(entry["points"]))


def read_yaml(text: str) -> Any:
    """What a YAML text says, read by the fast reader where PyYAML has it: the bank is large."""
    loader = (yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader)(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _data(name: str) -> dict[str, Any]:
    file = resources.files("evidence_app.demo") / "sentences" / f"{name}.yaml"
    loaded: dict[str, Any] = read_yaml(file.read_text("utf-8"))
    return loaded
