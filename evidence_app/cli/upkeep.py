"""`evidence verify` and `evidence search-rebuild`: checking the installation, and making its index anew."""

from __future__ import annotations

import time
from dataclasses import asdict

import click

from evidence_app.cli.output import FINDINGS, as_json, leave, opened, tell
from evidence_app.domain import jobs, schools
from evidence_app.domain.upkeep import verify
from evidence_app.worker import run_until_done


@click.command("verify")
@as_json
def verify_installation(as_json: bool) -> None:
    """Check everything: every blob re-hashed, rows, blobs and index compared, audit chains walked. Changes nothing."""
    start = time.perf_counter()
    with opened() as backends:
        verdict = verify(backends.database, backends.blobs, backends.index)
    answer = {
        "clean": verdict.is_clean,
        "findings": [asdict(finding) for finding in verdict.findings],
        "unreferenced_blobs": len(verdict.unreferenced),
        "counts": dict(verdict.counts),
        "seconds": round(time.perf_counter() - start, 2),
    }
    lines = [f"{f.kind} {f.school} {f.subject}: {f.what}. {f.remedy}" for f in verdict.findings]
    checked = ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in sorted(verdict.counts.items()))
    lines.append(f"{'Clean' if verdict.is_clean else f'{len(lines)} findings'}: {checked or 'nothing filed yet'}.")
    tell(answer, "\n".join(lines), json_wanted=as_json)
    if not verdict.is_clean:
        leave(FINDINGS)


@click.command("search-rebuild")
@click.option("--school", "school_key", metavar="KEY", help="One school; without it, all of them.")
@as_json
def rebuild_search(school_key: str | None, as_json: bool) -> None:
    """Make the search index anew from the database, without opening the old one."""
    with opened() as backends:
        with backends.database.unit_of_work() as session:
            found = [schools.school_by_key(session, school_key)] if school_key else schools.all_schools(session)
            for school in found:
                jobs.enqueue(session, jobs.JobKind.REBUILD_INDEX, school.id, "index")
        ids = [school.id for school in found]

        def is_done() -> bool:
            with backends.database.reading() as session:
                return not any(jobs.unfinished_count(session, id, [jobs.JobKind.REBUILD_INDEX]) for id in ids)

        run_until_done(backends, is_done)
    keys = [school.key for school in found]
    tell({"rebuilt": keys}, f"Rebuilt: {', '.join(keys) or 'no school yet'}.", json_wanted=as_json)


COMMANDS = (verify_installation, rebuild_search)
