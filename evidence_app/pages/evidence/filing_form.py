"""The form things are filed with, on the page for filing and on that of a request: the same parts, the same ways."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from evidence_app.database import new_id
from evidence_app.domain import evidence, intake, requests
from evidence_app.domain.evidence import ItemKind
from evidence_app.domain.intake import CardState, DraftPart, EntryState, Shown
from evidence_app.domain.requests import EvidenceRequest, RequestState
from evidence_app.extensions import actor, reading, school
from evidence_app.pages.evidence.cards import CardView, views_of
from evidence_app.pages.evidence.facts import CarryForm
from evidence_app.web.nodes import nodes


def answering() -> EvidenceRequest | None:
    """The request that what is filed now answers; None where it answers none, or where that is closed by now.

    NotFound when it does not concern the asker.
    """
    request_id = request.values.get("request", "")
    asked = requests.request_line(reading(), actor(), request_id).request if request_id else None
    return None if asked is None or asked.state == RequestState.CLOSED else asked


def answered_id() -> str:
    """The id of the request that what is filed now answers; "" where it answers none."""
    asked = answering()
    return asked.id if asked else ""


def filing_url(request_id: str) -> str:
    """The page with the form: that of the request, or the one for filing."""
    if request_id:
        return url_for("requests.request_page", school_key=school().key, request_id=request_id)
    return url_for("evidence.new", school_key=school().key)


def carry_form(request_id: str) -> CarryForm:
    """What goes with every file: as posted, as the person left it unsaved, or as they filed last."""
    facts = intake.next_facts(reading(), actor(), request_id)
    form = CarryForm.for_facts(facts)
    if not form.is_submitted():
        form.choose(intake.draft_of(reading(), actor(), DraftPart.FACTS, request_id))
    return form


def filing_form(
    answering: EvidenceRequest | None = None, carry: CarryForm | None = None, said: Mapping[str, Shown] | None = None
) -> dict[str, Any]:
    """What `evidence/_filing.html` is drawn from; `said` is what was posted and could not be saved."""
    request_id = answering.id if answering else ""
    cards = intake.cards_of(reading(), actor(), request_id)
    views = views_of(cards, said)
    return {
        "answering": answering,
        "request_id": request_id or None,
        "views": views,
        "choices": nodes().choices(),
        "carry": carry or carry_form(request_id),
        "form_key": new_id(),
        "files": _files_in_batch(cards),
        **bar_of(views),
    }


def together_form(request_id: str) -> dict[str, Any]:
    """What `evidence/_together.html` is drawn from."""
    cards = intake.cards_of(reading(), actor(), request_id)
    return {"files": _files_in_batch(cards), "request_id": request_id or None}


def _files_in_batch(cards: list[intake.Card]) -> list[intake.Card]:
    """The files of a batch that could become one item; none where there are fewer than two."""
    files = [card for card in cards if card.item.kind == ItemKind.FILE and card.entry_state != EntryState.KNOWN]
    return files if len(files) >= evidence.FEWEST_PARTS else []


def bar_of(views: list[CardView]) -> dict[str, Any]:
    """What the bar that saves says: how many cards are ready, on their way, want a decision, and are ticked unasked."""
    states = [view.card.state for view in views]
    return {
        "ticked": [view for view in views if view.ticked_unasked],
        "ready": states.count(CardState.READY),
        "reading": states.count(CardState.READING),
        "undecided": states.count(CardState.KNOWN),
    }
