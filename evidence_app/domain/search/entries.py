"""A document as engines store it: stems and words to find, attributes to filter by, facets to count, sort keys."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date
from zlib import crc32

from evidence_app.domain.search.analysis import ANALYSIS_VERSION, file_name_text, fold, printable, stem, words
from evidence_app.domain.search.protocol import IndexDocument, Sort

GAP = "|"
"""Stands between two texts of one document, so that no phrase reaches from one into the next. Never a word."""

MAX_ATTRIBUTE_CHARS = 300
"""What is longer is cut, in a document and in what is asked alike: PostgreSQL takes 2 kB, of four bytes a letter."""

TITLE_WEIGHT, FILE_NAME_WEIGHT, ABOUT_WEIGHT, FOLDER_WEIGHT, BODY_WEIGHT = 4, 3, 2, 1, 1


def node_line(key: str) -> tuple[str, ...]:
    """The node's key after those above it that its code shows: "f/0301-02" -> "f/03", "f/0301", "f/0301-02"."""
    framework, slash, code = key.rpartition("/")
    parts = code.split("-")
    line = [parts[0][:2]] if re.fullmatch(r"\d{4}", parts[0]) else []
    line += ["-".join(parts[: n + 1]) for n in range(len(parts))]
    return tuple(f"{framework}{slash}{step}" for step in line)


def school_year_text(year: str) -> str:
    """A school year as it is compared: "2024/2025", "2024-25" and "24-25" all give "2024-25"; anything else stays."""
    found = re.fullmatch(r"\s*(?:20)?(\d\d)\s*[-/–]\s*(?:20)?(\d\d)\s*", year)
    return f"20{found[1]}-{found[2]}" if found else year.strip()


def _nodes(document: IndexDocument) -> tuple[str, ...]:
    own = (step for key in document.nodes for step in node_line(key))
    return tuple(dict.fromkeys([*own, *document.broader_nodes]))


def _names(*names: str) -> tuple[str, ...]:
    """What people may type for one of these names: the whole of it, or a word of it."""
    return tuple(dict.fromkeys(part for name in names if name for part in (name, *words(name))))


FACETS: Mapping[str, Callable[[IndexDocument], tuple[str, ...]]] = {
    "programme": lambda d: d.programmes,
    "node": _nodes,
    "kind": lambda d: (d.kind,),
    "document_kind": lambda d: (d.document_kind,),
    "school_year": lambda d: (school_year_text(d.school_year),),
    "subject": lambda d: d.subjects,
    "year_group": lambda d: d.year_groups,
    "campus": lambda d: d.campuses,
    "owner": lambda d: (d.owner,),
    "visibility": lambda d: (d.visibility,),
    "language": lambda d: (d.language,),
    "text_state": lambda d: (d.text_state,),
    "tag_state": lambda d: d.tag_states,
    "strength": lambda d: (str(d.strength),),
}
"""Fields that are counted and filtered by -> their values in a document. Empty values are not counted."""

_QUERIED_ONLY: Mapping[str, Callable[[IndexDocument], tuple[str, ...]]] = {
    "node_code": lambda d: tuple(key.rpartition("/")[2] for key in _nodes(d)),
    "owner_name": lambda d: tuple(words(d.owner_name)),
    "kind_name": lambda d: _names(d.document_kind.replace("_", " ")),
    "school_year_begins": lambda d: (school_year_text(d.school_year)[:4],),
    "subject_name": lambda d: _names(*d.subjects),
    "year_group_name": lambda d: _names(*d.year_groups),
    "campus_name": lambda d: _names(*d.campuses),
    "has": lambda d: tuple(sorted(d.flags)),
}

SORT_KEYS: Mapping[Sort, tuple[str, bool]] = {
    Sort.NEWEST_SHOWN: ("shown_key", True),
    Sort.OLDEST_SHOWN: ("shown_key", False),
    Sort.NEWEST_RECEIVED: ("received_key", True),
    Sort.OLDEST_RECEIVED: ("received_key", False),
    Sort.STRONGEST: ("strength_key", True),
}
"""Order -> the sort key it goes by, and whether the greatest comes first."""

SCHEMA = hashlib.sha256(
    repr((ANALYSIS_VERSION, 3, sorted(FACETS), sorted(_QUERIED_ONLY), sorted(SORT_KEYS.values()))).encode()
).hexdigest()[:16]
"""Changes with what an entry holds. Raise the number in it when a field keeps its name but changes its meaning."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """One document, ready for any engine."""

    item_id: str
    stems: Mapping[str, int]
    """Stem -> how often it occurs, a title's words counting more, and a folder's no more than those of the text."""
    words: list[str]
    """Every word in order, texts parted by GAP."""
    attributes: tuple[str, ...]
    """What one can filter by: "programme=dp", folded."""
    facets: Mapping[str, tuple[str, ...]]
    """Field -> values as they were given."""
    sort_keys: Mapping[str, int]
    """Name -> a number that sorts as the field does and is nearly always another for another item; under 2**63."""
    day: int
    """The day it shows, or was received, as date.toordinal()."""


def attribute(field: str, value: str) -> str:
    """How an entry says that `field` has `value`, whatever its case and accents."""
    return f"{field}={fold(printable(value))[:MAX_ATTRIBUTE_CHARS]}"


def entry_of(document: IndexDocument, languages: tuple[str, ...]) -> IndexEntry:
    """`document` analysed for an index whose first language is the school's own.

    Short texts are stemmed in the document's language and in the school's: a title is often in another than its text.
    """
    own = (document.language,)
    both = tuple(dict.fromkeys((document.language, languages[0])))
    codes = " ".join(key.rpartition("/")[2] for key in document.nodes)
    texts = (
        (document.title, TITLE_WEIGHT, both),
        (file_name_text(document.file_name), FILE_NAME_WEIGHT, both),
        (f"{document.purpose}\n{document.how}\n{codes}", ABOUT_WEIGHT, both),
        (file_name_text(document.folder), FOLDER_WEIGHT, both),
        (document.body, BODY_WEIGHT, own),
    )
    stems: Counter[str] = Counter()
    stream: list[str] = []
    for text, weight, spoken in texts:
        found = words(text)
        stream += [*found, GAP]
        for word, times in Counter(found).items():
            for one in {stem(word, language) for language in spoken}:
                stems[one] += times * weight
    facets = {field: tuple(v for v in dict.fromkeys(values(document)) if v) for field, values in FACETS.items()}
    queried = {field: values(document) for field, values in _QUERIED_ONLY.items()}
    both_kinds = [attribute(field, v) for field, values in (*facets.items(), *queried.items()) for v in values]
    day = _day(document)
    return IndexEntry(
        item_id=document.item_id,
        stems=stems,
        words=stream,
        attributes=tuple(dict.fromkeys(both_kinds)),
        facets=facets,
        sort_keys=_sort_keys(document, day),
        day=day.toordinal(),
    )


def _day(document: IndexDocument) -> date:
    return document.shown_on or document.received_at.astimezone(UTC).date()


def _sort_keys(document: IndexDocument, day: date) -> dict[str, int]:
    # The id's checksum parts documents of the same day or moment, in every engine alike.
    mark = crc32(document.item_id.encode())
    received = int(document.received_at.timestamp() * 1000) << 18 | mark >> 14
    return {
        "shown_key": day.toordinal() << 32 | mark,
        "received_key": received,
        "strength_key": document.strength << 60 | received,
    }
