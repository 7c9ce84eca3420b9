"""The database's schema: where it stands, and bringing it up to this program."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from evidence_app.database import Database
from evidence_app.errors import Unavailable
from evidence_app.i18n import msg


def alembic_config(database: Database) -> Config:
    """What Alembic needs to know to work on this database."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["database"] = database
    return config


def upgrade(database: Database) -> None:
    """Bring the schema up to this program; does nothing when it is there already."""
    command.upgrade(alembic_config(database), "head")


def schema_revision(database: Database) -> str | None:
    """The revision the database stands at; None for an empty one."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current_schema(database: Database) -> None:
    """Nothing, when the schema is this program's; Unavailable, saying what to run, when it is older or newer."""
    script = ScriptDirectory.from_config(alembic_config(database))
    found = schema_revision(database)
    if found == script.get_current_head():
        return
    if found is None:
        raise Unavailable(msg("There is no installation in this database yet. Run 'evidence init'."))
    known = {revision.revision for revision in script.walk_revisions()}
    if found in known:
        raise Unavailable(
            msg("The database is older than this program. Run 'evidence init' to upgrade it; a backup first is wise.")
        )
    raise Unavailable(msg("The database was upgraded by a newer version of this program. Install that version."))
