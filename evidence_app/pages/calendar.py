"""The calendar: everything due, by month; and the address under which one's own calendar reads it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import force_locale, gettext
from werkzeug.wrappers import Response as AnyResponse

from evidence_app.database import DatabaseBusy, now
from evidence_app.domain import calendar
from evidence_app.domain.access import Action, can
from evidence_app.domain.calendar import Appointment, Due, DueKind
from evidence_app.domain.schools import school_of
from evidence_app.errors import NotFound
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.i18n import msg
from evidence_app.months import months_before
from evidence_app.web.access import Door, open_to
from evidence_app.web.flashes import say_done
from evidence_app.web.hosts import own_address
from evidence_app.web.templating import language, today

pages = Blueprint("calendar", __name__, url_prefix="/<school_key>/calendar")
SIGNS = {
    DueKind.DEADLINE: "flag",
    DueKind.REQUEST: "message-question",
    DueKind.ACTION: "target-arrow",
    DueKind.FINDING: "clipboard-list",
    DueKind.REVIEW: "shield-check",
    DueKind.SHARE: "share",
}
MONTHS_AHEAD = 12
VIEWS = {"mine": msg("Mine"), "all": msg("Everything")}


@dataclass(frozen=True, slots=True)
class Month:
    """A month with what is due in it; `id` names it in the page."""

    id: str
    name: str
    rows: tuple[Due, ...]


@pages.get("/")
@open_to(Action.READ_EVIDENCE)
def overview(school_key: str) -> str:
    """Everything due, or what waits for the reader: what is late first, then month by month."""
    usual = "all" if can(actor(), Action.READ_COVERAGE) else "mine"
    view = request.args.get("show", usual)
    view = view if view in VIEWS else usual
    found = calendar.everything_due(reading(), actor(), today=today())
    counts = {"mine": sum(due.is_mine for due in found), "all": len(found)}
    shown = [due for due in found if due.is_mine or view == "all"]
    months = _months([due for due in shown if due.due_on >= today()])
    return render_template(
        "calendar/overview.html",
        late=[due for due in shown if due.due_on < today()],
        months=months,
        year=_year(months),
        view=view,
        views=VIEWS,
        counts=counts,
        signs=SIGNS,
        page_of=page_of,
        beside_day=_beside_day,
        feed=calendar.feed_of(reading(), actor()),
    )


@pages.post("/address")
@open_to(Action.READ_EVIDENCE)
def make_feed(school_key: str) -> str:
    """A new address, shown this once: of its secret only a hash is kept."""
    with unit_of_work() as work:
        token = calendar.make_feed(work, actor=actor())
    address = own_address() + url_for("calendar.feed", school_key=school_key, token=token)
    return render_template("calendar/address.html", address=address)


@pages.post("/address/end")
@open_to(Action.READ_EVIDENCE)
def end_feed(school_key: str) -> AnyResponse:
    with unit_of_work() as work:
        calendar.end_feed(work, actor=actor())
    say_done(gettext("The address is taken away. What your calendar has read already may stay there for a while."))
    return redirect(url_for("calendar.overview", school_key=school_key))


@pages.get("/<token>.ics")
@open_to(Door.EVERYBODY)
def feed(school_key: str, token: str) -> Response:
    """What a calendar reads that was given the address: all that is its owner's, in their language, as they may know
    it now; nothing private, since it leaves the school.
    """
    reader, found = calendar.actor_of_feed(reading(), token)
    place = school_of(reading(), reader)
    if place.key != school_key:
        raise NotFound(calendar.NO_FEED)
    rows = calendar.everything_due(reading(), reader, today=today(), with_private=False)
    with force_locale(reader.language):
        name = gettext("%(school)s: due", school=place.name)
        appointments = [_appointment(due, school_key, reader.language) for due in rows if due.is_mine]
    if calendar.is_due_to_be_noted(found):
        # Whoever only reads waits for no writer; the next reading is noted.
        with suppress(DatabaseBusy), unit_of_work(patience_seconds=0.2) as work:
            calendar.note_read(work, token)
    return Response(calendar.icalendar_file(name, appointments, made_at=now()), mimetype="text/calendar")


def page_of(due: Due, school_key: str) -> str:
    """The address, below the school's, of the page where something due is done."""
    match due.kind:
        case DueKind.DEADLINE:
            return url_for("study.dates", school_key=school_key, evaluation_id=due.within_id)
        case DueKind.REQUEST:
            return url_for("requests.request_page", school_key=school_key, request_id=due.subject_id)
        case DueKind.ACTION:
            return url_for("plan.action", school_key=school_key, plan_id=due.within_id, action_id=due.subject_id)
        case DueKind.FINDING:
            return url_for("plan.findings", school_key=school_key)
        case DueKind.REVIEW:
            return url_for("evidence.item", school_key=school_key, item_id=due.subject_id)
        case DueKind.SHARE:
            return url_for("shares.share", school_key=school_key, share_id=due.subject_id)


def _appointment(due: Due, school_key: str, spoken: str) -> Appointment:
    kind = due.kind.label.in_language(spoken)
    title = due.title if isinstance(due.title, str) else due.title.in_language(spoken)
    return Appointment(
        uid=f"{due.kind}-{due.subject_id}@evidence-app",
        day=due.due_on,
        title=title,
        kind=kind,
        description=" · ".join(part for part in (kind, due.within, due.who) if part),
        url=own_address() + page_of(due, school_key),
    )


def _months(found: Sequence[Due]) -> list[Month]:
    by_month: dict[date, list[Due]] = {}
    for due in found:
        by_month.setdefault(due.due_on.replace(day=1), []).append(due)
    return [Month(f"m-{first:%Y-%m}", _name(first, "LLLL yyyy"), tuple(rows)) for first, rows in by_month.items()]


def _year(months: Sequence[Month]) -> list[tuple[str, str, int]]:
    """The months ahead, each with its id in the page, a short name, and how much is due in it."""
    counts = {month.id: len(month.rows) for month in months}
    firsts = [months_before(today().replace(day=1), -ahead) for ahead in range(MONTHS_AHEAD)]
    ids = [f"m-{first:%Y-%m}" for first in firsts]
    return [(id, _name(first, "LLL"), counts.get(id, 0)) for id, first in zip(ids, firsts, strict=True)]


def _beside_day(due: Due) -> str:
    """What stands below the number of a day: its month where that is over, else the day of the week."""
    return str(format_date(due.due_on, "LLL" if due.due_on < today() else "EEE", locale=language()))


def _name(first: date, pattern: str) -> str:
    name = str(format_date(first, pattern, locale=language()))
    return name[:1].upper() + name[1:]
