"""Compilations: documents asked for on a page, made by the worker, kept to be downloaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.database import new_id, now
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.audit import record
from evidence_app.domain.jobs import JobKind, enqueue
from evidence_app.domain.reports.documents import KINDS
from evidence_app.domain.reports.freezing import Frozen
from evidence_app.domain.reports.models import Compilation, CompilationState, CompiledFile, Edition
from evidence_app.domain.reports.problems import Problem
from evidence_app.domain.reports.queries import edition
from evidence_app.domain.selfstudy import evaluation
from evidence_app.errors import Invalid
from evidence_app.i18n import Message, msg


@dataclass(frozen=True, slots=True)
class CompiledBlob:
    """One document whose bytes are in the store already."""

    kind: str
    sha256: str
    size_bytes: int
    file_name: str


def request_compilation(
    session: Session, *, actor: Actor, evaluation_id: str, kinds: Sequence[str], is_edition: bool = False
) -> Compilation:
    """The compilation that the worker will make; with `is_edition` it publishes the next edition.

    Raises Invalid when nothing, or something unknown, was chosen.
    """
    require(actor, Action.COMPILE_REPORT)
    found = evaluation(session, actor, evaluation_id)
    return _add(session, actor, found.id, kinds, is_edition=is_edition)


def compile_again(session: Session, *, actor: Actor, edition_id: str) -> Compilation:
    """The edition compiled once more, with the signatures it has now; the snapshot stays the same."""
    require(actor, Action.APPROVE_STUDY)
    found = edition(session, actor, edition_id)
    last = session.scalar(
        select(Compilation)
        .where(Compilation.school_id == actor.school_id, Compilation.edition_id == found.id)
        .order_by(Compilation.requested_at.desc())
        .limit(1)
    )
    again = _add(session, actor, found.evaluation_id, last.wanted if last else ["docx"], is_edition=True)
    again.snapshot_id, again.edition_id = found.snapshot_id, found.id
    return again


def note_snapshot(session: Session, found: Compilation, frozen: Frozen | None, published: Edition | None) -> None:
    """The snapshot is taken, and published where it should be; the documents are being written now."""
    row = _locked(session, found)
    row.state = CompilationState.WRITING
    if frozen is not None:
        row.snapshot_id = frozen.snapshot.id
        row.left_out = [{"number": one.number, "item": one.item_id, "because": one.because} for one in frozen.left_out]
        row.problems = [problem.as_json() for problem in frozen.problems]
    if published is not None:
        row.edition_id = published.id


def note_written(session: Session, found: Compilation, done: int) -> None:
    """So many of the documents are written."""
    _locked(session, found).done = done


def finish_compilation(
    session: Session, found: Compilation, blobs: Iterable[CompiledBlob], problems: Iterable[Problem]
) -> None:
    """The documents are ready."""
    row = _locked(session, found)
    row.state, row.finished_at = CompilationState.DONE, now()
    told = {tuple(sorted(p.items())) for p in row.problems}
    fresh = [p.as_json() for p in problems]
    row.problems = [*row.problems, *(p for p in fresh if tuple(sorted(p.items())) not in told)]
    row.files = [
        CompiledFile(
            school_id=row.school_id,
            kind=blob.kind,
            position=list(KINDS).index(blob.kind),
            sha256=blob.sha256,
            size_bytes=blob.size_bytes,
            media_type=KINDS[blob.kind].media_type,
            file_name=blob.file_name,
        )
        for blob in blobs
    ]
    row.done = len(row.files)


def fail_compilation(session: Session, found: Compilation, why: Message) -> None:
    """The documents were not made, and why; nothing was published that was not published before."""
    row = _locked(session, found)
    row.state, row.error, row.finished_at = CompilationState.FAILED, str(why), now()


def _add(session: Session, actor: Actor, evaluation_id: str, kinds: Sequence[str], *, is_edition: bool) -> Compilation:
    wanted = [key for key in KINDS if key in kinds]
    unknown = [key for key in kinds if key not in KINDS]
    if unknown or not wanted:
        raise Invalid(
            msg(
                "Choose at least one document. There is no '%(unknown)s'; there are %(known)s.",
                unknown=", ".join(unknown),
                known=", ".join(KINDS),
            ),
            field="kinds",
        )
    added = Compilation(
        id=new_id(),
        school_id=actor.school_id,
        evaluation_id=evaluation_id,
        is_edition=is_edition,
        wanted=wanted,
        requested_by=actor.person_id,
        requested_at=now(),
    )
    session.add(added)
    session.flush()
    enqueue(session, JobKind.COMPILE_EDITION, actor.school_id, added.id)
    record(session, actor, "reports.compile", "compilation", added.id, edition=is_edition, kinds=wanted)
    return added


def _locked(session: Session, found: Compilation) -> Compilation:
    return session.get_one(Compilation, (found.school_id, found.id), with_for_update={"of": Compilation})
