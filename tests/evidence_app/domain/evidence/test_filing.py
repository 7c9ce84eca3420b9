from __future__ import annotations

import threading
from contextlib import nullcontext
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from evidence_app.domain import evidence
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import ItemFacts, Version, Visibility
from evidence_app.domain.evidence.names import LONGEST_NAME_BYTES
from evidence_app.domain.jobs import Job, JobKind
from evidence_app.domain.schools import add_campus, add_subject
from evidence_app.errors import Invalid, NotAllowed, NotFound
from storage_adapters import Blob
from tests.fixtures import World

BLOB = Blob("a" * 64, 10)
OTHER = Blob("b" * 64, 20)


def waiting(world: World, kind: JobKind) -> list[str]:
    with world.database.reading() as session:
        return list(session.scalars(select(Job.subject).where(Job.kind == kind)))


def sees(world: World, actor: Actor, item_id: str) -> bool:
    with world.database.reading() as session:
        listed = item_id in {i.id for i in session.scalars(evidence.visible_items(actor))}
        try:
            evidence.item(session, actor, item_id)
        except NotFound:
            assert not listed
            return False
        assert listed
        return True


def test_a_file_is_filed_once_read_later_and_titled_by_its_name(world: World) -> None:
    item = world.file_item(name="Inclusion_policy v4.pdf")
    assert item.title == "Inclusion policy v4"
    assert waiting(world, JobKind.READ_VERSION) == [item.current_version_id]


def test_the_same_filing_key_gives_the_same_item(world: World) -> None:
    def file(actor: Actor) -> str:
        with world.database.unit_of_work() as session:
            return evidence.add_file(
                session, actor=actor, blob=BLOB, file_name="a.txt", media_type="text/plain", filing_key="key-1"
            ).id

    assert file(world.teacher) == file(world.teacher)
    assert file(world.head) != file(world.teacher)


def test_a_new_version_keeps_the_old_one(world: World) -> None:
    item = world.file_item(name="plan.txt")
    with world.database.unit_of_work() as session:
        second = evidence.replace(
            session, actor=world.teacher, item_id=item.id, blob=OTHER, file_name="plan 2.txt", media_type="text/plain"
        )
    with world.database.reading() as session:
        versions = evidence.versions_of(session, world.teacher, item.id)
        assert [(v.number, v.file_name) for v in versions] == [(2, "plan 2.txt"), (1, "plan.txt")]
        assert evidence.current_version(session, evidence.item(session, world.head, item.id)).id == second.id
        assert evidence.version(session, world.head, versions[1].id).sha256 != OTHER.sha256


def test_a_reader_files_nothing_and_a_teacher_changes_only_their_own(world: World) -> None:
    item = world.file_item(world.coordinator)
    facts = ItemFacts(title="Mine now")
    with world.database.unit_of_work() as session:
        with pytest.raises(NotAllowed):
            evidence.add_file(session, actor=world.reader, blob=BLOB, file_name="a", media_type="text/plain")
        with pytest.raises(NotAllowed, match="owner"):
            evidence.update_facts(session, actor=world.teacher, item_id=item.id, facts=facts)
    mine = world.file_item(world.teacher, name="mine.txt")
    with world.database.unit_of_work() as session:
        evidence.update_facts(session, actor=world.coordinator, item_id=mine.id, facts=facts)
    with world.database.reading() as session:
        assert evidence.item(session, world.teacher, mine.id).title == "Mine now"


def test_the_bin_hides_and_gives_back(world: World) -> None:
    item = world.file_item()
    with world.database.unit_of_work() as session:
        assert evidence.withdraw(session, actor=world.teacher, item_ids=[item.id]) == 1
    assert not sees(world, world.teacher, item.id)
    with world.database.reading() as session:
        assert [i.id for i in evidence.items_in_bin(session, world.teacher)] == [item.id]
        assert evidence.items_in_bin(session, world.learning_support) == []
        assert item.id in evidence.hidden_from(session, world.head)
    with world.database.unit_of_work() as session:
        evidence.restore(session, actor=world.teacher, item_id=item.id)
    assert sees(world, world.head, item.id)


def test_withdrawing_several_is_all_or_nothing(world: World) -> None:
    mine, theirs = world.file_item(), world.file_item(world.coordinator, name="b.txt")
    with pytest.raises(NotAllowed), world.database.unit_of_work() as session:
        evidence.withdraw(session, actor=world.teacher, item_ids=[mine.id, theirs.id])
    assert sees(world, world.teacher, mine.id)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (ItemFacts(title="x", programmes=("XYZ",)), "programmes"),
        (ItemFacts(title="x", school_year="2025-27"), "school_year"),
        (ItemFacts(title="x", school_year="last year"), "school_year"),
        (ItemFacts(title="x", shown_from=date(2026, 2, 1), shown_to=date(2026, 1, 1)), "shown_to"),
        (ItemFacts(title="x", visibility="everybody"), "visibility"),  # type: ignore[arg-type]
        (ItemFacts(title="x", campus_id="gone"), "campus_id"),
        (ItemFacts(title=" "), "title"),
    ],
)
def test_facts_that_cannot_be_are_refused_by_field(world: World, facts: ItemFacts, field: str) -> None:
    item = world.file_item()
    with world.database.unit_of_work() as session, pytest.raises(Invalid) as error:
        evidence.update_facts(session, actor=world.teacher, item_id=item.id, facts=facts)
    assert error.value.field == field


def test_facts_are_kept_and_can_be_changed_one_by_one(world: World) -> None:
    with world.database.unit_of_work() as session:
        subject = add_subject(session, actor=world.administrator, name="Arts")
        session.flush()
        facts = ItemFacts(
            title="T",
            purpose="P",
            programmes=("DP", "PYP"),
            subject_id=subject.id,
            school_year="2025-26",
            shown_from=date(2025, 9, 1),
            shown_to=date(2026, 6, 30),
            review_by=date(2027, 1, 1),
            language="fr",
        )
        item = world_item = evidence.add_file(
            session, actor=world.teacher, blob=BLOB, file_name="t.txt", media_type="text/plain", facts=facts
        )
    with world.database.reading() as session:
        kept = evidence.facts_of(evidence.item(session, world.head, item.id))
    assert kept == ItemFacts(
        **{**{f: getattr(facts, f) for f in facts.__dataclass_fields__}, "programmes": ("DP", "PYP")}
    )
    with world.database.unit_of_work() as session:
        evidence.update_facts(session, actor=world.teacher, item_id=world_item.id, facts=ItemFacts(title="T"))
    with world.database.reading() as session:
        assert evidence.item(session, world.head, item.id).programmes == ()


def test_a_teacher_limited_to_a_programme_files_within_it(world: World) -> None:
    limited = Actor(
        person_id=world.teacher.person_id,
        school_id=world.school.id,
        role=world.teacher.role,
        programmes=frozenset({"PYP"}),
    )
    with world.database.unit_of_work() as session, pytest.raises(Invalid, match="limited to PYP"):
        evidence.add_file(
            session,
            actor=limited,
            blob=BLOB,
            file_name="a",
            media_type="text/plain",
            facts=ItemFacts(programmes=("DP",)),
        )


def test_what_a_limited_role_files_without_a_word_is_about_what_it_is_limited_to(world: World) -> None:
    with world.database.unit_of_work() as session:
        north = add_campus(session, actor=world.administrator, name="North")
        session.flush()
        limited = replace(world.teacher, programmes=frozenset({"PYP", "DP"}), campus_ids=frozenset({north.id}))
        item = evidence.add_file(session, actor=limited, blob=BLOB, file_name="a", media_type="text/plain")
        assert (set(item.programmes), item.campus_id) == ({"PYP", "DP"}, north.id)


@pytest.mark.parametrize(
    ("before", "after", "is_within"),
    [
        (("PYP", "MYP"), ("PYP", "MYP"), True),
        (("PYP", "MYP"), ("MYP",), True),
        ((), (), True),
        (("PYP",), (), False),
        ((), ("PYP",), False),
        (("PYP", "MYP"), ("PYP",), False),
        (("PYP",), ("PYP", "DP"), False),
    ],
)
def test_a_limited_role_changes_only_what_lies_within_its_programmes(
    world: World, before: tuple[str, ...], after: tuple[str, ...], is_within: bool
) -> None:
    limited = replace(world.coordinator, programmes=frozenset({"PYP"}))
    item = world.file_item(programmes=before)
    facts = ItemFacts(title="T", programmes=after)
    expected = nullcontext() if is_within else pytest.raises(Invalid, match="limited to PYP")
    with expected, world.database.unit_of_work() as session:
        evidence.update_facts(session, actor=limited, item_id=item.id, facts=facts)


def test_a_limited_role_moves_nothing_to_another_campus(world: World) -> None:
    with world.database.unit_of_work() as session:
        north = add_campus(session, actor=world.administrator, name="North")
        south = add_campus(session, actor=world.administrator, name="South")
        session.flush()
        item = evidence.add_file(
            session,
            actor=world.teacher,
            blob=BLOB,
            file_name="a",
            media_type="text/plain",
            facts=ItemFacts(campus_id=north.id),
        )
    limited = replace(world.coordinator, campus_ids=frozenset({north.id}))
    for campus_id in (south.id, None):
        facts = ItemFacts(title="T", campus_id=campus_id)
        with pytest.raises(Invalid, match="some campuses"), world.database.unit_of_work() as session:
            evidence.update_facts(session, actor=limited, item_id=item.id, facts=facts)


def test_two_filings_at_the_same_moment_with_one_key_file_once(world: World) -> None:
    start, filed = threading.Barrier(4), []

    def file() -> None:
        start.wait(10)
        with world.database.unit_of_work() as session:
            item = evidence.add_file(
                session, actor=world.teacher, blob=BLOB, file_name="a.txt", media_type="text/plain", filing_key="once"
            )
            filed.append(item.id)

    threads = [threading.Thread(target=file) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(filed) == 4
    assert len(set(filed)) == 1


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//host/x",
        "ftp://x.org",
        "https://u:p@x.org",
        "http://",
        "",
        "http://[::1",
    ],
)
def test_what_is_no_safe_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid, match="not a web address"):
        evidence.checked_url(url)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.school.example/policies", "https://www.school.example/policies"),
        ("school.example", "https://school.example"),
        ("http://school.example:8080/x", "http://school.example:8080/x"),
    ],
)
def test_an_address_may_be_written_as_on_paper(typed: str, kept: str) -> None:
    assert evidence.checked_url(typed) == kept


def test_a_link_and_a_note_are_items_too(world: World) -> None:
    with world.database.unit_of_work() as session:
        link = evidence.add_link(session, actor=world.teacher, blob=BLOB, url=" https://School.example/a?b#c ")
        note = evidence.add_note(session, actor=world.teacher, blob=OTHER, facts=ItemFacts(title="What I saw"))
    with world.database.reading() as session:
        assert evidence.versions_of(session, world.teacher, link.id)[0].url == "https://School.example/a?b#c"
        assert evidence.item(session, world.teacher, link.id).title == "school.example"
        assert evidence.versions_of(session, world.teacher, note.id)[0].file_name == "What I saw.md"


def test_a_link_with_an_endless_host_fits_both_databases(world: World) -> None:
    url = f"http://{'a.' * 400}com/"
    with world.database.unit_of_work() as session:
        link = evidence.add_link(session, actor=world.teacher, blob=BLOB, url=url)
    with world.database.reading() as session:
        kept = evidence.versions_of(session, world.teacher, link.id)[0]
        assert (kept.url, len(kept.file_name)) == (url, 300)


def test_counts_and_lists_follow_what_one_sees(world: World) -> None:
    world.file_item(name="a.txt")
    world.file_item(world.coordinator, name="b.txt")
    world.file_item(world.head, name="c.txt", visibility=Visibility.PRIVATE)
    with world.database.reading() as session:
        assert evidence.count_items(session, world.teacher) == 2
        assert evidence.count_items(session, world.teacher, owner_id=world.teacher.person_id) == 1
        assert evidence.count_items(session, world.teacher, since=date(2100, 1, 1)) == 0
        assert [i.title for i in evidence.recent_items(session, world.teacher)] == ["b", "a"]
        assert [i.title for i in evidence.recent_items(session, world.head, owner_id=world.head.person_id)] == ["c"]
        assert evidence.bytes_stored(session, world.school.id) == 15
        assert evidence.bytes_stored(session, world.neighbour.id) == 0


def test_a_version_cannot_belong_to_another_schools_item(world: World) -> None:
    item = world.file_item()
    with pytest.raises(IntegrityError), world.database.unit_of_work() as session:
        session.add(
            Version(
                school_id=world.neighbour.id,
                item_id=item.id,
                number=1,
                sha256="c" * 64,
                size_bytes=1,
                media_type="text/plain",
                file_name="x",
                added_by=world.stranger.person_id,
                added_at=item.received_at,
            )
        )


@given(st.text(max_size=600))
def test_a_clean_file_name_is_one_name_that_fits_any_disk(name: str) -> None:
    clean = evidence.clean_file_name(name)
    assert 0 < len(clean.encode()) <= LONGEST_NAME_BYTES + 13
    assert not set(clean) & set("/\\\x00\n\r")
    assert clean == clean.strip()
    assert evidence.clean_file_name(clean) == clean or len(name) > 200


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\plan.docx", "plan.docx"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie: x.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("...", "unnamed"),
        ("x" * 5000 + ".pdf", "x" * 236 + ".pdf"),
        ("cafe\u0301.txt", "café.txt"),
    ],
)
def test_hostile_names_become_plain_ones(raw: str, clean: str) -> None:
    assert evidence.clean_file_name(raw) == clean


@pytest.mark.parametrize(
    ("day", "year"), [(date(2025, 8, 1), "2025-26"), (date(2026, 7, 31), "2025-26"), (date(1999, 12, 1), "1999-00")]
)
def test_a_school_year_begins_in_august(day: date, year: str) -> None:
    assert evidence.school_year_of(day) == year
