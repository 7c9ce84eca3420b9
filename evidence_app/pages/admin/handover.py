"""A leaver's handover: who takes over, how much of each moves, what waits, and taking it back."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import accounts, handover
from evidence_app.domain.access import Action
from evidence_app.errors import AppError, Conflict, Invalid
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.pages.admin.blueprint import pages
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.templating import language


@pages.get("/people/<person_id>/handover")
@open_to(Action.MANAGE_PEOPLE)
def hand_over(school_key: str, person_id: str) -> str:
    """Whom to choose from; with `to`, how much would move to them."""
    membership = accounts.managed_member(reading(), actor(), person_id)
    chosen, found = request.args.get("to", ""), None
    if chosen:
        try:
            found = handover.preview(reading(), actor(), person_id, chosen)
        except Invalid as error:
            say_trouble(error.message.in_language(language()))
    members = [one for one in accounts.members_of(reading(), actor()) if one.person_id != person_id]
    return render_template(
        "admin/handover.html",
        membership=membership,
        choices=[(one.person_id, one.person.display_name) for one in members],
        names={one.person_id: one.person.display_name for one in members},
        chosen=chosen if found else "",
        found=found,
        before=handover.handovers_of(reading(), actor(), person_id),
    )


@pages.post("/people/<person_id>/handover")
@open_to(Action.MANAGE_PEOPLE)
def hand_over_submit(school_key: str, person_id: str) -> Response:
    to_id, ends = request.form.get("to", ""), bool(request.form.get("end_access"))
    try:
        with unit_of_work() as work:
            done = handover.hand_over(work, actor=actor(), from_id=person_id, to_id=to_id, end_access=ends)
    except (Invalid, Conflict) as error:
        say_trouble(error.message.in_language(language()))
        return _back(person_id, to=to_id)
    undo = "" if ends else url_for("admin.undo_handover", school_key=school_key, handover_id=done.id)
    say_done(gettext("Handed over. Private items wait for the word of those who look after them."), undo_url=undo)
    return redirect(url_for("admin.people", school_key=school_key)) if ends else _back(person_id)


@pages.post("/handovers/<handover_id>/undo")
@open_to(Action.MANAGE_PEOPLE)
def undo_handover(school_key: str, handover_id: str) -> Response:
    try:
        with unit_of_work() as work:
            done = handover.undo(work, actor=actor(), handover_id=handover_id)
    except AppError as error:
        say_trouble(error.message.in_language(language()))
        return redirect(url_for("admin.people", school_key=school_key))
    say_done(gettext("Taken back. What was given on since stays where it is."))
    return _back(done.from_id)


def _back(person_id: str, to: str | None = None) -> Response:
    return redirect(url_for("admin.hand_over", school_key=school().key, person_id=person_id, to=to))
