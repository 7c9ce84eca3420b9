"""The matrix: practices down, programmes across."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, render_template, request

from evidence_app.domain import coverage, schools
from evidence_app.domain.access import Action
from evidence_app.domain.coverage import Coverage, CoverageRow
from evidence_app.extensions import actor, reading
from evidence_app.web.access import open_to
from evidence_app.web.templating import language

pages = Blueprint("coverage", __name__, url_prefix="/<school_key>/coverage")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pages.get("/")
@open_to(Action.READ_COVERAGE)
def matrix(school_key: str) -> str:
    found = _asked_for()
    only_gaps = request.args.get("show") == "gaps"
    return render_template(
        "coverage/matrix.html",
        coverage=found,
        standards=by_standard(found.only_gaps() if only_gaps else found.rows),
        groups=_groups(found),
        only_gaps=only_gaps,
        missing=len(found.gaps()),
        offered=schools.school_of(reading(), actor()).programmes,
    )


@pages.get("/coverage.csv")
@open_to(Action.READ_COVERAGE)
def table(school_key: str) -> Response:
    found, out = _asked_for(), io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["code", "practice", "programme", "accepted", "proposed", "strength", "newest", "response", "lead"])
    for row in found.rows:
        for cell in row.cells:
            label = row.node.label(language())
            rows.writerow(
                [
                    f"'{row.node.code}",
                    f"'{label}" if label.startswith(FORMULA_STARTS) else label,
                    cell.programme,
                    cell.accepted,
                    cell.proposed,
                    cell.strength or 0,
                    cell.newest.isoformat() if cell.newest else "",
                    cell.status.value if cell.status else "",
                    f"'{cell.lead_name}" if cell.lead_name.startswith(FORMULA_STARTS) else cell.lead_name,
                ]
            )
    answer = Response("\ufeff" + out.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="coverage.csv"'
    return answer


def by_standard(rows: tuple[CoverageRow, ...]) -> list[tuple[CoverageRow, list[CoverageRow]]]:
    """Each standard with its practices, in reading order; categories stand in the standards' codes already."""
    found: list[tuple[CoverageRow, list[CoverageRow]]] = []
    for row in rows:
        if row.cells:
            found[-1][1].append(row)
        elif row.depth > 0:
            found.append((row, []))
    return [(standard, practices) for standard, practices in found if practices]


def _asked_for() -> Coverage:
    wanted = request.args.getlist("programme")
    return coverage.coverage_of(reading(), actor(), programmes=wanted or None)


def _groups(found: Coverage) -> dict[str, list[list[int | None]]]:
    """Programme -> the best strength of each practice, by standard: what the bars at a glance are drawn from."""
    return {
        programme: [
            [cell.strength for row in practices for cell in row.cells if cell.programme == programme]
            for _, practices in by_standard(found.rows)
        ]
        for programme in found.programmes
    }
