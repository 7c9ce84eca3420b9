"""In what order a Whoosh index gives what was found in its segments, and what its facets count."""

from __future__ import annotations

import heapq
import math
from collections import Counter

from evidence_app.domain.search.engines.whoosh_segment import Segment
from evidence_app.domain.search.entries import SORT_KEYS
from evidence_app.domain.search.plan import Plan
from evidence_app.domain.search.protocol import Hit, SearchRequest, Sort

BM25_K1, BM25_B = 1.2, 0.75

Numbers = tuple[Segment, set[int]]
"""Some documents of a segment."""


def counted(name: str, found: list[Numbers]) -> dict[str, int]:
    """How many of the documents in `found` have which value of a facet."""
    counts: Counter[str] = Counter()
    for segment, numbers in found:
        segment.count_into(counts, name, numbers)
    return dict(counts)


def page(found: list[Numbers], open_ones: list[Numbers], plan: Plan, request: SearchRequest) -> tuple[Hit, ...]:
    """The hits asked for of those in `found`; `open_ones` is all that is not hidden."""
    last = request.offset + request.limit
    if request.sort is Sort.RELEVANCE and plan.scoring:
        scores = _scores(found, open_ones, plan.scoring)
        ranked = [
            (scores.get((s.name, n), 0.0), s.sort_keys["received_key"][n], s.ids[n]) for s, ns in found for n in ns
        ]
        return tuple(Hit(item_id, score) for score, _key, item_id in heapq.nlargest(last, ranked)[request.offset :])
    name, descending = SORT_KEYS[Sort.NEWEST_RECEIVED if request.sort is Sort.RELEVANCE else request.sort]
    pick = heapq.nlargest if descending else heapq.nsmallest
    keyed = ((segment.sort_keys[name][number], segment.ids[number]) for segment, numbers in found for number in numbers)
    return tuple(Hit(item_id, 0.0) for _key, item_id in pick(last, keyed)[request.offset :])


def _scores(
    found: list[Numbers], open_ones: list[Numbers], words: tuple[tuple[str, ...], ...]
) -> dict[tuple[str, int], float]:
    """BM25 of every document in `found` that holds a stem of `words`, by its segment's name and its number.

    How rare a word is, and how long a document is in the middle, is counted over `open_ones` alone.
    """
    total = sum(len(numbers) for _segment, numbers in open_ones)
    lengths = sum(sum(map(segment.lengths.__getitem__, numbers)) for segment, numbers in open_ones)
    average = lengths / max(total, 1) or 1.0
    scores: dict[tuple[str, int], float] = {}
    for stems in words:
        frequency = max(
            sum(len(numbers & segment.weights(stem).keys()) for segment, numbers in open_ones) for stem in stems
        )
        rarity = math.log(1 + (total - frequency + 0.5) / (frequency + 0.5))
        for segment, numbers in found:
            for number, weight in _heaviest(segment, numbers, stems).items():
                damping = BM25_K1 * (1 - BM25_B + BM25_B * segment.lengths[number] / average)
                key = (segment.name, number)
                scores[key] = scores.get(key, 0.0) + rarity * weight * (BM25_K1 + 1) / (weight + damping)
    return scores


def _heaviest(segment: Segment, numbers: set[int], stems: tuple[str, ...]) -> dict[int, float]:
    """Those of the documents that hold one of `stems`, each with the weight of the one that weighs most in it."""
    best: dict[int, float] = {}
    for stem in stems:
        weights = segment.weights(stem)
        held = {number: weights[number] for number in numbers & weights.keys()}
        if not best:
            best = held
        else:
            best |= {number: weight for number, weight in held.items() if weight > best.get(number, 0.0)}
    return best
