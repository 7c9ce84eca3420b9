"""Evidence for a sentence of an answer: what speaks of it, in which words, on which page, and what is known of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from flask import url_for

from evidence_app.domain import evidence
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
    more_like_it: int


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
    folded = _folded(ranked, numbers)[:MOST_FITTING]
    choices = choices_of([(hit.item, hit.version) for hit, _ in folded])
    views = [_view(hit, choice, node_keys, numbers, more) for (hit, more), choice in zip(folded, choices, strict=False)]
    return Fitting(sentence, views, found.is_rebuilding)


def _folded(ranked: Iterable[Found], numbers: Collection[str]) -> list[tuple[Found, int]]:
    """Likely versions and copies of one document as one, with how many more there are: the cited one, or the newest."""
    together: dict[str, list[Found]] = {}
    for hit in ranked:
        together.setdefault(evidence.copies_key(hit.item.title, hit.version.file_name), []).append(hit)
    return [
        (max(hits, key=lambda hit: (hit.item.id in numbers, hit.item.received_at, hit.item.id)), len(hits) - 1)
        for hits in together.values()
    ]


def _view(
    hit: Found, choice: ItemChoice, node_keys: Collection[str], numbers: Mapping[str, str], more: int
) -> FittingView:
    place = {"page": hit.page_number} if hit.page_number else {}
    return FittingView(
        choice=choice,
        url=url_for("evidence.item", school_key=school().key, item_id=hit.item.id, **place),  # type: ignore[arg-type]
        shared=hit.shared[:WORDS_SHOWN],
        snippet=hit.snippet,
        page_number=hit.page_number,
        is_accepted=_accepted(hit, node_keys),
        number=numbers.get(hit.item.id, ""),
        more_like_it=more,
    )


def _accepted(hit: Found, node_keys: Collection[str]) -> bool:
    return any(tag.node_key in node_keys and tag.state == TagState.ACCEPTED for tag in hit.tags)
