"""A school's own wording, and the codes it adds from its own copy, laid over a catalogue that stays as it is."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from standards.grammar import CodeRule
from standards.model import FALLBACK_LANGUAGE, LANGUAGES, Catalogue, Node, OwnText
from standards.nodes import LABEL_LIMIT
from standards.sheet import EXTRA_CELLS, N_, NumberedRow, OverlayError, Problem, cell_text, problem

COLUMNS = ("code", "text", "programme", "language")
REQUIRED_COLUMNS = ("code", "text")
TEXT_LIMIT = 4000
ROW_LIMIT = 5000
LANGUAGE_NAMES = {
    "english": "en", "anglais": "en", "inglés": "en", "inglese": "en",
    "french": "fr", "français": "fr", "francés": "fr", "francese": "fr",
    "spanish": "es", "espagnol": "es", "español": "es", "spagnolo": "es",
    "italian": "it", "italien": "it", "italiano": "it",
}  # fmt: skip
ALL_PROGRAMMES = ("ALL", "*")
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


@dataclass(frozen=True, slots=True)
class OverlayRow:
    """One sound row: the school's text for a code in a language; no programmes means all that the code concerns."""

    line: int
    code: str
    text: str
    programmes: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class OverlayResult:
    """The sound rows of a sheet, in its order, what is wrong with the others, and the codes that are new."""

    rows: tuple[OverlayRow, ...]
    problems: tuple[Problem, ...]
    new_codes: tuple[str, ...]


def check_rows(
    catalogue: Catalogue, rows: Iterable[NumberedRow], default_language: str = FALLBACK_LANGUAGE
) -> OverlayResult:
    """The sound rows and the problems of the others; a row is taken whole or not at all.

    The default language holds where a row names none. Never raises for what is in the rows.
    """
    numbered = cleaned(rows)
    problems = check_columns(numbered, COLUMNS, REQUIRED_COLUMNS)
    if len(numbered) > ROW_LIMIT:
        what, remedy = N_("The sheet has more than %(limit)s rows."), N_("Split it into several files.")
        return OverlayResult((), (problem(1, "", len(numbered), what, remedy, limit=str(ROW_LIMIT)),), ())
    if not numbered:
        what, remedy = N_("The sheet has no rows."), N_("Write one row for each code, below the heading row.")
        return OverlayResult((), (problem(1, "", "", what, remedy),), ())
    if any(found.column in REQUIRED_COLUMNS for found in problems):
        return OverlayResult((), tuple(problems), ())
    sound: list[OverlayRow] = []
    first_lines: dict[tuple[str, str, tuple[str, ...]], int] = {}
    for line, cells in numbered:
        row = read_row(catalogue, line, cells, default_language)
        if isinstance(row, Problem):
            problems.append(row)
            continue
        first = first_lines.setdefault((row.code, row.language, row.programmes), line)
        if first != line:
            what = N_("%(value)s has a text in this language already, on line %(first)s.")
            problems.append(problem(line, "code", row.code, what, N_("Keep one of the two."), first=str(first)))
            continue
        sound.append(row)
    sound, orphans = with_parents(catalogue, sound)
    new_codes = tuple(dict.fromkeys(row.code for row in sound if row.code not in catalogue))
    return OverlayResult(tuple(sound), tuple(sorted([*problems, *orphans], key=lambda found: found.line)), new_codes)


def cleaned(rows: Iterable[NumberedRow]) -> list[NumberedRow]:
    """The rows with column names in small letters, without empty rows."""
    named = [(line, {cell_text(name).lower(): value for name, value in cells.items()}) for line, cells in rows]
    return [(line, cells) for line, cells in named if any(cell_text(value) for value in cells.values())]


def check_columns(rows: list[NumberedRow], known: tuple[str, ...], required: tuple[str, ...]) -> list[Problem]:
    """What is wrong with the columns, once for the whole sheet: a needed one is missing, or one is not known."""
    names = dict.fromkeys(name for _, cells in rows for name in cells if name != EXTRA_CELLS)
    found: list[Problem] = []
    for name in required:
        if rows and name not in names:
            what = N_("The sheet has no column “%(heading)s”; it has: %(columns)s.")
            remedy = N_("Name the columns in the first row: %(known)s.")
            params = {"heading": name, "columns": ", ".join(names), "known": ", ".join(known)}
            found.append(problem(1, name, "", what, remedy, **params))
    for name in names:
        if name not in known:
            what = N_("The column “%(value)s” is not known, and was left aside.")
            remedy = N_("Known columns: %(known)s.")
            found.append(problem(1, name, name, what, remedy, known=", ".join(known)))
    return found


def read_row(
    catalogue: Catalogue, line: int, cells: Mapping[str, object], default_language: str
) -> OverlayRow | Problem:
    """The row if every cell is sound, else what is wrong with the first cell that is not."""
    if EXTRA_CELLS in cells:
        what = N_("The row has more cells than the heading row has columns: “%(value)s”.")
        return problem(line, "", cells[EXTRA_CELLS], what, N_("Put the text in double quotes."))
    code = read_code(catalogue, line, cells.get("code"))
    if isinstance(code, Problem):
        return code
    text = cell_text(cells.get("text"))
    if not text:
        return problem(line, "text", "", N_("There is no text."), N_("Write the wording, or leave the row out."))
    if len(text) > TEXT_LIMIT:
        what = N_("The text has %(length)s letters; %(limit)s at most are kept.")
        remedy = N_("Shorten it.")
        return problem(line, "text", text, what, remedy, length=str(len(text)), limit=str(TEXT_LIMIT))
    language = read_language(line, cells.get("language"), default_language)
    if isinstance(language, Problem):
        return language
    programmes = read_programmes(catalogue, line, code, cells.get("programme"))
    if isinstance(programmes, Problem):
        return programmes
    return OverlayRow(line, code, text, programmes, language)


def read_code(catalogue: Catalogue, line: int, value: object) -> str | Problem:
    """The code as the grammar writes it: a spreadsheet may have eaten its first zero or lengthened its dashes."""
    written = re.sub(r"\s", "", cell_text(value).translate(DASHES)).lstrip("'").removeprefix(f"{catalogue.key}/")
    if not written:
        return problem(line, "code", "", N_("There is no code."), N_("Write the code, or leave the row out."))
    for candidate in (written, f"0{written}", written.upper(), written.lower()):
        if catalogue.rule_for(candidate):
            return candidate
    shapes = ", ".join(rule.example for rule in catalogue.grammar)
    what = N_("“%(value)s” is not built like a code of this framework.")
    return problem(line, "code", value, what, N_("Its codes look like these: %(shapes)s."), shapes=shapes)


def read_language(line: int, value: object, default_language: str) -> str | Problem:
    """The language's code, from a code ("fr", "fr-CH") or a name ("Français")."""
    written = cell_text(value).lower()
    if not written:
        return default_language
    language = LANGUAGE_NAMES.get(written, re.split("[-_]", written)[0])
    if language in LANGUAGES:
        return language
    what, remedy = N_("The language “%(value)s” is not known."), N_("Use one of: %(known)s.")
    return problem(line, "language", value, what, remedy, known=", ".join(LANGUAGES))


def read_programmes(catalogue: Catalogue, line: int, code: str, value: object) -> tuple[str, ...] | Problem:
    """The programmes of the cell in the catalogue's order; none if they are all that the code concerns."""
    written = [name for name in re.split(r"[\s,;/|+]+", cell_text(value).upper()) if name]
    if not written or set(written) <= set(ALL_PROGRAMMES):
        return ()
    for name in written:
        if name not in catalogue.programmes:
            what = N_("The programme “%(programme)s” is not known.")
            known = ", ".join(catalogue.programmes) or "-"
            return problem(line, "programme", value, what, N_("Use some of: %(known)s."), programme=name, known=known)
    allowed = programmes_of(catalogue, code)
    chosen = tuple(name for name in catalogue.programmes if name in written)
    outside = [name for name in chosen if name not in allowed]
    if outside:
        what = N_("The code %(code)s does not concern %(programme)s.")
        remedy = N_("It concerns: %(known)s. Correct the code or the programme.")
        params = {"code": code, "programme": ", ".join(outside), "known": ", ".join(allowed)}
        return problem(line, "programme", value, what, remedy, **params)
    return () if chosen == allowed else chosen


def programmes_of(catalogue: Catalogue, code: str) -> tuple[str, ...]:
    """The programmes a code may concern: the node's, else the one the code tells, else the parent's, else all."""
    if code in catalogue:
        return catalogue.node(code).programmes
    rule = rule_of(catalogue, code)
    told, parent = rule.programme_of(code), rule.parent_of(code)
    if told or parent not in catalogue:
        return (told,) if told else tuple(catalogue.programmes)
    return catalogue.node(parent).programmes


def rule_of(catalogue: Catalogue, code: str) -> CodeRule:
    """The grammar rule of a code; raises OverlayError if it obeys none."""
    rule = catalogue.rule_for(code)
    if rule is None:
        what = N_("“%(value)s” is not built like a code of this framework.")
        raise OverlayError(problem(0, "code", code, what, N_("Check the sheet again before laying it over.")))
    return rule


def with_parents(catalogue: Catalogue, rows: list[OverlayRow]) -> tuple[list[OverlayRow], list[Problem]]:
    """The rows whose code hangs on a node of the catalogue or on a kept row, and the problems of the others."""
    known = {node.code for node in catalogue}
    waiting = [row for row in rows if row.code not in known]
    while waiting:
        ready = [row for row in waiting if rule_of(catalogue, row.code).parent_of(row.code) in known]
        if not ready:
            break
        known.update(row.code for row in ready)
        waiting = [row for row in waiting if row.code not in known]
    orphans = []
    for row in waiting:
        parent = rule_of(catalogue, row.code).parent_of(row.code)
        what = N_("%(value)s stands below %(parent)s, which is neither in the framework nor in the sheet.")
        remedy = N_("Add a row for %(parent)s, or correct the code.")
        if not parent:
            what = N_("%(value)s is not in the framework, and its code does not tell where it belongs.")
            remedy = N_("Correct the code.")
        orphans.append(problem(row.line, "code", row.code, what, remedy, parent=parent))
    return [row for row in rows if row.code in known], orphans


def apply(catalogue: Catalogue, rows: Iterable[OverlayRow]) -> Catalogue:
    """The catalogue with the school's wording on its nodes and the school's codes in their places.

    Takes rows as `check_rows` gave them and leaves the given catalogue as it is; raises OverlayError on a code that
    hangs on nothing.
    """
    kept, orphans = with_parents(catalogue, list(rows))
    if orphans:
        raise OverlayError(orphans[0])
    by_code: dict[str, list[OverlayRow]] = {}
    for row in kept:
        by_code.setdefault(row.code, []).append(row)
    nodes = {node.code: node for node in catalogue}
    new_codes = [code for code in by_code if code not in nodes]
    for code in sorted(new_codes, key=lambda code: (depth(catalogue, code), code)):
        nodes[code] = new_node(catalogue, nodes, by_code[code])
    for code, texts in by_code.items():
        own = tuple(OwnText(row.language, row.text, row.programmes) for row in texts)
        nodes[code] = dataclasses.replace(nodes[code], own_texts=(*nodes[code].own_texts, *own))
    for code, node in nodes.items():
        if any(wanted in nodes for wanted in node.not_seen):
            nodes[code] = dataclasses.replace(node, not_seen=tuple(c for c in node.not_seen if c not in nodes))
    return dataclasses.replace(catalogue, nodes=tuple(in_order(nodes, set(new_codes))))


def depth(catalogue: Catalogue, code: str) -> int:
    """How many ancestors the grammar gives a code."""
    rule = catalogue.rule_for(code)
    parent = rule.parent_of(code) if rule else ""
    return 1 + depth(catalogue, parent) if parent else 0


def new_node(catalogue: Catalogue, nodes: Mapping[str, Node], rows: list[OverlayRow]) -> Node:
    """The node of a code that only the school knows; its text, shortened, is also its label."""
    code = rows[0].code
    rule = rule_of(catalogue, code)
    parent = nodes[rule.parent_of(code)]
    told = rule.programme_of(code)
    named = {name for row in rows for name in row.programmes}
    everywhere = any(not row.programmes for row in rows)
    programmes = (told,) if told else parent.programmes
    if not everywhere:
        programmes = tuple(name for name in programmes if name in named) or programmes
    return Node(
        key=f"{catalogue.key}/{code}",
        code=code,
        level=rule.level,
        parent_key=parent.key,
        programmes=programmes,
        labels={row.language: shortened(row.text) for row in rows},
        summaries={row.language: row.text for row in rows},
        kind=rule.kind or rule.level,
        short_name=code,
        confidence="school",
    )


def shortened(text: str) -> str:
    """The text on one line, cut between words so that it fits a label."""
    short = textwrap.shorten(text, LABEL_LIMIT, placeholder="…")
    return short if short != "…" else text[: LABEL_LIMIT - 1] + "…"


def in_order(nodes: Mapping[str, Node], new_codes: set[str]) -> list[Node]:
    """The nodes with each new one among its siblings, before the first one of a greater code."""
    siblings: dict[str | None, list[Node]] = {}
    for node in nodes.values():
        here = siblings.setdefault(node.parent_key, [])
        place = len(here)
        if node.code in new_codes:
            place = next((at for at, other in enumerate(here) if other.code > node.code), len(here))
        here.insert(place, node)

    def walk(parent_key: str | None) -> list[Node]:
        return [found for node in siblings.get(parent_key, []) for found in (node, *walk(node.key))]

    return walk(None)
