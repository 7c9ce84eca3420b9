"""What of a version others may get: the file as it came, or a picture without its place, or nothing yet."""

from __future__ import annotations

import pytest

from evidence_app.domain import extraction
from evidence_app.domain.evidence import ItemFacts, Version, add_file
from evidence_app.domain.extraction import Outgoing, Reading, ReadingState
from storage_adapters import Blob
from tests.fixtures import World

ORIGINAL, COPY = "a" * 64, "b" * 64


def filed(world: World, media_type: str) -> str:
    """The id of a version of this type, unread."""
    with world.database.unit_of_work() as session:
        item = add_file(
            session,
            actor=world.teacher,
            blob=Blob(ORIGINAL, 900),
            file_name="wall",
            media_type=media_type,
            facts=ItemFacts(),
        )
        return item.current_version_id


def read(world: World, version_id: str, tells_place: bool | None, *, copied: bool = False) -> None:
    facts = {} if tells_place is None else {extraction.TELLS_PLACE: tells_place}
    reading = Reading(media_type="image/jpeg", state=ReadingState.NO_TEXT, facts=facts)
    with world.database.unit_of_work() as session:
        extraction.keep_readings(session, school_id=world.school.id, readings={version_id: reading})
        if copied:
            copy = {"sha256": COPY, "media_type": "image/jpeg", "size_bytes": 500}
            extraction.keep_plain_copy(session, school_id=world.school.id, version_id=version_id, **copy)


def goes_out(world: World, version_id: str) -> Outgoing | None:
    with world.database.reading() as session:
        version = session.get_one(Version, (world.school.id, version_id))
        return extraction.outgoing(session, [version]).get(version_id)


@pytest.mark.parametrize("media_type", ["application/pdf", "video/mp4", "image/svg+xml"])
def test_other_files_go_out_as_they_came_read_or_not(world: World, media_type: str) -> None:
    assert goes_out(world, filed(world, media_type)) == Outgoing(ORIGINAL, media_type, 900)


@pytest.mark.parametrize(
    ("tells_place", "copied", "sha256"),
    [(False, False, ORIGINAL), (True, True, COPY), (True, False, ""), (None, False, "")],
)
def test_picture_goes_out_when_it_is_known_not_to_tell(
    world: World, tells_place: bool | None, copied: bool, sha256: str
) -> None:
    version_id = filed(world, "image/jpeg")
    assert goes_out(world, version_id) is None

    read(world, version_id, tells_place, copied=copied)

    given = goes_out(world, version_id)
    assert (given.sha256 if given else "") == sha256


def test_copy_of_a_version_that_is_gone_is_not_kept(world: World) -> None:
    with world.database.unit_of_work() as session:
        copy = {"sha256": COPY, "media_type": "image/jpeg", "size_bytes": 500}
        extraction.keep_plain_copy(session, school_id=world.school.id, version_id="0" * 26, **copy)
        assert session.query(extraction.PlainCopy).count() == 0
    with world.database.reading() as session:
        assert extraction.outgoing(session, []) == {}
