"""Suggesting practices for items that were read, and again for those that learn from a decision about another."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from evidence_app.domain.jobs import Job
from evidence_app.domain.suggesting import (
    ask_again,
    items_to_ask_again,
    keep_suggestions,
    neighbours_of,
    suggest_for_items,
)
from evidence_app.worker.tools import Tools


def suggest_items(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Computes the suggestions of the items these jobs name; gives the function that keeps them."""
    school_id = jobs[0].school_id
    with tools.database.reading() as session:
        neighbours = neighbours_of(session, school_id)
        suggested = suggest_for_items(session, school_id, [job.subject for job in jobs], neighbours)
    return lambda session: keep_suggestions(session, school_id=school_id, found=suggested)


def learn_from_items(tools: Tools, jobs: Sequence[Job]) -> Callable[[Session], None]:
    """Finds what learns from the items these jobs name; gives the function that has it looked at again."""
    school_id = jobs[0].school_id
    with tools.database.reading() as session:
        again = items_to_ask_again(session, school_id, {job.subject for job in jobs})
    return lambda session: ask_again(session, school_id=school_id, item_ids=again)
