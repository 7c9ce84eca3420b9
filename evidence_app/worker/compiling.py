"""Compiling what was asked for on a page: freeze, publish, write, keep."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from typing import BinaryIO

from sqlalchemy.orm import Session

import exports
from evidence_app.domain import accounts, reports
from evidence_app.domain.jobs import Job
from evidence_app.errors import AppError, Conflict
from evidence_app.i18n import Message, msg
from evidence_app.worker.tools import Tools

Results = Callable[[Session], None]


def compile_edition(tools: Tools, jobs: Sequence[Job]) -> Results:
    """Makes one compilation; a mistake somebody can mend is kept with it, anything else is tried again."""
    with tools.database.reading() as session:
        found = session.get(reports.Compilation, (jobs[0].school_id, jobs[0].subject))
    if found is None:
        return lambda _session: None
    try:
        blobs, problems = _make(tools, found)
    except AppError as error:
        return _failed(found, error.message)
    except exports.ExhibitMissing as error:
        return _failed(found, msg("%(words)s", words=error))
    return lambda session: reports.finish_compilation(session, found, blobs, problems)


def _failed(found: reports.Compilation, why: Message) -> Results:
    return lambda session: reports.fail_compilation(session, found, why)


def _make(tools: Tools, found: reports.Compilation) -> tuple[list[reports.CompiledBlob], list[reports.Problem]]:
    snapshot = _snapshot(tools, found)
    report = reports.report_of(tools.blobs, snapshot)
    with tools.database.reading() as session:
        stamp = reports.stamp(session, snapshot, report.language)
    blobs, problems = [], []
    for done, kind in enumerate(found.wanted, start=1):
        blob, told = _write(tools, found.school_id, report, stamp, kind)
        blobs.append(blob)
        problems += [problem for problem in told if problem not in problems]
        with tools.database.unit_of_work() as session:
            reports.note_written(session, found, done)
    return blobs, problems


def _snapshot(tools: Tools, found: reports.Compilation) -> reports.Snapshot:
    """The snapshot of the compilation: the one it has, or a fresh one, published where that was asked for.

    Who asked must still be allowed to: the question is put again, as they are now.
    """
    with tools.database.reading() as session:
        actor = accounts.actor_in(session, found.requested_by, found.school_id)
        if found.snapshot_id is not None:
            return reports.snapshot(session, actor, found.snapshot_id)
    frozen = reports.freeze(
        tools.database, tools.blobs, actor=actor, evaluation_id=found.evaluation_id, keep_texts=found.is_edition
    )
    with tools.database.unit_of_work() as session:
        published = None
        if found.is_edition:
            published = reports.publish(session, actor=actor, snapshot_id=frozen.snapshot.id, report=frozen.report)
        reports.note_snapshot(session, found, frozen, published)
    return frozen.snapshot


def _write(
    tools: Tools, school_id: str, report: exports.Report, stamp: exports.Edition, key: str
) -> tuple[reports.CompiledBlob, tuple[reports.Problem, ...]]:
    kind = reports.KINDS[key]
    if infected := tools.infected_in(school_id, report):
        raise Conflict(
            msg(
                "The scanner has found malware in %(numbers)s since. Put a clean version in its place, cite that one, "
                "and compile again.",
                numbers=", ".join(infected),
            )
        )

    def open_blob(sha256: str) -> BinaryIO:
        return tools.blobs.open(school_id, sha256)

    with tempfile.TemporaryFile() as file:
        problems = reports.compile(report, stamp, kind, file, open_blob=open_blob)
        file.seek(0)
        blob = tools.blobs.put(school_id, file)
    name = reports.file_name(report, stamp, kind)
    return reports.CompiledBlob(key, blob.sha256, blob.size_bytes, name), problems
