"""Write the first migration anew from the models: `python tools/first_schema.py`, only as long as none was released.

The models are compared with an empty SQLite database, as `alembic revision --autogenerate` does. Says whether the
file changed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command

from evidence_app.database import Database
from evidence_app.migrations import alembic_config

VERSIONS = Path(__file__).parent.parent / "evidence_app" / "migrations" / "versions"
FIRST = VERSIONS / "0001_the_first_schema.py"
SIGNS_OF_THE_MACHINE = ("    # ### commands auto generated", "    # ### end Alembic commands")


def main() -> None:
    """Write the file unless nothing changed."""
    released = [path.name for path in VERSIONS.glob("*.py") if path != FIRST]
    if released:
        raise SystemExit(f"There are later migrations ({', '.join(released)}): add another one instead.")
    written = formatted(first_schema())
    if FIRST.read_text(encoding="utf-8") == written:
        sys.stdout.write(f"{FIRST.name} is up to date.\n")
        return
    FIRST.write_text(written, encoding="utf-8")
    sys.stdout.write(f"{FIRST.name} was written anew.\n")


def first_schema() -> str:
    """The text of a migration from nothing to the models, as Alembic writes it."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/empty.db")
        config = alembic_config(database)
        # An empty place for the result, so that Alembic sees no migration yet.
        config.set_main_option("version_locations", folder)
        config.set_main_option("path_separator", "os")
        command.revision(config, "the first schema", autogenerate=True, rev_id="0001")
        database.close()
        [made] = Path(folder).glob("0001_*.py")
        lines = made.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith(SIGNS_OF_THE_MACHINE)) + "\n"


def formatted(text: str) -> str:
    """The text as the house formats Python."""
    ruff = Path(sys.executable).with_name("ruff")
    for arguments in (["check", "--fix", "--quiet"], ["format"]):
        run = [str(ruff), *arguments, f"--stdin-filename={FIRST}", "-"]
        text = subprocess.run(run, input=text, capture_output=True, text=True, check=True).stdout
    return text


if __name__ == "__main__":
    main()
