"""The evidence of actions and steps, and what of it the actor may open."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Version, visible_to
from evidence_app.domain.planning.models import Plan, PlanEvidence
from evidence_app.domain.selfstudy import Exhibit


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence the actor may open; `number` is its exhibit number, empty where it has none."""

    evidence: PlanEvidence
    item: Item
    version: Version
    number: str


@dataclass(frozen=True, slots=True)
class Proofs:
    """Evidence in the order it was attached; `has_hidden` says that there is more, never how much or what."""

    shown: tuple[Proof, ...] = ()
    has_hidden: bool = False


def proofs_of(session: Session, actor: Actor, plan: Plan, subject_ids: Collection[str]) -> Mapping[str, Proofs]:
    """Id of an action or step of this plan -> its evidence, in two queries."""
    subject = or_(PlanEvidence.action_id.in_(subject_ids), PlanEvidence.step_id.in_(subject_ids))
    mine = (PlanEvidence.school_id == actor.school_id, subject)
    same = and_(Item.school_id == PlanEvidence.school_id, Item.id == PlanEvidence.item_id)
    chosen = (
        select(PlanEvidence, Item, Version, Exhibit.number)
        .join(Item, same)
        .join(Version, and_(Version.school_id == PlanEvidence.school_id, Version.id == PlanEvidence.version_id))
        .outerjoin(
            Exhibit,
            and_(
                Exhibit.school_id == PlanEvidence.school_id,
                Exhibit.version_id == PlanEvidence.version_id,
                Exhibit.evaluation_id == plan.evaluation_id,
            ),
        )
        .where(*mine, visible_to(actor))
        .order_by(PlanEvidence.added_at, PlanEvidence.id)
    )
    shown: dict[str, list[Proof]] = {}
    for evidence, item, version, number in session.execute(chosen):
        shown.setdefault(evidence.subject_id, []).append(Proof(evidence, item, version, number or ""))
    hidden_rows = select(PlanEvidence.action_id, PlanEvidence.step_id).join(Item, same).where(*mine, ~visible_to(actor))
    hidden = {action_id or step_id for action_id, step_id in session.execute(hidden_rows)}
    return {id: Proofs(tuple(shown.get(id, ())), id in hidden) for id in subject_ids}
