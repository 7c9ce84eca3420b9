"""The outside parts of an installation, opened once for a process: database, blob store, index, readers."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from evidence_app.database import Database
from evidence_app.domain.search import SearchIndex, open_index
from evidence_app.settings import Settings
from storage_adapters import BlobStore, open_store


@dataclass(frozen=True)
class Backends:
    """What delivery hands to the domain besides a session."""

    settings: Settings
    database: Database
    blobs: BlobStore
    _indexes: dict[str, SearchIndex] = field(default_factory=dict)
    _opening: threading.Lock = field(default_factory=threading.Lock)

    def index(self, school_id: str) -> SearchIndex:
        """The search index of one school; nothing is opened before it is asked."""
        # Two threads that ask at once must not each open one: the second would be lost with its files open.
        with self._opening:
            if school_id not in self._indexes:
                self._indexes[school_id] = open_index(
                    self.settings.search_url, self.settings.home, school_id, self.database.engine
                )
            return self._indexes[school_id]

    def close(self) -> None:
        """Let go of everything that is open."""
        for index in self._indexes.values():
            index.close()
        self.blobs.close()
        self.database.close()


def build_backends(settings: Settings) -> Backends:
    """The backends these settings name; raises StoreError or SettingsError saying which one cannot be reached."""
    return Backends(settings=settings, database=Database(settings.database_url), blobs=open_store(settings.storage_url))
