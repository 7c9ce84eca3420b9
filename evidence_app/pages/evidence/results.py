"""The way from a result to its item, to the results around it, and back to all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request, url_for
from flask_babel import gettext, ngettext

from evidence_app.domain.search import Found
from evidence_app.extensions import school
from evidence_app.pages.evidence.asking import RESULTS_ON_A_PAGE, Question
from evidence_app.pages.evidence.saved_searches import remember
from evidence_app.web.searching import find

HIT = "hit"
"""The fragment of the place in a text that a result was opened for."""


@dataclass(frozen=True, slots=True)
class Around:
    """What one came from: in words and as an address, with the addresses of the results before and after this one."""

    words: str
    url: str
    previous_url: str = ""
    next_url: str = ""


def result_url(question: Question, hit: Found, at: int) -> str:
    """The address of the item that is result number `at` (from 0), opened at its page, or where its text matches."""
    place = question.query | {"at": str(at)} | ({"page": str(hit.page_number)} if hit.page_number else {})
    if hit.is_in_unpaged_text and question.text:
        place |= {"view": "text", "_anchor": HIT}
    return url_for("evidence.item", school_key=school().key, item_id=hit.item.id, **place)  # type: ignore[arg-type]


def around(item_id: str) -> Around | None:
    """What stands around an item in the answer to the question in its address; None where it holds none.

    Found anew, so that it is right whatever was filed or withdrawn in between; without neighbours when this item is
    not at its place any more.
    """
    at = request.args.get("at", type=int)
    question = replace(Question.read(request.args), page=1)
    if at is None or not 0 <= at < 100_000:
        return None
    if question.like:
        return Around(words=str(gettext("More like it")), url=question.url)
    remember(question)
    first = max(0, at - 1)
    found = find(
        question.text,
        filters=question.filters,
        sort=question.sort,
        limit=3,
        offset=first,
        mend=True,
    )
    ids = [hit.item.id for hit in found.hits]
    place = at - first
    here = place < len(ids) and ids[place] == item_id
    return Around(
        words=_words(question, found.total),
        url=question.on_page(at // RESULTS_ON_A_PAGE + 1).url,
        previous_url=result_url(question, found.hits[place - 1], at - 1) if here and place else "",
        next_url=result_url(question, found.hits[place + 1], at + 1) if here and place + 1 < len(ids) else "",
    )


def _words(question: Question, total: int) -> str:
    if question.text:
        found = ngettext("%(num)d found for “%(query)s”", "%(num)d found for “%(query)s”", total, query=question.text)
        return str(found)
    if question.filters:
        return str(ngettext("%(num)d found", "%(num)d found", total))
    return str(gettext("All of it"))
