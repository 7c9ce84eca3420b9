"""Files of a batch that belong together: one item in their place, its parts in an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from evidence_app.domain import tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import (
    Item,
    StoredBlob,
    add_series,
    current_version,
    files_of_items,
    flag_by_bytes,
    item,
    withdraw,
)
from evidence_app.domain.intake.drafts import said_together
from evidence_app.domain.intake.entries import enter, entry_of, requests_of
from evidence_app.domain.intake.models import EntryState
from evidence_app.domain.intake.prefilling import begun_facts
from evidence_app.errors import Invalid
from evidence_app.i18n import msg


def join_batch(session: Session, *, actor: Actor, item_ids: Sequence[str], blob: StoredBlob, title: str = "") -> Item:
    """One item in the batch made of these of it, in this order; they go to the bin, where they can be taken back.

    `blob` holds the `list_of` their `files_of_items`. It is the actor's alone until it is saved, what was said of them
    is said of it, it answers each request that one of them was to answer, what they show it shows, and what was asked
    about one of them is asked about it. Invalid where one was there before the batch, which is not taken out of its
    place.
    """
    items = [item(session, actor, item_id) for item_id in dict.fromkeys(item_ids)]
    entries = [entry_of(session, actor, one.id) for one in items]
    if any(entry.state == EntryState.KNOWN for entry in entries):
        raise Invalid(msg("One of these was here before. Leave it out, or file it once more."), field="item")
    facts = begun_facts(session, actor)
    facts = replace(
        facts,
        title=title,
        purpose=next((one.purpose for one in items if one.purpose), facts.purpose),
        description="\n\n".join(one.description for one in items if one.description),
    )
    joined = add_series(
        session, actor=actor, blob=blob, parts=files_of_items(session, actor, [one.id for one in items]), facts=facts
    )
    session.flush()
    tagging.carry_over(session, actor=actor, item_ids=[one.id for one in items], to_id=joined.id)
    withdraw(session, actor=actor, item_ids=[one.id for one in items])
    said, (request_id, also_for) = said_together(entries), requests_of(session, actor, entries)
    for entry in entries:
        session.delete(entry)
    session.flush()
    flag_by_bytes(session, actor, joined, current_version(session, joined))
    # What came by e-mail waits for its sender, also as one of several.
    is_mailed = any(entry.state == EntryState.MAILED for entry in entries)
    state = EntryState.MAILED if is_mailed else EntryState.FILED
    enter(session, actor, joined, is_new=True, state=state, request_id=request_id or "")
    entry = entry_of(session, actor, joined.id)
    entry.said, entry.also_for = said, also_for
    return joined
