"""Learning at once: which items are looked at again when somebody says yes or no to another one."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session

from evidence_app.domain.evidence import Item, Version, Visibility
from evidence_app.domain.jobs import JobKind, Urgency, enqueue_all
from evidence_app.domain.schools import School
from evidence_app.domain.suggesting.models import ItemDigest
from evidence_app.domain.suggesting.neighbours import LEAST_SIMILARITY, series_of, words_of_digest
from evidence_app.domain.tagging import Tag, TagState

LOOKED_AT_AGAIN: Final = 50
"""So many items learn from one that was decided: those of its series, then the most alike, then those of its folder."""

MOST_AT_ONCE: Final = 500
"""So many learn from all that were decided together, the nearest of each first."""


About: TypeAlias = Row[str, str, str, str]
"""Id, folder, file name and digest of an item."""


@dataclass(frozen=True, slots=True)
class _Decided:
    id: str
    series: str
    folder: str


def items_to_ask_again(session: Session, school_id: str, decided_ids: Collection[str]) -> list[str]:
    """The undecided items nearest to these, nearest first: at most 50 of each, 500 of all.

    What is private teaches none. Undecided is what is in use, was read, and has no accepted tag. None where
    suggestions are turned off.
    """
    if not session.get_one(School, school_id).suggests:
        return []
    about = (
        select(Item.id, Item.folder, Version.file_name, ItemDigest.digest)
        .join(Version, (Version.school_id == Item.school_id) & (Version.id == Item.current_version_id))
        .join(ItemDigest, (ItemDigest.school_id == Item.school_id) & (ItemDigest.item_id == Item.id))
        .where(Item.school_id == school_id, Item.withdrawn_at.is_(None))
    )
    teachers = session.execute(about.where(Item.id.in_(decided_ids), Item.visibility != Visibility.PRIVATE)).all()
    if not teachers:
        return []
    is_decided = exists().where(Tag.school_id == Item.school_id, Tag.item_id == Item.id, Tag.state == TagState.ACCEPTED)
    others = session.execute(about.where(~is_decided).execution_options(yield_per=1000))
    nearest = _nearest(teachers, (row for row in others if row.id not in decided_ids))
    ranks: dict[str, int] = {}
    for found in nearest.values():
        for rank, item_id in enumerate(found):
            ranks[item_id] = min(rank, ranks.get(item_id, rank))
    return sorted(ranks, key=lambda item_id: (ranks[item_id], item_id))[:MOST_AT_ONCE]


def ask_again(session: Session, *, school_id: str, item_ids: Collection[str]) -> None:
    """These items are looked at again when nobody waits for anything else."""
    enqueue_all(session, JobKind.SUGGEST_ITEM, school_id, item_ids, urgency=Urgency.LATER)


def _nearest(teachers: Iterable[About], others: Iterable[About]) -> dict[str, list[str]]:
    """Id of each teacher -> the ids of the items nearest to it, nearest first."""
    postings: dict[str, list[tuple[str, float]]] = defaultdict(list)
    decided = []
    for row in teachers:
        decided.append(_Decided(row.id, series_of(row.file_name), row.folder))
        for word, weight in _scaled(row.digest).items():
            postings[word].append((row.id, weight))
    by_series, by_folder = (_grouped(decided, name) for name in ("series", "folder"))
    near: dict[str, list[tuple[float, str]]] = {one.id: [] for one in decided}
    for row in others:
        alike: dict[str, float] = defaultdict(float)
        for word, weight in _scaled(row.digest).items():
            for teacher_id, other in postings.get(word, ()):
                alike[teacher_id] += weight * other
        series, folder = by_series.get(series_of(row.file_name), ()), by_folder.get(row.folder, ())
        reached = {id for id, share in alike.items() if share >= LEAST_SIMILARITY}
        for teacher_id in reached.union(series, folder):
            closeness = alike.get(teacher_id, 0.0) + (teacher_id in series)
            _keep_nearest(near[teacher_id], (closeness, row.id))
    return {id: [item_id for _, item_id in sorted(found, reverse=True)] for id, found in near.items()}


def _keep_nearest(found: list[tuple[float, str]], one: tuple[float, str]) -> None:
    if len(found) < LOOKED_AT_AGAIN:
        heapq.heappush(found, one)
    else:
        heapq.heappushpop(found, one)


def _grouped(decided: Iterable[_Decided], name: str) -> dict[str, set[str]]:
    """A series or a folder -> the decided items in it; none for those in none."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in decided:
        if value := getattr(one, name):
            found[value].add(one.id)
    return found


def _scaled(digest: str) -> dict[str, float]:
    """Word -> its weight in a digest, so that the sum of their squares is 1."""
    words = words_of_digest(digest)
    length = math.sqrt(sum(weight * weight for weight in words.values())) or 1.0
    return {word: weight / length for word, weight in words.items()}
