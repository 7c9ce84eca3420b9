"""`evidence read`, `suggest` and `tag`: what a file says, and what it shows."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from evidence_app.cli.acting import actor_for
from evidence_app.cli.output import acting_as, as_json, in_school, opened, tell
from evidence_app.domain import evidence, extraction, schools, suggesting, tagging
from evidence_app.domain.evidence import Settled


@click.command("read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def read_file(file: Path, as_json: bool) -> None:
    """Show what intake would read from a file, read in the same limited child."""
    with extraction.ReaderPool() as pool:
        reading = pool.read(file, file_name=file.name)
    warnings = [str(extraction.warning_sentence(w)) for w in reading.warnings]
    answer = {
        "media_type": reading.media_type,
        "language": reading.language,
        "text": reading.text,
        "pages": reading.pages,
        "state": reading.state.value,
        "title": reading.title,
        "warnings": warnings,
    }
    sentence = "\n".join(
        [f"{reading.media_type}, {reading.language or 'language unknown'}", *warnings, "", reading.text]
    )
    tell(answer, sentence, json_wanted=as_json)


@click.command("suggest")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--school", "school_key", required=True, metavar="KEY")
@click.option("--limit", type=click.IntRange(1, 20), default=5, show_default=True)
@click.option("--wide", "is_wide", is_flag=True, help="Other frameworks, too: one entry of each at most.")
@as_json
def suggest_nodes(files: tuple[Path, ...], school_key: str, limit: int, is_wide: bool, as_json: bool) -> None:
    """Suggest which practices each FILE shows, and why; the school's accepted tags have a say.

    With --wide, learner profile, approaches to learning and milestone steps come after the practices.
    """
    with opened() as backends:
        with backends.database.reading() as session:
            school = schools.school_by_key(session, school_key)
            neighbours = suggesting.neighbours_of(session, school.id)
        rows = list(_suggestions(files, neighbours, limit, is_wide))
    lines = [f"{r['file']}  {r['node_key']}  {r['score']}  {r['fit']}: {'; '.join(r['because'])}" for r in rows]
    tell({"suggestions": rows}, "\n".join(lines) or "Nothing speaks for any practice.", json_wanted=as_json)


@click.command("tag")
@click.argument("item")
@click.argument("node_key")
@acting_as
@in_school
@click.option("--note", default="", help="How it shows it, in one line.")
@click.option("--strength", type=click.IntRange(0, 3), default=0, help="0 not rated, 1 weak, 2 adequate, 3 strong.")
@click.option("--accept", is_flag=True, help="Accept the tag at once; needs the right to review.")
@as_json
def tag_item(
    item: str,
    node_key: str,
    email: str,
    school_key: str | None,
    note: str,
    strength: int,
    accept: bool,
    as_json: bool,
) -> None:
    """Tag ITEM to NODE_KEY, such as ib-psp-2020/0301-02 or 0301-02."""
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        with backends.database.unit_of_work() as session:
            tag = tagging.attach(session, actor=actor, item_id=item, node_key=node_key, note=note, strength=strength)
            if accept:
                tagging.review(
                    session,
                    actor=actor,
                    tag_ids=[tag.id],
                    state=tagging.TagState.ACCEPTED,
                    strength=strength or None,
                )
    if strength and strength != tag.strength:
        click.echo("evidence: only who reviews tags says how strong they are; it was left open", err=True)
    answer = {
        "tag": tag.id,
        "item": tag.item_id,
        "node_key": tag.node_key,
        "state": tag.state,
        "strength": tag.strength,
    }
    tell(answer, f"{tag.node_key}: {tagging.TagState(tag.state).label}", json_wanted=as_json)


@click.command("questions")
@acting_as
@in_school
@as_json
def list_questions(email: str, school_key: str | None, as_json: bool) -> None:
    """List what looks as if it were about single pupils and waits for your answer."""
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        with backends.database.reading() as session:
            rows = [
                {
                    "item": one.item.id,
                    "version": one.flag.version_id,
                    "title": one.item.title,
                    "visibility": one.item.visibility,
                    "seen": [f"{sign.kind.label} {sign.place.label}" for sign in one.flag.what_was_seen.seen],
                }
                for one in evidence.questions_for(session, actor)
            ]
    lines = [f"{row['item']}  {row['visibility']:8} {row['title']}\n    {', '.join(row['seen'])}" for row in rows]
    tell({"questions": rows}, "\n".join(lines) or "Nothing waits for you.", json_wanted=as_json)


@click.command("settle")
@click.argument("item")
@click.argument("answer", type=click.Choice([a.value for a in Settled]))
@acting_as
@in_school
@click.option("--note", required=True, help="Why, in one line; without the name of a pupil.")
@click.option("--copy", "copy_item_id", default="", metavar="ITEM", help="The redacted copy, filed before.")
@click.option("--version", "version_id", default="", metavar="ID", help="An earlier version; else the newest.")
@as_json
def settle_item(
    item: str,
    answer: str,
    email: str,
    school_key: str | None,
    note: str,
    copy_item_id: str,
    version_id: str,
    as_json: bool,
) -> None:
    """Answer for ITEM, having looked at it: harmless, consent (of the families), redacted (--copy) or internal."""
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        with backends.database.unit_of_work() as session:
            flag = evidence.settle(
                session,
                actor=actor,
                item_id=item,
                answer=Settled(answer),
                note=note,
                copy_item_id=copy_item_id,
                version_id=version_id,
            )
    told = {"item": item, "version": flag.version_id, "answer": answer}
    tell(told, f"{item}: {Settled(answer).label}", json_wanted=as_json)


def _suggestions(
    files: Iterable[Path], neighbours: suggesting.Neighbours, limit: int, is_wide: bool
) -> Iterable[dict[str, Any]]:
    model = suggesting.model_for(suggesting.FRAMEWORK)
    with extraction.ReaderPool() as pool:
        for file in files:
            reading = pool.read(file, file_name=file.name)
            profile = suggesting.DocumentProfile(
                file_name=file.name,
                title=reading.title,
                headings=reading.headings,
                text=reading.text,
                language=reading.language or None,
            )
            near = neighbours.near(profile) if len(neighbours) else ()
            practices = suggesting.suggest(profile, model, near, limit=limit)
            beside = suggesting.suggest_beside(profile, practices, near) if is_wide else []
            for one in [*practices, *beside]:
                yield {
                    "file": str(file),
                    "node_key": one.node_key,
                    "score": round(one.score, 4),
                    "because": [str(because) for because in one.because],
                    "sure": one.sure,
                    "fit": str(one.fit),
                }


COMMANDS = (read_file, suggest_nodes, tag_item, list_questions, settle_item)
