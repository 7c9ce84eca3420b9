"""What a worker does now and then, when nothing else waits."""

from __future__ import annotations

import logging
import time

from sqlalchemy import select

from evidence_app.domain import accounts, evidence, intake, links, mail, scanning, upkeep
from evidence_app.domain.schools import School
from evidence_app.domain.search import IndexUnusable, ask_for_rebuild
from evidence_app.worker.tools import Tools
from storage_adapters import StoreError

log = logging.getLogger(__name__)

SWEEP_EVERY_SECONDS = 3600
ABANDONED_AFTER_SECONDS = 600
UNFINISHED_AFTER_SECONDS = 24 * 3600
LOOK_AT_INDEXES_EVERY_SECONDS = 10
REREAD_SECONDS = 0.1
REST_FOR_EACH_SECOND = 19
"""Files are read again for one twentieth of the time at most: a machine that does nothing else has little to do."""
REST_WHEN_ALL_IS_READ_SECONDS = 60
LOOK_FOR_MAIL_EVERY_SECONDS = 60
ASK_FOR_LINKS_EVERY_SECONDS = 20
ASK_THE_SCANNER_EVERY_SECONDS = 60


class Housekeeping:
    """Removes what cut-off uploads and ended sign-ins left behind, has lost or damaged indexes made anew, reads all
    kept files again, a seventh of them a day, and, where that is set up, has links looked at, files scanned and
    mailboxes read.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._sweep_at = self._look_at = self._reread_at = self._links_at = self._scan_at = self._mail_at = (
            time.monotonic()
        )
        self._rereader = upkeep.Rereader(tools.database, tools.blobs)
        self._has_begun_to_scan = False

    def do_what_is_due(self) -> None:
        """Nothing, most of the time: each thing has its own pace, and all are done at the first call."""
        moment = time.monotonic()
        if moment >= self._sweep_at:
            self._sweep_at = moment + SWEEP_EVERY_SECONDS
            self._sweep()
            self._forget()
        if moment >= self._look_at:
            self._look_at = moment + LOOK_AT_INDEXES_EVERY_SECONDS
            self._look_at_indexes()
        if moment >= self._reread_at:
            self._reread()
        if moment >= self._scan_at:
            self._scan_at = moment + ASK_THE_SCANNER_EVERY_SECONDS
            self._ask_the_scanner()
        if moment >= self._links_at and self._tools.backends.settings.link_checks:
            self._links_at = moment + ASK_FOR_LINKS_EVERY_SECONDS
            with self._tools.database.unit_of_work() as session:
                links.ask_for_due(session)
        if moment >= self._mail_at:
            self._mail_at = moment + LOOK_FOR_MAIL_EVERY_SECONDS
            with self._tools.database.unit_of_work() as session:
                mail.ask_for_mail(session)

    def _reread(self) -> None:
        begun = time.monotonic()
        is_more = self._rereader.go_on(REREAD_SECONDS)
        ended = time.monotonic()
        rest = REST_FOR_EACH_SECOND * (ended - begun) if is_more else REST_WHEN_ALL_IS_READ_SECONDS
        self._reread_at = ended + rest

    def _ask_the_scanner(self) -> None:
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
            mail.forget_old_mails(session)

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
