"""`evidence study`, `compile` and `share`: the self-study, its documents and its visitors."""

from __future__ import annotations

import click

COMMANDS: tuple[click.Command, ...] = ()
