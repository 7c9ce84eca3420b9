"""`evidence catalogue`."""

from __future__ import annotations

from typing import Any

import click

import standards
from evidence_app.cli.output import as_json, tell
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


COMMANDS = (catalogue,)
