"""What a document seems to show beside the practices: learner profile, approaches to learning, milestone steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from evidence_app.domain.suggesting.engine import NAMED, Suggestion, suggest
from evidence_app.domain.suggesting.model import model_for
from evidence_app.domain.suggesting.neighbours import TaggedNeighbour
from evidence_app.domain.suggesting.places import read_places
from evidence_app.domain.suggesting.profile import DocumentProfile
from evidence_app.domain.suggesting.quoting import Quotes
from evidence_app.domain.suggesting.reasons import Because
from evidence_app.domain.suggesting.words import tokens

BESIDE: Final = ("ib-learner-profile", "ib-approaches-to-learning", "ib-programme-development-milestones")
"""The frameworks that are looked at beside the practices, in the order in which they are offered."""

LOOKED_AT: Final = 3
LEARNED: Final = ("tagged", "version")
GROUNDS: Final = NAMED | {"heading"}
"""What a reason's code ends with that is worth an offer here: these words are everyday ones within a text."""

OTHER_ENDING: Final = 2
"""By so many letters two forms of a word may differ at their end: "reflections" is "reflection", "knowledge" is not
"knowledgeable"."""


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
    places = read_places(profile)
    said, quotes = {place.name: frozenset(place.tokens) for place in places}, Quotes(places)
    found = []
    for key in BESIDE:
        if key in frameworks:
            offered = suggest(profile, model_for(key), learned, declined, limit=LOOKED_AT, quoting=False)
            grounded = (replace(one, because=_grounds(one, said)) for one in offered)
            best = next((one for one in grounded if one.because), None)
            if best is not None:
                because = tuple(map(quotes.of, best.because))
                found.append(replace(best, because=because, score=round(best.score * ceiling, 3), sure=False))
    return found


def _grounds(suggestion: Suggestion, said: Mapping[str, frozenset[str]]) -> tuple[Because, ...]:
    """Its reasons that are worth an offer: a tag, or words that all stand in a name or heading themselves."""
    return tuple(because for because in suggestion.because if _is_ground(because, said))


def _is_ground(because: Because, said: Mapping[str, frozenset[str]]) -> bool:
    place = because.code.rpartition("_")[2]
    if place not in GROUNDS or place in LEARNED:
        return place in LEARNED
    words = tokens(dict(because.params)["words"])
    return all(any(_is_form_of(word, other) for other in said.get(place, ())) for word in words)


def _is_form_of(word: str, other: str) -> bool:
    shorter, longer = sorted((word, other), key=len)
    return longer.startswith(shorter) and len(longer) - len(shorter) <= OTHER_ENDING
