"""What a worker does now and then, when nothing else waits."""

from __future__ import annotations

import logging
import time

from sqlalchemy import select

from evidence_app.domain import accounts, evidence, intake, mail
from evidence_app.domain.schools import School
from evidence_app.domain.search import IndexUnusable, ask_for_rebuild
from evidence_app.worker.tools import Tools
from storage_adapters import StoreError

log = logging.getLogger(__name__)

SWEEP_EVERY_SECONDS = 3600
ABANDONED_AFTER_SECONDS = 600
UNFINISHED_AFTER_SECONDS = 24 * 3600
LOOK_AT_INDEXES_EVERY_SECONDS = 10
LOOK_FOR_MAIL_EVERY_SECONDS = 60


class Housekeeping:
    """Removes what cut-off uploads and ended sign-ins left behind, has lost or damaged indexes made anew, and mailboxes
    read.
    """

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._sweep_at = self._look_at = self._mail_at = time.monotonic()

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
        if moment >= self._mail_at:
            self._mail_at = moment + LOOK_FOR_MAIL_EVERY_SECONDS
            with self._tools.database.unit_of_work() as session:
                mail.ask_for_mail(session)

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
