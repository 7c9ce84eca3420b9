"""How the school's installation is doing: work that waits or failed, and who did what."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from evidence_app.domain import accounts, audit, extraction, jobs, scanning, tagging, upkeep
from evidence_app.domain.access import Action
from evidence_app.errors import Invalid
from evidence_app.extensions import actor, backends, reading, stop_reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.admin.blueprint import pages
from evidence_app.pages.admin.log import named_in
from evidence_app.web.access import open_to
from storage_adapters import StoreError

ENTRIES_SHOWN = 50
WHY_UNREAD = {
    extraction.Unread.NO_OCR: msg("Scans and pictures, because text recognition (tesseract) was not installed"),
    extraction.Unread.NO_OFFICE: msg("Old kinds of files, because LibreOffice (soffice) was not installed"),
    extraction.Unread.NO_HEIC: msg("Photographs of iPhones, because the library for them (pi-heif) was not installed"),
    extraction.Unread.NO_READER: msg("Files of kinds that can be read since the product was upgraded"),
    extraction.Unread.FAILED: msg("Files whose reading was stopped because it took too much time or memory"),
}
"""Why files were not read, or not wholly, as the page says it."""
UNREAD = {
    extraction.ReadingState.DAMAGED: msg(
        "They are kept as they came, but their words cannot be found. Whoever filed them is told on their pages to ask "
        "for the documents again."
    ),
    extraction.ReadingState.ENCRYPTED: msg("Give the password of each on its page, and its words can be found."),
    extraction.ReadingState.TOO_LARGE: msg(
        "They are kept and can be downloaded, but their words cannot be found. Say in their descriptions what they "
        "show."
    ),
    extraction.ReadingState.NO_READER: msg(
        "Files of these kinds are kept and can be downloaded. Say in their descriptions what they show, so that they "
        "are found."
    ),
}
"""What to do about files that cannot be read as they are, by what is the matter with them."""


@pages.get("/health")
@open_to(Action.MANAGE_SCHOOL)
def health(school_key: str) -> str:
    store_trouble = _store_trouble()
    entries = audit.recent_entries(reading(), actor(), limit=ENTRIES_SHOWN)
    return render_template(
        "admin/health.html",
        backlogs=extraction.backlogs(reading(), actor()),
        why_unread=WHY_UNREAD,
        unread=[
            (state, extraction.state_words(state), UNREAD[state], count)
            for state, count in extraction.unread_counts(reading(), actor()).items()
        ],
        store_trouble=store_trouble,
        damages=upkeep.damages(reading(), actor()),
        rereading=upkeep.rereading_of(reading(), actor()),
        parked=jobs.parked_jobs(reading(), actor().school_id),
        waiting=jobs.unfinished_count(reading(), actor().school_id, list(jobs.JobKind)),
        entries=entries,
        act_words=audit.act_words,
        subject_words=audit.subject_words,
        scans=scanning.count_by_state(reading(), actor().school_id),
        has_scanner=bool(backends().settings.scanner_url),
        named=named_in(entries),
        closed=tagging.closed_entries(reading(), actor(), entries),
        names=accounts.names_of(reading(), actor().school_id, {entry.actor_id for entry in entries}),
    )


def _store_trouble() -> str:
    """What keeps files from being filed now, found out by filing a few bytes; "" where nothing does."""
    # The database is let go of meanwhile: a store that does not answer takes its time.
    stop_reading()
    try:
        backends().blobs.probe()
    except StoreError as error:
        return str(error)
    return ""


@pages.post("/health/retry")
@open_to(Action.MANAGE_SCHOOL)
def retry_jobs(school_key: str) -> Response:
    with unit_of_work() as work:
        jobs.retry_parked(work, actor().school_id)
    flash(gettext("The failed work is tried again."))
    return redirect(url_for("admin.health", school_key=school_key))


@pages.post("/health/look-again")
@open_to(Action.MANAGE_SCHOOL)
def look_again(school_key: str) -> Response:
    school_id = actor().school_id
    # Bytes are read while nothing of the database is held.
    stop_reading()
    left = upkeep.look_again(backends().database, backends().blobs, school_id)
    flash(
        ngettext("%(num)d file is still damaged.", "%(num)d files are still damaged.", left)
        if left
        else gettext("They were read again, and all are whole.")
    )
    return redirect(url_for("admin.health", school_key=school_key))


@pages.post("/health/read-again")
@open_to(Action.MANAGE_SCHOOL)
def read_again(school_key: str) -> Response:
    why = request.form.get("why", "")
    if why not in list(extraction.Unread):
        raise Invalid(msg("There is no such reason why files were not read."))
    with unit_of_work() as work:
        count = extraction.read_again(work, actor=actor(), whys=[extraction.Unread(why)])
    flash(ngettext("%(num)d file is read again.", "%(num)d files are read again.", count))
    return redirect(url_for("admin.health", school_key=school_key))
