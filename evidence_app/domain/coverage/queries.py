"""The matrix practice by programme, its gaps, and the ring of each programme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import Session

import standards
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.accounts import names_of
from evidence_app.domain.coverage.counting import Evidence, count_evidence, first_accepted
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.requests import EvidenceRequest, asked_names, open_requests
from evidence_app.domain.schools import school_of
from evidence_app.domain.selfstudy import Response, ResponseStatus, down_to_practices, evaluations_of, may_reach
from evidence_app.domain.tagging import STRENGTHS

DEFAULT_FRAMEWORK = "ib-psp-2020"


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """One practice in one programme.

    `strength` 0 to 3 is the best of the accepted evidence, None where there is none; `newest` the latest day shown.
    `status` is the response's in the latest evaluation of the programme, None where there is no evaluation.
    `asked_name` and `asked_until` tell of the open request that is due first, empty where nobody is asked.
    """

    programme: str
    accepted: int = 0
    proposed: int = 0
    strength: int | None = None
    newest: date | None = None
    status: ResponseStatus | None = None
    response_id: str | None = None
    lead_id: str | None = None
    lead_name: str = ""
    asked_name: str = ""
    asked_until: date | None = None

    @property
    def is_gap(self) -> bool:
        """Whether nothing was accepted yet."""
        return self.accepted == 0


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One node in reading order, `depth` 0 for a category. Only practices have cells, one for each programme."""

    node: standards.Node
    depth: int
    cells: tuple[CoverageCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """A practice without accepted evidence in one programme, and who was asked by when."""

    node: standards.Node
    cell: CoverageCell


@dataclass(frozen=True, slots=True)
class Coverage:
    """How well the practices of a framework are shown, as far as the actor may open the evidence."""

    catalogue: standards.Catalogue
    programmes: tuple[str, ...]
    rows: tuple[CoverageRow, ...]

    def gaps(self) -> tuple[Gap, ...]:
        """Every practice and programme without accepted evidence, in reading order."""
        return tuple(Gap(row.node, cell) for row in self.rows for cell in row.cells if cell.is_gap)

    def rings(self) -> dict[str, dict[int | None, int]]:
        """Programme -> best strength (None: no accepted evidence) -> how many practices; together all practices."""
        rings: dict[str, dict[int | None, int]] = {
            p: dict.fromkeys((None, *range(len(STRENGTHS))), 0) for p in self.programmes
        }
        for row in self.rows:
            for cell in row.cells:
                rings[cell.programme][cell.strength] += 1
        return rings


def coverage_of(
    session: Session,
    actor: Actor,
    *,
    framework_key: str = DEFAULT_FRAMEWORK,
    programmes: Iterable[str] | None = None,
) -> Coverage:
    """The matrix of a framework for the programmes the actor's place includes, or for those of them that are named.

    Always the same small number of queries; nothing is counted that the actor may not open.
    """
    require(actor, Action.READ_COVERAGE)
    catalogue = catalogue_for(session, actor.school_id, framework_key)
    wanted = None if programmes is None else set(programmes)
    shown = tuple(p for p in _programmes_of(session, actor) if wanted is None or p in wanted)
    cells = _cells(session, actor, catalogue, shown)
    rows = tuple(
        CoverageRow(node, depth, tuple(cells[node.key, p] for p in shown if (node.key, p) in cells))
        for node, depth in down_to_practices(catalogue)
    )
    return Coverage(catalogue, shown, rows)


def covered_since(
    session: Session, actor: Actor, *, framework_key: str = DEFAULT_FRAMEWORK
) -> dict[tuple[str, str], date | None]:
    """(key of a practice, programme) -> the day from which it has had accepted evidence, None where it has none.

    Of evidence that is accepted and in use now, as far as the actor may open it.
    """
    require(actor, Action.READ_COVERAGE)
    catalogue = catalogue_for(session, actor.school_id, framework_key)
    programmes = _programmes_of(session, actor)
    first = first_accepted(session, actor, catalogue, programmes)
    return {(node.key, p): first.get((node.key, p)) for p in programmes for node in catalogue.practices(p)}


def _programmes_of(session: Session, actor: Actor) -> tuple[str, ...]:
    """The programmes of the school that the actor's place includes."""
    return tuple(p for p in school_of(session, actor).programmes if may_reach(actor, p))


def _cells(
    session: Session, actor: Actor, catalogue: standards.Catalogue, programmes: tuple[str, ...]
) -> dict[tuple[str, str], CoverageCell]:
    """(key of a practice, programme) -> its cell, for every practice and the programmes it applies to."""
    evidence = count_evidence(session, actor, catalogue, programmes)
    responses = _latest_responses(session, actor, catalogue, programmes)
    leads = names_of(session, actor.school_id, {row.lead_id for row in responses.values() if row.lead_id})
    asked = _first_requests(session, actor, catalogue, programmes)
    names = asked_names(session, actor, list(asked.values()))
    cells = {}
    for programme in programmes:
        for node in catalogue.practices(programme):
            there = evidence.get((node.key, programme), Evidence())
            row, request = responses.get((node.key, programme)), asked.get((node.key, programme))
            cells[node.key, programme] = CoverageCell(
                programme=programme,
                accepted=there.accepted,
                proposed=there.proposed,
                strength=there.strength,
                newest=there.newest,
                status=ResponseStatus(row.status) if row else None,
                response_id=row.id if row else None,
                lead_id=row.lead_id if row else None,
                lead_name=leads.get(row.lead_id or "", "") if row else "",
                asked_name=names[request.id] if request else "",
                asked_until=request.due_on if request else None,
            )
    return cells


def _latest_responses(
    session: Session, actor: Actor, catalogue: standards.Catalogue, programmes: tuple[str, ...]
) -> dict[tuple[str, str], Row[str, str, str, str, str | None]]:
    """(key of a practice, programme) -> id, node, programme, status and lead in the programme's latest evaluation."""
    latest: dict[str, str] = {}
    for frame in evaluations_of(session, actor):
        if frame.framework_key == catalogue.key:
            latest |= {p: frame.id for p in frame.programmes if p in programmes and p not in latest}
    if not latest:
        return {}
    of_latest = tuple_(Response.evaluation_id, Response.programme).in_([(id, p) for p, id in latest.items()])
    columns = (Response.id, Response.node_key, Response.programme, Response.status, Response.lead_id)
    rows = session.execute(select(*columns).where(Response.school_id == actor.school_id, of_latest))
    return {(row.node_key, row.programme): row for row in rows}


def _first_requests(
    session: Session, actor: Actor, catalogue: standards.Catalogue, programmes: tuple[str, ...]
) -> dict[tuple[str, str], EvidenceRequest]:
    """(key of a practice, programme) -> the open request that is due first; one for the whole school stands for all."""
    first: dict[tuple[str, str], EvidenceRequest] = {}
    for request in open_requests(session, actor):
        practice = _practice_of(catalogue, request.node_key)
        if practice is not None:
            for programme in (request.programme,) if request.programme else programmes:
                first.setdefault((practice, programme), request)
    return first


def _practice_of(catalogue: standards.Catalogue, node_key: str) -> str | None:
    """The key of the practice a node is or belongs to; None above practices and in other frameworks."""
    if node_key not in catalogue:
        return None
    above = (*catalogue.ancestors(node_key), catalogue.node(node_key))
    return next((node.key for node in above if node.level == catalogue.answered_level), None)
