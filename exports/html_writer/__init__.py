"""A report as HTML: one page to keep, fragments for a reading room, and the preview of a narrative."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from typing import BinaryIO

from exports.blocks import Block, Cite, Figure, Heading, Place, Turn, cite_anchor
from exports.compose import compose, make_problem
from exports.composition import Composition, Problem, pieces_of
from exports.html_writer.render import HtmlRenderer, SafeHtml, data_url
from exports.model import Edition, Exhibit, Report
from exports.narrative import parse_narrative
from exports.pictures import OpenExhibit, open_picture
from exports.words import Words
from exports.writer import WriteResult

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_html(
    report: Report,
    edition: Edition,
    out: BinaryIO,
    *,
    base: bytes | None = None,
    open_exhibit: OpenExhibit | None = None,
    document: str = "self-study",
    pages: dict[str, int] | None = None,
) -> WriteResult:
    """Write one page that needs nothing else: its style and its pictures are inside.

    Raises ValueError as `compose`.
    """
    composition = compose(report, edition, document)

    def picture(figure: Figure) -> str:
        place = figure.number or composition.words("cover.logo", school=composition.school)
        ready = open_picture(figure.sha256, place, open_exhibit)
        if ready is None:
            composition.problems.append(make_problem(composition.words, "picture-unreadable", place, "", 0, place))
        return data_url(ready) if ready else ""

    renderer = HtmlRenderer(composition, lambda n: min(n + 1, 6), lambda anchor: f"#{anchor}", lambda _: "", picture)
    sections = "".join(_section(renderer, section) for section in _chapters(composition))
    body = f"{_contents(composition)}<main>\n{sections}</main>\n"
    page = page_html(composition.words.tag, escape(composition.title), body)
    out.write(page.encode())
    return WriteResult(tuple(composition.problems))


def page_html(language: str, title: str, body: str) -> str:
    """A whole page that needs nothing else; `title` and `body` are HTML already."""
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n<title>{title}</title>\n'
        f"<style>\n{style}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _chapters(composition: Composition) -> list[list[Block]]:
    """The blocks of the cover, then of each chapter."""
    out: list[list[Block]] = [[]]
    for block in composition.blocks:
        if isinstance(block, Heading) and block.level == 1:
            out.append([])
        out[-1].append(block)
    return out


def _section(renderer: HtmlRenderer, blocks: list[Block]) -> str:
    first = blocks[0] if blocks else None
    kind = "chapter" if isinstance(first, Heading) else "cover"
    if any(isinstance(b, Turn) and not b.landscape for b in blocks):
        kind += " landscape"
    return f'<section class="{kind}">\n{renderer.blocks(blocks)}</section>\n'


def _contents(composition: Composition) -> str:
    """The contents as a list of links, in the same order and with the same anchors as the headings get."""
    loose, items = 0, []
    for block in composition.blocks:
        if isinstance(block, Heading):
            anchor = block.anchor
            if not anchor:
                loose += 1
                anchor = f"s-{loose}"
            if block.level <= 3 and not block.look:
                code = f'<span class="toc-code">{escape(block.code)}</span> ' if block.code else ""
                items.append(f'<li class="toc-{block.level}"><a href="#{anchor}">{code}{escape(block.title)}</a></li>')
    name = escape(composition.words("contents"))
    return f'<nav aria-label="{name}">\n<h2>{name}</h2>\n<ul>{"".join(items)}</ul>\n</nav>\n'


# -- fragments for the reading room
@dataclass(frozen=True, slots=True)
class Fragment:
    """One section of a report: a chapter, or a category, standard or practice.

    `level` is 1 to 3; `html` holds the section without its own heading, its inner headings beginning at h2; `anchors`
    are the ids in it, so that a link to any of them finds its section; `exhibits` are the numbers it cites, in order.
    """

    anchor: str
    level: int
    title: str
    code: str
    html: SafeHtml
    anchors: tuple[str, ...] = ()
    exhibits: tuple[str, ...] = ()


@dataclass(slots=True)
class _Open:
    heading: Heading
    blocks: list[Block] = field(default_factory=list)


def report_fragments(
    report: Report,
    edition: Edition | None = None,
    *,
    document: str = "self-study",
    section_url: Callable[[str], str] | None = None,
    exhibit_url: Callable[[str], str] | None = None,
    picture_url: Callable[[str], str] | None = None,
) -> tuple[Fragment, ...]:
    """The sections of a report in order, for pages that show one at a time; the cover is left to the page.

    `section_url` gives the address of the section with an anchor (without it, all sections are on one page);
    `exhibit_url` that of an exhibit by number, `picture_url` that of a picture by hash. Raises ValueError as
    `compose`.
    """
    composition = compose(report, edition or Edition(), document)
    sections = _split(composition)
    home = {anchor: s.heading.anchor for s in sections for anchor in _anchors(s)}

    def link(anchor: str) -> str:
        section = home.get(anchor, "")
        return f"{section_url(section)}#{anchor}" if section_url and section else f"#{anchor}"

    def picture(figure: Figure) -> str:
        return picture_url(figure.sha256) if picture_url else ""

    out = []
    base = [1]
    renderer = HtmlRenderer(
        composition, lambda n: max(2, min(n - base[0] + 1, 6)), link, exhibit_url or (lambda _: ""), picture
    )
    for section in sections:
        base[0] = section.heading.level
        body = renderer.blocks(section.blocks)
        heading = section.heading
        anchors = tuple(_anchors(section))
        out.append(Fragment(heading.anchor, heading.level, heading.title, heading.code, body, anchors, _cited(section)))
    return tuple(out)


def _split(composition: Composition) -> list[_Open]:
    """A section for each chapter, and within the categories one for each standard and practice."""
    out: list[_Open] = []
    for block in composition.blocks:
        opens = isinstance(block, Heading) and (
            block.level == 1 or (block.level <= 3 and block.anchor.startswith("P_"))
        )
        if isinstance(block, Heading) and opens:
            out.append(_Open(block))
        elif out:
            out[-1].blocks.append(block)
    return out


def _anchors(section: _Open) -> list[str]:
    out = [section.heading.anchor]
    for block in section.blocks:
        if isinstance(block, Heading) and block.anchor:
            out.append(block.anchor)
        for piece in pieces_of(block):
            if isinstance(piece, Place):
                out.append(piece.anchor)
            elif isinstance(piece, Cite) and piece.count:
                out.append(cite_anchor(piece.number, piece.count))
    return out


def _cited(section: _Open) -> tuple[str, ...]:
    found = (p.number for block in section.blocks for p in pieces_of(block) if isinstance(p, Cite))
    return tuple(dict.fromkeys(found))


# -- preview
def narrative_html(
    text: str,
    exhibits: Mapping[str, Exhibit],
    *,
    language: str = "en",
    where: str = "",
    programme: str = "",
    exhibit_url: Callable[[str], str] | None = None,
    picture_url: Callable[[str], str] | None = None,
) -> tuple[SafeHtml, tuple[Problem, ...]]:
    """A narrative as safe HTML, its headings from h2, and its problems in the given language.

    Never raises for a text.

    `exhibits` are those that may be cited, by number; the two addresses are as in `report_fragments`.
    """
    words = Words(language)
    narrative = parse_narrative(text, exhibits, top_level=2)
    composition = Composition(
        words=words,
        title="",
        subject="",
        school="",
        keywords="",
        comments="",
        stamp="",
        slots={},
        blocks=list(narrative.blocks),
    )

    def picture(figure: Figure) -> str:
        return picture_url(figure.sha256) if picture_url else ""

    renderer = HtmlRenderer(composition, lambda n: n, lambda a: f"#{a}", exhibit_url or (lambda _: ""), picture)
    problems = tuple(make_problem(words, f.code, where, programme, f.line, f.snippet) for f in narrative.faults)
    return renderer.blocks(narrative.blocks), problems
