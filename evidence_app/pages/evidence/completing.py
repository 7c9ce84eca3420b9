"""What the search box offers while somebody types: a list of choices, for the script that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask_babel import gettext, ngettext

from evidence_app.domain.access import Action
from evidence_app.domain.search import Completion, CompletionKind
from evidence_app.extensions import school
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.pages.evidence.saved_searches import recent_searches, saved_searches
from evidence_app.texts import clean_line
from evidence_app.web.access import open_to
from evidence_app.web.nodes import nodes
from evidence_app.web.searching import complete as completions

MOST_SEARCHES = 3
SIGNS = {
    CompletionKind.FIELD: "filter",
    CompletionKind.VALUE: "filter",
    CompletionKind.WORD: "search",
    CompletionKind.PRACTICE: "tag",
    CompletionKind.PERSON: "user",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One choice: it changes what is typed to `text`, leads to a search that was made before, or chooses `value`; one
    that does none of these only says something.
    """

    sign: str
    label: object
    note: object
    text: str = ""
    caret: int = 0
    url: str = ""
    value: str = ""


@pages.get("/complete")
@open_to(Action.READ_EVIDENCE)
def complete(school_key: str) -> str:
    # Not `clean_line`, which would take away the blank behind a finished word and move the caret.
    typed = request.args.get("q", "")[:1000]
    offers = [_offer(one) for one in completions(typed, request.args.get("at", len(typed), type=int))]
    return render_template("evidence/_offers.html", offers=[*_searches(clean_line(typed)), *offers])


@pages.get("/practices")
@open_to(Action.READ_EVIDENCE)
def practices(school_key: str) -> str:
    """The practices, and what else an item can show, that fit what is typed beside a list of them."""
    typed = request.args.get("q", "")[:200]
    offers = [
        Offer("tag", node.label, node.code, value=node.key)
        for node in nodes().fitting(typed, request.args.get("framework", ""))
    ]
    if typed.strip() and not offers:
        offers = [Offer("search", gettext("None fits. The list below has all of them."), "")]
    return render_template("evidence/_offers.html", offers=offers)


@pages.get("/practices/codes")
@open_to(Action.READ_EVIDENCE)
def practice_codes(school_key: str) -> str:
    """The practices that fit what is typed between two commas, where the caret is; each puts its code there."""
    typed = request.args.get("q", "")[:1000]
    at = max(0, request.args.get("at", len(typed), type=int))
    before, comma, _ = typed[:at].rpartition(",")
    word, _, after = typed[len(before + comma) :].partition(",")
    offers = [
        Offer("tag", node.label, node.code, text=f"{begun}, {after.strip()}".rstrip(" ,"), caret=len(begun))
        for node in nodes().fitting(word)
        if node.code and node.code != word.strip()
        for begun in [f"{before.strip()}{comma} {node.code}".strip()]
    ]
    return render_template("evidence/_offers.html", offers=offers)


def _offer(one: Completion) -> Offer:
    return Offer(SIGNS[one.kind], one.label, one.note, one.text, one.caret)


def _searches(typed: str) -> list[Offer]:
    """Searches of before that begin as typed, those kept under a name first; the latest ones before anything is."""
    begun = typed.casefold()
    kept = [
        Offer("bookmark", one.name, gettext("from %(name)s", name=one.by) if one.by else gettext("kept"), url=one.url)
        for one in saved_searches()
        if one.name.casefold().startswith(begun)
    ]
    library = url_for("evidence.library", school_key=school().key)
    recent = [
        Offer(
            "history",
            one.text,
            ngettext("%(num)d filter", "%(num)d filters", one.filters) if one.filters else "",
            url=one.url or library,
        )
        for one in recent_searches()
        if one.text.casefold().startswith(begun) and one.text.casefold() != begun
    ]
    return [*kept[:MOST_SEARCHES], *recent[: MOST_SEARCHES if typed else 2 * MOST_SEARCHES]]
