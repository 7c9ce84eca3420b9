"""What the demo school gives out: a compiled edition, signed by the head, and a share of it for two visitors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from evidence_app.demo.cast import LEAD_COORDINATOR
from evidence_app.demo.stage import Stage
from evidence_app.demo.study import HEAD
from evidence_app.domain import jobs, reports, selfstudy, sharing
from evidence_app.domain.extraction import unready
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
    stage.work_until(lambda: _may_leave(stage, evaluation_id))
    with backends.database.unit_of_work() as session:
        wanted = reports.request_compilation(
            session, actor=actor, evaluation_id=evaluation_id, kinds=KINDS, is_edition=True
        )
    stage.work_until(lambda: _is_compiled(stage))
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


def _may_leave(stage: Stage, evaluation_id: str) -> bool:
    """Whether no exhibit waits for the work without which it would be left out."""
    with stage.backends.database.reading() as session:
        exhibits = selfstudy.exhibits_of(session, stage.actors[LEAD_COORDINATOR], evaluation_id).shown
        return not any(ids for one in exhibits for ids in unready(session, one.version).values())


def _is_compiled(stage: Stage) -> bool:
    with stage.backends.database.reading() as session:
        return not jobs.is_work_left(session, stage.school_id, [JobKind.COMPILE_EDITION])
