"""The command line: a second door to the same actions. One click group a noun."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import click

from evidence_app.cli import catalogue, demo, evidence, installation, people, share, study, upkeep
from evidence_app.cli.output import Failing

OUR_PACKAGES = ("evidence_app", "standards", "exports", "storage_adapters")


@click.group(cls=Failing, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evidence-app", prog_name="evidence")
def cli() -> None:
    """Evidence collection and the IB evaluation self-study."""


for commands in (installation, demo, people, catalogue, evidence, study, share, upkeep):
    for command in commands.COMMANDS:
        cli.add_command(command)


def main() -> None:
    """Run the command line, unless another package of the environment took the place of one of ours."""
    shadowed = shadowed_packages()
    if shadowed:
        name, place = shadowed[0]
        sys.stderr.write(
            f"evidence: the package '{name}' at {place} is not ours: another distribution of this name is there.\n"
            "Install evidence-app into an environment of its own (a virtual environment, pipx or a container).\n"
        )
        raise SystemExit(2)
    cli(prog_name="evidence")


def shadowed_packages() -> list[tuple[str, str]]:
    """Name and place of each of our four packages that Python would find somewhere else than beside this one."""
    home = Path(__file__).resolve().parent.parent.parent
    found = []
    for name in OUR_PACKAGES:
        spec = importlib.util.find_spec(name)
        place = Path(spec.origin).resolve().parent if spec and spec.origin else None
        if place is None or place.parent != home:
            found.append((name, str(place)))
    return found
