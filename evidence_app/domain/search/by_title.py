"""Searching without an index: each title is read, and what a thing is for, by the same grammar and analysis."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import assert_never

from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.search import plan as plans
from evidence_app.domain.search.analysis import STEMMED_LANGUAGES, fold
from evidence_app.domain.search.entries import SORT_KEYS, IndexEntry, entry_of
from evidence_app.domain.search.grammar import And, FieldIs, Node, Not, Or, Problem
from evidence_app.domain.search.plan import plan_of
from evidence_app.domain.search.protocol import Hit, IndexDocument, SearchRequest, SearchResult, Sort
from evidence_app.domain.search.rows import documents_by_title
from evidence_app.domain.search.snippets import HEAD_CHARS
from evidence_app.i18n import msg

MOST_READ = 2_000
"""Items, the newest that may match, which are read to their end: about a third of a second."""

UNSEEN = {
    "node": "node:",
    "node_code": "node:",
    "tag_state": "state:",
    "strength": "strength:",
    "has": "has:",
    "text_state": "text",
}
"""Fields of which titles know nothing -> as they are typed."""


def read_titles(session: Session, actor: Actor, request: SearchRequest) -> tuple[SearchResult, tuple[Problem, ...]]:
    """What matches by its title, its purpose and its facts among what the actor may see now, and what was left out.

    Hidden ids are not asked for: only visible items are read, one after the other.
    """
    left_out: set[str] = {UNSEEN[name] for name in request.filters if name in UNSEEN}
    root = _seen(request.query.root, left_out) or And(())
    filters = {name: values for name, values in request.filters.items() if name not in UNSEEN}
    languages = tuple(STEMMED_LANGUAGES)
    plan = plan_of(replace(request, query=replace(request.query, root=root), filters=filters), languages)
    if request.query.is_refused:
        return SearchResult(0, (), {}), request.query.problems
    titles = (document for document in documents_by_title(session, actor) if _may_match(document, plan.match))
    read = list(islice(titles, MOST_READ + 1))
    entries = (entry_of(document, languages) for document in read[:MOST_READ])
    found = _Counted(e for e in entries if matches(e, plan.match))
    hits = _page(found, plan, request)
    facets = {name: dict(found.facets.get(name, {})) for name in request.facets if name not in UNSEEN}
    problems = list(request.query.problems)
    if left_out:
        said = msg(
            "Until the search index is there, %(fields)s cannot be looked at, and was left out.",
            fields=", ".join(sorted(left_out)),
        )
        problems.append(Problem(said))
    if len(read) > MOST_READ:
        said = msg("Until the search index is there, only the newest %(count)d are looked through.", count=MOST_READ)
        problems.append(Problem(said))
    return SearchResult(found.total, hits, facets), tuple(problems)


def _may_match(document: IndexDocument, match: plans.Match) -> bool:
    """False only for what does not match: how its words begin is looked at, which is quick."""
    match match:
        case plans.AnyStem(stems):
            text = fold(f"{document.title} {document.purpose} {document.folder}")
            return any(stem.rpartition(":")[2][:HEAD_CHARS] in text for stem in stems)
        case plans.AllOf(parts):
            return all(_may_match(document, part) for part in parts)
        case _:
            return True


def matches(entry: IndexEntry, match: plans.Match) -> bool:
    """Whether one document matches."""
    match match:
        case plans.Everything():
            return True
        case plans.AnyStem(stems):
            return any(stem in entry.stems for stem in stems)
        case plans.Sequence(words, is_open):
            return f" {' '.join(words)}{'' if is_open else ' '}" in f" {' '.join(entry.words)} "
        case plans.AnyAttribute(attributes):
            return any(attribute in entry.attributes for attribute in attributes)
        case plans.AttributePrefix(prefix):
            return any(attribute.startswith(prefix) for attribute in entry.attributes)
        case plans.Days(first, last):
            return first <= entry.day <= last
        case plans.Without(part):
            return not matches(entry, part)
        case plans.AllOf(parts):
            return all(matches(entry, part) for part in parts)
        case plans.AnyOf(parts):
            return any(matches(entry, part) for part in parts)
    assert_never(match)


class _Counted:
    """Goes through entries once, and counts them and their facets."""

    def __init__(self, entries: Iterable[IndexEntry]) -> None:
        self._entries = entries
        self.total = 0
        self.facets: dict[str, Counter[str]] = {}

    def __iter__(self) -> Iterator[IndexEntry]:
        for entry in self._entries:
            self.total += 1
            for name, values in entry.facets.items():
                self.facets.setdefault(name, Counter()).update(values)
            yield entry


def _page(found: Iterable[IndexEntry], plan: plans.Plan, request: SearchRequest) -> tuple[Hit, ...]:
    last = request.offset + request.limit
    is_ranked = request.sort is Sort.RELEVANCE and bool(plan.scoring)
    name, descending = SORT_KEYS[Sort.NEWEST_RECEIVED if request.sort is Sort.RELEVANCE else request.sort]
    keyed = (
        (
            sum(max(entry.stems.get(stem, 0) for stem in word) for word in plan.scoring) if is_ranked else 0,
            entry.sort_keys[name] if descending else -entry.sort_keys[name],
            entry.item_id,
        )
        for entry in found
    )
    return tuple(Hit(id, float(score)) for score, _key, id in heapq.nlargest(last, keyed)[request.offset :])


def _seen(node: Node, left_out: set[str]) -> Node | None:
    """What of a query can be asked of titles; fields that cannot are put into `left_out`."""
    match node:
        case FieldIs(fields, _values):
            unseen = {UNSEEN[field] for field in fields if field in UNSEEN}
            left_out |= unseen
            return None if unseen else node
        case Not(part):
            kept = _seen(part, left_out)
            return Not(kept) if kept else None
        case And(parts) | Or(parts):
            some = tuple(kept for part in parts if (kept := _seen(part, left_out)))
            return type(node)(some) if len(some) > 1 else next(iter(some), None)
        case _:
            return node
