"""Looking for what is here already while filing, so that nothing is filed twice."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from evidence_app.domain import evidence
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import ItemKind
from evidence_app.extensions import actor
from evidence_app.pages.evidence.blueprint import pages
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
    if item_id:
        files = [one for one in found if one.item.kind == ItemKind.FILE and one.item.id != item_id]
        found = [one for one in files if evidence.may_change(actor(), one.item)]
    return render_template("evidence/_existing.html", words=words, found=found, item_id=item_id)
