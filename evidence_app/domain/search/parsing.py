"""The parser of the query grammar, by recursive descent over the tokens of one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from evidence_app.domain.search.analysis import fold, printable, words
from evidence_app.domain.search.grammar import (
    FIELDS,
    FLAGS,
    IS_VALUES,
    MAX_DEPTH,
    MAX_QUERY_CHARS,
    MAX_TERMS,
    MIN_PREFIX_CHARS,
    And,
    Between,
    FieldIs,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Problem,
    SearchQuery,
    Word,
)
from evidence_app.i18n import Message, msg


@dataclass(frozen=True, slots=True)
class _Token:
    sign: str
    """One of ( ) OR AND NOT leaf."""
    negated: bool = False
    name: str = ""
    value: str = ""
    is_quoted: bool = False

    @property
    def is_lower_or(self) -> bool:
        """Whether it is a word that was probably meant for OR."""
        return self.sign == "leaf" and not self.name and not self.is_quoted and self.value in {"or", "Or"}


_TOKEN = re.compile(
    r"""\s*(?P<not>-(?=[^\s)-]))?(?:
        (?P<bracket>[()])
      | (?:(?P<name>[^\W\d_]+):(?=\S))?(?:"(?P<quoted>[^"]*)(?P<closed>"?)|(?P<bare>[^\s()"]+))
    )""",
    re.VERBOSE,
)
_QUOTES = str.maketrans(dict.fromkeys("“”„«»‟＂", '"'))


def parse(text: str, *, me: str = "") -> SearchQuery:
    """The query in `text`; `me` is the id that `by:me` stands for. Never raises on what people type."""
    if len(text) > MAX_QUERY_CHARS:
        return _refused(
            text[:MAX_QUERY_CHARS],
            msg(
                "The search is %(length)d characters long; at most %(most)d are possible. Search for fewer words.",
                length=len(text),
                most=MAX_QUERY_CHARS,
            ),
        )
    reading = _Reading(me=me)
    reading.tokens = list(reading.split(printable(text).translate(_QUOTES)))
    if any(token.is_lower_or for token in reading.tokens[1:-1]):
        reading.hint(msg('"or" was searched for as a word. In capitals, OR finds either of the two beside it.'))
    try:
        root = reading.clauses(depth=0)
    except _TooMuch as refused:
        return _refused(text, refused.message)
    return SearchQuery(text, root, tuple(reading.problems))


def _refused(text: str, message: Message) -> SearchQuery:
    return SearchQuery(text, And(()), (Problem(message, is_fatal=True),))


class _TooMuch(Exception):
    def __init__(self, message: Message) -> None:
        self.message = message


@dataclass(slots=True)
class _Reading:
    """One pass over the tokens of one query."""

    me: str
    tokens: list[_Token] = field(default_factory=list)
    at: int = 0
    terms: int = 0
    problems: list[Problem] = field(default_factory=list)

    def hint(self, message: Message) -> None:
        self.problems.append(Problem(message))

    def split(self, text: str) -> Iterator[_Token]:
        for found in _TOKEN.finditer(text):
            negated, name = bool(found["not"]), (found["name"] or "").lower()
            if found["bracket"]:
                yield _Token(found["bracket"], negated)
            elif found["quoted"] is not None:
                if not found["closed"]:
                    self.hint(msg("A quotation mark is missing at the end; the phrase was taken to reach to the end."))
                yield _Token("leaf", negated, name, found["quoted"], is_quoted=True)
            elif not name and found["bare"] in {"OR", "AND", "NOT"}:
                yield _Token(found["bare"])
            else:
                yield _Token("leaf", negated, name, found["bare"])

    def clauses(self, depth: int) -> Node:
        """Clauses up to the closing bracket or the end, all of which must match."""
        if depth > MAX_DEPTH:
            raise _TooMuch(
                msg("The search has more than %(most)d brackets inside one another. Use fewer.", most=MAX_DEPTH)
            )
        parts: list[Node] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.sign == ")":
                if depth:
                    break
                self.hint(msg("A closing bracket has no opening one; it was left out."))
                self.at += 1
                continue
            part = self.alternatives(depth)
            if part is not None:
                parts.append(part)
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def alternatives(self, depth: int) -> Node | None:
        """One clause, or several joined by OR; None where nothing is left of it."""
        parts = [self.clause(depth)]
        while self.at < len(self.tokens) and self.tokens[self.at].sign == "OR":
            self.at += 1
            if self.at < len(self.tokens) and self.tokens[self.at].sign != ")":
                parts.append(self.clause(depth))
        found = [part for part in parts if part is not None]
        return Or(tuple(found)) if len(found) > 1 else next(iter(found), None)

    def clause(self, depth: int) -> Node | None:
        token = self.tokens[self.at]
        if token.sign in {"OR", "AND", "NOT"}:
            if token.sign != "OR":
                self.at += 1
            if token.sign == "NOT" and self.at < len(self.tokens) and self.tokens[self.at].sign in {"(", "leaf"}:
                part = self.clause(depth)
                return None if part is None else Not(part)
            return None
        self.at += 1
        part = self.bracket(depth) if token.sign == "(" else self.leaf(token)
        return Not(part) if part is not None and token.negated else part

    def bracket(self, depth: int) -> Node | None:
        part = self.clauses(depth + 1)
        if self.at < len(self.tokens):
            self.at += 1
        else:
            self.hint(msg("A closing bracket is missing; it was taken to stand at the end."))
        return None if part == And(()) else part

    def leaf(self, token: _Token) -> Node | None:
        if token.name in FIELDS:
            values = tuple(v for v in ([token.value] if token.is_quoted else token.value.split(",")) if v)
            self.count(len(values))
            return self.field_leaf(token.name, values)
        text = token.value if not token.name else f"{token.name}:{token.value}"
        if token.name:
            self.hint(
                msg(
                    'There is no field "%(name)s"; it was searched for as words. Fields are: %(fields)s.',
                    name=token.name,
                    fields=", ".join(FIELDS),
                )
            )
        found = words(text)
        if not found:
            return None
        self.count(len(found))
        whole = Phrase(text) if token.is_quoted else Word(text)
        if not text.endswith("*"):
            return whole
        if len(found[-1]) < MIN_PREFIX_CHARS and len(found) == 1:
            self.hint(
                msg(
                    '"%(text)s" begins too many words; it was searched for as a whole word. Add a letter before *.',
                    text=text,
                )
            )
            return whole
        return Prefix(text)

    def count(self, terms: int) -> None:
        self.terms += terms
        if self.terms > MAX_TERMS:
            raise _TooMuch(
                msg("The search has more than %(most)d words. Search for the few that matter most.", most=MAX_TERMS)
            )

    def field_leaf(self, name: str, values: tuple[str, ...]) -> Node | None:
        parts = [part for value in values if (part := self.field_value(name, value)) is not None]
        return Or(tuple(parts)) if len(parts) > 1 else next(iter(parts), None)

    def field_value(self, name: str, value: str) -> Node | None:
        if name in {"before", "after"}:
            return self.day(name, value)
        if name == "is":
            return self.known(name, value, IS_VALUES)
        if name == "has":
            return self.known(name, value, {flag: FieldIs(("has",), (flag,)) for flag in FLAGS})
        if name == "by":
            if fold(value) == "me" and self.me:
                return FieldIs(("owner",), (self.me,))
            names = tuple(FieldIs(("owner_name",), (word,)) for word in words(value))
            return names[0] if len(names) == 1 else And(names)
        return FieldIs(FIELDS[name], (value,))

    def day(self, name: str, value: str) -> Node | None:
        found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", value)
        try:
            if found is None:
                raise ValueError
            day = date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
        except ValueError:
            self.hint(
                msg(
                    '"%(value)s" after %(name)s: is not a date, and was left out. Write 2024-09-30, 2024-09 or 2024.',
                    name=name,
                    value=value,
                )
            )
            return None
        if name == "after":
            return Between(day, None)
        return Between(None, date.fromordinal(max(day.toordinal() - 1, 1)))

    def known(self, name: str, value: str, meanings: Mapping[str, Node]) -> Node | None:
        if fold(value) in meanings:
            return meanings[fold(value)]
        self.hint(
            msg(
                '"%(value)s" after %(name)s: is unknown, and was left out. Known are: %(known)s.',
                name=name,
                value=value,
                known=", ".join(sorted(meanings)),
            )
        )
        return None
