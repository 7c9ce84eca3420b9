"""The path of a plan along the milestones: where the school is on it, in words and never in shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

import standards
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.planning.models import MilestoneStep, Plan
from evidence_app.domain.planning.queries.locating import plan_row
from evidence_app.domain.planning.queries.proofs import Proofs, proofs_of
from evidence_app.errors import NotFound
from evidence_app.i18n import msg

MILESTONES = "ib-programme-development-milestones"
STEP_LEVEL = "step"


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of a path with its evidence; `step` is None for one the catalogue gained since the round began."""

    node: standards.Node
    step: MilestoneStep | None
    proofs: Proofs


@dataclass(frozen=True, slots=True)
class PathMilestone:
    """One milestone with its steps, in order."""

    node: standards.Node
    steps: tuple[PathStep, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """One round along the milestones. `rounds` are all there are, oldest first; `round` 0 is a path not begun."""

    plan: Plan
    round: int
    rounds: tuple[int, ...]
    milestones: tuple[PathMilestone, ...]


def path_of(session: Session, actor: Actor, plan_id: str, *, round: int | None = None) -> Path:
    """The path of a plan in one round (the newest unless named); NotFound for a round that was never walked."""
    require(actor, Action.READ_PLAN)
    plan = plan_row(session, actor, plan_id)
    catalogue = catalogue_for(session, actor.school_id, MILESTONES)
    mine = (MilestoneStep.school_id == actor.school_id, MilestoneStep.plan_id == plan.id)
    rounds = tuple(session.scalars(select(MilestoneStep.round).where(*mine).distinct().order_by(MilestoneStep.round)))
    chosen = (rounds[-1] if rounds else 0) if round is None else round
    if round is not None and round not in rounds:
        raise NotFound(msg("The path of this plan has no round %(round)s.", round=round))
    steps = {
        row.node_key: row for row in session.scalars(select(MilestoneStep).where(*mine, MilestoneStep.round == chosen))
    }
    proofs = proofs_of(session, actor, plan, [row.id for row in steps.values()])
    milestones = tuple(
        PathMilestone(node, tuple(_step(child, steps, proofs) for child in catalogue.children(node.key)))
        for node in catalogue.roots
    )
    return Path(plan, chosen, rounds, milestones)


def _step(node: standards.Node, steps: Mapping[str, MilestoneStep], proofs: Mapping[str, Proofs]) -> PathStep:
    step = steps.get(node.key)
    return PathStep(node, step, proofs[step.id] if step else Proofs())
