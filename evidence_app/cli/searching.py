"""`evidence search`: finding evidence, and `evidence search rebuild`: making the index of a school anew."""

from __future__ import annotations

import time
from typing import Any

import click

from evidence_app.cli.acting import actor_for
from evidence_app.cli.output import acting_as, as_json, in_school, opened, tell
from evidence_app.domain import jobs, schools, search


class SearchOrRebuild(click.Command):
    """Searches; `search rebuild`, said by nobody in particular (without --as), makes the index anew instead."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the one command or of the other."""
        is_asked_by_somebody = any(arg == "--as" or arg.startswith("--as=") for arg in args)
        if "rebuild" in args and not is_asked_by_somebody:
            args.remove("rebuild")
            return rebuild_search.make_context(f"{info_name} rebuild", args, parent, **extra)
        return super().make_context(info_name, args, parent, **extra)


@click.command("search", cls=SearchOrRebuild)
@click.argument("query")
@acting_as
@in_school
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True)
@as_json
def search_evidence(query: str, email: str, school_key: str | None, limit: int, as_json: bool) -> None:
    """Find evidence by words, "phrases", prefix*, -not, OR, programme:DP, node:0301-02, kind:…, year:2024-25.

    `evidence search rebuild [--school KEY]` makes the search index anew.
    """
    start = time.perf_counter()
    with opened() as backends:
        actor = actor_for(backends, email, school_key)
        with backends.database.reading() as session:
            page = search.find(session, backends.index(actor.school_id), actor, query, limit=limit, mend=True)
        if page.is_rebuilding:
            click.echo("evidence: the search index is being made anew; only titles were looked through", err=True)
            with backends.database.unit_of_work() as session:
                search.ask_for_rebuild(session, actor.school_id)
    hits = [
        {
            "item": hit.item.id,
            "title": hit.item.title,
            "file_name": hit.version.file_name,
            "score": round(hit.score, 4),
            "snippet": hit.snippet_text,
            "nodes": [tag.node_key for tag in hit.tags],
        }
        for hit in page.hits
    ]
    answer = {"total": page.total, "hits": hits, "seconds": round(time.perf_counter() - start, 4)}
    for problem in page.problems:
        click.echo(f"evidence: {problem.message}", err=True)
    if page.meant:
        click.echo(f"evidence: did you mean {page.meant}", err=True)
    lines = [f"{page.total} found", *(f"{h['item']}  {h['title']}\n    {h['snippet']}" for h in hits)]
    tell(answer, "\n".join(lines), json_wanted=as_json)


@click.command("rebuild")
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

        told: dict[str, int] = {}

        def is_done() -> bool:
            with backends.database.reading() as session:
                if not any(jobs.is_work_left(session, id, [jobs.JobKind.REBUILD_INDEX]) for id in ids):
                    return True
                for school in found:
                    percent = search.rebuilt_percent(session, backends.index(school.id), school.id)
                    if percent is not None and percent != told.get(school.id):
                        told[school.id] = percent
                        click.echo(f"evidence: {school.key} is being rebuilt, {percent} %", err=True)
            return False

        # The worker, with the readers and writers of every format, takes as long to import as a search takes.
        from evidence_app.worker import run_until_done

        run_until_done(backends, is_done)
    keys = [school.key for school in found]
    tell({"rebuilt": keys}, f"Rebuilt: {', '.join(keys) or 'no school yet'}.", json_wanted=as_json)


COMMANDS = (search_evidence,)
