"""What the library was asked, read from an address and written back into one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from flask import request
from werkzeug.datastructures import MultiDict

from evidence_app.domain.search import Sort
from evidence_app.extensions import school
from evidence_app.texts import clean_line
from evidence_app.web.hosts import own_address

RESULTS_ON_A_PAGE = 20
FILTERS = (
    "programme",
    "node",
    "strength",
    "tag_state",
    "document_kind",
    "kind",
    "school_year",
    "year_group",
    "subject",
    "campus",
    "owner",
    "visibility",
    "language",
    "text_state",
)
"""The facets of the library, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Question:
    """Words, filters, order, page (from 1), and whether results are shown as a grid."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    page: int = 1
    as_grid: bool = False
    like: str = ""
    """The id of an item: what is like it is asked for, and nothing else."""

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> Question:
        """The question in the query of an address; what makes no sense in it is left out."""
        chosen = {name: tuple(dict.fromkeys(v for v in map(clean_line, args.getlist(name)) if v)) for name in FILTERS}
        sort = args.get("sort", "")
        return cls(
            text=clean_line(args.get("q", ""), 1000),
            filters={name: values for name, values in chosen.items() if values},
            sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
            page=min(max(1, args.get("page", 1, type=int)), 1000),
            as_grid=args.get("view") == "grid",
            like=clean_line(args.get("like", ""), 26),
        )

    @property
    def offset(self) -> int:
        """How many results stand before this page."""
        return (self.page - 1) * RESULTS_ON_A_PAGE

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked: everything is shown."""
        return not self.text and not self.filters and not self.like

    def without(self, name: str, value: str) -> Question:
        """The question with one filter taken off."""
        left = tuple(v for v in self.filters.get(name, ()) if v != value)
        others = {n: values for n, values in self.filters.items() if n != name}
        return replace(self, filters=others | ({name: left} if left else {}), page=1)

    def asking(self, text: str) -> Question:
        """The question with other words."""
        return replace(self, text=text, page=1, like="")

    def on_page(self, page: int) -> Question:
        """The same question, another page of its answer."""
        return replace(self, page=page)

    def shown_as(self, *, grid: bool) -> Question:
        """The same question, its answer as a grid or a list."""
        return replace(self, as_grid=grid)

    @property
    def query(self) -> dict[str, str | tuple[str, ...]]:
        """Words, filters and order as they stand in the query of an address."""
        asked: dict[str, str | tuple[str, ...]] = {"q": self.text} if self.text else {}
        asked |= {"like": self.like} if self.like else {}
        asked |= self.filters
        return asked | ({"sort": self.sort.value} if self.sort != Sort.RELEVANCE else {})

    @property
    def as_text(self) -> str:
        """Words, filters and order as a query string, to be kept and asked again."""
        return urlencode(self.query, doseq=True)

    @property
    def full_url(self) -> str:
        """The same with the name of the server in front, to be sent to a colleague."""
        return own_address() + self.url

    @property
    def url(self) -> str:
        """The address of the library that asks this."""
        asked = self.query
        asked |= {"page": str(self.page)} if self.page > 1 else {}
        asked |= {"view": "grid"} if self.as_grid else {}
        # Not `url_for`: a page of results has a hundred of these, and they would take a tenth of its time.
        here = f"{request.script_root}/{school().key}/evidence/"
        return f"{here}?{urlencode(asked, doseq=True)}" if asked else here


def read_asked(asked: str) -> Question:
    """The question that `as_text` put into a query string."""
    return Question.read(MultiDict(parse_qsl(asked)))
