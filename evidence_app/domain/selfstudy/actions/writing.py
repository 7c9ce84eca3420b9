"""Writing a response. Nobody's words are lost: what cannot be put in is kept aside, for all to see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.selfstudy.actions.citing import cite_what_is_named
from evidence_app.domain.selfstudy.models import (
    Evaluation,
    Response,
    ResponseDraft,
    ResponseRevision,
    ResponseStatus,
    Words,
)
from evidence_app.domain.selfstudy.queries.finding import evaluation_to_change, may_reach, response_to_change
from evidence_app.domain.selfstudy.queries.reading import scale_of
from evidence_app.errors import Invalid, NotFound
from evidence_app.i18n import msg
from evidence_app.typed import typed_text

LONGEST_ANSWER = 200_000
PARTS = ("rating", "narrative", "strengths", "next_steps")


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing. `response` is as it stands now.

    `conflict` is None, or the writer's own words: somebody else changed the same part since the writer began, so the
    words were kept beside the response and not put into it. Show both; write again from `response.revision`.
    `holds_unseen`: others saved since the writer began, so that there are words in it the writer has not read.
    `was_approved`: it was, and these words have sent it back to review.
    """

    response: Response
    conflict: ResponseRevision | None = None
    holds_unseen: bool = False
    was_approved: bool = False


def write_response(
    session: Session,
    *,
    actor: Actor,
    evaluation_id: str,
    node_key: str,
    programme: str,
    base_revision: int | None = None,
    rating: int | None = None,
    narrative: str | None = None,
    strengths: str | None = None,
    next_steps: str | None = None,
) -> Written:
    """The response with what was said; None leaves a part as it is, a rating of 0 takes the rating away.

    `base_revision` is the revision the writer had before their eyes (0: nothing yet; None: whatever is there now).
    When others saved since, parts that only one side changed are joined; a part that both changed is a conflict, which
    is returned, not raised, because the words have been kept. Approved words that change go back to review. Exhibits
    that the words name are cited.
    Raises Invalid for a rating off the scale, an unknown practice or an unknown base.
    """
    require(actor, Action.WRITE_STUDY)
    frame = evaluation_to_change(session, actor, evaluation_id)
    found = _response(session, actor, frame, node_key, programme)
    before = _words_at(session, found, base_revision)
    wanted = _said(session, frame, before, rating, narrative, strengths, next_steps)
    written = _write(session, actor, found, before, wanted)
    if written.conflict is None:
        said = zip(PARTS, (rating, narrative, strengths, next_steps), strict=True)
        _drop_draft(session, actor, found, unsaid=[part for part, words in said if words is None])
    return written


def restore_revision(
    session: Session, *, actor: Actor, response_id: str, number: int, base_revision: int | None = None
) -> Written:
    """The response with the words of an earlier revision, as a new revision; nothing of the history goes away."""
    require(actor, Action.WRITE_STUDY)
    found = response_to_change(session, actor, response_id)
    wanted = _revision(session, found, number).words
    before = _words_at(session, found, base_revision)
    return _write(session, actor, found, before, wanted, restored_from=number)


def keep_draft(
    session: Session,
    *,
    actor: Actor,
    response_id: str,
    base_revision: int,
    rating: int | None = None,
    narrative: str = "",
    strengths: str = "",
    next_steps: str = "",
) -> ResponseDraft:
    """The actor's unsaved words on a response, in place of those kept before; what a closed tab leaves behind."""
    require(actor, Action.WRITE_STUDY)
    found = response_to_change(session, actor, response_id)
    frame = session.get_one(Evaluation, (actor.school_id, found.evaluation_id))
    said = _said(session, frame, Words(), rating, narrative, strengths, next_steps)
    draft = session.get(ResponseDraft, (actor.school_id, found.id, actor.person_id))
    if draft is None:
        draft = ResponseDraft(school_id=actor.school_id, response_id=found.id, person_id=actor.person_id)
        session.add(draft)
    draft.words, draft.base_revision, draft.kept_at = said, base_revision, now()
    return draft


def discard_draft(session: Session, *, actor: Actor, response_id: str) -> None:
    """The actor's unsaved words on a response are gone; those of others stay."""
    require(actor, Action.WRITE_STUDY)
    found = response_to_change(session, actor, response_id)
    _drop_draft(session, actor, found)


def _write(
    session: Session, actor: Actor, found: Response, before: Words, wanted: Words, restored_from: int | None = None
) -> Written:
    joined, holds_unseen = _joined(before, mine=wanted, theirs=found.words), found.words not in (before, wanted)
    if joined is None:
        aside = _add_revision(session, actor, found, wanted, is_aside=True)
        record(session, actor, "selfstudy.write_aside", "response", found.id, revision=aside.number)
        return Written(found, aside)
    was_approved = joined != found.words and found.status == ResponseStatus.APPROVED
    if joined != found.words:
        added = _add_revision(session, actor, found, joined, restored_from=restored_from)
        found.words, found.revision = joined, added.number
        found.changed_by, found.changed_at = actor.person_id, added.written_at
        if found.status == ResponseStatus.NOT_BEGUN:
            found.status = ResponseStatus.DRAFT
        elif was_approved:
            found.status, found.approved_by, found.approved_at = ResponseStatus.IN_REVIEW, None, None
        record(session, actor, "selfstudy.write", "response", found.id, revision=added.number)
        cite_what_is_named(session, actor=actor, response=found)
    return Written(found, holds_unseen=holds_unseen, was_approved=was_approved)


def _joined(before: Words, *, mine: Words, theirs: Words) -> Words | None:
    """Both writers' changes to `before` in one; None when they changed the same part to different words."""
    joined = theirs
    for part in PARTS:
        old, wanted, there = getattr(before, part), getattr(mine, part), getattr(theirs, part)
        if wanted in (old, there):
            continue
        if there != old:
            return None
        joined = replace(joined, **{part: wanted})
    return joined


def _response(session: Session, actor: Actor, frame: Evaluation, node_key: str, programme: str) -> Response:
    """The response, locked; made now when its practice entered the catalogue after the evaluation was opened."""
    catalogue = catalogue_for(session, actor.school_id, frame.framework_key)
    node = catalogue.node(node_key) if node_key in catalogue else None
    if node is None or node.level != catalogue.answered_level:
        raise Invalid(
            msg("'%(key)s' is not a practice of %(name)s.", key=node_key, name=catalogue.short_name), field="node_key"
        )
    if programme not in frame.programmes or not may_reach(actor, programme) or not node.applies_to(programme):
        raise Invalid(
            msg(
                "%(code)s is not answered for '%(programme)s' here. This evaluation is about %(programmes)s.",
                code=node.code,
                programme=programme,
                programmes=", ".join(frame.programmes),
            ),
            field="programme",
        )
    mine = select(Response).where(
        Response.school_id == actor.school_id,
        Response.evaluation_id == frame.id,
        Response.node_key == node.key,
        Response.programme == programme,
    )
    found = session.scalar(mine.with_for_update())
    if found is None:
        found = Response(school_id=actor.school_id, evaluation_id=frame.id, node_key=node.key, programme=programme)
        session.add(found)
        session.flush()
    return found


def _said(
    session: Session,
    frame: Evaluation,
    before: Words,
    rating: int | None,
    narrative: str | None,
    strengths: str | None,
    next_steps: str | None,
) -> Words:
    """What the writer wants the response to say, checked and cleaned."""
    given = {"narrative": narrative, "strengths": strengths, "next_steps": next_steps}
    said = before
    for part, text in given.items():
        if text is not None:
            said = replace(said, **{part: typed_text(text, part, LONGEST_ANSWER)})  # type: ignore[arg-type]
    return said if rating is None else replace(said, rating=checked_level(session, frame, rating, "rating"))


def checked_level(session: Session, frame: Evaluation, value: int, field: str) -> int | None:
    """The value, when it is on the evaluation's scale; None for 0, which takes a level away."""
    if value == 0:
        return None
    scale = scale_of(catalogue_for(session, frame.school_id, frame.framework_key), frame)
    steps = scale.levels if scale else ()
    if value not in {step.value for step in steps}:
        words = ", ".join(f"{step.value} ({step.label()})" for step in steps)
        raise Invalid(
            msg("%(value)s is not on the scale. Choose one of: %(words)s; 0 takes it away.", value=value, words=words),
            field=field,
        )
    return value


def _words_at(session: Session, found: Response, number: int | None) -> Words:
    if number is None or number == found.revision:
        return found.words
    return Words() if number == 0 else _revision(session, found, number, may_be_aside=False).words


def _revision(session: Session, found: Response, number: int, *, may_be_aside: bool = True) -> ResponseRevision:
    row = session.scalar(
        select(ResponseRevision).where(
            ResponseRevision.school_id == found.school_id,
            ResponseRevision.response_id == found.id,
            ResponseRevision.number == number,
        )
    )
    if row is None or (row.is_aside and not may_be_aside):
        raise NotFound(
            msg("This response has no revision %(number)s. Load the page again; nothing was saved.", number=number)
        )
    return row


def _add_revision(
    session: Session,
    actor: Actor,
    found: Response,
    words: Words,
    *,
    is_aside: bool = False,
    restored_from: int | None = None,
) -> ResponseRevision:
    mine = (ResponseRevision.school_id == found.school_id, ResponseRevision.response_id == found.id)
    last = session.scalar(select(func.max(ResponseRevision.number)).where(*mine)) or 0
    row = ResponseRevision(
        school_id=found.school_id,
        response_id=found.id,
        number=last + 1,
        is_aside=is_aside,
        restored_from=restored_from,
        written_by=actor.person_id,
        written_at=now(),
    )
    row.words = words
    session.add(row)
    return row


def _drop_draft(session: Session, actor: Actor, found: Response, *, unsaid: Sequence[str] = ()) -> None:
    """The actor's draft is gone, unless it holds other words in a part that was not saved just now."""
    draft = session.get(ResponseDraft, (actor.school_id, found.id, actor.person_id))
    if draft is not None and all(getattr(draft, part) == getattr(found, part) for part in unsaid):
        session.delete(draft)
