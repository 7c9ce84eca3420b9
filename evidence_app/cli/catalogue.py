"""`evidence catalogue`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

import standards
from evidence_app.cli.output import FINDINGS, acting_as, as_json, in_school, leave, opened, tell
from evidence_app.domain import accounts, frameworks, intake
from evidence_app.errors import NotFound
from evidence_app.i18n import LANGUAGES, msg


@click.group("catalogue")
def catalogue() -> None:
    """The frameworks one can tag against."""


@catalogue.command("list")
@as_json
def list_catalogues(as_json: bool) -> None:
    """List the installed frameworks."""
    found = [standards.load(key) for key in standards.available()]
    rows = [{"key": c.key, "name": c.name(), "edition": c.edition, "nodes": len(c)} for c in found]
    tell({"catalogues": rows}, "\n".join(f"{c.key}  {c.name()} ({len(c)})" for c in found), json_wanted=as_json)


@catalogue.command("show")
@click.argument("key")
@click.option("--language", default="en", type=click.Choice(list(LANGUAGES)), show_default=True)
@as_json
def show_catalogue(key: str, language: str, as_json: bool) -> None:
    """Show one framework, or the part of it below a node KEY such as ib-psp-2020/0301."""
    framework_key, _, code = key.partition("/")
    if framework_key not in standards.available():
        known = ", ".join(standards.available())
        raise NotFound(
            msg("There is no framework '%(key)s'. Installed are: %(known)s.", key=framework_key, known=known)
        )
    found = standards.load(framework_key)
    try:
        nodes = (found.node(code), *found.descendants(code)) if code else found.nodes
    except standards.NodeNotFound as error:
        raise NotFound(msg("%(what)s", what=str(error))) from error
    lines = [f"{'  ' * len(found.ancestors(n.key))}{n.code}  {n.label(language)}" for n in nodes]
    tell(
        {"key": found.key, "name": found.name(language), "nodes": [_node(n, language) for n in nodes]},
        "\n".join([found.name(language), *lines]),
        json_wanted=as_json,
    )


def _node(node: standards.Node, language: str) -> dict[str, Any]:
    return {
        "key": node.key,
        "code": node.code,
        "level": node.level,
        "kind": node.kind,
        "parent": node.parent_key,
        "programmes": list(node.programmes),
        "label": node.label(language),
        "summary": node.summary(language),
        "confidence": node.confidence,
    }


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--framework", "framework_key", default="ib-psp-2020", show_default=True)
@click.option("--language", default="en", type=click.Choice(list(LANGUAGES)), help="Where a row names none.")
@acting_as
@in_school
@as_json
def import_wording(
    file: Path, framework_key: str, language: str, email: str, school_key: str | None, as_json: bool
) -> None:
    """Import a school's own wording and missing codes from a CSV or XLSX FILE: code, text, programme, language."""
    with opened() as backends:
        with file.open("rb") as stream:
            rows = intake.read_table(stream, file.name)
        with backends.database.unit_of_work() as session:
            actor = accounts.actor_by_email(session, email, school_key)
            result = frameworks.import_wording(
                session, actor=actor, framework_key=framework_key, rows=rows, language=language
            )
    problems = [str(problem) for problem in result.problems]
    kept = 0 if problems else len(result.rows)
    lines = [
        *problems,
        f"{kept} rows kept." if kept or not problems else "Nothing was kept. Mend these lines and import again.",
    ]
    tell(
        {"rows": kept, "new_codes": list(result.new_codes), "problems": problems}, "\n".join(lines), json_wanted=as_json
    )
    if problems:
        leave(FINDINGS)


COMMANDS = (catalogue,)
