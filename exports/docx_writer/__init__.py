"""A report as a Word document."""

from __future__ import annotations

import io
from typing import BinaryIO

from exports.blocks import Figure
from exports.compose import compose, make_problem
from exports.docx_writer.base_file import BaseFile
from exports.docx_writer.pagination import paginate
from exports.docx_writer.render import Renderer
from exports.layouts import base_file
from exports.model import Edition, Report
from exports.pictures import OpenExhibit, ReadyPicture, open_picture
from exports.writer import WriteResult

LOOKS = 3


def write_docx(
    report: Report,
    edition: Edition,
    out: BinaryIO,
    *,
    base: bytes | None = None,
    open_exhibit: OpenExhibit | None = None,
    document: str = "self-study",
    pages: dict[str, int] | None = None,
) -> WriteResult:
    """Write the document; the same input always gives the same bytes.

    `base` is a school's own base file (checked by `check_base_file` beforehand). `open_exhibit` opens pictures;
    without it their words are printed. `pages`, from `paginate`, makes the paginated edition. Raises ValueError as
    `compose`.
    """
    composition = compose(report, edition, document)
    opened = BaseFile(base or base_file())

    def picture(figure: Figure) -> ReadyPicture | None:
        place = figure.number or composition.words("cover.logo", school=composition.school)
        ready = open_picture(figure.sha256, place, open_exhibit)
        if ready is None:
            composition.problems.append(make_problem(composition.words, "picture-unreadable", place, "", 0, place))
        return ready

    renderer = Renderer(opened, composition, picture, pages or {})
    body = renderer.body()
    opened.describe(composition)
    opened.fill_slots(composition.slots, (pages or {}).get("", 1))
    # A document that never turns to landscape is one section, the one with the cover.
    opened.write(out, body, renderer.notes, 2 if renderer.section else 0)
    return WriteResult(tuple(composition.problems))


def write_paginated(
    report: Report,
    edition: Edition,
    out: BinaryIO,
    *,
    base: bytes | None = None,
    open_exhibit: OpenExhibit | None = None,
    document: str = "self-study",
) -> WriteResult:
    """Write the edition with page numbers in its contents; without LibreOffice, the one with links alone.

    Takes many seconds: numbers may move lines, so the layout is looked at until they stand still, three times at
    most.
    """
    pages: dict[str, int] | None = None
    for _ in range(LOOKS):
        draft = io.BytesIO()
        result = write_docx(
            report, edition, draft, base=base, open_exhibit=open_exhibit, document=document, pages=pages
        )
        seen = paginate(draft.getvalue())
        if seen is None or seen == pages:
            break
        pages = seen
    else:
        draft = io.BytesIO()
        result = write_docx(
            report, edition, draft, base=base, open_exhibit=open_exhibit, document=document, pages=pages
        )
    out.write(draft.getvalue())
    return result
