"""PPTX by walking its XML: slides in their order, tables, SmartArt, charts, then the notes of each slide."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence_app.domain.extraction.draft import Damaged, Draft, Source
from evidence_app.domain.extraction.drawing_text import drawn_lines
from evidence_app.domain.extraction.limits import MAX_PAGES
from evidence_app.domain.extraction.ooxml import Package, attribute
from evidence_app.domain.extraction.safe_xml import local_name
from evidence_app.domain.extraction.titles import is_meaningful_title

_TITLES = frozenset({"title", "ctrTitle"})
_RELATED = ("diagramData", "chart", "comments", "notesSlide")
_EMPTY_NOTES = frozenset({"sldNum", "sldImg", "dt", "hdr", "ftr"})


def read(source: Source, draft: Draft) -> None:
    """Fill the draft, one page a slide."""
    package = Package(source)
    package.read_properties(draft)
    main = package.main_part()
    if main is None:
        raise Damaged("part-missing", part="ppt/presentation.xml")
    slides = _slides_in_order(package, main)
    draft.pages = len(slides)
    draft.facts["slides"] = len(slides)
    declared, draft.title = draft.title, ""
    for slide in slides[:MAX_PAGES]:
        draft.start_page()
        _read_slide(package, slide, draft)
    if len(slides) > MAX_PAGES:
        draft.warn("pages-cut", read=MAX_PAGES, pages=len(slides))
    if not draft.title and is_meaningful_title(declared):
        draft.title = declared


def _slides_in_order(package: Package, main: str) -> list[str]:
    parts = {relation.id: relation.part for relation in package.relations(main) if relation.kind == "slide"}
    ids = [
        value for element in package.xml(main).iter() if local_name(element) == "sldId" for value in element.values()
    ]
    return [parts[value] for value in dict.fromkeys(ids) if value in parts]


def _read_slide(package: Package, slide: str, draft: Draft) -> None:
    for shape in _shapes(package.xml(slide)):
        lines = list(drawn_lines(shape))
        if _placeholder(shape) in _TITLES and lines:
            title = " ".join(lines)
            draft.add_heading(title)
            draft.title = draft.title or title
        for line in lines:
            draft.text.add(line)
    for relation in package.relations(slide):
        if relation.kind in _RELATED:
            for shape in _shapes(package.xml(relation.part)):
                if _placeholder(shape) not in _EMPTY_NOTES:
                    for line in drawn_lines(shape):
                        draft.text.add(line)


def _shapes(root: Any) -> Iterator[Any]:
    """The shapes of a slide one by one, so that each may be asked what it stands for; else the whole part."""
    shapes = [element for element in root.iter() if local_name(element) in {"sp", "graphicFrame", "cxnSp"}]
    yield from shapes or [root]


def _placeholder(shape: Any) -> str:
    return next((attribute(element, "type") for element in shape.iter() if local_name(element) == "ph"), "")
