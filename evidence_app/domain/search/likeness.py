"""More like this: evidence that shares the words which tell a document, or a sentence, from all the others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from itertools import islice

from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import current_versions, hidden_from, item
from evidence_app.domain.extraction import texts_of
from evidence_app.domain.schools import school_of
from evidence_app.domain.search.analysis import file_name_text, spans
from evidence_app.domain.search.find import Found, FoundPage, shown
from evidence_app.domain.search.grammar import Or, Phrase, SearchQuery, Word
from evidence_app.domain.search.protocol import IndexUnusable, SearchIndex, SearchRequest, Sort
from evidence_app.domain.search.snippets import Marker

HEAD_CHARS = 20_000
"""Of a document's text so much is looked at: what it is about stands there."""

SHORTEST = 4
"""Letters of a word of our alphabet that may tell something."""

CANDIDATES, ASKED = 80, 16
"""Of a text's words the most frequent are looked up, and the most telling of these are asked for."""

COMMON_SHARE, COMMON_FROM_ITEMS = 0.4, 25
"""Words of more than this share of the items tell nothing apart, once there are enough items to say so."""

LEAST_SHARED = 2
LEAST_SCORE_SHARE = 0.3
"""What scores less than this part of the best, or shares fewer words, is not like it."""


def more_like(session: Session, index: SearchIndex, actor: Actor, item_id: str, *, limit: int = 20) -> FoundPage:
    """The items most like this one among those the actor may see, each with the words it shares; the likest first.

    NotFound for an item that is not the actor's to see.
    """
    found = item(session, actor, item_id)
    version = current_versions(session, actor.school_id, [found])[found.id]
    read = texts_of(session, actor.school_id, [version.id], with_text=True).get(version.id)
    about = f"{found.title}\n{found.title}\n{found.purpose}\n{file_name_text(version.file_name)}\n"
    return _alike(session, index, actor, about + (read.text[:HEAD_CHARS] if read else ""), limit, without={found.id})


def fitting(session: Session, index: SearchIndex, actor: Actor, sentence: str, *, limit: int = 12) -> FoundPage:
    """The items that speak of what a sentence says, among those the actor may see, with the words they share.

    Where nothing shares enough of its rarer words, for want of any or because each stands in another document, its
    common words count as well.
    """
    found = _alike(session, index, actor, sentence[:HEAD_CHARS], limit)
    if found.hits or found.is_rebuilding:
        return found
    return _alike(session, index, actor, sentence[:HEAD_CHARS], limit, also_common=True)


def _alike(
    session: Session,
    index: SearchIndex,
    actor: Actor,
    text: str,
    limit: int,
    *,
    without: Collection[str] = (),
    also_common: bool = False,
) -> FoundPage:
    try:
        hidden = hidden_from(session, actor).union(without)
        telling = telling_words(index, text, hidden, is_held=bool(without), also_common=also_common)
        if not telling:
            return FoundPage(total=0, hits=())
        query = words_query(telling)
        result = index.search(SearchRequest(query=query, hidden_ids=hidden, limit=limit))
    except IndexUnusable:
        return FoundPage(total=0, hits=(), is_rebuilding=True)
    marker, spoken = Marker(query), school_of(session, actor).language
    hits = [_with_shared(hit, marker, telling, spoken) for hit in shown(session, actor, query, result)]
    least = LEAST_SCORE_SHARE * max((hit.score for hit in hits), default=0.0)
    alike = [hit for hit in hits if hit.score >= least and len(hit.shared) >= min(LEAST_SHARED, len(telling))]
    return FoundPage(total=len(alike), hits=tuple(alike))


def words_query(telling: Collection[str]) -> SearchQuery:
    """The question for any of these words; more of them, and rarer ones, make a better answer."""
    asked = tuple(Word(word) for word in telling)
    return SearchQuery(" ".join(telling), asked[0] if len(asked) == 1 else Or(asked))


def telling_words(
    index: SearchIndex,
    text: str,
    hidden_ids: frozenset[str] = frozenset(),
    *,
    is_held: bool = False,
    also_common: bool = False,
) -> list[str]:
    """The words of `text`, as they are spelled there, that tell it from the items of the index, the most telling first.

    Frequent here and rare there is telling. What most items hold tells nothing, unless `also_common` words count. A
    word that hidden items alone hold is none, so that what is found says nothing of them. `is_held`: the text is of an
    item of the index, which is hidden too, so that a word which one item alone holds leads nowhere.
    """
    counts: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for word, start, end in spans(text):
        if (len(word) >= SHORTEST or not word.isascii()) and not word.isdigit():
            counts[word] += 1
            spelled.setdefault(word, text[start:end])
    candidates = [word for word, _count in counts.most_common(CANDIDATES)]
    held, total = index.holders(candidates), index.count()
    # How many hold a word counts copies of before until the engine clears them away: it may be more than there are.
    most = COMMON_SHARE * total if total >= COMMON_FROM_ITEMS else math.inf
    weights = {
        word: (1 + math.log(counts[word])) * math.log(1 + total / held[word])
        for word in candidates
        if held[word] > int(is_held)
    }
    ranked = sorted(weights, key=lambda word: (-weights[word], word))
    chosen = (word for word in ranked if also_common or held[word] <= most)
    open_ones = (word for word in chosen if held[word] > len(hidden_ids) or _is_open(index, word, hidden_ids))
    return [spelled[word] for word in islice(open_ones, ASKED)]


def _is_open(index: SearchIndex, word: str, hidden_ids: frozenset[str]) -> bool:
    """Whether an item that is not hidden holds the word as it is, whatever other words have its stem."""
    asked = SearchQuery(word, Phrase(word))
    return index.search(SearchRequest(query=asked, hidden_ids=hidden_ids, sort=Sort.NEWEST_RECEIVED, limit=0)).total > 0


def _with_shared(hit: Found, marker: Marker, telling: list[str], spoken: str) -> Found:
    text = hit.text.text if hit.text else ""
    about = f"{hit.item.title}\n{hit.item.purpose}\n{file_name_text(hit.version.file_name)}"
    held = marker.held(about, text, hit.item.language or spoken)
    return replace(hit, shared=tuple(word for number, word in enumerate(telling) if number in held))
