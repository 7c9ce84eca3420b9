"""A plan to work in: two objectives, of which the first has an action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from evidence_app.domain import planning
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item
from evidence_app.domain.planning import ActionFacts, PlanKind, PlanTable
from tests.evidence_app.domain.studies import CANARY, PRACTICE, Study

TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Planning:
    """The plan under test and the neighbour's, with shortcuts that each act in a transaction of their own."""

    study: Study
    plan_id: str
    objective_ids: tuple[str, str]
    action_id: str
    neighbour_plan_id: str

    def add(self, title: str, *, objective: int = 0, actor: Actor | None = None, **facts: object) -> str:
        """The id of a new action."""
        with self.study.acting() as session:
            return planning.add_action(
                session,
                actor=actor or self.study.world.coordinator,
                objective_id=self.objective_ids[objective],
                facts=ActionFacts(title, **facts),  # type: ignore[arg-type]
            ).id

    def attach(self, item: Item, actor: Actor | None = None, **place: str) -> str:
        """The id of an item's newest version attached to the action, or to another place."""
        with self.study.acting() as session:
            return planning.attach_evidence(
                session,
                actor=actor or self.study.world.coordinator,
                item_id=item.id,
                **(place or {"action_id": self.action_id}),
            ).id

    def table(self, actor: Actor | None = None) -> PlanTable:
        """The plan as a table."""
        with self.study.reading() as session:
            return planning.plan_table(session, actor or self.study.world.reader, self.plan_id, today=TODAY)


@pytest.fixture
def plan(study: Study) -> Planning:
    """A programme development plan of the evaluation under test, and a neighbour's full of canary words."""
    coordinator, stranger = study.world.coordinator, study.world.stranger
    with study.acting() as session:
        mine = planning.add_plan(
            session,
            actor=coordinator,
            name="Agency",
            kind=PlanKind.PROGRAMME_DEVELOPMENT,
            evaluation_id=study.evaluation_id,
        )
        session.flush()
        objectives = [
            planning.add_objective(session, actor=coordinator, plan_id=mine.id, title=title).id
            for title in ("Pupils choose", "Teachers let them")
        ]
        session.flush()
        action = planning.add_action(
            session,
            actor=coordinator,
            objective_id=objectives[0],
            facts=ActionFacts("Ask the pupils", due_on=date(2026, 11, 1), node_keys=("0301-02",)),
        )
        theirs = planning.add_plan(session, actor=stranger, name=CANARY, kind=PlanKind.PROGRAMME_DEVELOPMENT)
        session.flush()
        objective = planning.add_objective(session, actor=stranger, plan_id=theirs.id, title=CANARY)
        session.flush()
        planning.add_action(
            session,
            actor=stranger,
            objective_id=objective.id,
            facts=ActionFacts(CANARY, due_on=date(2020, 1, 1), node_keys=(PRACTICE,)),
        )
    return Planning(study, mine.id, (objectives[0], objectives[1]), action.id, theirs.id)
