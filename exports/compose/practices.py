"""One chapter for a category, one section for a standard, one subsection for a practice."""

from __future__ import annotations

from exports.blocks import Cell, Column, Inline, Link, Paragraph, Place, Row, Table, Text, anchor_key
from exports.compose.composer import SPACE, Composer, place_anchor
from exports.compose.overview import standard_count
from exports.model import Category, Exhibit, Practice, RequirementState, Response, Standard
from exports.names import bundle_path, part_words
from exports.narrative import safe_url
from exports.text import number_order

REQUIREMENT_MARKS = {"met": "●●", "partly": "●○", "not_yet": "○○", "open": "–"}
EXHIBIT_COLUMNS = (("number", 30), ("shows", 62), ("kind", 23), ("version", 21), ("open", 26))


def category(c: Composer, content: Category) -> None:
    """A chapter."""
    words = c.words
    c.heading(1, content.name, words("category.code", code=content.code), place_anchor(content.code))
    c.here = content.code
    c.plain(content.lead, "Lead")
    c.add(*c.markdown(content.introduction, content.code, top=2))
    for standard in content.standards:
        _standard(c, standard)


def _standard(c: Composer, content: Standard) -> None:
    words = c.words
    c.heading(2, content.name, words("standard.code", code=content.code), place_anchor(content.code))
    c.here = content.code
    programmes = list(dict.fromkeys(level.programme for level in content.levels))
    meta = [programmes_in_words(c, programmes)] if programmes else []
    meta += [words("lead", name=content.lead)] if content.lead else []
    c.plain(" · ".join(meta), "PracticeMeta")
    if content.levels:
        rows = [
            (level.programme, level.rating, level.reason, standard_count(c, content, level.programme))
            for level in content.levels
        ]
        c.add(_ratings(c, words("standard.of", code=content.code), rows, with_next=True))
        c.fixed("standard.note", "TableNote")
    c.add(*c.markdown(content.introduction, content.code, top=3))
    for practice in content.practices:
        _practice(c, practice)


def programmes_in_words(c: Composer, keys: list[str]) -> str:
    """ "All three programmes", or their keys in a row."""
    every = [p.key for p in c.report.programmes]
    if len(every) > 1 and set(keys) == set(every):
        return c.words("programmes.all")
    return ", ".join(keys)


def _ratings(c: Composer, of: str, rows: list[tuple[str, int, str, int]], *, with_next: bool = False) -> Table:
    """A table of (programme, level, reason or none, number of exhibits); `with_next` keeps it with its note.

    The table of a practice has no note: tied to the answer below it, a practice would only begin where heading, levels
    and the answer's first lines find room together, and leave a third of the page before it empty.
    """
    words = c.words
    heads = ("programme", "level", "level.here", "exhibits")
    looks = ("TableHead", "TableInsetHead", "TableInsetHead", "TableFigureHead")
    columns = tuple(
        Column(words(key), share, look) for key, share, look in zip(heads, (30, 40, 72, 20), looks, strict=True)
    )
    body = tuple(
        (
            c.cell(programme, "TableLabel"),
            c.rating(rating),
            c.cell(reason or c.level(rating).meaning, "TableInset"),
            c.cell(words.number(count), "TableFigure"),
        )
        for programme, rating, reason, count in rows
    )
    title = words("ratings.title", of=of)
    return Table("RatingTable", columns, body, title, words("ratings.about"), together=True, with_next=with_next)


def _practice(c: Composer, content: Practice) -> None:
    c.heading(3, content.name, content.code, place_anchor(content.code))
    c.here = content.code
    c.plain(content.summary, "PracticeMeta")
    c.plain(_meta(c, content), "PracticeMeta")
    if content.responses:
        rows = [(r.programme, r.rating, "", len(c.exhibits_of(r))) for r in content.responses]
        c.add(_ratings(c, content.code, rows))
    groups = _groups(content.responses)
    for responses in groups:
        _answer(c, content, responses, alone=len(groups) == 1)
    _gaps(c, content)
    _requirements(c, content)
    _exhibits(c, content)


def _meta(c: Composer, content: Practice) -> str:
    """Programmes, leads and states of a practice in one line; what is the same for all is said once."""
    words, out = c.words, []
    if not content.responses:
        return words("response.none")
    out.append(programmes_in_words(c, [r.programme for r in content.responses]))
    leads = list(dict.fromkeys(r.lead for r in content.responses if r.lead))
    out += [words("lead", name=", ".join(leads))] if leads else []
    states: dict[str, list[str]] = {}
    for response in content.responses:
        states.setdefault(_state(c, response), []).append(response.programme)
    out += [state if len(states) == 1 else f"{', '.join(keys)}: {state}" for state, keys in states.items()]
    return " · ".join(out)


def _state(c: Composer, response: Response) -> str:
    state = c.words.state("response", response.status)
    return f"{state}, {c.words.day(response.status_on)}" if response.status_on else state


def _groups(responses: tuple[Response, ...]) -> list[list[Response]]:
    """Responses with the same words together, in the order of the programmes; those without any are left out."""
    groups: dict[tuple[str, str, str], list[Response]] = {}
    for response in responses:
        key = (response.narrative.strip(), response.strengths.strip(), response.next_steps.strip())
        if any(key):
            groups.setdefault(key, []).append(response)
    return list(groups.values())


def _answer(c: Composer, practice: Practice, responses: list[Response], alone: bool) -> None:
    """One answer; where programmes answer differently, it carries the names of those it stands for."""
    first, keys = responses[0], [r.programme for r in responses]
    programme = ", ".join(keys)
    if not alone or len(keys) < len(practice.responses):
        names = c.words.joined([c.programmes.get(key, key) for key in keys])
        c.heading(4, names, ", ".join(keys) if len(keys) < 3 else "", look="ProgrammeHeading")
    if blocks := c.markdown(first.narrative, practice.code, programme):
        c.part("answer")
        c.add(*blocks)
    for key, text, look in (
        ("strengths", first.strengths, "ListStrength"),
        ("next_steps", first.next_steps, "ListNextStep"),
    ):
        if text.strip():
            c.part(key)
            c.items(text, practice.code, programme, look)


def _gaps(c: Composer, content: Practice) -> None:
    for gap in c.report.gaps:
        if gap.practice == content.code:
            words = [Text(c.words("gap", programme=gap.programme), "CalloutWord")]
            asked = gap_in_words(c, gap.asked_of, gap.due)
            c.para("NoEvidenceYet", *words, *([Text(" " + asked)] if asked else []))


def gap_in_words(c: Composer, asked_of: str, due: str) -> str:
    """Who was asked and by when, as a sentence; empty if nobody was."""
    if asked_of and due:
        return c.words("gap.asked.due", name=asked_of, date=c.words.day(due))
    return c.words("gap.asked", name=asked_of) if asked_of else ""


# -- requirements
def _requirements(c: Composer, content: Practice) -> None:
    """Met, partly or not yet; one column for each programme where the programmes differ."""
    words = c.words
    states: dict[str, dict[str, RequirementState]] = {}
    for response in content.responses:
        for requirement in response.requirements:
            states.setdefault(requirement.code, {})[response.programme] = requirement
    if not states:
        return
    programmes = list(dict.fromkeys(programme for row in states.values() for programme in row))
    same = all(len({r.state for r in row.values()}) == 1 and len(row) == len(programmes) for row in states.values())
    shown = programmes[:1] if same else programmes
    share = 30 if same else min(30, 90 // len(shown))
    columns = [Column(words("code"), 30), Column(words("requirement"), 132 - share * len(shown))]
    columns += [Column(words("state") if same else programme, share) for programme in shown]
    rows = []
    for code, row in sorted(states.items()):
        text = next(iter(row.values())).text
        cells = [c.cell(code), c.cell(text)]
        cells += [_requirement_state(c, row.get(programme)) for programme in shown]
        rows.append(tuple(cells))
    c.part("requirements")
    title = words("requirements.title", code=content.code)
    about, short = words("requirements.about"), len(rows) < 8
    c.add(Table("ReportTable", tuple(columns), tuple(rows), title, about, together=short))


def _requirement_state(c: Composer, requirement: RequirementState | None) -> Cell:
    if requirement is None:
        return c.cell("")
    mark = REQUIREMENT_MARKS.get(requirement.state, "–")
    word = c.words.state("requirement", requirement.state)
    return c.cell_of("TableText", Text(mark, "RatingMark"), Text(SPACE), Text(word, "RatingWord"))


# -- exhibits
def _exhibits(c: Composer, content: Practice) -> None:
    """Every exhibit of the practice with how it shows it; an exhibit is at home in one practice only."""
    shows: dict[str, dict[str, list[str]]] = {}
    for response in content.responses:
        for number, how in c.exhibits_of(response).items():
            shows.setdefault(number, {}).setdefault(how.strip(), []).append(response.programme)
    if not shows:
        return
    words = c.words
    c.part("exhibits")
    rows = []
    for number, hows in sorted(shows.items(), key=lambda item: number_order(item[0])):
        c.out.listed.setdefault(number, []).append((c.here_anchor, content.code))
        rows.append(_exhibit_row(c, content.code, c.exhibits[number], hows))
    columns = tuple(Column(words(f"exhibit.{key}"), share) for key, share in EXHIBIT_COLUMNS)
    title = words("exhibits.title", code=content.code)
    c.add(Table("ExhibitTable", columns, tuple(rows), title, words("exhibits.about")))


def _exhibit_row(c: Composer, practice: str, exhibit: Exhibit, hows: dict[str, list[str]]) -> Row:
    number = exhibit.number
    name: Inline = c.exhibit_link(number, "ExhibitNumber")
    home = number.startswith(f"E-{practice}-") and number not in c.out.homes
    if home:
        c.out.homes.add(number)
        name = Place(f"E_{anchor_key(number)}", (name,))
    lines = [Paragraph("TableText", (Text(exhibit.title, "ExhibitTitle"),))]
    said = [how for how in hows if how]
    for how in said:
        which = f"{', '.join(hows[how])}: " if len(said) > 1 else ""
        lines.append(Paragraph("TableDetail", (Text(which), *c.inline(how)) if which else c.inline(how)))
    if not said and exhibit.purpose:
        lines.append(Paragraph("TableDetail", c.inline(exhibit.purpose)))
    lines += [Paragraph("TableDetail", (_part(c, exhibit, place),)) for place in range(1, len(exhibit.parts) + 1)]
    if home:
        lines.append(Paragraph("TableDetail", (c.backlinks(number),)))
    facts = ", ".join(f for f in (exhibit.facts, c.words("exhibit.redacted") if exhibit.redacted else "") if f)
    return (
        c.cell_of("TableText", name),
        Cell(tuple(lines)),
        _two_lines(c, exhibit.kind, facts),
        _two_lines(c, exhibit.version, c.shown(exhibit)),
        c.cell_of("TableText", *open_links(c, exhibit)),
    )


def _part(c: Composer, exhibit: Exhibit, place: int) -> Inline:
    """One file of an exhibit that is several, by its caption; a link to it where it is in the bundle."""
    file, words = exhibit.parts[place - 1], Text(part_words(exhibit, place))
    if not (exhibit.downloadable and file.file_name):
        return words
    path = bundle_path(exhibit.number, file.file_name)
    return Link(path, (words,), c.words("tip.file", number=exhibit.number), "ExhibitLink")


def _two_lines(c: Composer, first: str, second: str) -> Cell:
    lines = [Paragraph("TableText", c.inline(first))] if first else []
    lines += [Paragraph("TableDetail", c.inline(second))] if second else []
    return Cell(tuple(lines)) if lines else c.cell("")


def open_links(c: Composer, exhibit: Exhibit) -> list[Inline]:
    """The ways to open an exhibit: in the reading room, from the bundle, or where it lives on the web."""
    words, number, out = c.words, exhibit.number, []
    if c.edition.share_url and (url := safe_url(f"{c.edition.share_url.rstrip('/')}/{number}")):
        out.append(Link(url, (Text(words("exhibit.online")),), words("tip.online", number=number), "ExhibitLink"))
    if exhibit.sha256 and exhibit.downloadable and exhibit.file_name:
        path = bundle_path(number, exhibit.file_name)
        out.append(Link(path, (Text(words("exhibit.file")),), words("tip.file", number=number), "ExhibitLink"))
    if url := safe_url(exhibit.url):
        out.append(Link(url, (Text(words("exhibit.link")),), words("tip.link", number=number), "ExhibitLink"))
    joined: list[Inline] = []
    for link in out:
        joined += [Text(" · "), link] if joined else [link]
    return joined
