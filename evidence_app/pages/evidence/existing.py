"""Looking for what is here already while filing, so that nothing is filed twice."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from evidence_app.domain import evidence, intake
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import ItemKind
from evidence_app.extensions import actor, reading, unit_of_work
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.filing import changed
from evidence_app.pages.evidence.filing_form import answered_id, answering, filing_url
from evidence_app.web.access import open_to
from evidence_app.web.fragments import wants_fragment
from evidence_app.web.item_choices import found_by


@pages.get("/new/existing")
@open_to(Action.FILE_EVIDENCE)
def existing(school_key: str) -> str | Response:
    """What a search finds, each leading to its page; a bare browser is led to the library.

    With `item`, what is being filed: only files that it can be made a new version of.
    """
    words, item_id = request.args.get("q", "").strip(), request.args.get("item", "")
    if not wants_fragment():
        return redirect(url_for("evidence.library", school_key=school_key, q=words))
    found = found_by(words)
    asked = answering()
    if item_id:
        files = [one for one in found if one.item.kind == ItemKind.FILE and one.item.id != item_id]
        found = [one for one in files if evidence.may_change(actor(), one.item)]
    return render_template("evidence/_existing.html", words=words, found=found, item_id=item_id, answering=asked)


@pages.post("/new/use/<item_id>")
@open_to(Action.TAG_EVIDENCE)
def use(school_key: str, item_id: str) -> str | Response:
    """An item that is here already, to be given in answer to a request: its card; nothing where that is there."""
    request_id = answered_id()
    was_there = item_id in {card.item.id for card in intake.cards_of(reading(), actor(), request_id)}
    if not was_there:
        with unit_of_work() as work:
            intake.choose_known(work, actor=actor(), item_id=item_id, request_id=request_id)
    if not wants_fragment():
        return redirect(filing_url(request_id))
    return changed("" if was_there else item_id)
