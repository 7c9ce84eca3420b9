from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

from evidence_app.domain.evidence import ItemFacts, Visibility, items_by_id
from evidence_app.domain.intake import Described, import_path
from storage_adapters import open_store
from tests.fixtures import World

LONG_AGO = datetime.now(UTC) - timedelta(days=400)


def test_what_is_known_beforehand_goes_with_each_file(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "drive" / unicodedata.normalize("NFD", "Évaluation")
    folder.mkdir(parents=True)
    (folder / "plan.txt").write_text("The plan of the year.", encoding="utf-8")
    (folder / "left out.txt").write_text("Not wanted.", encoding="utf-8")
    asked: list[str] = []

    def describe(path: str) -> Described:
        asked.append(path)
        return Described(ItemFacts(title="Plan of the year", visibility=Visibility.SHAREABLE), LONG_AGO)

    brought = import_path(
        world.database,
        open_store("memory:"),
        actor=world.teacher,
        path=tmp_path / "drive",
        max_bytes=1000,
        files=[folder / "plan.txt"],
        describe=describe,
    )
    assert asked == ["Évaluation/plan.txt"]
    with world.database.reading() as session:
        found = items_by_id(session, world.teacher, [entry.item_id for entry in brought.added])
    (item,) = found.values()
    assert (item.title, item.visibility, item.folder) == ("Plan of the year", Visibility.SHAREABLE, "Évaluation")
    assert item.received_at == LONG_AGO
