"""What became of every file of a drive, as a table."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import intake
from evidence_app.domain.access import Action
from evidence_app.domain.guarding import Signs
from evidence_app.domain.intake import DriveFile, FileState, Told
from evidence_app.extensions import actor, reading
from evidence_app.i18n import Message, words_of
from evidence_app.pages.evidence.blueprint import pages
from evidence_app.web.access import open_to
from evidence_app.web.nodes import nodes
from evidence_app.web.tables import csv_answer
from evidence_app.web.templating import language


@pages.get("/drives/<drive_id>/report.csv")
@open_to(Action.FILE_EVIDENCE)
def drive_report(school_key: str, drive_id: str) -> Response:
    """What became of every file, as a table."""
    found = intake.drive_of(reading(), actor(), drive_id)
    columns = [
        gettext("Path"),
        gettext("Bytes"),
        gettext("What became of it"),
        gettext("Why"),
        gettext("Evidence"),
        gettext("Pupils' data"),
        gettext("Text"),
        gettext("Practices"),
        gettext("Likely a version of"),
    ]
    held = intake.held_of(reading(), actor(), found)
    files = intake.files_of(reading(), found)
    kept = [file.item_id for file in files if file.state_now is not FileState.WAITING]
    told = {one.item_id: one for one in intake.told_of(reading(), actor(), kept)}
    rows = (_row(school_key, file, held.get(file.item_id), told.get(file.item_id)) for file in files)
    return csv_answer("drive.csv", columns, rows)


def _row(school_key: str, file: DriveFile, held: Signs | None, told: Told | None) -> list[str | int]:
    why = words_of(file.reason)
    item = url_for("evidence.item", school_key=school_key, item_id=file.item_id, _external=True)
    is_in = bool(file.item_id) and file.state_now is not FileState.WAITING
    return [
        file.path or gettext("(name forgotten)"),
        file.size_bytes,
        file.state_now.label.in_language(language()),
        why.in_language(language()) if why else "",
        item if is_in else "",
        " ".join(_words((held.looks.label, held.belongs) if held else ())),
        *(_told(told) if told and is_in else ("", "", "")),
    ]


def _told(told: Told) -> tuple[str, str, str]:
    return (
        ": ".join(_words([told.text, *told.warnings[:1]])),
        " ".join(node.code or node.label for node in nodes().of(told.node_keys)),
        "; ".join(told.likely),
    )


def _words(messages: Iterable[Message]) -> list[str]:
    return [one.in_language(language()) for one in messages]
