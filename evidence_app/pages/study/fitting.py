"""Evidence for a sentence of an answer: what speaks of it, in which words, on which page, and what is known of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from flask import url_for

from evidence_app.domain.search import Found, Piece
from evidence_app.domain.tagging import TagState
from evidence_app.extensions import school
from evidence_app.web.item_choices import ItemChoice, choices_of
from evidence_app.web.searching import fitting

MOST_CHARS = 600
MOST_FITTING, LOOKED_AT = 8, 16
WORDS_SHOWN = 5
ACCEPTED_WEIGHT = 1.5
"""What was accepted for the practice itself counts for so much more."""


@dataclass(frozen=True, slots=True)
class FittingView:
    """One item that speaks of the sentence. `number` is set where the answer cites it already."""

    choice: ItemChoice
    url: str
    shared: tuple[str, ...]
    snippet: tuple[Piece, ...]
    page_number: int | None
    is_accepted: bool
    number: str


@dataclass(frozen=True, slots=True)
class Fitting:
    """What was found for a sentence, the best first; `is_rebuilding` when there is no index to look in."""

    sentence: str
    views: list[FittingView]
    is_rebuilding: bool = False


def fitting_for(sentence: str, node_keys: Collection[str], numbers: Mapping[str, str]) -> Fitting | None:
    """What speaks of a sentence; None without one. `numbers` are those of the items that are cited (by id)."""
    sentence = " ".join(sentence.split())[:MOST_CHARS]
    if not sentence:
        return None
    found = fitting(sentence, limit=LOOKED_AT)
    ranked = sorted(found.hits, key=lambda hit: -hit.score * (ACCEPTED_WEIGHT if _accepted(hit, node_keys) else 1))
    choices = choices_of([(hit.item, hit.version) for hit in ranked[:MOST_FITTING]])
    views = [_view(hit, choice, node_keys, numbers) for hit, choice in zip(ranked, choices, strict=False)]
    return Fitting(sentence, views, found.is_rebuilding)


def _view(hit: Found, choice: ItemChoice, node_keys: Collection[str], numbers: Mapping[str, str]) -> FittingView:
    place = {"page": hit.page_number} if hit.page_number else {}
    return FittingView(
        choice=choice,
        url=url_for("evidence.item", school_key=school().key, item_id=hit.item.id, **place),  # type: ignore[arg-type]
        shared=hit.shared[:WORDS_SHOWN],
        snippet=hit.snippet,
        page_number=hit.page_number,
        is_accepted=_accepted(hit, node_keys),
        number=numbers.get(hit.item.id, ""),
    )


def _accepted(hit: Found, node_keys: Collection[str]) -> bool:
    return any(tag.node_key in node_keys and tag.state == TagState.ACCEPTED for tag in hit.tags)
