"""A school's own wording of a framework, and the codes it adds from its own copy: kept in that school's data only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

import standards
from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.frameworks.models import OverlayText, SchoolFramework
from evidence_app.errors import NotFound
from evidence_app.i18n import msg
from evidence_app.texts import clean_text

NumberedRow = tuple[int, Mapping[str, object]]


def import_wording(
    session: Session, *, actor: Actor, framework_key: str, rows: Iterable[NumberedRow], language: str
) -> standards.OverlayResult:
    """What was taken and what is wrong with the rest. With one problem nothing is kept; without, it replaces the old.

    `rows` are (line, {column: value}) with the columns code, text, programme, language; `language` holds where a row
    names none.
    """
    require(actor, Action.MANAGE_SCHOOL)
    followed = session.get(SchoolFramework, (actor.school_id, framework_key), with_for_update=True)
    if followed is None:
        raise NotFound(msg("This school does not follow the framework '%(key)s'.", key=framework_key))
    result = standards.check_rows(standards.load(framework_key), rows, language)
    if result.problems:
        return result
    session.execute(
        delete(OverlayText).where(OverlayText.school_id == actor.school_id, OverlayText.framework_key == framework_key)
    )
    session.add_all(
        OverlayText(
            id=new_id(),
            school_id=actor.school_id,
            framework_key=framework_key,
            line=row.line,
            code=row.code,
            language=row.language,
            programmes=",".join(row.programmes),
            text=clean_text(row.text),
        )
        for row in result.rows
    )
    followed.overlay_changed_at = now()
    record(session, actor, "frameworks.import_wording", "framework", framework_key, rows=len(result.rows))
    return result


def rows_of_table(text: str) -> list[NumberedRow]:
    """The rows of a table that was read from a workbook as lines of cells parted by tabs, its headings first."""
    headings: list[str] = []
    rows: list[NumberedRow] = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in line.split("\t")]
        if not headings:
            headings = [cell.lower() for cell in cells] if "code" in map(str.lower, cells) else []
        elif any(cells):
            rows.append((number, dict(zip(headings, cells, strict=False))))
    return rows


def own_wording(session: Session, school_id: str, framework_key: str) -> list[OverlayText]:
    """What the school laid over a framework: its own texts and added codes, in the order of its sheet."""
    mine = (OverlayText.school_id == school_id, OverlayText.framework_key == framework_key)
    return list(session.scalars(select(OverlayText).where(*mine).order_by(OverlayText.line, OverlayText.id)))


def count_own_wording(session: Session, school_id: str) -> dict[str, int]:
    """Framework key -> how many texts of the school's own lie over it, for those that have some."""
    counted = select(OverlayText.framework_key, func.count().label("count_")).where(OverlayText.school_id == school_id)
    rows = session.execute(counted.group_by(OverlayText.framework_key))
    return {row.framework_key: row.count_ for row in rows}


def remove_wording(session: Session, *, actor: Actor, framework_key: str) -> int:
    """How many texts were taken away: the framework reads as it came. Tags on codes the school had added stay."""
    require(actor, Action.MANAGE_SCHOOL)
    followed = session.get(SchoolFramework, (actor.school_id, framework_key), with_for_update=True)
    if followed is None:
        raise NotFound(msg("This school does not follow the framework '%(key)s'.", key=framework_key))
    mine = (OverlayText.school_id == actor.school_id, OverlayText.framework_key == framework_key)
    removed = session.scalar(select(func.count()).select_from(OverlayText).where(*mine)) or 0
    session.execute(delete(OverlayText).where(*mine))
    followed.overlay_changed_at = now()
    record(session, actor, "frameworks.remove_wording", "framework", framework_key, rows=removed)
    return removed
