"""Presentations: a title slide, then one slide a heading."""

from __future__ import annotations

import io
from datetime import datetime, time

from pptx import Presentation

from evidence_app.demo.documents.packing import repacked
from evidence_app.demo.draft import Bullets, Draft, Heading, Paragraph
from evidence_app.demo.sketch import Sketch

_TITLE_SLIDE, _TITLE_AND_TEXT = 0, 1


def write(sketch: Sketch, draft: Draft) -> bytes:
    """The draft as a PowerPoint presentation."""
    show = Presentation()
    first = show.slides.add_slide(show.slide_layouts[_TITLE_SLIDE])
    first.shapes.title.text = draft.title
    first.placeholders[1].text = draft.byline
    for title, lines in _slides(draft):
        slide = show.slides.add_slide(show.slide_layouts[_TITLE_AND_TEXT])
        slide.shapes.title.text = title
        slide.placeholders[1].text = "\n".join(lines)
    about = show.core_properties
    about.title, about.author, about.last_modified_by = draft.title, sketch.owner, sketch.owner
    about.created = about.modified = datetime.combine(sketch.written_on, time(9))
    target = io.BytesIO()
    show.save(target)
    return repacked(target.getvalue())


def _slides(draft: Draft) -> list[tuple[str, list[str]]]:
    slides: list[tuple[str, list[str]]] = []
    for block in draft.blocks:
        if isinstance(block, Heading):
            slides.append((block.text, []))
            continue
        if not slides:
            slides.append((draft.title, []))
        lines = slides[-1][1]
        if isinstance(block, Paragraph):
            lines.append(block.text)
        elif isinstance(block, Bullets):
            lines += block.lines
    return slides
