"""The texts and levels that belong to no practice: introductions, and the level of each standard with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.selfstudy.actions.writing import LONGEST_ANSWER, checked_level
from evidence_app.domain.selfstudy.models import Introduction, IntroductionPart, StandardLevel
from evidence_app.domain.selfstudy.queries.finding import evaluation_to_change, may_reach
from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.typed import typed_text

Text = TypeVar("Text", Introduction, StandardLevel)


@dataclass(frozen=True, slots=True)
class WrittenText(Generic[Text]):
    """What came of writing: the text that counts now, and None or the writer's own words, which were kept aside
    because somebody else changed the text since the writer began."""

    current: Text
    conflict: Text | None = None


def write_introduction(
    session: Session, *, actor: Actor, evaluation_id: str, part: str, text: str, base_revision: int | None = None
) -> WrittenText[Introduction]:
    """The introduction as it stands now. `part` is an IntroductionPart or the key of a category or standard.

    `base_revision` is the revision the writer had before their eyes (0: nothing yet; None: whatever is there now).
    """
    require(actor, Action.WRITE_STUDY)
    frame = evaluation_to_change(session, actor, evaluation_id, lock=True)
    catalogue = catalogue_for(session, actor.school_id, frame.framework_key)
    if part not in set(IntroductionPart):
        if part not in catalogue or not catalogue.children(part):
            raise Invalid(msg("There is no introduction for '%(part)s'.", part=part), field="part")
        part = catalogue.node(part).key
    rows = session.scalars(
        select(Introduction)
        .where(
            Introduction.school_id == actor.school_id,
            Introduction.evaluation_id == frame.id,
            Introduction.part == part,
        )
        .order_by(Introduction.revision)
    )
    said = Introduction(
        school_id=actor.school_id,
        evaluation_id=frame.id,
        part=part,
        text=typed_text(text, "text", LONGEST_ANSWER),
        written_by=actor.person_id,
        written_at=now(),
    )
    written = _placed(session, list(rows), said, base_revision)
    record(session, actor, "selfstudy.introduce", "evaluation", frame.id, part=part, aside=written.conflict is not None)
    return written


def set_standard_level(
    session: Session,
    *,
    actor: Actor,
    evaluation_id: str,
    node_key: str,
    programme: str,
    level: int,
    reason: str,
    base_revision: int | None = None,
) -> WrittenText[StandardLevel]:
    """The level of a standard (0: not decided) and its reason, entered by people, never averaged from the practices."""
    require(actor, Action.WRITE_STUDY)
    frame = evaluation_to_change(session, actor, evaluation_id, lock=True)
    catalogue = catalogue_for(session, actor.school_id, frame.framework_key)
    node = catalogue.node(node_key) if node_key in catalogue else None
    if node is None or node.level == catalogue.answered_level or not catalogue.scales_for(node.level):
        raise Invalid(
            msg("'%(key)s' is not a standard of %(name)s.", key=node_key, name=catalogue.short_name), field="node_key"
        )
    if programme not in frame.programmes or not may_reach(actor, programme):
        raise Invalid(
            msg("This evaluation is not about '%(programme)s', or it is not yours.", programme=programme),
            field="programme",
        )
    rows = session.scalars(
        select(StandardLevel)
        .where(
            StandardLevel.school_id == actor.school_id,
            StandardLevel.evaluation_id == frame.id,
            StandardLevel.node_key == node.key,
            StandardLevel.programme == programme,
        )
        .order_by(StandardLevel.revision)
    )
    said = StandardLevel(
        school_id=actor.school_id,
        evaluation_id=frame.id,
        node_key=node.key,
        programme=programme,
        level=checked_level(session, frame, level, "level"),
        reason=typed_text(reason, "reason", LONGEST_ANSWER),
        written_by=actor.person_id,
        written_at=now(),
    )
    written = _placed(session, list(rows), said, base_revision)
    record(session, actor, "selfstudy.set_level", "evaluation", frame.id, node=node.key, programme=programme)
    return written


def _placed(session: Session, rows: list[Text], said: Text, base_revision: int | None) -> WrittenText[Text]:
    """The new revision in its place: the text that counts, or aside when another came first. The same words twice are
    one revision."""
    current = next((row for row in reversed(rows) if not row.is_aside), None)
    if current is not None and _says(current) == _says(said):
        return WrittenText(current)
    said.revision = rows[-1].revision + 1 if rows else 1
    said.is_aside = current is not None and base_revision not in (None, current.revision)
    session.add(said)
    return WrittenText(current, said) if current is not None and said.is_aside else WrittenText(said)


def _says(row: Introduction | StandardLevel) -> tuple[int | None, str]:
    return (None, row.text) if isinstance(row, Introduction) else (row.level, row.reason)
