"""Whether there is room for what somebody wants to bring in: on the disk, in the school's share of it, in their own.

One rule for every way in, asked before bytes are taken: a form at the server's door, a large file when it begins, a
drive before it starts and at each step, an import file by file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Version, bytes_stored
from evidence_app.domain.schools import School
from evidence_app.errors import NoRoom
from evidence_app.i18n import Message, msg
from storage_adapters import BlobStore, StoreFull

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """How many bytes are arriving in pieces: all of the school's, and those of one person among them."""

    school_bytes: int = 0
    person_bytes: int = 0


NOTHING = OnItsWay()


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a school and one person in it hold, and may; all in bytes, a limit of 0 being none.

    The same bytes filed twice count once.
    """

    school_used: int
    school_limit: int
    person_used: int
    person_limit: int

    def refusal(self, size_bytes: int) -> Message | None:
        """Why so many more bytes are not taken, how much is used of what, and who can change it; None if they are."""
        if self.school_limit and self.school_used + size_bytes > self.school_limit:
            return msg(
                "There is no room for these %(size)s MiB: your school uses %(used)s of its %(limit)s MiB. They were "
                "not kept. Whoever runs the installation can raise this; an administrator can erase what is in the "
                "bin.",
                size=_mib(size_bytes),
                used=_mib(self.school_used),
                limit=_mib(self.school_limit),
            )
        if self.person_limit and self.person_used + size_bytes > self.person_limit:
            return msg(
                "There is no room for these %(size)s MiB: you use %(used)s of the %(limit)s MiB each person has here. "
                "They were not kept. An administrator of your school can raise this.",
                size=_mib(size_bytes),
                used=_mib(self.person_used),
                limit=_mib(self.person_limit),
            )
        return None

    def with_arriving(self, on_its_way: OnItsWay) -> Allowance:
        """The same, once what is on its way has arrived."""
        return replace(
            self,
            school_used=self.school_used + on_its_way.school_bytes,
            person_used=self.person_used + on_its_way.person_bytes,
        )

    def after(self, taken_bytes: int, size_bytes: int) -> Message | None:
        """As `refusal`, once so many bytes more were taken than are counted here."""
        return self.refusal(taken_bytes + size_bytes)


def allowance_of(session: Session, actor: Actor) -> Allowance:
    """What the actor and their school hold and may hold."""
    school = session.get_one(School, actor.school_id)
    mine = select(Version.sha256, Version.size_bytes).where(
        Version.school_id == actor.school_id, Version.added_by == actor.person_id
    )
    own = mine.distinct().subquery()
    person_used = session.scalar(select(func.coalesce(func.sum(own.c.size_bytes), 0))) if school.person_mib else 0
    return Allowance(
        school_used=bytes_stored(session, actor.school_id) if school.quota_mib else 0,
        school_limit=school.quota_mib * MIB,
        person_used=int(person_used or 0),
        person_limit=school.person_mib * MIB,
    )


def require_room(
    session: Session, blobs: BlobStore, *, actor: Actor, size_bytes: int, on_its_way: OnItsWay = NOTHING
) -> None:
    """Nothing, where so many bytes may be brought in; NoRoom says what is in the way, and who can change it.

    Somewhat of the disk always stays free. What is `on_its_way` counts as if it were there.
    """
    refused = allowance_of(session, actor).with_arriving(on_its_way).refusal(size_bytes)
    if refused is not None:
        raise NoRoom(refused)
    try:
        blobs.require_room(size_bytes + on_its_way.school_bytes)
    except StoreFull as error:
        free = blobs.free_bytes()
        raise NoRoom(
            msg(
                "The disk is nearly full: %(free)s MiB are free, and some of them have to stay so. There is no room "
                "for these %(size)s MiB, and they were not kept. Tell whoever runs the installation.",
                free=_mib(free or 0),
                size=_mib(size_bytes),
            )
        ) from error


def is_nearly_full(blobs: BlobStore) -> bool:
    """Whether the disk takes no more files, whoever brings them."""
    try:
        blobs.require_room(0)
    except StoreFull:
        return True
    return False


def _mib(size_bytes: int) -> str:
    """In MiB, with one digit after the point below ten."""
    mib = size_bytes / MIB
    return f"{mib:,.1f}" if mib < 10 else f"{mib:,.0f}"
