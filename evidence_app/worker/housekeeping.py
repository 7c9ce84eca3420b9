"""What a worker does now and then, when nothing else waits."""

from __future__ import annotations

import logging
import time

from sqlalchemy import select

from evidence_app.database import now
from evidence_app.domain import accounts, evidence, intake, upkeep
from evidence_app.domain.schools import School
from evidence_app.domain.search import IndexUnusable, ask_for_rebuild
from evidence_app.worker.tools import Tools
from storage_adapters import StoreError

log = logging.getLogger(__name__)

SWEEP_EVERY_SECONDS = 3600
ABANDONED_AFTER_SECONDS = 600
UNFINISHED_AFTER_SECONDS = 24 * 3600
LOOK_AT_INDEXES_EVERY_SECONDS = 10
COLLECT_EVERY_SECONDS = 24 * 3600


class Housekeeping:
    """Removes what cut-off uploads, ended sign-ins and full bins left behind; has lost or damaged indexes made anew."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._sweep_at = self._look_at = self._collect_at = time.monotonic()

    def do_what_is_due(self) -> None:
        """Nothing, most of the time: each thing has its own pace, and all are done at the first call."""
        moment = time.monotonic()
        if moment >= self._sweep_at:
            self._sweep_at = moment + SWEEP_EVERY_SECONDS
            self._sweep()
            self._forget()
            self._empty_bins()
        if moment >= self._collect_at:
            self._collect_at = moment + COLLECT_EVERY_SECONDS
            self._collect()
        if moment >= self._look_at:
            self._look_at = moment + LOOK_AT_INDEXES_EVERY_SECONDS
            self._look_at_indexes()

    def _sweep(self) -> None:
        try:
            swept = self._tools.blobs.sweep_temporary(older_than_seconds=ABANDONED_AFTER_SECONDS)
        except StoreError as error:
            log.warning("what interrupted uploads left behind could not be removed: %s", error)
        else:
            log.log(logging.INFO if swept else logging.DEBUG, "%d interrupted uploads removed", swept)
        left = intake.Pieces(self._tools.blobs, self._tools.backends.settings.home).sweep(UNFINISHED_AFTER_SECONDS)
        log.log(logging.INFO if left else logging.DEBUG, "%d uploads in pieces removed that nobody went on with", left)

    def _forget(self) -> None:
        settings = self._tools.backends.settings
        with self._tools.database.unit_of_work() as session:
            accounts.forget_ended(session, idle_seconds=settings.idle_seconds, longest_seconds=settings.session_seconds)
            evidence.forget_filing_keys(session)
            intake.forget_old_reports(session)

    def _empty_bins(self) -> None:
        """What was in a bin for 30 days is erased; what stopped in the middle goes on."""
        with self._tools.database.reading() as session:
            school_ids = list(session.scalars(select(School.id)))
        for school_id in school_ids:
            with self._tools.database.unit_of_work() as session:
                due = upkeep.erase_what_is_due(session, school_id, now())
            log.log(logging.INFO if due else logging.DEBUG, "school %s: %d items leave the bin", school_id, due)
        with self._tools.database.unit_of_work() as session:
            upkeep.ask_again(session)

    def _collect(self) -> None:
        try:
            count = upkeep.collect_orphans(self._tools.database.unit_of_work, self._tools.blobs, now())
        except StoreError as error:
            log.warning("bytes that no row names could not be looked at: %s", error)
        else:
            log.log(logging.INFO if count else logging.DEBUG, "%d files of the store are named by no row", count)

    def _look_at_indexes(self) -> None:
        with self._tools.database.reading() as session:
            school_ids = list(session.scalars(select(School.id)))
        for school_id in school_ids:
            try:
                self._tools.backends.index(school_id).open()
            except IndexUnusable as error:
                with self._tools.database.unit_of_work() as session:
                    if ask_for_rebuild(session, school_id):
                        log.warning("school %s: %s", school_id, error)
