"""What somebody probably meant whose search found nothing: the school's own words, where they are close to those typed.

The words are taken from what is open to the staff and to the asker at this moment, its texts included, and from the
practices: never from a private item, not even one the asker may open, so that nobody looks over their shoulder at it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility, visible_items
from evidence_app.domain.frameworks import followed
from evidence_app.domain.search.analysis import spans
from evidence_app.domain.search.protocol import SearchIndex
from evidence_app.domain.search.vocabulary import open_words

SHORTEST = 4
"""Letters of a word that may be a slip; shorter ones are close to too many."""
LEAST_LIKE = 0.72
"""Of 1: one slip in a word of four letters, two in one of eight."""


SURE_LETTERS, WORDS_OF_TEXTS = 2, 400
"""Of the words of texts, the commonest that begin with the same letters are compared."""


def meant_by(session: Session, index: SearchIndex, actor: Actor, text: str) -> str:
    """`text` with the closest known word in the place of each unknown one; "" where there is nothing to mend.

    What is asked of a field (`year:2024-25`) stays as it is. Raises IndexUnusable.
    """
    typed = [one for one in spans(text) if len(one[0]) >= SHORTEST and not _is_of_field(text, *one[1:])]
    if not typed:
        return ""
    known: dict[str, Counter[str]] = {}
    for line in _lines(session, actor):
        for word, start, end in spans(line):
            known.setdefault(word, Counter())[line[start:end].lower()] += 1
    for letters in {word[:SURE_LETTERS] for word, _start, _end in typed if word not in known}:
        for word, count in open_words(session, index, actor, letters, WORDS_OF_TEXTS):
            if word not in known and not word.isdigit():
                known[word] = Counter({word: count})
    mended, at = "", 0
    for word, start, end in typed:
        if word in known:
            continue
        close = process.extract(word, known.keys(), scorer=OSA.normalized_similarity, score_cutoff=LEAST_LIKE, limit=5)
        if close:
            best, _, _ = max(close, key=lambda one: (one[1], known[one[0]].total()))
            mended, at = mended + text[at:start] + known[best].most_common(1)[0][0], end
    return mended + text[at:] if mended else ""


def _lines(session: Session, actor: Actor) -> Iterator[str]:
    """Titles and purposes of what the actor sees and is not private, and the names of the practices."""
    open_items = visible_items(actor).where(Item.visibility != Visibility.PRIVATE)
    for title, purpose in session.execute(open_items.with_only_columns(Item.title, Item.purpose)):
        yield title
        yield purpose
    for catalogue in followed(session, actor.school_id):
        for node in catalogue:
            yield node.label(actor.language)


def _is_of_field(text: str, start: int, end: int) -> bool:
    """Whether the word stands in something like `field:value`."""
    before, after = text[:start].rpartition(" ")[2], text[end:].partition(" ")[0]
    return ":" in before + after
