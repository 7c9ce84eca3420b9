"""The chapters of a self-study: categories, standards, practices, and the answer of each programme."""

from __future__ import annotations

import exports
import standards
from evidence_app.domain.reports.gathering.narratives import Narrator
from evidence_app.domain.reports.gathering.rows import ExhibitRow, StudyRows
from evidence_app.domain.selfstudy import Response, ResponseStatus

STATES = {
    ResponseStatus.NOT_BEGUN: "not_started",
    ResponseStatus.DRAFT: "draft",
    ResponseStatus.IN_REVIEW: "submitted",
    ResponseStatus.APPROVED: "approved",
}


def chapters(rows: StudyRows, narrator: Narrator) -> tuple[exports.Category, ...]:
    """The categories of the framework, down to the practices that the programmes of the evaluation answer."""
    return tuple(category for root in rows.catalogue.roots if (category := _category(rows, narrator, root)).standards)


def cited_rows(rows: StudyRows, response: Response) -> list[tuple[ExhibitRow, str]]:
    """The exhibits a response cites, each with how it shows what is claimed, by number; kept back ones too."""
    cited = rows.citations.get(response.id, ())
    found = [(rows.by_version[c.version_id], c.how) for c in cited if c.version_id in rows.by_version]
    return sorted(found, key=lambda pair: (pair[0].exhibit.home, pair[0].exhibit.running))


def _category(rows: StudyRows, narrator: Narrator, root: standards.Node) -> exports.Category:
    return exports.Category(
        code=root.code,
        name=root.label(rows.language),
        lead=root.summary(rows.language),
        introduction=_introduction(rows, narrator, root),
        standards=tuple(
            _standard(rows, narrator, node, is_root=node == root) for node in _standards_below(rows.catalogue, root)
        ),
    )


def _standards_below(catalogue: standards.Catalogue, root: standards.Node) -> list[standards.Node]:
    """The parents of the answered nodes below a root, in order; the root itself where there is no level between."""
    answered = [n for n in (root, *catalogue.descendants(root.key)) if n.level == catalogue.answered_level]
    parents = {node.parent_key or node.key: None for node in answered}
    return [catalogue.node(key) for key in parents]


def _standard(rows: StudyRows, narrator: Narrator, node: standards.Node, *, is_root: bool) -> exports.Standard:
    levels = ((programme, rows.levels.get((node.key, programme))) for programme in rows.programmes)
    answered = rows.catalogue.children(node.key) or (node,)
    return exports.Standard(
        code=node.code,
        name=node.label(rows.language),
        introduction="" if is_root else _introduction(rows, narrator, node),
        levels=tuple(
            exports.StandardLevel(programme=programme, rating=row.level or 0, reason=row.reason)
            for programme, row in levels
            if row is not None and (row.level or row.reason)
        ),
        practices=tuple(_practice(rows, narrator, n) for n in answered if n.level == rows.catalogue.answered_level),
    )


def _introduction(rows: StudyRows, narrator: Narrator, node: standards.Node) -> str:
    row = rows.introductions.get(node.key)
    return narrator.text(row.text, node.code) if row else ""


def _practice(rows: StudyRows, narrator: Narrator, node: standards.Node) -> exports.Practice:
    found = ((p, rows.responses.get((node.key, p))) for p in rows.programmes if node.applies_to(p))
    return exports.Practice(
        code=node.code,
        name=node.label(rows.language),
        summary=node.summary(rows.language),
        responses=tuple(_response(rows, narrator, node, row) for _, row in found if row is not None),
    )


def _response(rows: StudyRows, narrator: Narrator, node: standards.Node, row: Response) -> exports.Response:
    released = [(exhibit, how) for exhibit, how in cited_rows(rows, row) if narrator.take(exhibit)]
    moment = row.approved_at or (row.changed_at if row.revision else None)
    return exports.Response(
        programme=row.programme,
        rating=row.rating or 0,
        status=STATES[ResponseStatus(row.status)],
        lead=rows.names.get(row.lead_id or "", ""),
        status_on=moment.date().isoformat() if moment else "",
        approved_by=rows.names.get(row.approved_by or "", ""),
        narrative=narrator.text(row.narrative, node.code, row.programme),
        strengths=narrator.text(row.strengths, node.code, row.programme),
        next_steps=narrator.text(row.next_steps, node.code, row.programme),
        requirements=_requirements(rows, node, row),
        exhibits=tuple(exports.Citation(number=exhibit.number, how=how) for exhibit, how in released),
    )


def _requirements(rows: StudyRows, node: standards.Node, response: Response) -> tuple[exports.RequirementState, ...]:
    """The requirements below a practice; none where nobody answered or wrote anything yet."""
    below = [n for n in rows.catalogue.descendants(node.key) if n.applies_to(response.programme)]
    answers = {n.key: rows.answers.get((response.id, n.key)) for n in below}
    if not response.revision and not any(answers.values()):
        return ()
    return tuple(
        exports.RequirementState(
            code=n.code,
            text=n.own_text(rows.language, response.programme) or n.label(rows.language),
            state=answer.state if (answer := answers[n.key]) else "open",
        )
        for n in below
    )
