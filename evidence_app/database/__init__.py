"""The database's ground: model base, engines, reading sessions and units of work."""

from evidence_app.database.engines import FIRST_SAFE_SQLITE, sqlite_module
from evidence_app.database.models import Base, SchoolOwned, UtcDateTime, new_id, now, school_key
from evidence_app.database.sessions import Database, DatabaseBusy, wait_for_turn

__all__ = [
    "FIRST_SAFE_SQLITE",
    "Base",
    "Database",
    "DatabaseBusy",
    "SchoolOwned",
    "UtcDateTime",
    "new_id",
    "now",
    "school_key",
    "sqlite_module",
    "wait_for_turn",
]
