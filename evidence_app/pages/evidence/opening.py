"""Reading a file once more: with the password its owner gives, or because what was missing may be there now."""

from __future__ import annotations

from flask import request
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import evidence, extraction
from evidence_app.domain.access import Action
from evidence_app.errors import Invalid
from evidence_app.extensions import actor, backends, reading, unit_of_work
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.changing import own_item, to_item
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.templating import say


@pages.post("/<item_id>/unlock")
@open_to(Action.FILE_EVIDENCE)
def unlock(school_key: str, item_id: str) -> Response:
    """Read the current version with a password, which goes to the child that reads and nowhere else."""
    version = evidence.current_version(reading(), own_item(item_id))
    try:
        opened = extraction.open_locked(backends().blobs, version, request.form.get("password", ""))
    except Invalid as error:
        say_trouble(str(say(error.message)))
        return to_item(item_id)
    with unit_of_work() as work:
        extraction.keep_opened(work, actor=actor(), version_id=version.id, opened=opened)
    say_done(gettext("The file is open. Its text and pages are here now."))
    return to_item(item_id)


@pages.post("/<item_id>/read-again")
@open_to(Action.FILE_EVIDENCE)
def read_again(school_key: str, item_id: str) -> Response:
    with unit_of_work() as work:
        extraction.read_item_again(work, actor=actor(), item_id=item_id)
    say_done(gettext("It is read again now. This takes some seconds."))
    return to_item(item_id)
