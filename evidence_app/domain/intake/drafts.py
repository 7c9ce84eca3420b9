"""What was ticked and typed while filing and is not saved yet: a closed tab leaves it behind, and finds it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from evidence_app.database import now, wait_for_turn
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.intake.models import BatchEntry, DraftPart, FilingDraft
from evidence_app.domain.requests import answerable
from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.texts import clean_line, clean_text

LONGEST_LINE = 500
MOST_TEXT_BYTES = 1024 * 1024
MOST_CHOSEN = 200
DRAFTS_LAST = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Shown:
    """What one person says about one item of their batch: what it shows and how, and which suggestions are wrong.

    Title and purpose are None where nothing is said about them, and then stay.
    """

    item_id: str
    node_keys: tuple[str, ...] = ()
    note: str = ""
    declined: tuple[str, ...] = ()
    title: str | None = None
    purpose: str | None = None

    @classmethod
    def of_entry(cls, entry: BatchEntry) -> Shown | None:
        """What is kept with an entry; None where nothing was said."""
        if entry.said is None:
            return None
        said = entry.said | {name: tuple(entry.said[name]) for name in ("node_keys", "declined")}
        return cls(item_id=entry.item_id, **said)


def keep_said(session: Session, *, actor: Actor, shown: Sequence[Shown]) -> None:
    """What is being said of these items of the batch is kept, in place of what was kept before; nothing is filed yet.

    What is in the batch no more, as after it was saved in another tab, is passed over.
    """
    require(actor, Action.FILE_EVIDENCE)
    for one in shown:
        entry = session.get(BatchEntry, (actor.school_id, actor.person_id, one.item_id), with_for_update=True)
        if entry is not None:
            entry.said = _as_kept(one)


def said_together(entries: Sequence[BatchEntry]) -> dict[str, Any] | None:
    """What was said of any of these, as of the one item that takes their place: the first purpose, and no title."""
    said = [one for one in map(Shown.of_entry, entries) if one is not None]
    if not said:
        return None
    notes = dict.fromkeys(one.note for one in said if one.note)
    keys = dict.fromkeys(key for one in said for key in one.node_keys)
    wrong = dict.fromkeys(key for one in said for key in one.declined if key not in keys)
    purpose = next((one.purpose for one in said if one.purpose), None)
    return _as_kept(Shown("", tuple(keys), " ".join(notes), tuple(wrong), purpose=purpose))


def keep_draft(
    session: Session, *, actor: Actor, part: DraftPart, said: Mapping[str, str], request_id: str = ""
) -> None:
    """The fields of a link, a note, a request or of what goes with every file, as typed, in place of those before.

    They are those of this request, or of none, and no other's, see `draft_id_of`; it may be closed by now.
    Nothing is kept where all of them are empty, so that it hides nothing that was typed before. Invalid where one is
    longer than can be filed: what was kept before stays, and nothing is cut off.
    """
    require(actor, Action.ASK_FOR_EVIDENCE if part == DraftPart.ASK else Action.FILE_EVIDENCE)
    words = {name: fitting_text(value) for name, value in said.items()}
    wait_for_turn(session, "draft", actor.school_id, actor.person_id, part, request_id)
    draft = session.scalar(_own(actor, part).where(FilingDraft.request_id == request_id))
    if not any(words.values()):
        forget_draft(session, actor, part, request_id)
    elif draft is None:
        key = {"school_id": actor.school_id, "person_id": actor.person_id, "part": part, "request_id": request_id}
        session.add(FilingDraft(**key, said=words, kept_at=now()))
    else:
        draft.said, draft.kept_at = words, now()


def fitting_text(text: str) -> str:
    """The text as it can be kept; Invalid when it is longer than a note can be."""
    clean = clean_text(text)
    if len(clean.strip().encode()) > MOST_TEXT_BYTES:
        raise Invalid(msg("This is longer than a note can be. File it as a document."), field="text")
    return clean


def draft_of(session: Session, actor: Actor, part: DraftPart, request_id: str = "") -> dict[str, str]:
    """The fields the actor typed and has not filed yet; empty where there are none.

    What was typed for a request that is closed by now answers none: of those, the newest is shown.
    """
    draft = session.scalar(_shown(actor, part, request_id))
    return dict(draft.said) if draft is not None else {}


def draft_id_of(session: Session, actor: Actor, part: DraftPart, request_id: str = "") -> str:
    """The request for which the draft was begun that `draft_of` shows; `request_id` where there is none yet."""
    draft = session.scalar(_shown(actor, part, request_id))
    return draft.request_id if draft is not None else request_id


def is_begun(session: Session, actor: Actor, part: DraftPart, request_id: str) -> bool:
    """Whether the actor began to type this for the request, which may be closed by now, or ask them no more."""
    return session.scalar(_own(actor, part).where(FilingDraft.request_id == request_id)) is not None


def forget_draft(session: Session, actor: Actor, part: DraftPart, request_id: str = "") -> None:
    """What the actor typed for this request, or for none, is filed, or is not wanted any more."""
    draft = session.scalar(_own(actor, part).where(FilingDraft.request_id == request_id).with_for_update())
    if draft is not None:
        session.delete(draft)


def forget_facts(session: Session, actor: Actor, request_id: str) -> None:
    """What was to go with every file for this request, or with those that answer none, went with the last of them."""
    answers_none = FilingDraft.request_id.not_in(answerable(actor))
    of_these = FilingDraft.request_id == request_id if request_id else answers_none
    for draft in session.scalars(_own(actor, DraftPart.FACTS).where(of_these).with_for_update()):
        session.delete(draft)


def forget_old_drafts(session: Session) -> int:
    """How many drafts are gone because nobody touched them for DRAFTS_LAST: a note begun long ago may name a pupil."""
    gone = session.execute(delete(FilingDraft).where(FilingDraft.kept_at < now() - DRAFTS_LAST))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _own(actor: Actor, part: DraftPart) -> Select[FilingDraft]:
    """A select of the actor's drafts of this part, for every request and for none."""
    return select(FilingDraft).where(
        FilingDraft.school_id == actor.school_id, FilingDraft.person_id == actor.person_id, FilingDraft.part == part
    )


def _shown(actor: Actor, part: DraftPart, request_id: str) -> Select[FilingDraft]:
    """A select of the draft of this part; "" is what answers no request, or one that is closed by now: the newest."""
    mine = _own(actor, part)
    if request_id:
        return mine.where(FilingDraft.request_id == request_id)
    answers_none = mine.where(FilingDraft.request_id.not_in(answerable(actor)))
    return answers_none.order_by(FilingDraft.kept_at.desc(), FilingDraft.request_id).limit(1)


def _as_kept(shown: Shown) -> dict[str, Any]:
    """As an entry keeps it: no longer than what can be saved."""
    kept = asdict(shown)
    del kept["item_id"]
    kept |= {name: list(kept[name][:MOST_CHOSEN]) for name in ("node_keys", "declined")}
    lines = {name: kept[name] for name in ("note", "title", "purpose")}
    return kept | {name: line if line is None else clean_line(line, LONGEST_LINE) for name, line in lines.items()}
