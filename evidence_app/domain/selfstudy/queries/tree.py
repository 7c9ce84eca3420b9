"""The whole self-study at a glance: every node with its status, and how far each programme is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import standards
from evidence_app.domain.access import Actor
from evidence_app.domain.accounts import names_of
from evidence_app.domain.evidence import Item, visible_to
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.selfstudy.models import (
    Citation,
    Evaluation,
    Response,
    ResponseStatus,
    StandardLevel,
)
from evidence_app.domain.selfstudy.queries.finding import evaluation, programmes_for
from evidence_app.domain.selfstudy.queries.reading import levels_in


@dataclass(frozen=True, slots=True)
class StudyCell:
    """One practice in one programme. `response_id` is None for a practice the catalogue gained after the opening.

    `exhibits` counts citations the actor may open.
    """

    programme: str
    response_id: str | None = None
    status: ResponseStatus = ResponseStatus.NOT_BEGUN
    rating: int | None = None
    lead_id: str | None = None
    lead_name: str = ""
    changed_at: datetime | None = None
    exhibits: int = 0


@dataclass(frozen=True, slots=True)
class StudyRow:
    """One node in reading order, `depth` 0 for a category. A practice has cells, a standard has levels by programme."""

    node: standards.Node
    depth: int
    cells: tuple[StudyCell, ...] = ()
    levels: Mapping[str, StandardLevel | None] | None = None


@dataclass(frozen=True, slots=True)
class StudyTree:
    """An evaluation with the rows of its framework, for the programmes the actor's place includes."""

    evaluation: Evaluation
    programmes: tuple[str, ...]
    rows: tuple[StudyRow, ...]


def study_tree(session: Session, actor: Actor, evaluation_id: str) -> StudyTree:
    """The tree of an evaluation, from its categories down to its practices; always the same small number of queries."""
    found = evaluation(session, actor, evaluation_id)
    catalogue = catalogue_for(session, actor.school_id, found.framework_key)
    programmes = programmes_for(actor, found)
    cells = _cells(session, actor, found, catalogue)
    levels = levels_in(session, actor, found)
    rated = {level.name for level in catalogue.levels if catalogue.scales_for(level.name)}
    rows = []
    for node, depth in down_to_practices(catalogue):
        if node.level == catalogue.answered_level:
            mine = (cells.get((node.key, p)) or StudyCell(p) for p in programmes if node.applies_to(p))
            rows.append(StudyRow(node, depth, cells=tuple(mine)))
        elif node.level in rated:
            rows.append(StudyRow(node, depth, levels={p: levels.get((node.key, p)) for p in programmes}))
        else:
            rows.append(StudyRow(node, depth))
    return StudyTree(found, programmes, tuple(rows))


def progress(session: Session, actor: Actor, evaluation_id: str) -> dict[str, dict[ResponseStatus, int]]:
    """Programme -> status -> how many practices; every status is there, and they add up to all practices."""
    found = evaluation(session, actor, evaluation_id)
    catalogue = catalogue_for(session, actor.school_id, found.framework_key)
    counted = (
        select(Response.programme, Response.status, func.count())
        .where(
            Response.school_id == actor.school_id,
            Response.evaluation_id == found.id,
            Response.node_key.in_([node.key for node in catalogue.practices()]),
        )
        .group_by(Response.programme, Response.status)
    )
    counts = {(programme, status): count for programme, status, count in session.execute(counted)}
    totals = {}
    for programme in programmes_for(actor, found):
        by_status = {status: counts.get((programme, status), 0) for status in ResponseStatus}
        begun = sum(by_status.values()) - by_status[ResponseStatus.NOT_BEGUN]
        by_status[ResponseStatus.NOT_BEGUN] = len(catalogue.practices(programme)) - begun
        totals[programme] = by_status
    return totals


def down_to_practices(catalogue: standards.Catalogue) -> list[tuple[standards.Node, int]]:
    """The nodes down to the level that is answered, in reading order, each with its depth from 0."""
    names = [level.name for level in catalogue.levels]
    shown = names[: names.index(catalogue.answered_level) + 1] if catalogue.answered_level else names
    return [(node, names.index(node.level)) for node in catalogue if node.level in shown]


def _cells(
    session: Session, actor: Actor, found: Evaluation, catalogue: standards.Catalogue
) -> dict[tuple[str, str], StudyCell]:
    mine = (Response.school_id == actor.school_id, Response.evaluation_id == found.id)
    columns = (Response.id, Response.node_key, Response.programme, Response.status)
    rows = list(session.execute(select(*columns, Response.rating, Response.lead_id, Response.changed_at).where(*mine)))
    counted = (
        select(Citation.response_id, func.count())
        .join(Response, (Response.school_id == Citation.school_id) & (Response.id == Citation.response_id))
        .join(Item, (Item.school_id == Citation.school_id) & (Item.id == Citation.item_id))
        .where(*mine, visible_to(actor))
        .group_by(Citation.response_id)
    )
    cited = dict(session.execute(counted).all())
    names = names_of(session, actor.school_id, {row.lead_id for row in rows if row.lead_id})
    return {
        (row.node_key, row.programme): StudyCell(
            programme=row.programme,
            response_id=row.id,
            status=ResponseStatus(row.status),
            rating=row.rating,
            lead_id=row.lead_id,
            lead_name=names.get(row.lead_id, ""),
            changed_at=row.changed_at,
            exhibits=cited.get(row.id, 0),
        )
        for row in rows
        if row.node_key in catalogue
    }
