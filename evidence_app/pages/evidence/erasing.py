"""Erasing an item for good: what goes and what stays is said first, and it is asked once."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import upkeep
from evidence_app.domain.access import Action
from evidence_app.errors import Conflict
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.templating import language


@pages.get("/<item_id>/erase")
@open_to(Action.FILE_EVIDENCE)
def erase(school_key: str, item_id: str) -> str:
    return render_template("evidence/erase.html", found=upkeep.consequences(reading(), actor(), item_id))


@pages.post("/<item_id>/erase")
@open_to(Action.FILE_EVIDENCE)
def erase_for_good(school_key: str, item_id: str) -> Response:
    try:
        with unit_of_work() as work:
            upkeep.erase(work, actor=actor(), item_id=item_id)
    except Conflict as error:
        say_trouble(error.message.in_language(language()))
        return redirect(url_for("evidence.erase", school_key=school_key, item_id=item_id))
    say_done(gettext("Nobody can see it any more. Its last traces are removed in the next minutes."))
    return redirect(url_for("evidence.library", school_key=school_key))
