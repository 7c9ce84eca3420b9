"""What a search index is given, what it is asked, what it answers, and what every engine must be able to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from evidence_app.domain.search.grammar import FLAGS, SearchQuery
from evidence_app.errors import Conflict, Unavailable
from evidence_app.i18n import msg

MAX_HITS = 1_000
"""Most hits one request may ask for; the total is always exact."""


class IndexUnusable(Unavailable):
    """There is no index, or it is damaged, of another make, or of another school. Rebuild it; do not open it."""

    code = "index_unusable"


class IndexLocked(Conflict):
    """Another process is writing this school's index. Nothing was written; try again when it has finished."""

    code = "index_locked"


def unusable(reason: str) -> IndexUnusable:
    """The error that says why an index cannot be used."""
    return IndexUnusable(
        msg("The search index cannot be used (%(reason)s). Nothing is lost: it has to be rebuilt.", reason=reason)
    )


def locked() -> IndexLocked:
    """The error that says that another process writes."""
    return IndexLocked(
        msg("Another process is writing this school's search index. Nothing was changed; try again in a minute.")
    )


class Sort(StrEnum):
    """The order of hits. Equal ones stand in an order that stays the same from page to page."""

    RELEVANCE = "relevance"
    NEWEST_SHOWN = "newest_shown"
    OLDEST_SHOWN = "oldest_shown"
    NEWEST_RECEIVED = "newest_received"
    OLDEST_RECEIVED = "oldest_received"
    STRONGEST = "strongest"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexDocument:
    """One evidence item as the index sees it. Nothing in it says who may see it: that is asked of the database."""

    item_id: str
    title: str
    received_at: datetime
    purpose: str = ""
    body: str = ""
    file_name: str = ""
    folder: str = ""
    """The folders it lay in when it came, joined by slashes."""
    how: str = ""
    """Every *how it shows it* of the item's tags, joined."""
    nodes: tuple[str, ...] = ()
    """Keys of the nodes the item is tagged with: "ib-psp-2020/0301-02"."""
    broader_nodes: tuple[str, ...] = ()
    """Keys above those, where the code does not say so: a milestone above its step. Found and counted like `nodes`."""
    programmes: tuple[str, ...] = ()
    kind: str = "file"
    """file, link or note."""
    document_kind: str = ""
    school_year: str = ""
    subjects: tuple[str, ...] = ()
    year_groups: tuple[str, ...] = ()
    campuses: tuple[str, ...] = ()
    owner: str = ""
    """The owner's id, for `by:me` and the filter by owner."""
    owner_name: str = ""
    visibility: str = ""
    language: str = ""
    """ISO 639-1; empty if nobody knows. Decides how the words are stemmed."""
    text_state: str = ""
    tag_states: tuple[str, ...] = ()
    strength: int = 0
    """The best strength of its tags: 0 not rated, to 3 strong."""
    flags: frozenset[str] = frozenset()
    """What the item has, of `FLAGS`."""
    shown_on: date | None = None
    """The last day of the period it shows. Without one, the day it was received stands in."""

    def __post_init__(self) -> None:
        if unknown := self.flags - FLAGS:
            raise ValueError(f"item {self.item_id}: unknown flags {sorted(unknown)}; known are {sorted(FLAGS)}")
        if self.received_at.tzinfo is None:
            raise ValueError(f"item {self.item_id}: received_at needs its time zone, got {self.received_at!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """One question to an index."""

    query: SearchQuery
    hidden_ids: frozenset[str] = frozenset()
    """Items this actor may not see, selected from the database now: never in hits, total or facets."""
    filters: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Facet field -> accepted values; any of the values of a field, and all of the fields."""
    facets: Collection[str] = ()
    """Fields whose values are to be counted, of `entries.FACETS`."""
    sort: Sort = Sort.RELEVANCE
    """Where the query has no words to be relevant to, `RELEVANCE` means newest received first."""
    limit: int = 20
    offset: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.limit <= MAX_HITS or self.offset < 0:
            raise ValueError(f"limit must be 0 to {MAX_HITS} and offset not negative: {self.limit}, {self.offset}")


@dataclass(frozen=True, slots=True)
class Hit:
    """An item that matches; scores can be compared within one answer only."""

    item_id: str
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The answer to one request: exact total, one page of hits in order, exact counts of the facets asked for."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]]
    """Field -> value -> number of matching items that have it; a node counts for those below it too."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What an index was made with. One that differs from what this code would make must be rebuilt."""

    engine: str
    schema: str
    languages: tuple[str, ...]
    school_id: str


class IndexWriting(Protocol):
    """What can be written to an index, old or new."""

    def add(self, documents: Iterable[IndexDocument]) -> None:
        """Put `documents` in, each replacing what the index held of the same item, all in one commit."""

    def remove(self, item_ids: Iterable[str]) -> None:
        """Take items out, all in one commit. An unknown id is no error."""

    def ids(self) -> frozenset[str]:
        """The ids of all items held."""


class SearchIndex(IndexWriting, Protocol):
    """One school's search index: a disposable copy, read by every process, written by one at a time.

    Everything that needs the index to exist raises IndexUnusable if it does not, or cannot be read; everything that
    writes raises IndexLocked while another process writes.
    """

    @property
    def stamp(self) -> Stamp:
        """What this code would make the index with."""

    @property
    def keeps_removed(self) -> bool:
        """Whether what was removed may stay in the index's own files until it is rebuilt."""

    def open(self) -> None:
        """Make sure that the index is there and readable."""

    def create(self) -> None:
        """Make an empty index for a school that has none. Raises IndexLocked, or ValueError if there is one."""

    def count(self) -> int:
        """How many items it holds."""

    def search(self, request: SearchRequest) -> SearchResult:
        """Answer `request` from what was last committed, by whichever process."""

    def words_beginning(self, prefix: str, hidden_ids: frozenset[str], limit: int) -> list[tuple[str, int]]:
        """The words, folded, that begin with the folded `prefix`, each with how many items hold it, the most first.

        Items of `hidden_ids` neither give a word nor count for one. An engine may look at the newest items alone.
        """

    def holders(self, words: Collection[str]) -> Mapping[str, int]:
        """How many items hold each of these folded words, about: it says how much a word tells. Hidden ones count."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold the right to write over several calls of `add` and `remove`."""

    def rebuilding(self, *, resume: bool = False) -> AbstractContextManager[IndexWriting]:
        """A fresh, empty index to fill, which takes the old one's place at the end; the old one is never opened.

        Until then searches go on in the old one, if it works. After an exception the old one stays in place; with
        `resume` the next call goes on with what was half built, if that can be read. What is written to the old one
        meanwhile is taken out of the half built one, so that it is put in anew. An exception while one went on with
        it ends that: whatever was wrong with it, the next one begins anew.
        """

    def count_in_building(self) -> int | None:
        """How many items the index holds that is being built, or was until its builder died; None if there is none."""

    def optimize(self) -> None:
        """Merge the index into as little as the engine can; may cost as much as a rebuild."""

    def size_bytes(self) -> int:
        """Room the index takes on its disk."""

    def close(self) -> None:
        """Let go of files and connections. A later call opens them again."""
