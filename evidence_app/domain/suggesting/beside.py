"""What a document seems to show beside the practices: learner profile, approaches to learning, milestone steps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from evidence_app.domain.suggesting.engine import NAMED, Suggestion, suggest
from evidence_app.domain.suggesting.model import model_for
from evidence_app.domain.suggesting.neighbours import TaggedNeighbour
from evidence_app.domain.suggesting.profile import DocumentProfile

BESIDE: Final = ("ib-learner-profile", "ib-approaches-to-learning", "ib-programme-development-milestones")
"""The frameworks that are looked at beside the practices, in the order in which they are offered."""

LOOKED_AT: Final = 3
GROUNDS: Final = NAMED | {"heading"}
"""What a reason's code ends with that is worth an offer here: these words are everyday ones within a text."""


def suggest_beside(
    profile: DocumentProfile,
    practices: Sequence[Suggestion],
    learned: Sequence[TaggedNeighbour] = (),
    declined: Collection[str] = frozenset(),
    frameworks: Collection[str] = BESIDE,
) -> list[Suggestion]:
    """At most one node of each of these frameworks, never sure, each scored below all of `practices`.

    None for a document for which no practice was found: what shows nothing shows nothing here either.
    """
    if not practices:
        return []
    ceiling = min(one.score for one in practices)
    found = []
    for key in BESIDE:
        if key in frameworks:
            offered = suggest(profile, model_for(key), learned, declined, limit=LOOKED_AT)
            best = next((one for one in offered if _has_ground(one)), None)
            found += [replace(best, score=round(best.score * ceiling, 3), sure=False)] if best else []
    return found


def _has_ground(suggestion: Suggestion) -> bool:
    return any(because.code.rpartition("_")[2] in GROUNDS for because in suggestion.because)
