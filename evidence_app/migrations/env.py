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
with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=database.is_sqlite,
        render_item=render_item,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
