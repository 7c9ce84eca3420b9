"""All commands, under the name `evidence`."""

from __future__ import annotations

import click

from evidence_app.cli import catalogue, demo, evidence, installation, people, share, study, upkeep
from evidence_app.cli.output import Failing


@click.group(cls=Failing, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evidence-app", prog_name="evidence")
def cli() -> None:
    """Evidence collection and the IB evaluation self-study."""


for commands in (installation, demo, people, catalogue, evidence, study, share, upkeep):
    for command in commands.COMMANDS:
        cli.add_command(command)
