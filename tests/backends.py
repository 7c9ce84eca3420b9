"""The backends of an installation that holds a test's database."""

from __future__ import annotations

from pathlib import Path

from evidence_app.backends import Backends
from evidence_app.database import Database
from evidence_app.settings import load_settings
from storage_adapters import BlobStore, open_store


def backends_in(home: Path, database: Database, blobs: BlobStore | None = None, **settings: str) -> Backends:
    """Backends over this database and this folder, with a store in memory where none is given nor named.

    Settings are named without their EVIDENCE_.
    """
    named = {"HOME": str(home), "DATABASE_URL": database.url, "STORAGE_URL": f"memory:{home.parent.name}", **settings}
    made = load_settings({f"EVIDENCE_{name}": value for name, value in named.items()}, create_home=True)
    return Backends(settings=made, database=database, blobs=blobs or open_store(made.storage_url))
