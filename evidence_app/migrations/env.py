"""How Alembic reaches the database: through the connection of the program that called it."""

from typing import Literal

from alembic import context

from evidence_app.database import Base, Database, UtcDateTime
from evidence_app.domain import tables

assert tables.ALL_TABLES


def render_item(kind: str, thing: object, _autogenerate: object) -> str | Literal[False]:
    """Released migrations must not change when our types do, so they name SQLAlchemy's."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


database: Database = context.config.attributes["database"]
# As a writer, so that a second upgrade at the same moment waits and then finds nothing to do. An upgrade of a large
# school on a slow machine takes minutes: nobody waits for its page here.
PATIENCE_SECONDS = 600.0
with database.engine.execution_options(is_writer=True, patience_seconds=PATIENCE_SECONDS).connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=database.is_sqlite,
        render_item=render_item,
        # SQLite's driver is told where transactions begin, so that it keeps to them in DDL, too: an upgrade that is
        # cut off leaves the schema it found.
        transactional_ddl=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
