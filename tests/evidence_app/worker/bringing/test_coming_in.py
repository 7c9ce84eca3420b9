"""A drive comes in: looked into, planned, started by its bringer, filed and tagged as its names and people say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, select

from evidence_app.domain import intake, tagging
from evidence_app.domain.evidence import Item, ItemKind, Visibility
from evidence_app.domain.frameworks.models import SchoolFramework
from evidence_app.domain.intake import DriveState, FileState
from evidence_app.errors import Conflict, Invalid, NotFound
from evidence_app.worker.tools import Tools
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.evidence_app.worker.bringing.drive import Begin, count_items, now, say, start, work
from tests.fixtures import World


def test_the_plan_says_what_would_come_in_and_nothing_has(world: World, tools: Tools, begin: Begin) -> None:
    world.file_item(name="plan.txt")
    before = count_items(world)
    drive = begin()
    work(tools)
    found, _ = now(world, drive)
    assert found.state_now is DriveState.PLANNED
    with world.database.reading() as session:
        plan = intake.plan_of(session, world.teacher, found)
    assert (plan.files, plan.wanted, plan.copies, plan.given.tagged) == (7, 5, 1, 4)
    assert plan.kinds == (("TXT", 4), ("URL", 1))
    assert [row.path for row in plan.refused] == ["To sort/.DS_Store", "To sort/empty.txt"]
    assert [(one.folder, one.files, one.folders, codes(one.named)) for one in plan.folders] == [
        ("0301-02 Inclusion", 2, 1, ["0301-02"]),
        ("0402-01", 2, 1, ["0402-01"]),
        ("To sort", 1, 0, []),
    ]
    assert [(one.what, one.value.partition("/")[2] or one.value, one.files) for one in plan.given.suggested] == [
        ("node_keys", "0301-02", 2),
        ("node_keys", "0402-01", 2),
        ("school_year", "2024-25", 2),
        ("programmes", "DP", 1),
    ]
    assert count_items(world) == before


def codes(named: intake.Named) -> list[str]:
    return [key.partition("/")[2] for key in named.node_keys]


def test_what_a_folder_says_goes_for_all_below_it_until_another_says_otherwise(
    world: World, tools: Tools, begin: Begin
) -> None:
    drive = begin(
        zip_bytes(
            {
                "Drive/Culture/minutes.txt": b"1",
                "Drive/Culture/0301-02/2024-25/Term 1/plan.txt": b"2",
                "Drive/Culture/0301-02/0402-01 copy/plan.txt": b"3",
                "Drive/Culture/0301-02/Old/0301-03 note.txt": b"4",
                "Drive/Unit planners/Unit 1/x.txt": b"5",
                "Drive/top.txt": b"6",
            }
        )
    )
    work(tools)
    say(world, drive, "Drive/Culture", node_keys=("0301-01",))
    say(world, drive, "Drive/Culture/0301-02", node_keys=())
    say(
        world, drive, "Drive/Unit planners", node_keys=("0401-01", "0401-02"), school_year="2023-24", programmes=("DP",)
    )
    say(world, drive, "Drive/Unit planners/Unit 1", school_year="")
    say(world, drive, "Drive", node_keys=("0101-01",))
    say(world, drive, "Drive", node_keys=())
    with pytest.raises(NotFound):
        say(world, drive, "no such folder")
    found, _ = now(world, drive)
    assert set(found.folders) == {
        "Drive/Culture",
        "Drive/Culture/0301-02",
        "Drive/Unit planners",
        "Drive/Unit planners/Unit 1",
    }, "what a folder says anyway is not kept"
    with world.database.reading() as session:
        paths = intake.PathReader(intake.NameReader(session, world.teacher), found.folders)
        rows = intake.files_of(session, found)
        inside = intake.folders_of(session, world.teacher, found, "Drive")
    assert [(one.name, one.files, one.folders) for one in inside] == [("Culture", 4, 1), ("Unit planners", 1, 1)]
    assert {row.path.removeprefix("Drive/"): codes(paths.read(row.path)) for row in rows} == {
        "Culture/minutes.txt": ["0301-01"],
        "Culture/0301-02/2024-25/Term 1/plan.txt": [],
        "Culture/0301-02/0402-01 copy/plan.txt": ["0402-01"],
        "Culture/0301-02/Old/0301-03 note.txt": ["0301-03"],
        "Unit planners/Unit 1/x.txt": ["0401-01", "0401-02"],
        "top.txt": [],
    }
    unit = paths.read("Drive/Unit planners/Unit 1/x.txt")
    assert (unit.school_year, unit.programmes) == ("", ("DP",))


def test_what_the_school_has_not_is_not_said_of_a_folder(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    for wrong in ({"school_year": "next year"}, {"programmes": ("XYZ",)}, {"subject_id": "none"}):
        with pytest.raises((Invalid, NotFound)):
            say(world, drive, "To sort", **wrong)
    assert now(world, drive)[0].folders == {}


def test_a_drive_comes_in_with_what_its_names_say(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    start(world, drive, {"To sort": "ib-psp-2020/0101-01"})
    work(tools)
    found, progress = now(world, drive)
    assert found.state_now is DriveState.DONE
    assert progress.counts == {FileState.WAITING: 0, FileState.KEPT: 4, FileState.KNOWN: 1, FileState.REFUSED: 2}
    assert (progress.done, progress.done_bytes) == (7, progress.all_bytes)
    with world.database.reading() as session:
        items = {item.title: item for item in session.scalars(select(Item).where(Item.folder != ""))}
        tags = tagging.tags_of_items(session, world.teacher, [item.id for item in items.values()])
    assert set(items) == {"Copy of policy", "plan", "page", "photo notes"}, "of two copies the first one"
    codes = {title: [tag.node_key.partition("/")[2] for tag in tags[item.id]] for title, item in items.items()}
    assert codes["plan"] == codes["page"] == ["0402-01"]
    assert codes["photo notes"] == ["0101-01"]
    assert items["page"].kind == ItemKind.LINK
    assert items["plan"].programmes == ("DP",)
    policy = items["Copy of policy"]
    assert policy.school_year == "2024-25"
    assert policy.folder == "0301-02 Inclusion/2024-25"


def test_what_the_bringer_may_see_is_known_and_what_others_keep_to_themselves_is_not(
    world: World, tools: Tools, begin: Begin
) -> None:
    seen = world.file_item(name="a.txt", content=b"Seen by all.")
    world.file_item(name="b.txt", content=b"Seen by few.", visibility=Visibility.PRIVATE, actor=world.coordinator)
    drive = begin(
        zip_bytes(
            {
                "0301-02/a again.txt": b"Seen by all.",
                "0301-02/a copy.txt": b"Seen by all.",
                "0301-02/b again.txt": b"Seen by few.",
            }
        )
    )
    work(tools)
    with world.database.reading() as session:
        plan = intake.plan_of(session, world.teacher, intake.drive_of(session, world.teacher, drive.id))
    assert (plan.known, plan.copies) == (1, 1)
    start(world, drive)
    work(tools)
    _, progress = now(world, drive)
    assert (progress.counts[FileState.KNOWN], progress.counts[FileState.KEPT]) == (2, 1)
    with world.database.reading() as session:
        assert [tag.node_key for tag in tagging.tags_of_items(session, world.teacher, [seen.id])[seen.id]] == [
            "ib-psp-2020/0301-02"
        ]


def test_what_was_returned_in_review_is_not_proposed_again_by_a_copy(world: World, tools: Tools, begin: Begin) -> None:
    item = world.file_item(name="a.txt", content=b"Seen by all.")
    with world.database.unit_of_work() as session:
        tag = tagging.attach(session, actor=world.teacher, item_id=item.id, node_key="ib-psp-2020/0301-02")
        session.flush()
        tagging.review(
            session, actor=world.coordinator, tag_ids=[tag.id], state=tagging.TagState.RETURNED, reply="Not this one."
        )
    drive = begin(zip_bytes({"0301-02/a again.txt": b"Seen by all."}))
    work(tools)
    start(world, drive)
    work(tools)
    with world.database.reading() as session:
        [kept] = tagging.tags_of_items(session, world.teacher, [item.id])[item.id]
    assert kept.state == tagging.TagState.RETURNED


def test_what_was_returned_in_review_is_not_told_of_as_shown(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin(zip_bytes({"0301-02/a.txt": b"a"}))
    work(tools)
    start(world, drive)
    work(tools)

    def told() -> tuple[tuple[str, ...], list[tuple[str, int]]]:
        with world.database.reading() as session:
            [item] = session.scalars(select(Item))
            [one] = intake.told_of(session, world.teacher, [item.id])
            return one.node_keys, intake.shown_by(session, world.teacher, drive)

    assert told() == (("ib-psp-2020/0301-02",), [("ib-psp-2020/0301-02", 1)])
    with world.database.unit_of_work() as session:
        tags = session.scalars(select(tagging.Tag.id)).all()
        tagging.review(
            session, actor=world.coordinator, tag_ids=tags, state=tagging.TagState.RETURNED, reply="Not this one."
        )
    assert told() == ((), [])


def test_the_same_zip_handed_in_twice_is_one_drive_until_it_is_over(world: World, tools: Tools, begin: Begin) -> None:
    first = begin()
    assert begin().id == first.id
    assert begin(name="other.zip").id != first.id
    with world.database.unit_of_work() as session:
        intake.drop_drive(session, actor=world.teacher, drive_id=first.id)
    again = begin()
    assert again.id != first.id
    work(tools)
    assert now(world, again)[0].state_now is DriveState.PLANNED, "its ZIP did not go with the one that was left out"


def test_only_a_zip_is_a_drive(begin: Begin) -> None:
    with pytest.raises(Invalid, match="is no ZIP file"):
        begin(b"A text.", name="text.zip")


def test_a_drive_is_its_bringer_s_alone_and_starts_once(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    for actor in (world.coordinator, world.administrator, world.stranger):
        with world.database.reading() as session:
            assert intake.drives_of(session, actor) == []
            with pytest.raises(NotFound):
                intake.drive_of(session, actor, drive.id)
        for act in (intake.pause_drive, intake.resume_drive, intake.drop_drive):
            with pytest.raises(NotFound), world.database.unit_of_work() as session:
                act(session, actor=actor, drive_id=drive.id)
        with pytest.raises(NotFound), world.database.unit_of_work() as session:
            intake.say_of_folder(session, actor=actor, drive_id=drive.id, folder="To sort", named=intake.Named())
    start(world, drive)
    with pytest.raises(Conflict):
        start(world, drive)
    with pytest.raises(Conflict):
        say(world, drive, "To sort", school_year="2020-21")


def test_a_practice_that_is_none_starts_nothing(world: World, tools: Tools, begin: Begin) -> None:
    drive = begin()
    work(tools)
    with pytest.raises(Invalid):
        start(world, drive, {"To sort": "ib-psp-2020/9999-99"})
    assert now(world, drive)[0].state_now is DriveState.PLANNED


def test_a_school_that_follows_another_framework_gets_its_documents_without_tags(
    world: World, tools: Tools, begin: Begin
) -> None:
    with world.database.unit_of_work() as session:
        session.execute(delete(SchoolFramework).where(SchoolFramework.framework_key == "ib-psp-2020"))
    drive = begin(zip_bytes({"0301-02/a.txt": b"a", "To sort/0402-01 b.txt": b"b"}))
    work(tools)
    start(world, drive)
    work(tools)
    _, progress = now(world, drive)
    assert progress.counts[FileState.KEPT] == 2
    with world.database.reading() as session:
        items = list(session.scalars(select(Item)))
        assert not any(tagging.tags_of_items(session, world.teacher, [item.id for item in items]).values())


def test_what_was_said_to_a_plan_that_is_another_by_now_is_asked_about_once_more(
    world: World, tools: Tools, begin: Begin
) -> None:
    drive = begin(zip_bytes({"Drive/Plans/a.txt": b"a"}))
    work(tools)

    def plan_of(folder: str) -> intake.FolderPlan:
        with world.database.reading() as session:
            return intake.folder_of(session, world.teacher, now(world, drive)[0], folder)

    shown = plan_of("Drive/Plans")
    mine = replace(shown.named, node_keys=("0301-02",))

    def say_mine(shown: intake.FolderPlan) -> None:
        with world.database.unit_of_work() as session:
            intake.say_of_folder(
                session, actor=world.teacher, drive_id=drive.id, folder=shown.folder, named=mine, shown=shown.mark
            )

    say(world, drive, "Drive", school_year="2023-24")
    with pytest.raises(Invalid, match="this was changed"):
        say_mine(shown)
    assert plan_of("Drive/Plans").named.school_year == "2023-24"
    say_mine(plan_of("Drive/Plans"))
    say_mine(shown)
    assert plan_of("Drive/Plans").named.school_year == ""
    assert codes(plan_of("Drive/Plans").named) == ["0301-02"]


def test_nothing_is_said_of_a_folder_without_files_that_come_in_nor_of_one_that_is_as_it_was(
    world: World, tools: Tools, begin: Begin
) -> None:
    drive = begin(zip_bytes({"MYP and DP/a.txt": b"a", "Empty/b.txt": b""}))
    work(tools)
    with pytest.raises(NotFound), world.database.unit_of_work() as session:
        intake.say_of_folder(
            session, actor=world.teacher, drive_id=drive.id, folder="Empty", named=intake.Named(programmes=("DP",))
        )
    say(world, drive, "MYP and DP", programmes=("DP", "MYP"))
    assert now(world, drive)[0].folders == {}


def test_a_drive_says_nothing_of_what_is_filed_next(world: World, tools: Tools, begin: Begin) -> None:
    """What was chosen for all of a drive is not asked again of the next file, which nobody means to share."""
    with world.database.reading() as session:
        before = intake.next_facts(session, world.teacher)
    drive = begin(zip_bytes({"DP/SY 2019-20/plan.txt": b"1", "top.txt": b"2"}))
    work(tools)
    start(world, drive, visibility="shareable")
    work(tools)
    assert count_items(world) == 2
    with world.database.reading() as session:
        assert intake.next_facts(session, world.teacher) == before
