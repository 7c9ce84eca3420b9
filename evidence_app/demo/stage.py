"""The school as the demo's makers hand it on: who acts, and what everything is called in the database."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from evidence_app.backends import Backends
from evidence_app.demo.sketch import Sketch
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.jobs import JobKind

Tell = Callable[[str], None]
WorkUntil = Callable[[Callable[[], bool], Collection[JobKind]], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """The school that is being built. `actors` by name, the rest: name -> id.

    `tell` is given a line about each step. `work_until` has the worker do work of some kinds until the question it is
    given says yes; the rest is for whoever serves the demo.
    """

    backends: Backends
    school_id: str
    today: date
    actors: Mapping[str, Actor]
    groups: Mapping[str, str]
    campuses: Mapping[str, str]
    subjects: Mapping[str, str]
    year_groups: Mapping[str, str]
    tell: Tell
    work_until: WorkUntil

    def person_id(self, name: str) -> str:
        """The id of somebody of the cast."""
        return self.actors[name].person_id


@dataclass(slots=True)
class Filed:
    """A document that is an item now; `accepted` are the practices it was accepted for."""

    item_id: str
    sketch: Sketch
    visibility: Visibility
    accepted: tuple[str, ...] = ()

    @property
    def can_be_released(self) -> bool:
        """Whether a visitor may see it."""
        return self.visibility in (Visibility.SHAREABLE, Visibility.PUBLIC)
