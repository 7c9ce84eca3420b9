"""What is asked about pupils' data keeps an exhibit out of every snapshot, whichever way it came to be cited."""

from __future__ import annotations

import pytest

from evidence_app.domain import evidence, links, reports, sharing
from evidence_app.domain.evidence import Item, Settled, Visibility
from evidence_app.domain.extraction import Reading, ReadingState, keep_readings
from evidence_app.errors import Conflict
from tests.evidence_app.domain.frozen import Desk

NAMES_ONE = "Wei Zhang (7A) won the prize."
ABOUT_ONE = "Marco Rossi (3B) has a diagnosis of dyslexia."


def left_out(desk: Desk) -> list[tuple[str, str]]:
    frozen = desk.freeze()
    assert not {one.number for one in frozen.left_out} & {exhibit.number for exhibit in frozen.report.exhibits}
    return [(one.number, one.because) for one in frozen.left_out]


def unreleased(desk: Desk) -> set[str]:
    with desk.study.reading() as session:
        found = reports.readiness(session, desk.world.coordinator, desk.study.evaluation_id)
        return {line.number for line in found.lines if line.lack == reports.Lack.UNRELEASED}


def read(desk: Desk, item: Item, state: ReadingState, text: str = "") -> None:
    with desk.study.acting() as session:
        reading = Reading("text/plain", state, text=text, language="en", ocr_waits=state is ReadingState.WAITS_FOR_OCR)
        keep_readings(session, school_id=item.school_id, readings={item.current_version_id: reading})


def settle(desk: Desk, item: Item, answer: Settled = Settled.HARMLESS, **more: str) -> None:
    with desk.study.acting() as session:
        evidence.settle(
            session, actor=desk.world.coordinator, item_id=item.id, answer=answer, note="looked at it", **more
        )


def show(desk: Desk, item: Item) -> None:
    with desk.study.acting() as session:
        evidence.set_visibility(
            session, actor=desk.world.coordinator, item_ids=[item.id], visibility=Visibility.SHAREABLE
        )


@pytest.mark.parametrize("text", [NAMES_ONE, ABOUT_ONE])
def test_an_open_question_keeps_an_exhibit_out_of_the_snapshot(desk: Desk, text: str) -> None:
    item = desk.file(text=text, actor=desk.world.coordinator)
    number = desk.cite(item)
    assert left_out(desk) == [(number, "flagged")]
    assert unreleased(desk) == {number}
    settle(desk, item)
    show(desk, item)
    assert left_out(desk) == []
    assert unreleased(desk) == set()


def test_what_nobody_has_looked_through_yet_stays_out(desk: Desk) -> None:
    content = b"not read yet"
    desk.blobs.put(desk.world.school.id, [content])
    item = desk.world.file_item(name="new.txt", content=content, visibility=Visibility.SHAREABLE)
    number = desk.cite(item)
    assert left_out(desk) == [(number, "unread")]
    assert unreleased(desk) == {number}
    read(desk, item, ReadingState.WAITS_FOR_OCR)
    assert left_out(desk) == [(number, "unread")]
    read(desk, item, ReadingState.NO_TEXT)
    assert left_out(desk) == []
    assert unreleased(desk) == set()


def test_a_cited_version_stays_out_although_a_newer_one_is_harmless(desk: Desk) -> None:
    item = desk.file(text=NAMES_ONE, actor=desk.world.coordinator)
    number = desk.cite(item)
    blob = desk.blobs.put(item.school_id, [b"without names"])
    with desk.study.acting() as session:
        evidence.replace(
            session,
            actor=desk.world.coordinator,
            item_id=item.id,
            blob=blob,
            file_name="new.txt",
            media_type="text/plain",
        )
    show(desk, item)
    assert left_out(desk) == [(number, "flagged")]


def test_a_redacted_copy_leaves_in_place_of_the_paper(desk: Desk) -> None:
    item, copy = desk.file(text=NAMES_ONE, actor=desk.world.coordinator), desk.file("copy.txt")
    numbers = {desk.cite(item): item, desk.cite(copy): copy}
    settle(desk, item, Settled.REDACTED, copy_item_id=copy.id)
    frozen = desk.freeze()
    assert [numbers[exhibit.number].id for exhibit in frozen.report.exhibits] == [copy.id]
    assert [numbers[one.number].id for one in frozen.left_out] == [item.id]


def test_no_new_share_is_made_of_a_snapshot_that_holds_what_is_asked_about_now(desk: Desk) -> None:
    item = desk.file(actor=desk.world.coordinator)
    desk.cite(item)
    frozen = desk.freeze(keep_texts=True)
    read(desk, item, ReadingState.TEXT_FOUND, NAMES_ONE)
    with pytest.raises(Conflict, match="E-0301-02"), desk.study.acting() as session:
        sharing.issue(session, actor=desk.world.coordinator, snapshot_id=frozen.snapshot.id)
    settle(desk, item)
    with desk.study.acting() as session:
        assert sharing.issue(session, actor=desk.world.coordinator, snapshot_id=frozen.snapshot.id).token


def test_the_same_bytes_of_somebody_else_tell_nothing_about_a_snapshot(desk: Desk) -> None:
    content = b"the same bytes"
    desk.cite(desk.file(content=content))
    frozen = desk.freeze(keep_texts=True)
    desk.file("IEP Marco Rossi.txt", content=content, actor=desk.world.learning_support)
    with desk.study.acting() as session:
        assert sharing.issue(session, actor=desk.world.coordinator, snapshot_id=frozen.snapshot.id).token


def test_a_link_that_visitors_cannot_open_is_told_until_a_version_with_a_copy_is_cited(desk: Desk) -> None:
    url, world = "https://drive.school.example/file", desk.world
    with desk.study.acting() as session:
        facts = evidence.ItemFacts(visibility=Visibility.SHAREABLE)
        blob = desk.blobs.put(world.school.id, [url.encode()])
        item = evidence.add_link(session, actor=world.coordinator, blob=blob, url=url, facts=facts)
    read(desk, item, ReadingState.TEXT_FOUND, url)
    number = desk.cite(item)
    assert desk.freeze().problems == ()

    with desk.study.acting() as session:
        found = {item.id: (url, links.Finding(links.LinkState.SIGN_IN))}
        links.keep_findings(session, school_id=item.school_id, findings=found)
    [problem] = desk.freeze().problems
    assert (problem.code, problem.where) == ("closed-link", number)
    assert str(problem.what) == "Visitors cannot open this link: Needs a sign-in."
    with desk.study.reading() as session:
        lines = reports.readiness(session, world.coordinator, desk.study.evaluation_id).lines
    assert [line.number for line in lines if line.lack == reports.Lack.CLOSED_LINK] == [number]

    copy = desk.blobs.put(world.school.id, [b"a copy of the page"])
    with desk.study.acting() as session:
        version = links.attach_copy(
            session,
            actor=world.coordinator,
            item_id=item.id,
            blob=copy,
            file_name="page.txt",
            media_type="text/plain",
        )
    desk.cite(item)
    assert [one.because for one in desk.freeze().left_out] == ["unread"], "nobody has looked through the copy"
    with desk.study.acting() as session:
        reading = Reading("text/plain", ReadingState.TEXT_FOUND, text="a copy", language="en")
        keep_readings(session, school_id=item.school_id, readings={version.id: reading})
    shown = {(one.url, one.sha256) for one in desk.freeze().report.exhibits}
    assert shown == {(url, ""), (url, copy.sha256)}, "the version that was cited first goes on being cited"
