"""One question to a school's evidence, and a page of results. Access is decided by the rows as they are now."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import (
    Item,
    Version,
    current_versions,
    hidden_from,
    items_by_id,
)
from evidence_app.domain.extraction import VersionText, texts_of
from evidence_app.domain.schools import school_of
from evidence_app.domain.search.by_title import read_titles
from evidence_app.domain.search.elsewhere import Elsewhere, found_elsewhere
from evidence_app.domain.search.grammar import Problem, SearchQuery
from evidence_app.domain.search.meant import meant_by
from evidence_app.domain.search.parsing import parse
from evidence_app.domain.search.protocol import IndexUnusable, SearchIndex, SearchRequest, SearchResult, Sort
from evidence_app.domain.search.rebuilding import rebuilt_percent
from evidence_app.domain.search.snippets import Marker, Piece
from evidence_app.domain.search.unknown_values import unknown_values
from evidence_app.domain.tagging import Tag, tags_of_items

LAST_WORD = re.compile(r"""(?:(?<=[\s(])|^)[^\W_][^\s()":*]+$""")
"""A bare word at the end of a search, of two letters or more, which may not be typed to its end."""


@dataclass(frozen=True, slots=True)
class Found:
    """One result: the item with its newest version, what matched in it and where, and its tags."""

    item: Item
    version: Version
    score: float
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]
    page_number: int | None
    tags: tuple[Tag, ...]
    text: VersionText | None
    is_in_unpaged_text: bool = False
    """Whether it matches in a text of which no page can be named."""
    elsewhere: Elsewhere | None = None
    """Where else it was found, if not in its title or text."""
    shared: tuple[str, ...] = ()
    """Words it has in common with what something like it was asked for, the most telling first."""

    @property
    def snippet_text(self) -> str:
        """The snippet without its marks, on one line; if it was found elsewhere, what stands there, and where."""
        where = f"{self.elsewhere.where}: " if self.elsewhere else ""
        pieces = self.elsewhere.pieces if self.elsewhere else self.snippet
        return where + " ".join("".join(piece.text for piece in pieces).split())


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page of results. `is_rebuilding`: the index is being made anew, so only titles were looked through;
    `rebuilt_percent` of it is there, None where it was not begun.

    `is_begun`: nothing has the last word as it was typed, so that words which begin so were looked for. `meant` is set
    where nothing was found and slips were to be mended: the same search without them, which finds something.
    """

    total: int
    hits: tuple[Found, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_rebuilding: bool = False
    rebuilt_percent: int | None = None
    is_begun: bool = False
    meant: str = ""


def find(
    session: Session,
    index: SearchIndex,
    actor: Actor,
    text: str,
    *,
    filters: Mapping[str, Collection[str]] | None = None,
    facets: Collection[str] = (),
    sort: Sort = Sort.RELEVANCE,
    limit: int = 20,
    offset: int = 0,
    mend: bool = False,
) -> FoundPage:
    """The items that match and that the actor may see, by the grammar of `parse`.

    What the actor may not see is named to the engine from the rows as they are at this moment, so that it is in no
    hit, total or count, however old the index is. `mend`: where nothing is found, the last word is taken as one that is
    still being typed, and then for a slip.
    """
    query = parse(text, me=actor.person_id)
    request = SearchRequest(
        query=query,
        hidden_ids=hidden_from(session, actor),
        filters=filters or {},
        facets=facets,
        sort=sort,
        limit=limit,
        offset=offset,
    )
    try:
        result, is_begun = index.search(request), False
        if mend and not result.total:
            result, query, is_begun = _begun(index, actor, request, result)
        meant = _meant(session, index, actor, request) if mend and not result.total else ""
        unknown = unknown_values(session, actor, query) if not result.total else ()
    except IndexUnusable:
        result, problems = read_titles(session, actor, request)
        hits = tuple(shown(session, actor, query, result))
        percent = rebuilt_percent(session, index, actor.school_id)
        return FoundPage(result.total, hits, result.facets, problems, is_rebuilding=True, rebuilt_percent=percent)
    return FoundPage(
        total=result.total,
        hits=tuple(shown(session, actor, query, result)),
        facets=result.facets,
        problems=(*query.problems, *unknown),
        is_begun=is_begun,
        meant=meant,
    )


def _begun(
    index: SearchIndex, actor: Actor, request: SearchRequest, found: SearchResult
) -> tuple[SearchResult, SearchQuery, bool]:
    """What is found by words that begin as the last one, the question for them, and whether that is anything."""
    last = LAST_WORD.search(request.query.text)
    if last is None or last[0] in {"OR", "AND", "NOT"}:
        return found, request.query, False
    text = f"{request.query.text[: last.start()]}({last[0]} OR {last[0]}*)"
    query = parse(text, me=actor.person_id)
    result = index.search(replace(request, query=query))
    return (result, query, True) if result.total else (found, request.query, False)


def shown(session: Session, actor: Actor, query: SearchQuery, result: SearchResult) -> list[Found]:
    """The hits of an answer as they are shown to the actor, in their order; what went meanwhile is left out."""
    scores = {hit.item_id: hit.score for hit in result.hits}
    items = items_by_id(session, actor, list(scores))
    return _found(session, actor, [items[id] for id in scores if id in items], Marker(query), scores)


def _meant(session: Session, index: SearchIndex, actor: Actor, request: SearchRequest) -> str:
    """The search that was probably meant, where it finds something."""
    text = meant_by(session, index, actor, request.query.text)
    if not text:
        return ""
    mended = replace(request, query=parse(text, me=actor.person_id), facets=(), limit=0, offset=0)
    return text if index.search(mended).total else ""


def _found(
    session: Session, actor: Actor, items: list[Item], marker: Marker, scores: Mapping[str, float]
) -> list[Found]:
    versions = current_versions(session, actor.school_id, items)
    texts = texts_of(session, actor.school_id, [v.id for v in versions.values()], with_text=True)
    tags = tags_of_items(session, actor, [i.id for i in items])
    language = school_of(session, actor).language
    results = []
    for item in items:
        read = texts.get(versions[item.id].id)
        spoken = item.language or language
        snippet = marker.snippet(read.text if read else "", spoken)
        title = marker.title(item.title, spoken)
        is_seen = snippet.at is not None or any(piece.is_match for piece in title)
        item_tags = tuple(tags.get(item.id, ()))
        results.append(
            Found(
                item=item,
                version=versions[item.id],
                score=scores.get(item.id, 0.0),
                title=title,
                snippet=snippet.pieces,
                page_number=_page_of(read, snippet.at),
                is_in_unpaged_text=snippet.at is not None and read is not None and not read.page_starts,
                tags=item_tags,
                text=read,
                elsewhere=None if is_seen else found_elsewhere(marker, item, versions[item.id], item_tags, spoken),
            )
        )
    return results


def _page_of(read: VersionText | None, at: int | None) -> int | None:
    """The page a place in the text stands on, counted from 1, where the format has pages."""
    if read is None or at is None or len(read.page_starts) < 2:
        return None
    return bisect_right(read.page_starts, at)
