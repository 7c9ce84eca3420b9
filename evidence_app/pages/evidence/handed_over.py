"""Private items whose owner handed over: another custodian of each gives it on, one by one."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import accounts, handover
from evidence_app.domain.access import Action
from evidence_app.errors import Conflict
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.templating import language


@pages.get("/handed-over")
@open_to(Action.FILE_EVIDENCE)
def handed_over(school_key: str) -> str:
    waiting = handover.waiting_for(reading(), actor())
    ids = {id for one in waiting for id in (one.handover.from_id, one.handover.to_id)}
    names = accounts.names_of(reading(), actor().school_id, ids)
    return render_template("evidence/handed_over.html", waiting=waiting, names=names)


@pages.post("/<item_id>/give-on")
@open_to(Action.FILE_EVIDENCE)
def give_on(school_key: str, item_id: str) -> Response:
    try:
        with unit_of_work() as work:
            handover.confirm_item(work, actor=actor(), item_id=item_id)
    except Conflict as error:
        say_trouble(error.message.in_language(language()))
    else:
        say_done(gettext("Given on. They look after it now, with you and whoever did before."))
    return redirect(url_for("evidence.handed_over", school_key=school_key))
