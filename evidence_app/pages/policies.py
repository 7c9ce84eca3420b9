"""The register of policies: what is to be looked at again, the longest overdue first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from evidence_app.domain import accounts, evidence
from evidence_app.domain.access import Action
from evidence_app.domain.evidence import Item, Listed, ReviewDay, Version
from evidence_app.domain.suggesting import load_kinds
from evidence_app.errors import AppError
from evidence_app.extensions import actor, reading, school, unit_of_work
from evidence_app.i18n import msg
from evidence_app.web.access import open_to
from evidence_app.web.documents import document_kind_words, programme_words
from evidence_app.web.flashes import say_done, say_trouble
from evidence_app.web.forms import read_day
from evidence_app.web.templating import language, today

pages = Blueprint("policies", __name__, url_prefix="/<school_key>/policies")
POLICY = "_policy"
"""How the keys of those kinds of document end that are policies."""
MOST_SHOWN = 200
SOON = timedelta(days=60)
VIEWS = {Listed.ALL: msg("All"), Listed.LATE: msg("Overdue"), Listed.UNDATED: msg("Without a day")}


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One line of the register. It is as it stands `since`; `tone` and `sign` show how near the day is."""

    item: Item
    since: datetime
    kind: str
    programmes: str
    owner: str
    tone: str
    sign: str
    may_change: bool


@pages.get("/")
@open_to(Action.READ_EVIDENCE)
def register(school_key: str) -> str:
    asked = request.args.get("show", "")
    view = Listed(asked) if asked in set(Listed) else Listed.ALL
    kinds = policy_kinds()
    listed = evidence.register_of(reading(), actor(), kinds, listed=view, today=today(), most=MOST_SHOWN)
    versions = evidence.current_versions(reading(), school().id, listed)
    names = accounts.names_of(reading(), school().id, {item.owner_id for item in listed})
    rows = [_row(item, versions[item.id], names.get(item.owner_id, "")) for item in listed]
    return render_template(
        "policies/register.html",
        rows=rows,
        view=view,
        views=VIEWS,
        counts=evidence.count_register(reading(), actor(), kinds, today=today()),
        may_change_any=any(row.may_change for row in rows),
    )


@pages.post("/")
@open_to(Action.FILE_EVIDENCE)
def save(school_key: str) -> Response:
    """The days that were changed on the page are set; what a colleague changed meanwhile stays."""
    try:
        days = _days_changed(request.form)
        with unit_of_work() as work:
            changed, left = evidence.set_review_days(work, actor=actor(), days=days)
    except AppError as error:
        say_trouble(error.message.in_language(language()))
    else:
        for item in left:
            words = gettext("Somebody else set another day for %(title)s meanwhile. It is kept.", title=item.title)
            say_trouble(words, tone="wait")
        if changed:
            say_done(ngettext("%(num)d day is changed.", "%(num)d days are changed.", len(changed)))
        elif not left:
            say_done(gettext("All days are as they were."))
    return redirect(url_for("policies.register", school_key=school_key, show=request.args.get("show") or None))


def policy_kinds() -> list[str]:
    """The kinds of document that are policies."""
    return [kind.key for kind in load_kinds().kinds if kind.key.endswith(POLICY)]


def _row(item: Item, version: Version, owner: str) -> PolicyView:
    tone, sign = _look(item.review_by)
    kind = document_kind_words(item.document_kind) if item.document_kind else ""
    may_change = evidence.may_change(actor(), item)
    # What was brought in from a drive came to the school before that.
    since = item.received_at if version.number == 1 else version.added_at
    return PolicyView(item, since, kind, programme_words(item), owner, tone, sign, may_change)


def _look(review_by: date | None) -> tuple[str, str]:
    if review_by is None:
        return "", "circle-dashed"
    if review_by < today():
        return "stop", "alert-triangle"
    return ("wait", "clock") if review_by <= today() + SOON else ("good", "circle-check")


def _days_changed(form: Mapping[str, str]) -> dict[str, ReviewDay]:
    """Id of an item -> its day, for the lines that differ from what they were when the page was drawn."""
    changed = {}
    for name, was in form.items():
        if name.startswith("was-"):
            item_id = name.removeprefix("was-")
            typed = form.get(f"day-{item_id}", was).strip()
            if typed != was:
                changed[item_id] = ReviewDay(read_day(was), read_day(typed))
    return changed
