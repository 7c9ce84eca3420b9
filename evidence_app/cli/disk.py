"""`evidence disk`: what takes how much room."""

from __future__ import annotations

from typing import Any

import click

from evidence_app.backends import Backends
from evidence_app.cli.output import as_json, opened, tell
from evidence_app.domain import intake, schools, upkeep

MIB = 1024 * 1024


@click.command("disk")
@click.option("--quota", nargs=2, type=(str, click.IntRange(min=0)), metavar="KEY MIB", help="Set a school's; 0: none.")
@as_json
def disk(quota: tuple[str, int] | None, as_json: bool) -> None:
    """Say what takes how much room, school by school, and how much is free; or set how much a school may take."""
    with opened() as backends:
        if quota:
            with backends.database.unit_of_work() as session:
                found = schools.school_by_key(session, quota[0])
                schools.set_quota(session, school_id=found.id, quota_mib=quota[1])
        rows = _rows(backends)
        answer: dict[str, Any] = {
            "schools": rows,
            "database_bytes": backends.database.size_bytes(),
            "free_bytes": backends.blobs.free_bytes(),
        }
    lines = [_line(row) for row in rows]
    free = answer["free_bytes"]
    end = f"Database {answer['database_bytes'] / MIB:,.1f} MiB"
    lines.append(end + (f", {free / MIB:,.0f} MiB free." if free is not None else "."))
    tell(answer, "\n".join(lines), json_wanted=as_json)


def _rows(backends: Backends) -> list[dict[str, Any]]:
    pieces = intake.Pieces(backends.blobs, backends.settings.home)
    rows = []
    with backends.database.reading() as session:
        for school in schools.all_schools(session):
            use = upkeep.use_of(
                session,
                backends.blobs,
                school.id,
                index_bytes=backends.index(school.id).size_bytes(),
                arriving_bytes=pieces.arriving_bytes(school.id),
            )
            rows.append(
                {
                    "school": school.key,
                    "total_bytes": use.total_bytes,
                    "quota_bytes": school.quota_mib * MIB,
                    "files": {kind.value: size_bytes for kind, size_bytes in use.files.items()},
                    "index_bytes": use.index_bytes,
                    "arriving_bytes": use.arriving_bytes,
                }
            )
    return rows


def _line(row: dict[str, Any]) -> str:
    parts = {**row["files"], "index": row["index_bytes"], "arriving": row["arriving_bytes"]}
    said = ", ".join(f"{name} {size / MIB:,.1f}" for name, size in parts.items() if size)
    limit = f" of {row['quota_bytes'] / MIB:,.0f}" if row["quota_bytes"] else ""
    return f"{row['school']}: {row['total_bytes'] / MIB:,.1f}{limit} MiB ({said})"


COMMANDS = (disk,)
