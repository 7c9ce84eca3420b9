"""`evidence study` and `evidence compile`: writing the self-study, and its documents."""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

import click

from evidence_app.cli.acting import actor_for
from evidence_app.cli.output import FINDINGS, acting_as, as_json, in_school, leave, opened, tell
from evidence_app.domain import reports, selfstudy
from evidence_app.errors import Invalid
from evidence_app.i18n import msg

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("study")
def study() -> None:
    """The self-study of an evaluation."""


@study.command("open")
@in_school
@click.option("--programmes", required=True, help="For example PYP,MYP,DP.")
@click.option("--framework", default="ib-psp-2020", show_default=True)
@click.option("--visit", type=DAY, help="First day of the visit, as 2027-03-09.")
@click.option("--name", default="", help="What the evaluation is called; otherwise its programmes and year.")
@acting_as
@as_json
def open_study(
    school_key: str | None,
    programmes: str,
    framework: str,
    visit: datetime | None,
    name: str,
    email: str,
    as_json: bool,
) -> None:
    """Open an evaluation; a response waits for each practice and programme."""
    chosen = [p.strip().upper() for p in programmes.split(",") if p.strip()]
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        with backends.database.unit_of_work() as session:
            found = selfstudy.open_evaluation(
                session,
                actor=actor,
                framework_key=framework,
                programmes=chosen,
                visit_on=_day(visit),
                name=name,
            )
            answer = {"evaluation": found.id, "name": found.name}
    tell(answer, f"{answer['name']}: {answer['evaluation']}", json_wanted=as_json)


@study.command("write")
@click.argument("evaluation")
@click.argument("node_key")
@click.option("--programme", required=True)
@click.option("--rating", type=int, help="A value of the evaluation's scale; 0 takes the rating away.")
@click.option("--narrative", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A Markdown file.")
@click.option("--cite", "items", multiple=True, metavar="ITEM", help="Cite the newest version of this item.")
@acting_as
@in_school
@as_json
def write_study(
    evaluation: str,
    node_key: str,
    programme: str,
    rating: int | None,
    narrative: Path | None,
    items: tuple[str, ...],
    email: str,
    school_key: str | None,
    as_json: bool,
) -> None:
    """Write the answer of one programme to the practice NODE_KEY, and cite evidence for it."""
    text = _text(narrative) if narrative else None
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        with backends.database.unit_of_work() as session:
            written = selfstudy.write_response(
                session,
                actor=actor,
                evaluation_id=evaluation,
                node_key=node_key,
                programme=programme.upper(),
                rating=rating,
                narrative=text,
            )
            response_id, revision = written.response.id, written.response.revision
            for item_id in items:
                selfstudy.cite(session, actor=actor, response_id=response_id, item_id=item_id)
        with backends.database.reading() as session:
            cited = selfstudy.citations_of(session, actor, response_id).shown
    answer = {
        "response": response_id,
        "revision": revision,
        "exhibits": [{"exhibit": one.number, "item": one.item.id} for one in cited],
    }
    numbers = ", ".join(one.number for one in cited)
    tell(answer, f"Revision {revision}. Exhibits: {numbers or 'none'}.", json_wanted=as_json)


@click.command("compile")
@click.argument("evaluation")
@click.option("--format", "kind", type=click.Choice(list(reports.KINDS)), default="docx", show_default=True)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@acting_as
@in_school
@as_json
def compile_study(evaluation: str, kind: str, out: Path, email: str, school_key: str | None, as_json: bool) -> None:
    """Freeze the self-study as it stands and compile it.

    Leaves with 1 when the document was written and something should be known about it: exhibits that were left out,
    or texts that could not be printed as they were meant.
    """
    start = time.perf_counter()
    _require_folder(out)
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        frozen = reports.freeze(backends.database, backends.blobs, actor=actor, evaluation_id=evaluation)
        with backends.database.reading() as session:
            stamp = reports.stamp(session, frozen.snapshot, frozen.report.language)
            left_out = reports.told_to(session, actor, frozen.left_out)

        def open_blob(sha256: str) -> BinaryIO:
            return backends.blobs.open(actor.school_id, sha256)

        unfinished = out.with_name(f".{out.name}.part")
        try:
            with unfinished.open("wb") as file:
                found = reports.compile(frozen.report, stamp, reports.KINDS[kind], file, open_blob=open_blob)
            unfinished.replace(out)
        finally:
            unfinished.unlink(missing_ok=True)
    problems = [*frozen.problems, *found]
    answer = {
        "file": str(out),
        "snapshot": frozen.snapshot.sha256,
        "edition": stamp.number,
        "exhibits": len(frozen.report.exhibits),
        "left_out": [line.as_json() for line in left_out],
        "problems": [problem.as_json() for problem in problems],
        "seconds": round(time.perf_counter() - start, 2),
    }
    lines = [f"{out} is written: {answer['exhibits']} exhibits, snapshot {frozen.snapshot.short_id}."]
    lines += [f"left out  {line.number} {line.title}: {line.reason}" for line in left_out]
    lines += [f"problem   {p.where} {p.programme} line {p.line}: {p.what} {p.remedy}" for p in problems]
    tell(answer, "\n".join(lines), json_wanted=as_json)
    if left_out or problems:
        leave(FINDINGS)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            msg("%(path)s cannot be read as text in UTF-8: %(why)s. Nothing was written.", path=path, why=error),
            field="narrative",
        ) from error


def _require_folder(out: Path) -> None:
    if not out.absolute().parent.is_dir():
        raise Invalid(
            msg("The folder %(folder)s does not exist. Create it, or choose another file.", folder=out.parent),
            field="out",
        )


COMMANDS: tuple[click.Command, ...] = (study, compile_study)
