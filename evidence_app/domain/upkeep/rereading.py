"""Reading all kept bytes again, a seventh of them a day, so that damage is known within a week of happening.

Hashes are spread evenly, so a seventh of all hashes is about a seventh of all bytes, and nobody has to count them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import Database, now
from evidence_app.domain.access import Actor
from evidence_app.domain.schools import all_schools
from evidence_app.domain.upkeep.damage import note_damage, note_sound
from evidence_app.domain.upkeep.models import Damage, DamagedFile, Rereading
from evidence_app.domain.upkeep.references import names_between
from storage_adapters import BadBlobName, BlobDamaged, BlobNotFound, BlobStore, StoreUnavailable

PORTIONS = 7
PORTION_EVERY = timedelta(hours=24)
FILES_AT_ONCE = 100
BOUNDARIES = ["", *(f"{n * 2**256 // PORTIONS:064x}" for n in range(1, PORTIONS)), "z" * 65]
"""Portion n holds the hashes above BOUNDARIES[n] and up to BOUNDARIES[n + 1]."""


class Rereader:
    """Reads the files of all schools again, a little at a time, for a worker that has other things to do."""

    def __init__(self, database: Database, blobs: BlobStore) -> None:
        self._database = database
        self._blobs = blobs
        self._steps = self._all_steps()

    def go_on(self, seconds: float) -> bool:
        """Reads for about so long; whether there is more to read now. A file in the middle is gone on with next time.

        What the database raises is raised, and the files in hand are then read once more.
        """
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                if not next(self._steps):
                    return False
        except Exception:
            self._steps = self._all_steps()
            raise
        return True

    def _all_steps(self) -> Iterator[bool]:
        """True after each step of work, False whenever nothing is left to do now; without end."""
        while True:
            with self._database.reading() as session:
                school_ids = [school.id for school in all_schools(session)]
            for school_id in school_ids:
                while self._is_due(school_id):
                    portion = _Portion(self._database, self._blobs, school_id)
                    yield from portion.steps()
                    if not portion.is_done:
                        break
            yield False

    def _is_due(self, school_id: str) -> bool:
        """Whether a portion is to be read now: one that was begun, or the next, a day after the one before."""
        with self._database.reading() as session:
            standing = session.get(Rereading, school_id)
        if standing is None:
            with self._database.unit_of_work() as session:
                standing = Rereading(school_id=school_id, portion=0, reached="", files=0, due_at=now())
                session.add(standing)
        return standing.due_at <= now()


def look_again(database: Database, blobs: BlobStore, school_id: str) -> int:
    """How many files of a school are still damaged, after those known to be were read once more."""
    for _ in _Portion(database, blobs, school_id).known_ones():
        pass
    with database.reading() as session:
        return len(_known(session, school_id))


def rereading_of(session: Session, actor: Actor) -> Rereading | None:
    """How far the files of the actor's school were read again; None before the first time."""
    return session.get(Rereading, actor.school_id)


class _Portion:
    """The portion of one school that is to be read now.

    A file that cannot be read although the store works is noted and tried again the next day, as everything known to be
    damaged is; where the store as a whole does not answer nothing is noted, and the portion waits.
    """

    def __init__(self, database: Database, blobs: BlobStore, school_id: str) -> None:
        self._database = database
        self._blobs = blobs
        self._school_id = school_id
        self._is_away = False
        self.is_done = False

    def steps(self) -> Iterator[bool]:
        """Reads what is known to be damaged, which may have been mended since; then the portion, to its end."""
        yield from self.known_ones()
        while not self._is_away and (names := self._next_names()):
            yield from self._read(names)
            self._keep_standing(names)
        if self._is_away:
            return
        with self._database.unit_of_work() as session:
            _finish(session.get_one(Rereading, self._school_id, with_for_update=True))
        self.is_done = True

    def _keep_standing(self, names: list[str]) -> None:
        if self._is_away:
            return
        with self._database.unit_of_work() as session:
            standing = session.get_one(Rereading, self._school_id, with_for_update=True)
            standing.reached, standing.files = names[-1], standing.files + len(names)

    def known_ones(self) -> Iterator[bool]:
        """Reads what is known to be damaged."""
        with self._database.reading() as session:
            known = _known(session, self._school_id)
        yield from self._read(known)

    def _next_names(self) -> list[str]:
        with self._database.reading() as session:
            standing = session.get_one(Rereading, self._school_id)
            after = standing.reached or BOUNDARIES[standing.portion]
            up_to = BOUNDARIES[standing.portion + 1]
            return names_between(session, self._school_id, after, up_to, most=FILES_AT_ONCE)

    def _read(self, names: list[str]) -> Iterator[bool]:
        """Reads these bytes to their ends, and notes how they were found; gives up once the store does not answer."""
        for sha256 in names:
            damage = None
            try:
                for _ in self._blobs.stream_verified(self._school_id, sha256):
                    yield True
            except BlobNotFound:
                damage = Damage.MISSING
            except (BlobDamaged, BadBlobName):
                damage = Damage.DAMAGED
            except StoreUnavailable:
                if not self._blobs.works():
                    self._is_away = True
                    return
                damage = Damage.UNREADABLE
            self._note(sha256, damage)
            yield True

    def _note(self, sha256: str, damage: Damage | None) -> None:
        with self._database.reading() as session:
            is_known = session.get(DamagedFile, (self._school_id, sha256)) is not None
        if damage is None and not is_known:
            return
        with self._database.unit_of_work() as session:
            if damage is None:
                note_sound(session, self._school_id, sha256)
            else:
                note_damage(session, self._school_id, sha256, damage)


def _known(session: Session, school_id: str) -> list[str]:
    return list(session.scalars(select(DamagedFile.sha256).where(DamagedFile.school_id == school_id)))


def _finish(standing: Rereading) -> None:
    """The portion was read to its end: the next one is due a day after this one was; days off are caught up with."""
    moment = now()
    standing.portion, standing.reached = (standing.portion + 1) % PORTIONS, ""
    standing.due_at = max(standing.due_at + PORTION_EVERY, moment - PORTIONS * PORTION_EVERY)
    if standing.portion == 0:
        standing.finished_at, standing.finished_files, standing.files = moment, standing.files, 0
