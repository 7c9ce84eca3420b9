"""Plans, paths along the milestones, and the findings of earlier evaluations, as a report prints them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

import exports
from evidence_app.domain.access import Actor
from evidence_app.domain.planning import (
    MILESTONES,
    ActionRow,
    Finding,
    FindingKind,
    PathStep,
    Plan,
    PlanEvidence,
    PlanTable,
    StepState,
    findings_of,
    path_of,
    plan_table,
    plans_of,
)
from evidence_app.domain.reports.gathering.narratives import Narrator
from evidence_app.domain.reports.gathering.rows import StudyRows
from evidence_app.i18n import msg

NO_DAY = date.min
"""Whether an action is overdue is not printed: a report read years later would be wrong about it."""

FINDING_KINDS = {
    FindingKind.COMMENDATION: "commendation",
    FindingKind.RECOMMENDATION: "recommendation",
    FindingKind.MATTER: "matter",
    FindingKind.REQUIREMENT: "matter",
}
STEP_STATES = {StepState.NOT_BEGUN: "ahead", StepState.UNDER_WAY: "walking", StepState.REACHED: "walked"}


@dataclass(frozen=True, slots=True)
class Planned:
    """What a report says about plans."""

    lead: str
    objectives: tuple[exports.Objective, ...]
    paths: tuple[exports.Path, ...]
    findings: tuple[exports.Finding, ...]


def planned(session: Session, actor: Actor, rows: StudyRows, narrator: Narrator) -> Planned:
    """The plans of the evaluation, their paths, and what earlier reports found."""
    plans = [plan for plan in reversed(plans_of(session, actor)) if plan.evaluation_id == rows.frame.id]
    tables = [plan_table(session, actor, plan.id, today=NO_DAY) for plan in plans]
    evidence = _Evidence(rows, narrator, _by_subject(session, actor))
    actions = {row.action.id: row for table in tables for row in table.actions}
    return Planned(
        lead=" ".join(plan.focus.strip() for plan in plans[:1]),
        objectives=_objectives(rows, tables, evidence),
        paths=tuple(path for plan in plans if (path := _path(session, actor, rows, narrator, plan, evidence))),
        findings=tuple(_finding(rows, f, actions, evidence) for f in _earlier(session, actor, rows)),
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    rows: StudyRows
    narrator: Narrator
    by_subject: Mapping[str, list[PlanEvidence]]

    def of(self, subject_id: str) -> tuple[exports.Citation, ...]:
        """What is released of the evidence of an action or step; the rest is noted as kept back."""
        cited = []
        for one in self.by_subject.get(subject_id, ()):
            row = self.rows.by_version.get(one.version_id)
            if row is not None and self.narrator.take(row):
                cited.append(exports.Citation(number=row.number, how=one.how))
        return tuple(sorted(cited, key=lambda c: c.number))


def _by_subject(session: Session, actor: Actor) -> dict[str, list[PlanEvidence]]:
    chosen = select(PlanEvidence).where(PlanEvidence.school_id == actor.school_id).order_by(PlanEvidence.id)
    found: dict[str, list[PlanEvidence]] = {}
    for row in session.scalars(chosen):
        found.setdefault(row.action_id or row.step_id or "", []).append(row)
    return found


def _objectives(rows: StudyRows, tables: Iterable[PlanTable], evidence: _Evidence) -> tuple[exports.Objective, ...]:
    """All objectives, counted through where there are several plans."""
    printed: list[exports.Objective] = []
    for table in tables:
        for objective in table.objectives:
            code = str(len(printed) + 1)
            printed.append(
                exports.Objective(
                    code=code,
                    title=objective.objective.title,
                    description=objective.objective.description,
                    actions=tuple(
                        _action(rows, f"{code}.{n}", row, evidence) for n, row in enumerate(objective.actions, 1)
                    ),
                )
            )
    return tuple(printed)


def _action(rows: StudyRows, code: str, row: ActionRow, evidence: _Evidence) -> exports.Action:
    action = row.action
    return exports.Action(
        code=code,
        title=action.title,
        practices=_codes(action.node_keys, rows.frame.framework_key),
        steps=_codes(action.node_keys, MILESTONES),
        owner=row.owner_name,
        start=action.start_on.isoformat() if action.start_on else "",
        due=action.due_on.isoformat() if action.due_on else "",
        budget=action.budget,
        success=action.success_indicator,
        status=str(action.state),
        progress=row.notes[0].text if row.notes else "",
        exhibits=evidence.of(action.id),
    )


def _path(
    session: Session, actor: Actor, rows: StudyRows, narrator: Narrator, plan: Plan, evidence: _Evidence
) -> exports.Path | None:
    """The newest walk of a plan; None for a plan without one."""
    path = path_of(session, actor, plan.id)
    if not path.round:
        return None
    language = rows.language
    return exports.Path(
        name=plan.name,
        focus=plan.focus,
        milestones=tuple(
            exports.Milestone(
                code=milestone.node.code,
                name=milestone.node.label(language),
                steps=tuple(_step(rows, narrator, step, evidence) for step in milestone.steps),
            )
            for milestone in path.milestones
        ),
    )


def _step(rows: StudyRows, narrator: Narrator, step: PathStep, evidence: _Evidence) -> exports.Step:
    row = step.step
    where = rows.words(msg("Step %(code)s", code=step.node.code))
    return exports.Step(
        code=step.node.code,
        name=step.node.label(rows.language),
        state=STEP_STATES[StepState(row.state)] if row else "ahead",
        reflection=narrator.text(row.reflection, where) if row else "",
        exhibits=evidence.of(row.id) if row else (),
    )


def _earlier(session: Session, actor: Actor, rows: StudyRows) -> list[Finding]:
    """Findings of other evaluations' reports: this one has not been written yet."""
    return [
        finding
        for finding in findings_of(session, actor)
        if finding.evaluation_id != rows.frame.id and finding.programme in ("", *rows.programmes)
    ]


def _finding(
    rows: StudyRows, finding: Finding, actions: Mapping[str, ActionRow], evidence: _Evidence
) -> exports.Finding:
    action = actions.get(finding.action_id or "")
    return exports.Finding(
        kind=FINDING_KINDS[FindingKind(finding.kind)],
        text=finding.text,
        year=str(finding.year or ""),
        practices=_codes((finding.node_key,), rows.frame.framework_key),
        done=finding.done,
        state=str(finding.state),
        exhibits=evidence.of(action.action.id) if action else (),
    )


def _codes(node_keys: Iterable[str], framework_key: str) -> tuple[str, ...]:
    """The bare codes of the nodes of one framework, in order."""
    return tuple(sorted(key.partition("/")[2] for key in node_keys if key.partition("/")[0] == framework_key))
