"""All commands, under the name `evidence`. The module of one is imported when it is asked for: each starts fast."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType

import click

from evidence_app.cli.output import Failing

MODULES = MappingProxyType(
    {
        "init": "installation",
        "serve": "installation",
        "worker": "installation",
        "demo": "demo",
        "school": "people",
        "person": "people",
        "catalogue": "catalogue",
        "import": "importing",
        "search": "searching",
        "read": "evidence",
        "suggest": "evidence",
        "tag": "evidence",
        "questions": "evidence",
        "settle": "evidence",
        "study": "study",
        "compile": "study",
        "share": "share",
        "mail": "mail",
        "verify": "upkeep",
        "repair": "upkeep",
        "erase": "erasing",
        "disk": "disk",
        "read-again": "upkeep",
        "after-restore": "upkeep",
    }
)
"""Name of a command -> the module beside this one whose COMMANDS holds it."""


class Commands(Failing):
    """Finds a command by its name in MODULES."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names in the order of a day's work, as the help shows them."""
        return list(MODULES)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, None where there is none."""
        if cmd_name not in MODULES:
            return None
        module = import_module(f"evidence_app.cli.{MODULES[cmd_name]}")
        commands: tuple[click.Command, ...] = module.COMMANDS
        return next(command for command in commands if command.name == cmd_name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="evidence-app", prog_name="evidence")
def cli() -> None:
    """Evidence collection and the IB evaluation self-study."""
