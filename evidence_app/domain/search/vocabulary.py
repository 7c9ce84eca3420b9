"""Words of documents that may be shown to somebody before anything is found."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility, hidden_from
from evidence_app.domain.search.protocol import SearchIndex


def open_words(session: Session, index: SearchIndex, actor: Actor, prefix: str, most: int) -> list[tuple[str, int]]:
    """The commonest folded words that begin so, with how many items hold them, of what the actor sees at this moment.

    Never of a private item, not even one the actor may open. Raises IndexUnusable.
    """
    private = select(Item.id).where(Item.school_id == actor.school_id, Item.visibility == Visibility.PRIVATE)
    hidden = hidden_from(session, actor).union(session.scalars(private))
    return index.words_beginning(prefix, hidden, most)
