"""The front door, and each role's home."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date
from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.database import now
from evidence_app.domain import (
    accounts,
    coverage,
    evidence,
    extraction,
    frameworks,
    handover,
    intake,
    links,
    mail,
    requests,
    scanning,
    selfstudy,
    sharing,
    tagging,
    upkeep,
)
from evidence_app.domain.access import Action, can
from evidence_app.domain.selfstudy import DeadlineKind, EvaluationDeadline
from evidence_app.extensions import actor, reading, signed_in, unit_of_work
from evidence_app.i18n import Message, msg
from evidence_app.months import last_months
from evidence_app.web.access import Door, open_to
from evidence_app.web.documents import sign_of
from evidence_app.web.flashes import say_done
from evidence_app.web.templating import language, today

pages = Blueprint("home", __name__)
STOPS_BEHIND, STOPS_AHEAD = 2, 4
MONTHS_SHOWN = 4
SOON = timedelta(days=7)
RESET_TOLD_FOR = timedelta(days=30)
SHORT_STOPS = {
    DeadlineKind.DATES_OFFERED: msg("Dates offered"),
    DeadlineKind.DATES_CHOSEN: msg("Dates chosen"),
    DeadlineKind.STUDY_BEGINS: msg("Self-study begins"),
    DeadlineKind.PRELIMINARY_REVIEW: msg("Preliminary documents"),
    DeadlineKind.QUESTIONNAIRE: msg("Questionnaire"),
    DeadlineKind.AGENDA: msg("Agenda"),
    DeadlineKind.VISIT: msg("The visit"),
}
"""What is due, in a word or two: the road has little room for each stop."""


@pages.get("/")
@open_to(Door.SIGNED_IN)
def front() -> str | Response:
    user = signed_in()
    assert user is not None
    mine = accounts.schools_of(reading(), user.person.id)
    if len(mine) == 1:
        return redirect(url_for("home.home", school_key=mine[0].key))
    if not mine and user.person.runs_installation:
        return redirect(url_for("installation.overview"))
    return render_template("home/schools.html", schools=mine)


@pages.get("/<school_key>/")
@open_to(Door.MEMBER)
def home(school_key: str) -> str:
    if can(actor(), Action.READ_COVERAGE):
        return render_template("home/coordinator.html", **_overview(), **_trust())
    return render_template("home/teacher.html", **_mine(), **_trust())


@pages.post("/<school_key>/people/<person_id>/confirm")
@open_to(Door.MEMBER)
def confirm_person(school_key: str, person_id: str) -> Response:
    with unit_of_work() as work:
        evidence.confirm(work, actor=actor(), person_id=person_id, standing=request.form.get("standing", ""))
    say_done(gettext("Confirmed. They open again what you look after together."))
    return redirect(url_for("home.home", school_key=school_key))


def _trust() -> dict[str, object]:
    """What everybody's home says at the top: whose names wait for a word, and what happened to one's own account."""
    user = signed_in()
    assert user is not None
    reset_at = user.person.reset_at
    files = can(actor(), Action.FILE_EVIDENCE)
    mailed = intake.count_mailed(reading(), actor()) if files else 0
    return {
        "unconfirmed": evidence.unconfirmed_for(reading(), actor()),
        "handed_over": handover.count_waiting(reading(), actor()),
        "questions": evidence.count_questions(reading(), actor()) if files else 0,
        "closed_links": links.count_links_to_look_at(reading(), actor()) if files else 0,
        "late_reviews": evidence.count_late_reviews(reading(), actor(), today()),
        "infected": scanning.count_infected(reading(), actor()) if files else 0,
        "mails_unread": mail.count_unread(reading(), actor()),
        "mailed": mailed,
        "unsaved": intake.count_in_batch(reading(), actor()) - mailed if files else 0,
        "answers_begun": intake.answers_begun(reading(), actor()) if files else {},
        "link_made": accounts.has_open_link(reading(), user.person.id),
        "reset_on": reset_at.date() if reset_at and now() - reset_at < RESET_TOLD_FOR else None,
    }


def _mine() -> dict[str, object]:
    """What a teacher's home shows: what is asked of them, what came back, what they filed."""
    filed = evidence.recent_items(reading(), actor(), owner_id=actor().person_id, limit=6)
    versions = evidence.current_versions(reading(), actor().school_id, filed)
    return {
        "nodes": {n.key: n for c in frameworks.followed(reading(), actor().school_id) for n in c},
        "asked": requests.asked_of(reading(), actor()),
        "seen_by": evidence.Visibility(intake.next_facts(reading(), actor()).visibility),
        "returned": tagging.returned_to(reading(), actor()),
        "filed": filed,
        "begun": intake.begun_among(reading(), actor(), [item.id for item in filed]),
        "filed_count": evidence.count_items(reading(), actor(), owner_id=actor().person_id),
        "months": _months(),
        "tags": tagging.tags_of_items(reading(), actor(), [item.id for item in filed]),
        "versions": versions,
        "signs": {item.id: sign_of(item, versions[item.id].media_type) for item in filed},
        "thumbnails": extraction.thumbnails_of(reading(), actor().school_id, [v.id for v in versions.values()]),
        "visit": next((e for e in selfstudy.evaluations_of(reading(), actor()) if e.visit_on), None)
        if can(actor(), Action.READ_STUDY)
        else None,
        "answers": selfstudy.asked_to_lead(reading(), actor()) if can(actor(), Action.WRITE_STUDY) else [],
    }


def _months() -> list[tuple[str, int]]:
    """How many items the asker filed in each of the last months, the present one last."""
    starts = last_months(today(), MONTHS_SHOWN)
    since = [evidence.count_items(reading(), actor(), owner_id=actor().person_id, since=start) for start in starts]
    counts = [count - later for count, later in zip(since, [*since[1:], 0], strict=True)]
    return [(format_date(start, "LLL", locale=language()), n) for start, n in zip(starts, counts, strict=True)]


def _overview() -> dict[str, object]:
    """What a coordinator's or head's home shows: what waits, the road to the visit, coverage, what is late or new."""
    matrix = coverage.coverage_of(reading(), actor())
    evaluation = next(iter(selfstudy.evaluations_of(reading(), actor())), None)
    waiting = requests.open_requests(reading(), actor())
    names = requests.asked_names(reading(), actor(), waiting)
    recent = evidence.recent_items(reading(), actor(), limit=6)
    progress = selfstudy.progress(reading(), actor(), evaluation.id) if evaluation else {}
    return {
        "evaluation": evaluation,
        "locked": sharing.locked_shares(reading(), actor()),
        "damages": upkeep.damages(reading(), actor()),
        "road": _road(evaluation) if evaluation else [],
        "matrix": matrix,
        "rings": matrix.rings(),
        "gaps": len(matrix.gaps()),
        "queue": tagging.count_waiting(reading(), actor()) if can(actor(), Action.REVIEW_TAGS) else 0,
        "late": [(r, names[r.id]) for r in waiting if r.due_on <= today() + SOON],
        "overdue": sum(r.is_overdue(today()) for r in waiting),
        "drafts": sum(states[selfstudy.ResponseStatus.DRAFT] for states in progress.values()),
        "recent": recent,
        "begun": intake.begun_among(reading(), actor(), [item.id for item in recent]),
        "owners": accounts.names_of(reading(), actor().school_id, {item.owner_id for item in recent}),
        "week": evidence.count_items(reading(), actor(), since=today() - timedelta(days=7)),
    }


def _road(evaluation: selfstudy.Evaluation) -> list[tuple[str | Message, date, str]]:
    """The stops to the visit: what is done, today, what comes next, and the visit at the end; a handful of them."""
    deadlines = selfstudy.deadlines_of(reading(), actor(), evaluation.id)
    behind = [stop for stop in deadlines if stop.due_on < today()][-STOPS_BEHIND:]
    ahead = [stop for stop in deadlines if stop.due_on >= today()]
    if len(ahead) > STOPS_AHEAD:
        ahead = [*ahead[: STOPS_AHEAD - 1], ahead[-1]]
    road: list[tuple[str | Message, date, str]] = [(_stop(stop), stop.due_on, "done") for stop in behind]
    road.append((msg("Today"), today(), "now"))
    road += [(_stop(stop), stop.due_on, "end" if stop is ahead[-1] else "next") for stop in ahead]
    return road


def _stop(stop: EvaluationDeadline) -> str | Message:
    return stop.title or SHORT_STOPS[DeadlineKind(stop.key)]
