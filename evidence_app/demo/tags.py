"""What the school's items show: tags by those who filed them, and what the coordinators made of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from evidence_app.demo.bank import sentences
from evidence_app.demo.cast import COORDINATOR_OF, LEAD_COORDINATOR
from evidence_app.demo.dice import Dice, dice
from evidence_app.demo.filling import Filler
from evidence_app.demo.stage import Filed, Stage
from evidence_app.demo.story import key_of, story
from evidence_app.domain import suggesting, tagging
from evidence_app.domain.evidence import items_by_id
from evidence_app.domain.tagging import TagState

ITEMS_AT_ONCE = 100
UNTAGGED = 0.12
"""Share of items nobody has tagged yet: their suggestions wait."""
STATES = {TagState.ACCEPTED: 84, TagState.PROPOSED: 11, TagState.RETURNED: 5}
STRENGTHS = {1: 20, 2: 48, 3: 32}
ONLY_SHOWN_IN = {"0203-01": "DP", "0402-07": "PYP", "0202-05": "PYP"}
"""Practices for which one programme alone has evidence yet, so that the others have a gap to fill."""
ATTRIBUTES = (
    "inquirers",
    "communicators",
    "principled",
    "open-minded",
    "caring",
    "risk-takers",
    "balanced",
    "reflective",
)
SKILLS = ("thinking", "communication", "social", "self-management", "research")
DECLINED = 0.2


def tag_items(stage: Stage, filed: Sequence[Filed]) -> None:
    """Tags in every state; `accepted` of each document is set to what was agreed."""
    for part in _parts(filed):
        with stage.backends.database.unit_of_work() as session:
            proposed = [tag for one in part for tag in _propose(session, stage, one)]
            session.flush()
            _decide(session, stage, proposed)
    waiting = sum(1 for one in filed if not one.accepted)
    stage.tell(f"{len(filed) - waiting} documents are tagged and accepted, {waiting} wait")


def decline_some(stage: Stage, filed: Sequence[Filed]) -> None:
    """A few suggestions are declined by those who filed the document."""
    untagged = [one for one in filed if not one.accepted]
    for part in _parts(untagged):
        with stage.backends.database.unit_of_work() as session:
            for one in part:
                if dice("decline", one.sketch.number).random() > DECLINED:
                    continue
                actor = stage.actors[one.sketch.owner]
                suggested = suggesting.suggestions_for(session, actor, [one.item_id]).get(one.item_id, [])
                for wrong in [s for s in suggested if s.node_key.rpartition("/")[2] not in one.sketch.codes][:1]:
                    suggesting.decline(session, actor=actor, item_id=one.item_id, node_key=wrong.node_key)


def _propose(session: Session, stage: Stage, one: Filed) -> Iterator[tuple[Filed, tagging.Tag, str]]:
    """The tags somebody gave a document: of its own practices, now and then of an attribute or a skill."""
    sketch = one.sketch
    throws = dice("tags", sketch.seed, sketch.number)
    if throws.random() < UNTAGGED + (0.4 if sketch.near_copy_of else 0):
        return
    filler = Filler(sketch.setting, throws)
    actor = stage.actors[sketch.owner]
    for code in sketch.codes:
        if ONLY_SHOWN_IN.get(code, sketch.programme) != sketch.programme:
            continue
        note = _note(code, filler, throws)
        yield one, tagging.attach(session, actor=actor, item_id=one.item_id, node_key=key_of(code), note=note), code
    extra = ""
    if sketch.kind == "reflection" or sketch.main_code in ("0101-03", "0402-02"):
        extra = f"ib-learner-profile/{throws.choice(ATTRIBUTES)}"
    elif sketch.main_code == "0402-01" or (sketch.kind.startswith("unit") and throws.random() < 0.4):
        extra = f"ib-approaches-to-learning/{throws.choice(SKILLS)}"
    if extra:
        yield one, tagging.attach(session, actor=actor, item_id=one.item_id, node_key=extra), ""


def _note(code: str, filler: Filler, throws: Dice) -> str:
    """How the document shows it, in one line."""
    point = filler.fill(throws.choice(sentences("en")[code].points), "en")
    return f"{point}: see {throws.choice(story()['places_in_documents'])}."


def _decide(session: Session, stage: Stage, proposed: Sequence[tuple[Filed, tagging.Tag, str]]) -> None:
    """Coordinators look at what was proposed, those of a programme at its papers."""
    decided: dict[tuple[str, TagState, int, str], list[str]] = defaultdict(list)
    lead = stage.actors[LEAD_COORDINATOR]
    open_ones = items_by_id(session, lead, [one.item_id for one, _, _ in proposed])
    for one, tag, code in proposed:
        # What the student-data guard keeps private waits in nobody's queue.
        if one.item_id not in open_ones:
            continue
        throws = dice("review", one.sketch.seed, one.sketch.number, code)
        state = throws.choices(tuple(STATES), weights=tuple(STATES.values()))[0]
        if state == TagState.PROPOSED:
            continue
        reviewer = COORDINATOR_OF.get(one.sketch.programme, LEAD_COORDINATOR)
        strength, reply = 0, throws.choice(story()["replies"])
        if state == TagState.ACCEPTED:
            strength, reply = throws.choices(tuple(STRENGTHS), weights=tuple(STRENGTHS.values()))[0], ""
            one.accepted += (code,) if code else ()
        decided[reviewer, state, strength, reply].append(tag.id)
    for (reviewer, state, strength, reply), tag_ids in decided.items():
        tagging.review(
            session, actor=stage.actors[reviewer], tag_ids=tag_ids, state=state, strength=strength, reply=reply
        )


def _parts(filed: Sequence[Filed]) -> Iterator[Sequence[Filed]]:
    for start in range(0, len(filed), ITEMS_AT_ONCE):
        yield filed[start : start + ITEMS_AT_ONCE]
