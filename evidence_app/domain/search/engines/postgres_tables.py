"""The tables of the index in PostgreSQL, an entry as a row of them, and a plan as one statement over them."""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from typing import Any, assert_never

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Float,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    and_,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
    text,
    true,
    union_all,
)
from sqlalchemy import Index as TableIndex
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY, TSVECTOR, array

from evidence_app.domain.search import plan as plans
from evidence_app.domain.search.entries import SORT_KEYS, IndexEntry
from evidence_app.domain.search.protocol import Hit, SearchRequest, SearchResult, Sort

SCHEMA_NAME = "evidence_search"
RANKED = 3_000
"""Of more matches than this, only the newest received are ranked; the others follow, newest first."""

COMPLETED_FROM = 200
"""Items, the newest, whose words are offered as a word is typed."""

MAX_TIMES = 12
MAX_VECTOR_BYTES = 900_000
"""PostgreSQL's limit is 1 MiB for the lexemes of one vector; the rarest of a monstrous text stay out."""

Scope = tuple[ColumnElement[bool], ...]
"""Which rows there are for one school."""

METADATA = MetaData(schema=SCHEMA_NAME)

stamps = Table(
    "stamps",
    METADATA,
    Column("school_id", Text, primary_key=True),
    Column("engine", Text, nullable=False),
    Column("schema", Text, nullable=False),
    Column("languages", ARRAY(Text), nullable=False),
    Column("generation", Text),
    Column("building", Text),
)

documents = Table(
    "documents",
    METADATA,
    Column("school_id", Text, primary_key=True),
    Column("generation", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("stems", TSVECTOR, nullable=False),
    Column("words", TSVECTOR, nullable=False),
    Column("attributes", TSVECTOR, nullable=False),
    Column("running_text", Text, nullable=False),
    Column("facets", ARRAY(Text), nullable=False),
    Column("day", Integer, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in sorted({key for key, _ in SORT_KEYS.values()})),
)

TableIndex("ix_documents_vectors", documents.c.stems, documents.c.words, documents.c.attributes, postgresql_using="gin")


COMMON_WORDS = text(
    "SELECT unnest(CAST(CAST(most_common_elems AS text) AS text[])) AS word, unnest(most_common_elem_freqs) AS share"
    " FROM pg_stats WHERE schemaname = :schema AND tablename = 'documents' AND attname = 'words'"
).bindparams(schema=SCHEMA_NAME)
"""The words that most documents hold, with the share of documents that do; of three more shares no word is told."""


def row_of(entry: IndexEntry) -> dict[str, object]:
    """The columns of one entry, without school and generation."""
    return {
        "item_id": entry.item_id,
        "stems": _vector(entry.stems),
        "words": _vector(dict.fromkeys(entry.words, 0)),
        "attributes": _vector(dict.fromkeys(entry.attributes, 0)),
        "running_text": f" {' '.join(entry.words)} ",
        "facets": [f"{name}={value}" for name, values in entry.facets.items() for value in values],
        "day": entry.day,
        **entry.sort_keys,
    }


def _vector(lexemes: Mapping[str, int]) -> str:
    """A tsvector whose lexemes have as many positions as they occur, for ranking; which ones says nothing."""
    parts: list[str] = []
    room = MAX_VECTOR_BYTES
    for lexeme, times in sorted(lexemes.items(), key=lambda item: -item[1]):
        positions = ",".join(map(str, range(1, min(times, MAX_TIMES) + 1)))
        room -= len(lexeme.encode()) + 2 * MAX_TIMES + 4
        if room < 0:
            break
        parts.append(f"{_quoted(lexeme)}:{positions}" if positions else _quoted(lexeme))
    return " ".join(parts)


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"


def _holds(column: Column[Any], lexemes: Iterable[str], joint: str = " | ", ending: str = "") -> ColumnElement[bool]:
    asked = joint.join(_quoted(lexeme) for lexeme in lexemes) + ending
    return column.bool_op("@@")(literal(asked, TSQUERY))


def condition(match: plans.Match) -> ColumnElement[bool]:
    """What a row must fulfil to match."""
    match match:
        case plans.Everything():
            return true()
        case plans.AnyStem(stems):
            return _holds(documents.c.stems, stems)
        case plans.Sequence(words, is_open):
            held = _holds(documents.c.words, words, " & ", ":*" if is_open else "")
            # Positions in a tsvector end at 16,383, a long document does not: the text itself decides.
            side_by_side = f" {' '.join(words)}" + ("" if is_open else " ")
            return held if len(words) == 1 else and_(held, func.strpos(documents.c.running_text, side_by_side) > 0)
        case plans.AnyAttribute(attributes):
            return _holds(documents.c.attributes, attributes)
        case plans.AttributePrefix(prefix):
            return _holds(documents.c.attributes, [prefix], ending=":*")
        case plans.Days(first, last):
            return documents.c.day.between(first, last)
        case plans.Without(part):
            return not_(condition(part))
        case plans.AllOf(parts):
            return and_(*(condition(part) for part in parts))
        case plans.AnyOf(parts):
            return or_(*(condition(part) for part in parts))
    assert_never(match)


def answer_of(connection: Connection, scope: Scope, plan: plans.Plan, request: SearchRequest) -> SearchResult:
    """The answer from the rows in `scope`, in one statement, so that every part of it speaks of the same documents."""
    matching = [*scope, condition(plan.match), *_not_hidden(request.hidden_ids)]
    keys = [documents.c[name] for name in sorted({key for key, _ in SORT_KEYS.values()})]
    facets = [documents.c.facets] if request.facets else []
    matched = select(documents.c.item_id, *facets, *keys).where(*matching).cte("matched")
    parts: list[Select[Any]] = [select(literal("total"), literal(""), cast(func.count(), Float), literal(0))]
    parts[0] = parts[0].select_from(matched)
    page = _page(matched, scope, plan, request).subquery("page")
    place = func.row_number().over()
    parts.append(select(literal("hit"), page.c.item_id, cast(page.c.score, Float), place))
    if request.facets:
        each = select(func.unnest(matched.c.facets).label("value")).subquery("each")
        times = cast(func.count(), Float)
        parts.append(select(literal("facet"), each.c.value, times, literal(0)).group_by(each.c.value))
    return _read(connection.execute(union_all(*parts)).all(), request)


def words_beginning(
    connection: Connection, scope: Scope, prefix: str, hidden_ids: frozenset[str], limit: int
) -> list[tuple[str, int]]:
    """Words of the newest items that hold one which begins so, the commonest first."""
    held = [*scope, _holds(documents.c.words, [prefix], ending=":*"), *_not_hidden(hidden_ids)]
    newest = select(documents.c.words).where(*held).order_by(documents.c.received_key.desc()).limit(COMPLETED_FROM)
    vectors = newest.subquery("newest")
    each = select(func.unnest(func.tsvector_to_array(vectors.c.words)).label("word")).subquery("each")
    times = func.count()
    chosen = select(each.c.word, times).where(func.starts_with(each.c.word, prefix)).group_by(each.c.word)
    found = connection.execute(chosen.order_by(times.desc(), each.c.word.collate("C")).limit(limit))
    return [(word, int(count)) for word, count in found]


def holders(connection: Connection, scope: Scope, words: Collection[str]) -> dict[str, int]:
    """Word -> how many items hold it: counted, but for the commonest, whose share PostgreSQL's statistics tell."""
    total = int(connection.scalar(select(func.count()).where(*scope)) or 0)
    shares = {word: share for word, share in connection.execute(COMMON_WORDS) if word in set(words)}
    asked = [
        select(literal(word), select(func.count()).where(*scope, _holds(documents.c.words, [word])).scalar_subquery())
        for word in words
        if word not in shares
    ]
    counted = {word: int(count) for word, count in connection.execute(union_all(*asked))} if asked else {}
    return counted | {word: round(share * total) for word, share in shares.items()}


def _not_hidden(hidden_ids: frozenset[str]) -> list[ColumnElement[bool]]:
    """Nothing of these; no condition where there are none."""
    hidden = func.unnest(literal(sorted(hidden_ids), ARRAY(Text)))
    return [documents.c.item_id.not_in(select(hidden))] if hidden_ids else []


def _page(matched: Any, scope: Scope, plan: plans.Plan, request: SearchRequest) -> Select[Any]:
    last = request.offset + request.limit
    if request.sort is not Sort.RELEVANCE or not plan.scoring or last > RANKED:
        name, descending = SORT_KEYS[Sort.NEWEST_RECEIVED if request.sort is Sort.RELEVANCE else request.sort]
        key = matched.c[name]
        order = key.desc() if descending else key.asc()
        page = select(matched.c.item_id, literal(0.0).label("score")).order_by(order, matched.c.item_id)
        return page.limit(request.limit).offset(request.offset)
    newest = matched.c.received_key.desc()
    ranked = select(matched.c.item_id, matched.c.received_key).order_by(newest).limit(RANKED).subquery("ranked")
    # A vector in an array is unpacked, once for all words; the offset keeps the planner from doing it for each.
    stems = array([documents.c.stems])[1].label("stems")
    held = select(documents.c.item_id, ranked.c.received_key, stems)
    unpacked = held.join(ranked, ranked.c.item_id == documents.c.item_id).where(*scope).offset(0).subquery("unpacked")
    score = reduce(operator.add, (_score(unpacked.c.stems, word) for word in plan.scoring)).label("score")
    page = select(unpacked.c.item_id, score).order_by(score.desc(), unpacked.c.received_key.desc())
    return page.limit(request.limit).offset(request.offset)


def _score(held: ColumnElement[Any], stems: tuple[str, ...]) -> ColumnElement[float]:
    """How much one word weighs: by the best of its stems.

    A document holds at most two of them, that of the school's language and that of its own, so that the others can be
    ranked in one go; of several, PostgreSQL gives the mean, those that are not there counted.
    """
    first, others = stems[:1], stems[1:]
    ranks = [_rank(held, some) * len(some) for some in (first, others) if some]
    return func.greatest(*ranks)


def _rank(held: ColumnElement[Any], stems: tuple[str, ...]) -> ColumnElement[float]:
    return func.ts_rank(held, literal(" | ".join(map(_quoted, stems)), TSQUERY), 1)


def _read(rows: Iterable[Any], request: SearchRequest) -> SearchResult:
    total = 0
    hits: list[tuple[int, Hit]] = []
    facets: dict[str, dict[str, int]] = {name: {} for name in request.facets}
    for part, value, number, place in rows:
        if part == "total":
            total = int(number)
        elif part == "hit":
            hits.append((place, Hit(value, number)))
        else:
            name, _, counted = value.partition("=")
            if name in facets:
                facets[name][counted] = int(number)
    return SearchResult(total, tuple(hit for _place, hit in sorted(hits, key=lambda found: found[0])), facets)
