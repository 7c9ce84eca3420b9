"""What a worker does now and then, when nothing else waits."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import select

from evidence_app.database import now
from evidence_app.domain import accounts, evidence, intake, links, mail, scanning, upkeep
from evidence_app.domain.schools import School
from evidence_app.domain.search import IndexUnusable, ask_for_rebuild
from evidence_app.worker.indexing import compare_index
from evidence_app.worker.tools import Tools
from storage_adapters import StoreError

log = logging.getLogger(__name__)

SWEEP_EVERY_SECONDS = 3600
ABANDONED_AFTER_SECONDS = 600
UNFINISHED_AFTER_SECONDS = 24 * 3600
COLLECT_EVERY_SECONDS = 24 * 3600
LOOK_AT_INDEXES_EVERY_SECONDS = 10
COMPARE_INDEXES_EVERY_SECONDS = 24 * 3600
REREAD_SECONDS = 0.1
REST_FOR_EACH_SECOND = 19
"""Files are read again for one twentieth of the time at most: a machine that does nothing else has little to do."""
REST_WHEN_ALL_IS_READ_SECONDS = 60
LOOK_FOR_MAIL_EVERY_SECONDS = 60
ASK_FOR_LINKS_EVERY_SECONDS = 20
ASK_THE_SCANNER_EVERY_SECONDS = 60

Chore = Callable[[], float]
"""Something that is to be done again and again; gives after how many seconds."""


class Housekeeping:
    """Removes what cut-off uploads, ended sign-ins and full bins left behind, has lost or damaged indexes made anew,
    has indexed again what is in the index and not in the rows, or the other way about,
    reads all kept files again, a seventh of them a day, and, where that is set up, has links looked at, files scanned
    and mailboxes read.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._rereader = upkeep.Rereader(tools.database, tools.blobs)
        self._has_begun_to_scan = False
        chores: tuple[Chore, ...] = (
            self._note_sizes,
            self._sweep,
            self._forget,
            self._empty_bins,
            self._collect,
            self._look_at_indexes,
            self._compare_indexes,
            self._reread,
            self._ask_for_mail,
            self._ask_the_scanner,
            self._ask_for_links,
        )
        self._due = dict.fromkeys(chores, time.monotonic())

    def do_what_is_due(self, is_called: Callable[[], bool] = lambda: False) -> None:
        """Nothing, most of the time: each chore has its own pace, and all are done at the first call.

        No chore is begun once `is_called()`: for a large school each takes up to seconds, and the rest can wait.
        """
        for chore, due_at in self._due.items():
            if is_called():
                return
            if time.monotonic() >= due_at:
                rest_seconds = chore()
                self._due[chore] = time.monotonic() + rest_seconds

    def _note_sizes(self) -> float:
        self._tools.database.note_sizes()
        return SWEEP_EVERY_SECONDS

    def _reread(self) -> float:
        begun = time.monotonic()
        is_more = self._rereader.go_on(REREAD_SECONDS)
        return REST_FOR_EACH_SECOND * (time.monotonic() - begun) if is_more else REST_WHEN_ALL_IS_READ_SECONDS

    def _ask_for_mail(self) -> float:
        with self._tools.database.unit_of_work() as session:
            mail.ask_for_mail(session)
        return LOOK_FOR_MAIL_EVERY_SECONDS

    def _ask_for_links(self) -> float:
        if self._tools.backends.settings.link_checks:
            with self._tools.database.unit_of_work() as session:
                links.ask_for_due(session)
        return ASK_FOR_LINKS_EVERY_SECONDS

    def _ask_the_scanner(self) -> float:
        """What waits for the scanner is asked for once it answers; without one, nothing waits."""
        scanner = self._tools.scanner
        if not self._has_begun_to_scan:
            self._has_begun_to_scan = True
            with self._tools.database.unit_of_work() as session:
                if scanner is None:
                    scanning.wait_no_more(session)
                else:
                    scanning.await_all(session)
                    scanning.look_once_more(session)
        if scanner is not None and scanner.answers():
            with self._tools.database.unit_of_work() as session:
                scanning.ask_for_waiting(session)
        return ASK_THE_SCANNER_EVERY_SECONDS

    def _sweep(self) -> float:
        try:
            swept = self._tools.blobs.sweep_temporary(older_than_seconds=ABANDONED_AFTER_SECONDS)
        except StoreError as error:
            log.warning("what interrupted uploads left behind could not be removed: %s", error)
        else:
            log.log(logging.INFO if swept else logging.DEBUG, "%d interrupted uploads removed", swept)
        left = intake.Pieces(self._tools.blobs, self._tools.backends.settings.home).sweep(UNFINISHED_AFTER_SECONDS)
        log.log(logging.INFO if left else logging.DEBUG, "%d uploads in pieces removed that nobody went on with", left)
        return SWEEP_EVERY_SECONDS

    def _forget(self) -> float:
        settings = self._tools.backends.settings
        with self._tools.database.unit_of_work() as session:
            accounts.forget_ended(session, idle_seconds=settings.idle_seconds, longest_seconds=settings.session_seconds)
            evidence.forget_filing_keys(session)
            mail.forget_old_mails(session)
            intake.forget_old_reports(session)
            intake.forget_old_drafts(session)
            intake.leave_out_drives_of_leavers(session, older_than_seconds=UNFINISHED_AFTER_SECONDS)
        return SWEEP_EVERY_SECONDS

    def _empty_bins(self) -> float:
        """What was in a bin for 30 days is erased; what stopped in the middle goes on."""
        with self._tools.database.reading() as session:
            school_ids = list(session.scalars(select(School.id)))
        for school_id in school_ids:
            with self._tools.database.unit_of_work() as session:
                due = upkeep.erase_what_is_due(session, school_id, now())
            log.log(logging.INFO if due else logging.DEBUG, "school %s: %d items leave the bin", school_id, due)
        with self._tools.database.unit_of_work() as session:
            upkeep.ask_again(session)
        return SWEEP_EVERY_SECONDS

    def _collect(self) -> float:
        try:
            count = upkeep.collect_orphans(self._tools.database, self._tools.blobs, now())
        except StoreError as error:
            log.warning("bytes that no row names could not be looked at: %s", error)
        else:
            log.log(logging.INFO if count else logging.DEBUG, "%d files of the store are named by no row", count)
        return COLLECT_EVERY_SECONDS

    def _look_at_indexes(self) -> float:
        with self._tools.database.reading() as session:
            school_ids = list(session.scalars(select(School.id)))
        for school_id in school_ids:
            try:
                self._tools.backends.index(school_id).open()
            except IndexUnusable as error:
                with self._tools.database.unit_of_work() as session:
                    if ask_for_rebuild(session, school_id):
                        log.warning("school %s: %s", school_id, error)
        return LOOK_AT_INDEXES_EVERY_SECONDS

    def _compare_indexes(self) -> float:
        with self._tools.database.reading() as session:
            school_ids = list(session.scalars(select(School.id)))
        for school_id in school_ids:
            # One that cannot be used is made anew anyway.
            with suppress(IndexUnusable):
                if differing := compare_index(self._tools, school_id):
                    log.warning("school %s: %d items are indexed again", school_id, differing)
        return COMPARE_INDEXES_EVERY_SECONDS
