"""Which nodes a passage seems to show that a person chose in a document: a sentence has no name, no folder, no kind."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Hold, Item, item
from evidence_app.domain.extraction import texts_of
from evidence_app.domain.frameworks import followed
from evidence_app.domain.schools import School
from evidence_app.domain.suggesting.beside import BESIDE
from evidence_app.domain.suggesting.engine import Suggestion, rank
from evidence_app.domain.suggesting.model import SuggestionModel, model_for
from evidence_app.domain.suggesting.places import read_places
from evidence_app.domain.suggesting.profile import DocumentProfile
from evidence_app.domain.suggesting.queries import FRAMEWORK, declined_of
from evidence_app.domain.suggesting.quoting import Quotes
from evidence_app.domain.suggesting.voices import excerpts_of, find_phrases, name_codes, weigh_words
from evidence_app.domain.suggesting.words import language_told
from evidence_app.errors import NotAllowed
from evidence_app.i18n import msg

LONGEST_PASSAGE: Final = 1000
WORDS_ENOUGH: Final = 5.0
"""Words in common that give less than this speak for nothing: nine sentences in ten about a practice give more."""
SUGGESTED: Final = 3


def suggest_for_passage(session: Session, actor: Actor, item_id: str, passage: str) -> list[Suggestion]:
    """What a passage of an item seems to show, best first: at most three practices, then one of each other framework.

    Only its first 1,000 characters are looked at, in the language they are written in. What was declined for the item
    is left out; what it is tagged with already is not, since the passage may say how it shows it. Raises NotFound for
    an item the actor does not see, NotAllowed where suggestions are turned off or a question about pupils' data keeps
    the item private.
    """
    found = item(session, actor, item_id)
    if not may_choose_passages(session, found):
        raise NotAllowed(
            msg("Nothing is suggested here: your school has turned it off, or a question keeps this item private.")
        )
    text = texts_of(session, found.school_id, [found.current_version_id]).get(found.current_version_id)
    language = language_told(passage) or found.language or (text.language if text else "")
    declined = declined_of(session, found.school_id, [found.id]).get(found.id, frozenset())
    followed_keys = {catalogue.key for catalogue in followed(session, found.school_id)}
    practices = suggest_passage(passage, model_for(FRAMEWORK), language, declined, found.programmes)
    beside = [
        suggest_passage(passage, model_for(key), language, declined, words_count_alone=False)[:1]
        for key in BESIDE
        if key in followed_keys
    ]
    return [*practices[:SUGGESTED], *(one for first in beside for one in first)]


def may_choose_passages(session: Session, found: Item) -> bool:
    """Whether passages of this item are read for what they show: not where nothing is suggested at all."""
    return found.held != Hold.PRIVATE and session.get_one(School, found.school_id).suggests


def suggest_passage(
    passage: str,
    framework: SuggestionModel,
    language: str | None = None,
    declined: Collection[str] = frozenset(),
    programmes: Collection[str] = (),
    *,
    words_count_alone: bool = True,
) -> list[Suggestion]:
    """The nodes of a framework a passage seems to show, best first; none where its words speak for none.

    Sure is what a code names, or what phrases and single words put in front alike.
    """
    # A line without an end would be taken for a heading.
    text = f"{passage[:LONGEST_PASSAGE].strip()}."
    places = read_places(DocumentProfile(text=text, language=language or None))
    excerpts = excerpts_of(places, framework, language or None)
    voices = {
        "codes": name_codes(places, framework),
        "phrases": find_phrases(excerpts),
        "words": weigh_words(excerpts),
    }
    enough = words_count_alone and voices["words"].strongest >= WORDS_ENOUGH
    for source in ("phrases", "words"):
        if voices[source].strongest > 0:
            voices[source].scale(0)
    told = (frozenset(declined), frozenset(programmes))
    return rank(voices, framework, *told, words_count_alone=enough, quotes=Quotes(places))
