"""The command line: a second door to the same actions. One click group a noun.

Nothing of ours is imported here before `main` has looked whether it is ours.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

OUR_PACKAGES = ("evidence_app", "standards", "exports", "storage_adapters")


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
    from evidence_app.cli.commands import cli

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
