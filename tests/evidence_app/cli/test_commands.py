"""Every command is found by its name, and asking for one imports what that one needs alone."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import click
import pytest

from evidence_app.cli.commands import MODULES, cli


@pytest.mark.parametrize("name", MODULES)
def test_every_name_is_a_command(name: str) -> None:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    assert found.name == name
    assert found.help


def test_every_command_of_a_module_has_its_name_in_the_list() -> None:
    modules = {import_module(f"evidence_app.cli.{module}") for module in MODULES.values()}
    assert sorted(command.name for module in modules for command in module.COMMANDS) == sorted(MODULES)


def test_searching_needs_neither_the_pages_nor_the_migrations() -> None:
    asked = "import sys, evidence_app.cli.evidence; print([n for n in ('flask', 'alembic') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
