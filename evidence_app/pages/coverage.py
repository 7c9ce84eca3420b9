"""The matrix: practices down, programmes across."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from evidence_app.domain import coverage, schools
from evidence_app.domain.access import Action
from evidence_app.domain.coverage import Coverage, CoverageCell, CoverageRow, Gap
from evidence_app.extensions import actor, reading
from evidence_app.web.access import open_to
from evidence_app.web.people import Face
from evidence_app.web.tables import csv_answer
from evidence_app.web.templating import language, years_ago

pages = Blueprint("coverage", __name__, url_prefix="/<school_key>/coverage")
OLD_AFTER_YEARS = 3
COLUMNS = (
    *("code", "practice", "programme", "accepted", "proposed", "strength", "newest", "response", "lead"),
    *("asked", "asked until"),
)


@dataclass(frozen=True, slots=True)
class Leads:
    """Who leads the answers about one practice, over its programmes: the first one's badge and everybody by name."""

    first: Face
    names: tuple[str, ...]


@pages.get("/")
@open_to(Action.READ_COVERAGE)
def matrix(school_key: str) -> str:
    found = _asked_for()
    views = {view: by_standard(found.rows, choose) for view, choose in _views().items()}
    view = request.args.get("show", "")
    shown = views.get(view, views[""])
    return render_template(
        "coverage/matrix.html",
        coverage=found,
        standards=shown,
        leads={row.node.key: _leads(row) for _, practices in shown for row in practices},
        counts={name: sum(len(practices) for _, practices in rows) for name, rows in views.items()},
        view=view if view in views else "",
        folded="fold" in request.args,
        groups=_groups(found),
        missing=len(found.gaps()),
        offered=schools.school_of(reading(), actor()).programmes,
        is_old=is_old,
    )


@pages.get("/coverage.csv")
@open_to(Action.READ_COVERAGE)
def table(school_key: str) -> Response:
    # An apostrophe keeps a spreadsheet from eating the code's first zero.
    rows = ((f"'{row[0]}", *row[1:]) for row in _rows(_asked_for()))
    return csv_answer("coverage.csv", COLUMNS, rows)


def by_standard(
    rows: tuple[CoverageRow, ...], choose: Callable[[CoverageCell], bool] = lambda cell: True
) -> list[tuple[CoverageRow, list[CoverageRow]]]:
    """Each standard with its practices that have a cell to show, in reading order, without empty standards."""
    found: list[tuple[CoverageRow, list[CoverageRow]]] = []
    for row in rows:
        if row.cells:
            found[-1][1].append(row)
        elif row.depth > 0:
            found.append((row, []))
    chosen = [(above, [row for row in below if any(map(choose, row.cells))]) for above, below in found]
    return [(standard, practices) for standard, practices in chosen if practices]


def missing_there() -> list[Gap]:
    """What the matrix shows as missing under the address' `programme` and `show`, in reading order.

    Where somebody is asked for it already, it is left out, unless all of it is asked for.
    """
    view = request.args.get("show", "")
    choose = _views().get(view, _views()[""])
    rows = {row.node.key: row for _, rows in by_standard(_asked_for().rows, choose) for row in rows}
    of_view = choose if view == "mine" else _views()["gaps"]
    gaps = [Gap(row.node, cell) for row in rows.values() for cell in row.cells if cell.is_gap and of_view(cell)]
    return [gap for gap in gaps if gap.cell.asked_until is None] or gaps


def is_old(cell: CoverageCell) -> bool:
    """Whether the newest evidence of a place shows a time more than three years ago."""
    return cell.newest is not None and cell.newest < years_ago(OLD_AFTER_YEARS)


def _views() -> dict[str, Callable[[CoverageCell], bool]]:
    """The views of the matrix, by their name in the address: which places a practice must have one of."""
    me = actor().person_id
    return {
        "": lambda cell: True,
        "gaps": lambda cell: cell.is_gap,
        "old": is_old,
        "mine": lambda cell: cell.lead_id == me,
    }


def _asked_for() -> Coverage:
    wanted = request.args.getlist("programme")
    return coverage.coverage_of(reading(), actor(), programmes=wanted or None)


def _leads(row: CoverageRow) -> Leads | None:
    names = tuple(dict.fromkeys(cell.lead_name for cell in row.cells if cell.lead_name))
    return Leads(Face(names[0]), names) if names else None


def _rows(found: Coverage) -> Iterator[tuple[str | int, ...]]:
    """One row a practice and programme."""
    for row in found.rows:
        for cell in row.cells:
            yield (
                row.node.code,
                row.node.label(language()),
                cell.programme,
                cell.accepted,
                cell.proposed,
                cell.strength or 0,
                cell.newest.isoformat() if cell.newest else "",
                cell.status.value if cell.status else "",
                cell.lead_name,
                cell.asked_name,
                cell.asked_until.isoformat() if cell.asked_until else "",
            )


def _groups(found: Coverage) -> dict[str, list[list[int | None]]]:
    """Programme -> the best strength of each practice, by standard: what the bars at a glance are drawn from."""
    return {
        programme: [
            [cell.strength for row in practices for cell in row.cells if cell.programme == programme]
            for _, practices in by_standard(found.rows)
        ]
        for programme in found.programmes
    }
