"""What became of every file of an import, as a CSV file like the report of a drive in the browser."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evidence_app.backends import Backends
from evidence_app.domain import intake
from evidence_app.domain.access import Actor
from evidence_app.domain.guarding import Signs
from evidence_app.web.tables import csv_text

COLUMNS = ("Path", "What became of it", "Why", "Evidence", "Pupils' data", "Text", "Practices", "Likely a version of")


def write_report(
    backends: Backends, actor: Actor, brought: intake.Intake, held: Mapping[str, Signs], file: Path
) -> None:
    """Write the table; `held` says by item what the guard saw in what is held back. Raises OSError."""
    with backends.database.reading() as session:
        told = {one.item_id: one for one in intake.told_of(session, actor, [e.item_id for e in brought.entries])}
    rows = [_row(entry, told.get(entry.item_id), held.get(entry.item_id)) for entry in brought.entries]
    file.write_text(csv_text(COLUMNS, rows), encoding="utf-8", newline="")


def _row(entry: intake.Entry, told: intake.Told | None, held: Signs | None) -> list[str]:
    state = "Not kept" if not entry.item_id else "Was there already" if entry.duplicate_of else "Filed"
    return [
        entry.path,
        state,
        str(entry.reason) if entry.reason else "",
        entry.item_id,
        f"{held.looks.label} {held.belongs}" if held else "",
        ": ".join(map(str, (told.text, *told.warnings[:1]))) if told else "",
        " ".join(key.partition("/")[2] for key in told.node_keys) if told else "",
        "; ".join(told.likely) if told else "",
    ]
