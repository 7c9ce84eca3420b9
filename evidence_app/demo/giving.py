"""What the demo school gives out: a compiled edition, signed by the head, and a share of it for two visitors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from evidence_app.demo.cast import LEAD_COORDINATOR
from evidence_app.demo.stage import Stage
from evidence_app.demo.study import HEAD
from evidence_app.domain import jobs, reports, selfstudy, sharing
from evidence_app.domain.extraction import hurry, unready
from evidence_app.domain.jobs import JobKind
from evidence_app.errors import Conflict
from evidence_app.i18n import msg

VISITORS = ("Ms Ikeda", "Mr Duarte")
SHARED_FOR = timedelta(days=120)
KINDS = ("docx", "html", "zip")


@dataclass(frozen=True, slots=True)
class Given:
    """A share as its maker sees it once: the path of its link, names with passcodes, and its end."""

    path: str
    passcodes: tuple[tuple[str, str], ...]
    expires_at: datetime


def publish_and_share(stage: Stage, evaluation_id: str) -> Given:
    """The first edition, compiled by the worker and signed, and a share of its snapshot."""
    backends, actor = stage.backends, stage.actors[LEAD_COORDINATOR]
    waiting = _waiting(stage, evaluation_id)
    stage.work_until(lambda: _is_ready(stage, waiting), waiting)
    with backends.database.unit_of_work() as session:
        wanted = reports.request_compilation(
            session, actor=actor, evaluation_id=evaluation_id, kinds=KINDS, is_edition=True
        )
    stage.work_until(lambda: _is_compiled(stage), [JobKind.COMPILE_EDITION])
    with backends.database.unit_of_work() as session:
        made = reports.compilation(session, actor, wanted.id)
        if made.edition_id is None or made.snapshot_id is None:
            raise Conflict(msg("The edition of the demo was not made: %(why)s", why=made.error))
        reports.sign(session, actor=stage.actors[HEAD], edition_id=made.edition_id)
        issued = sharing.issue(
            session,
            actor=actor,
            snapshot_id=made.snapshot_id,
            names=VISITORS,
            expires_at=datetime.now(UTC) + SHARED_FOR,
            note="For the demo",
        )
        stage.tell(f"Edition 1 is compiled and shared with {' and '.join(VISITORS)}")
        return Given(f"/s/{issued.token}", issued.passcodes, issued.share.expires_at)


def _waiting(stage: Stage, evaluation_id: str) -> dict[JobKind, set[str]]:
    """The work without which exhibits would be left out -> the files that wait for it; it is done before the rest."""
    found: dict[JobKind, set[str]] = {}
    with stage.backends.database.unit_of_work() as session:
        for one in selfstudy.exhibits_of(session, stage.actors[LEAD_COORDINATOR], evaluation_id).shown:
            hurry(session, one.version)
            for kind, ids in unready(session, one.version).items():
                found.setdefault(kind, set()).update(ids)
    return found


def _is_ready(stage: Stage, waiting: Mapping[JobKind, set[str]]) -> bool:
    """Asked before each batch of work, so of the queue alone."""
    with stage.backends.database.reading() as session:
        return not any(jobs.unfinished_among(session, stage.school_id, [kind], ids) for kind, ids in waiting.items())


def _is_compiled(stage: Stage) -> bool:
    with stage.backends.database.reading() as session:
        return not jobs.is_work_left(session, stage.school_id, [JobKind.COMPILE_EDITION])
