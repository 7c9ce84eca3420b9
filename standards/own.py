"""A school's own framework from a sheet: one row for each entry and language, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from standards.frame import KEY
from standards.grammar import CodeRule
from standards.model import FALLBACK_LANGUAGE, Catalogue, Level, Node, OwnText, Words
from standards.overlay import TEXT_LIMIT, check_columns, cleaned, read_language, shortened
from standards.sheet import EXTRA_CELLS, N_, NumberedRow, OverlayError, Problem, cell_text, problem

OWN_COLUMNS = ("code", "text", "parent", "level", "language")
OWN_REQUIRED_COLUMNS = ("code", "text")
CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,38}[A-Za-z0-9])?")


@dataclass(slots=True)
class Entry:
    """One node in the making."""

    code: str
    parent: str
    level: str
    texts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnResult:
    """The framework, or None if the sheet has a problem; then the problems say which."""

    catalogue: Catalogue | None
    problems: tuple[Problem, ...]


def catalogue_from_rows(
    key: str,
    name: str,
    rows: Iterable[NumberedRow],
    *,
    publisher: str,
    programmes: Mapping[str, Words] | None = None,
    default_language: str = FALLBACK_LANGUAGE,
) -> OwnResult:
    """A framework from rows with the columns code, text and, if wanted, parent, level, language.

    A row without a level gets one after its depth ("level 1"). Raises OverlayError if the key is ill-formed.
    """
    if not KEY.fullmatch(key):
        what, remedy = N_("The key “%(value)s” is ill-formed."), N_("Use small letters, digits and single hyphens.")
        raise OverlayError(problem(0, "", key, what, remedy))
    numbered = cleaned(rows)
    problems = check_columns(numbered, OWN_COLUMNS, OWN_REQUIRED_COLUMNS)
    entries: dict[str, Entry] = {}
    if not problems:
        for line, cells in numbered:
            found = add_row(entries, line, cells, default_language)
            if found:
                problems.append(found)
    if not problems and not entries:
        problems.append(
            problem(1, "", "", N_("The sheet has no rows."), N_("Write one row for each code, below the heading row."))
        )
    if problems:
        return OwnResult(None, tuple(problems))
    return OwnResult(build(key, name, entries, publisher, programmes or {}), ())


def add_row(entries: dict[str, Entry], line: int, cells: Mapping[str, object], default_language: str) -> Problem | None:
    """Adds the row's entry, or its text in one more language; gives the problem of a row that is not sound."""
    code, parent, text = (cell_text(cells.get(name)) for name in ("code", "parent", "text"))
    if EXTRA_CELLS in cells:
        what = N_("The row has more cells than the heading row has columns: “%(value)s”.")
        return problem(line, "", cells[EXTRA_CELLS], what, N_("Put the text in double quotes."))
    if not CODE.fullmatch(code):
        what = N_("“%(value)s” cannot be a code.")
        return problem(line, "code", code, what, N_("Use 1 to 40 letters, digits, dots and hyphens."))
    if not text or len(text) > TEXT_LIMIT:
        remedy = N_("Write a text of 1 to %(limit)s letters.")
        return problem(line, "text", text, N_("The text is empty or too long."), remedy, limit=str(TEXT_LIMIT))
    language = read_language(line, cells.get("language"), default_language)
    if isinstance(language, Problem):
        return language
    if parent and parent not in entries:
        what = N_("The parent “%(value)s” does not stand above this row.")
        return problem(line, "parent", parent, what, N_("Put its row first, or correct it."))
    entry = entries.get(code)
    if entry is None:
        level = cell_text(cells.get("level")) or f"level {1 + depth(entries, parent)}"
        above = entries[parent].level if parent else ""
        if level == above:
            what = N_("%(value)s has the level of its parent.")
            return problem(line, "level", code, what, N_("Give the two rows different levels."))
        entry = entries[code] = Entry(code, parent, level)
    elif language in entry.texts:
        what = N_("%(value)s has a text in this language already.")
        return problem(line, "code", code, what, N_("Keep one of the two."))
    elif parent not in ("", entry.parent):
        what = N_("%(value)s stands below another parent in an earlier row.")
        return problem(line, "parent", code, what, N_("Give it one parent."))
    entry.texts[language] = text
    return None


def depth(entries: Mapping[str, Entry], code: str) -> int:
    """How many entries stand above a child of this one, itself counted; none for no code."""
    return 1 + depth(entries, entries[code].parent) if code else 0


def build(
    key: str, name: str, entries: Mapping[str, Entry], publisher: str, programmes: Mapping[str, Words]
) -> Catalogue:
    """The catalogue of sound entries; its grammar holds just their codes, so that a slip is never a new one."""
    levels = tuple(
        dict.fromkeys(entry.level for entry in sorted(entries.values(), key=lambda e: depth(entries, e.code)))
    )
    grammar = []
    for level in levels:
        codes = [entry.code for entry in entries.values() if entry.level == level]
        grammar.append(CodeRule(level, re.compile("|".join(map(re.escape, codes))), example=codes[0]))
    nodes = tuple(
        Node(
            key=f"{key}/{entry.code}",
            code=entry.code,
            level=entry.level,
            parent_key=f"{key}/{entry.parent}" if entry.parent else None,
            programmes=tuple(programmes),
            labels={language: shortened(text) for language, text in entry.texts.items()},
            summaries=dict(entry.texts),
            kind=entry.level,
            short_name=entry.code,
            confidence="school",
            own_texts=tuple(OwnText(language, text) for language, text in entry.texts.items()),
        )
        for entry in entries.values()
    )
    return Catalogue(
        key=key,
        names={FALLBACK_LANGUAGE: name},
        short_name=name,
        publisher=publisher,
        edition="",
        source=publisher,
        licence="",
        programmes=programmes,
        levels=tuple(Level(level, {FALLBACK_LANGUAGE: level}) for level in levels),
        answered_level=levels[-1],
        scales=(),
        grammar=tuple(grammar),
        nodes=nodes,
    )
