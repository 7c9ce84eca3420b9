"""A self-study whose evidence has bytes and texts, ready to be frozen, compiled and shared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from evidence_app.database import new_id
from evidence_app.domain import reports, sharing
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.extraction import Reading, ReadingState, keep_readings
from evidence_app.domain.selfstudy import exhibits_of
from storage_adapters import BlobStore, open_store
from tests.evidence_app.domain.studies import PRACTICE, Study
from tests.fixtures import World


@dataclass(frozen=True)
class Desk:
    """The study of `studies`, with a store; each shortcut acts in a transaction of its own."""

    study: Study
    blobs: BlobStore

    @property
    def world(self) -> World:
        """The schools and their people."""
        return self.study.world

    def file(
        self,
        name: str = "policy.txt",
        content: bytes = b"",
        *,
        text: str = "",
        visibility: Visibility = Visibility.SHAREABLE,
        actor: Actor | None = None,
        title: str = "",
    ) -> Item:
        """An item whose bytes are in the store and whose text was read."""
        content = content or f"content of {name}".encode()
        self.blobs.put(self.world.school.id, [content])
        item = self.world.file_item(actor, name=name, content=content, visibility=visibility, title=title)
        reading = Reading(
            media_type="text/plain", state=ReadingState.TEXT_FOUND, text=text or content.decode(), language="en"
        )
        with self.study.acting() as session:
            keep_readings(session, school_id=self.world.school.id, readings={item.current_version_id: reading})
        return item

    def cite(self, item: Item, node_key: str = PRACTICE, programme: str = "DP", actor: Actor | None = None) -> str:
        """The number of the exhibit that citing an item gave."""
        self.study.cite(item, actor, node_key=node_key, programme=programme)
        with self.study.reading() as session:
            shown = exhibits_of(session, actor or self.world.coordinator, self.study.evaluation_id).shown
        return next(one.number for one in shown if one.item.id == item.id)

    def freeze(self, actor: Actor | None = None, *, keep_texts: bool = False) -> reports.Frozen:
        """The snapshot as it stands."""
        return reports.freeze(
            self.world.database,
            self.blobs,
            actor=actor or self.world.coordinator,
            evaluation_id=self.study.evaluation_id,
            keep_texts=keep_texts,
        )

    def snapshot(self, issued: sharing.Issued) -> reports.Snapshot:
        """What a share shows."""
        with self.study.reading() as session:
            return reports.snapshot(session, self.world.coordinator, issued.share.snapshot_id)

    def share(self, **options: object) -> sharing.Issued:
        """A share of the self-study as it stands."""
        frozen = self.freeze(keep_texts=True)
        with self.study.acting() as session:
            return sharing.issue(
                session,
                actor=self.world.coordinator,
                snapshot_id=frozen.snapshot.id,
                **options,  # type: ignore[arg-type]
            )


@pytest.fixture
def desk(study: Study) -> Iterator[Desk]:
    """A desk with an empty store."""
    blobs = open_store(f"memory:{new_id()}")
    yield Desk(study, blobs)
    blobs.close()
