"""The database's schema: where it stands, and bringing it up to this program."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import column, inspect, select, table

from evidence_app.database import Database
from evidence_app.errors import Unavailable
from evidence_app.i18n import msg

if TYPE_CHECKING:
    from alembic.config import Config

HERE = Path(__file__).parent


def alembic_config(database: Database) -> Config:
    """What Alembic needs to know to work on this database."""
    # Every command asks where the schema stands; only an upgrade needs Alembic, which takes long to import.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["database"] = database
    return config


def upgrade(database: Database) -> None:
    """Bring the schema up to this program; does nothing when it is there already."""
    from alembic import command

    command.upgrade(alembic_config(database), "head")


def revisions() -> list[str]:
    """The revisions this program knows, oldest first: a migration's file is named by its revision, 0001 and so on."""
    return sorted(path.name.partition("_")[0] for path in (HERE / "versions").glob("[0-9]*_*.py"))


def schema_revision(database: Database) -> str | None:
    """The revision the database stands at; None for an empty one."""
    with database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.scalar(select(column("version_num")).select_from(table("alembic_version")))


def require_current_schema(database: Database) -> None:
    """Nothing, when the schema is this program's; Unavailable, saying what to run, when it is older or newer."""
    known = revisions()
    found = schema_revision(database)
    if found == known[-1]:
        return
    if found is None:
        raise Unavailable(msg("There is no installation in this database yet. Run 'evidence init'."))
    if found in known:
        raise Unavailable(
            msg("The database is older than this program. Run 'evidence init' to upgrade it; a backup first is wise.")
        )
    raise Unavailable(msg("The database was upgraded by a newer version of this program. Install that version."))
