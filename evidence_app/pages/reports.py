"""Reports: how ready the self-study is, compiling it, its editions, and what stays in the school."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from evidence_app.domain import accounts, reports, selfstudy, sharing
from evidence_app.domain.access import Action, Role
from evidence_app.domain.reports import Compilation
from evidence_app.domain.selfstudy import Evaluation
from evidence_app.errors import AppError
from evidence_app.extensions import actor, backends, reading, unit_of_work
from evidence_app.web.access import open_to
from evidence_app.web.differences import passages
from evidence_app.web.flashes import say_trouble
from evidence_app.web.serving import serve_bytes
from evidence_app.web.templating import language

pages = Blueprint("reports", __name__, url_prefix="/<school_key>/reports")

USUAL_KINDS = ("docx", "html", "zip", "plan")
LACKS_SHOWN = 60
"""So many places are named for each thing that is lacking."""


@pages.get("/")
@open_to(Action.COMPILE_REPORT)
def overview(school_key: str) -> str:
    """One evaluation, the newest open one unless another is chosen."""
    evaluations = [one for one in selfstudy.evaluations_of(reading(), actor()) if sharing.may_share(actor(), one)]
    if not evaluations:
        return render_template("reports/none.html")
    wanted = request.args.get("evaluation")
    chosen = selfstudy.evaluation(reading(), actor(), wanted) if wanted else evaluations[0]
    return _overview(chosen, evaluations)


@pages.post("/<evaluation_id>/compile")
@open_to(Action.COMPILE_REPORT)
def compile_report(school_key: str, evaluation_id: str) -> Response:
    is_edition = request.form.get("as") == "edition"
    try:
        with unit_of_work() as work:
            reports.request_compilation(
                work,
                actor=actor(),
                evaluation_id=evaluation_id,
                kinds=request.form.getlist("kind"),
                is_edition=is_edition,
            )
    except AppError as error:
        if error.field != "kinds":
            raise
        say_trouble(gettext("Choose at least one document. Nothing was compiled."))
    return redirect(url_for("reports.overview", school_key=school_key, evaluation=evaluation_id), 303)


@pages.get("/compilations/<compilation_id>")
@open_to(Action.COMPILE_REPORT)
def compilation(school_key: str, compilation_id: str) -> str | Response:
    """How far a compilation is: asked again and again by the page, until it is over."""
    found = reports.compilation(reading(), actor(), compilation_id)
    if not request.headers.get("HX-Request"):
        return redirect(url_for("reports.overview", school_key=school_key, evaluation=found.evaluation_id))
    return render_template("reports/_progress.html", one=found, all_kinds=reports.KINDS)


@pages.get("/compilations/<compilation_id>/<kind>")
@open_to(Action.COMPILE_REPORT)
def download(school_key: str, compilation_id: str, kind: str) -> Response:
    file = reports.compiled_file(reading(), actor(), compilation_id, kind)
    return serve_bytes(
        backends().blobs,
        school_id=file.school_id,
        sha256=file.sha256,
        media_type=file.media_type,
        file_name=file.file_name,
        download=True,
    )


@pages.post("/editions/<edition_id>/sign")
@open_to(Action.APPROVE_STUDY)
def sign(school_key: str, edition_id: str) -> Response:
    """The head signs; the documents are written once more, with the signature in them."""
    with unit_of_work() as work:
        reports.sign(work, actor=actor(), edition_id=edition_id)
        again = reports.compile_again(work, actor=actor(), edition_id=edition_id)
    return redirect(url_for("reports.overview", school_key=school_key, evaluation=again.evaluation_id), 303)


@pages.get("/<evaluation_id>/compare")
@open_to(Action.COMPILE_REPORT)
def compare(school_key: str, evaluation_id: str) -> str:
    """What one edition says otherwise than another."""
    editions = reports.editions_of(reading(), actor(), evaluation_id)
    numbers = {edition.number: edition for edition in editions}
    newer = numbers.get(request.args.get("newer", 0, type=int), editions[0] if editions else None)
    older = numbers.get(request.args.get("older", 0, type=int), editions[1] if len(editions) > 1 else None)
    changes = (
        reports.changes_between_reports(
            reports.report_of(backends().blobs, older.snapshot), reports.report_of(backends().blobs, newer.snapshot)
        )
        if older and newer
        else ()
    )
    return render_template(
        "reports/compare.html",
        evaluation=selfstudy.evaluation(reading(), actor(), evaluation_id),
        editions=editions,
        older=older,
        newer=newer,
        changes=changes,
        passages=passages,
    )


def _overview(chosen: Evaluation, evaluations: list[Evaluation]) -> str:
    asker = actor()
    made = reports.compilations_of(reading(), asker, chosen.id)
    running = [one for one in made if not one.state_now.is_over]
    last = next((one for one in made if one.state_now is reports.CompilationState.DONE), None)
    editions = reports.editions_of(reading(), asker, chosen.id)
    readiness = reports.readiness(reading(), asker, chosen.id)
    unreleased = {line.number for line in readiness.by_lack().get(reports.Lack.UNRELEASED, ())[:LACKS_SHOWN]}
    return render_template(
        "reports/overview.html",
        evaluation=chosen,
        evaluations=evaluations,
        readiness=readiness,
        staying=reports.staying(reading(), asker, chosen.id, unreleased),
        lacks_shown=LACKS_SHOWN,
        kinds=reports.kinds_here(),
        all_kinds=reports.KINDS,
        usual_kinds=USUAL_KINDS,
        running=running,
        failed=made[0] if made and made[0].state_now is reports.CompilationState.FAILED else None,
        last=last,
        left_out=reports.told_to(reading(), asker, reports.left_out_of(last)) if last else [],
        editions=[
            (edition, _newest(made, edition.id), reports.signatures_of(reading(), edition)) for edition in editions
        ],
        drafts=[one for one in made if one.state_now is reports.CompilationState.DONE and one.edition_id is None],
        next_number=(editions[0].number if editions else 0) + 1,
        names=accounts.names_of(
            reading(), asker.school_id, {e.published_by for e in editions} | {one.requested_by for one in made}
        ),
        may_sign=asker.role is Role.HEAD,
        me_id=asker.person_id,
        may_share=Action.SHARE_REPORT,
        language=language(),
    )


def _newest(made: list[Compilation], edition_id: str) -> Compilation | None:
    """The last finished compilation of an edition."""
    done = reports.CompilationState.DONE
    return next((one for one in made if one.edition_id == edition_id and one.state_now is done), None)
