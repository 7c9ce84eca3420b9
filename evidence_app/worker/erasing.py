"""Erasing for good: out of the index, then rows, then bytes, then what is left between the lines of either."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress

from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain import intake, upkeep
from evidence_app.domain.jobs import Job, JobKind, Urgency, enqueue
from evidence_app.domain.search import IndexUnusable
from evidence_app.worker.indexing import make_index_anew
from evidence_app.worker.tools import Tools

log = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 600
BUSY_SECONDS = 2
LEFT = "what is left"
ABANDONED_AFTER_SECONDS = 600

Results = Callable[[Session], None]


def erase_items(tools: Tools, jobs: Sequence[Job]) -> Results:
    """Takes apart what is to be erased of a school: whoever looks finds nothing any more, and the bytes are gone.

    Other bytes on their way out go, too. What somebody is at work on just now is looked at again soon, what was put
    just now later.
    """
    school_id, home = jobs[0].school_id, tools.backends.settings.home
    index = tools.backends.index(school_id)
    # Out of the index first, while nobody puts it in again: of what has no row, no search knows whom to hide it from.
    with index.writing():
        with tools.database.reading() as session:
            leaving = upkeep.items_leaving(session, school_id)
        # An index that cannot be used is made anew anyway, without what is gone.
        with suppress(IndexUnusable):
            index.remove(leaving)
        with tools.database.unit_of_work() as session:
            if sha256 := jobs[0].payload.get("sha256"):
                upkeep.let_leave(session, school_id, {sha256}, now())
            removed = upkeep.remove_rows(session, school_id)
    with tools.database.reading() as session:
        lines = upkeep.lines_of(session, school_id)
        erasures = upkeep.under_way(session, school_id)
        emptied = upkeep.emptied_snapshots(session, school_id)
    upkeep.keep_list(home / upkeep.LIST_NAME, lines)
    asked_at = {sha256: erasure.asked_at for erasure in erasures for sha256 in erasure.sha256s}
    intake.Pieces(tools.blobs, home).forget(school_id, asked_at)
    left = upkeep.remove_bytes(tools.database, tools.blobs, school_id)
    for snapshot_id in emptied:
        for folder in (home / "index").glob(f"*/{snapshot_id}"):
            shutil.rmtree(folder, ignore_errors=True)

    def go_on(session: Session) -> None:
        if removed.item_ids or (not left and upkeep.may_be_over(session, school_id)):
            enqueue(session, JobKind.CLEAR_TRACES, school_id, upkeep.SUBJECT, urgency=Urgency.LATER)
        if left or removed.waits:
            delay = BUSY_SECONDS if removed.waits else LOOK_AGAIN_SECONDS
            enqueue(session, JobKind.ERASE, school_id, LEFT, delay_seconds=delay)

    return go_on


def clear_traces(tools: Tools, jobs: Sequence[Job]) -> Results:
    """Writes the index and the database's files anew, so that nothing of what was deleted is left in them.

    All that was erased meanwhile shares one such rewriting. Where others kept the database's files busy it is done
    again soon; while a drive's ZIP file still holds something erased, when housekeeping asks again.
    """
    school_id = jobs[0].school_id
    if tools.backends.index(school_id).keeps_removed:
        make_index_anew(tools, school_id)
    tools.blobs.sweep_temporary(older_than_seconds=ABANDONED_AFTER_SECONDS)
    is_clear = tools.database.clear_traces()

    def finish(session: Session) -> None:
        if is_clear:
            left = upkeep.finish_erasures(session, school_id)
            log.log(logging.INFO if left else logging.DEBUG, "school %s: %d erasures are not over yet", school_id, left)
        else:
            enqueue(session, JobKind.ERASE, school_id, LEFT, urgency=Urgency.LATER, delay_seconds=LOOK_AGAIN_SECONDS)

    return finish
