"""Findings of an evaluation report, and turning them into actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.frameworks import require_node
from evidence_app.domain.planning.actions.acting import ActionFacts, add_action
from evidence_app.domain.planning.models import Finding, FindingKind, FindingState, PlanAction
from evidence_app.domain.planning.queries.locating import action_row, finding_row
from evidence_app.domain.schools import PROGRAMMES
from evidence_app.domain.selfstudy import evaluation, may_reach
from evidence_app.errors import Conflict, Invalid
from evidence_app.i18n import msg
from evidence_app.texts import clean_line
from evidence_app.typed import typed_text


@dataclass(frozen=True, slots=True)
class FindingFacts:
    """What is said about a finding; see `Finding` for what empty means. `action_id` is the action that answers it."""

    kind: FindingKind
    text: str
    evaluation_id: str | None = None
    year: int | None = None
    node_key: str = ""
    programme: str = ""
    due_on: date | None = None
    done: str = ""
    state: FindingState = FindingState.OPEN
    action_id: str | None = None


def add_finding(session: Session, *, actor: Actor, facts: FindingFacts) -> Finding:
    """The finding, recorded. Without a year it takes that of its evaluation's visit."""
    require(actor, Action.WRITE_PLAN)
    finding = Finding(id=new_id(), school_id=actor.school_id, created_at=now())
    _say(session, actor, finding, facts)
    session.add(finding)
    record(session, actor, "planning.add_finding", "finding", finding.id, kind=finding.kind, node=finding.node_key)
    return finding


def update_finding(session: Session, *, actor: Actor, finding_id: str, facts: FindingFacts) -> Finding:
    """The finding with its new facts."""
    require(actor, Action.WRITE_PLAN)
    finding = finding_row(session, actor, finding_id)
    _say(session, actor, finding, facts)
    record(session, actor, "planning.update_finding", "finding", finding.id, state=finding.state)
    return finding


def act_on_finding(session: Session, *, actor: Actor, finding_id: str, objective_id: str) -> PlanAction:
    """A new action that answers the finding, with its words, practice and date; Conflict when it has one already."""
    require(actor, Action.WRITE_PLAN)
    finding = finding_row(session, actor, finding_id)
    if finding.action_id is not None:
        raise Conflict(msg("An action answers this finding already. Open that one instead."))
    facts = ActionFacts(
        title=clean_line(finding.text, 300),
        description=finding.text if len(finding.text) > 300 else "",
        due_on=finding.due_on,
        node_keys=(finding.node_key,) if finding.node_key else (),
    )
    action = add_action(session, actor=actor, objective_id=objective_id, facts=facts)
    finding.action_id = action.id
    if finding.state == FindingState.OPEN:
        finding.state = FindingState.UNDER_WAY
    record(session, actor, "planning.act_on_finding", "finding", finding.id, answered_by=action.id)
    return action


def _say(session: Session, actor: Actor, finding: Finding, facts: FindingFacts) -> None:
    if facts.kind not in set(FindingKind):
        known = ", ".join(FindingKind)
        raise Invalid(
            msg("'%(kind)s' is not a kind of finding. Choose one of %(known)s.", kind=facts.kind, known=known),
            field="kind",
        )
    if facts.state not in set(FindingState):
        known = ", ".join(FindingState)
        raise Invalid(
            msg("'%(state)s' is not a state. Choose one of %(known)s.", state=facts.state, known=known), field="state"
        )
    if facts.programme and (facts.programme not in PROGRAMMES or not may_reach(actor, facts.programme)):
        raise Invalid(
            msg("'%(programme)s' is not a programme you can choose here.", programme=facts.programme),
            field="programme",
        )
    text = typed_text(facts.text, "text")
    if not text:
        raise Invalid(msg("A finding needs its words."), field="text")
    frame = evaluation(session, actor, facts.evaluation_id) if facts.evaluation_id else None
    finding.evaluation_id = frame.id if frame else None
    finding.year = facts.year or (frame.visit_on.year if frame and frame.visit_on else None)
    finding.kind, finding.text, finding.state = FindingKind(facts.kind), text, FindingState(facts.state)
    finding.node_key = require_node(session, actor.school_id, facts.node_key).key if facts.node_key else ""
    finding.programme, finding.due_on = facts.programme, facts.due_on
    finding.done = typed_text(facts.done, "done")
    finding.action_id = action_row(session, actor, facts.action_id).id if facts.action_id else None
