"""Snapshots: the same work gives the same one, nothing that stays in the school gets in, and its bytes stay."""

from __future__ import annotations

import hashlib
import io
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select

import exports
from evidence_app.domain import evidence, reports, requests, selfstudy, tagging
from evidence_app.domain.access import Role
from evidence_app.domain.evidence import Visibility
from evidence_app.errors import NotAllowed, NotFound
from tests.evidence_app.domain.frozen import Desk
from tests.evidence_app.domain.studies import PRACTICE, SMALLER
from tests.fixtures import member

SECRET = "zanzibarquokka"


def test_unchanged_work_gives_the_same_snapshot_with_its_first_date(desk: Desk) -> None:
    desk.cite(desk.file())
    first, again = desk.freeze(), desk.freeze(desk.world.head)
    assert again.snapshot.id == first.snapshot.id
    assert again.snapshot.frozen_at == first.snapshot.frozen_at


def test_two_who_freeze_the_same_at_once_get_one_snapshot(desk: Desk) -> None:
    desk.cite(desk.file())
    start = threading.Barrier(3)

    def freeze(_press: int) -> str:
        start.wait(10)
        return desk.freeze(keep_texts=True).snapshot.id

    with ThreadPoolExecutor(3) as presses:
        assert len(set(presses.map(freeze, range(3)))) == 1


def test_its_name_is_the_hash_of_the_bytes_in_the_store(desk: Desk) -> None:
    frozen = desk.freeze()
    content = desk.blobs.read_verified(desk.world.school.id, frozen.snapshot.sha256, max_bytes=10_000_000)
    assert hashlib.sha256(content).hexdigest() == frozen.snapshot.sha256
    assert reports.report_of(desk.blobs, frozen.snapshot) == frozen.report


def test_a_change_of_the_work_gives_another_snapshot(desk: Desk) -> None:
    first = desk.freeze()
    desk.study.write(narrative="Now we know more.")
    assert desk.freeze().snapshot.sha256 != first.snapshot.sha256


def test_a_snapshot_keeps_what_it_froze_although_the_school_goes_on(desk: Desk) -> None:
    item = desk.file(title="Inclusion policy")
    desk.cite(item)
    desk.study.write(narrative="As it was.")
    frozen = desk.freeze()
    desk.study.write(narrative="As it became.")
    with desk.study.acting() as session:
        evidence.withdraw(session, actor=desk.world.coordinator, item_ids=[item.id])
    kept = reports.report_of(desk.blobs, frozen.snapshot)
    assert [e.title for e in kept.exhibits] == ["Inclusion policy"]
    assert any(r.narrative == "As it was." for p in kept.practices() for r in p.responses)


@pytest.mark.parametrize("visibility", [Visibility.STAFF, Visibility.PRIVATE])
def test_what_is_not_released_stays_out_and_is_listed(desk: Desk, visibility: Visibility) -> None:
    item = desk.file(
        f"{SECRET}.txt",
        text=f"{SECRET} text",
        title=f"{SECRET} title",
        visibility=visibility,
        actor=desk.world.learning_support,
    )
    number = desk.cite(item, actor=desk.world.learning_support)
    desk.study.write(narrative=f"We show it [[{number}]] here.")
    frozen = desk.freeze(keep_texts=True)
    assert frozen.report.exhibits == ()
    assert SECRET not in exports.report_to_json(frozen.report)
    assert [one.number for one in frozen.left_out] == [number]
    assert [(p.code, p.where, p.programme, p.line) for p in frozen.problems] == [
        ("unreleased-exhibit", "0301-02", "DP", 1)
    ]
    narrative = next(r.narrative for p in frozen.report.practices() for r in p.responses if r.narrative)
    assert narrative == "We show it (exhibit not released) here."


def test_titles_of_what_was_left_out_are_told_only_to_who_may_see_them(desk: Desk) -> None:
    item = desk.file(title=SECRET, visibility=Visibility.PRIVATE, actor=desk.world.learning_support)
    desk.cite(item, actor=desk.world.learning_support)
    frozen = desk.freeze()
    with desk.study.reading() as session:
        stranger = reports.told_to(session, desk.world.coordinator, frozen.left_out)
        owner = reports.told_to(session, desk.world.learning_support, frozen.left_out)
    assert [line.title for line in owner] == [SECRET]
    assert [line.title for line in stranger] == [""]
    assert "private" not in str(stranger[0].reason).casefold()


def test_an_item_in_the_bin_is_left_out(desk: Desk) -> None:
    item = desk.file()
    desk.cite(item)
    with desk.study.acting() as session:
        evidence.withdraw(session, actor=desk.world.coordinator, item_ids=[item.id])
    frozen = desk.freeze()
    assert frozen.report.exhibits == ()
    assert [one.because for one in frozen.left_out] == ["in_bin"]


def test_an_old_number_in_a_text_becomes_the_number_of_today(desk: Desk) -> None:
    item = desk.file()
    old = desk.cite(item)
    desk.study.write(narrative=f"See [[{old}]] and ![the plan]({old}).")
    new = desk.cite(item, node_key=SMALLER)
    assert new != old
    frozen = desk.freeze()
    narrative = next(r.narrative for p in frozen.report.practices() for r in p.responses if r.narrative)
    assert narrative == f"See [[{new}]] and ![the plan]({new})."
    assert frozen.problems == ()


def test_an_unknown_number_is_left_for_the_writer_to_report(desk: Desk) -> None:
    desk.study.write(narrative="See [[E-9999-99-99]].")
    frozen = desk.freeze()
    out = io.BytesIO()
    problems = reports.compile(
        frozen.report, exports.Edition(), reports.KINDS["docx"], out, open_blob=lambda _: io.BytesIO()
    )
    assert [(p.code, p.where, p.line) for p in problems] == [("unknown-exhibit", "0301-02", 1)]


def test_every_byte_a_snapshot_names_is_protected(desk: Desk) -> None:
    item = desk.file(content=b"the very bytes")
    desk.cite(item)
    frozen = desk.freeze(keep_texts=True)
    with desk.study.reading() as session:
        protected = set(session.scalars(select(reports.SnapshotBlob.sha256)))
    assert hashlib.sha256(b"the very bytes").hexdigest() in protected
    assert {frozen.snapshot.sha256, frozen.snapshot.texts_sha256} <= protected
    assert all(desk.blobs.exists(desk.world.school.id, sha256) for sha256 in protected)


def test_texts_come_out_of_the_pack_as_they_went_in(desk: Desk) -> None:
    for n in range(5):
        desk.cite(desk.file(f"{n}.txt", text=f"Text {n}: été, 東京 " * (n + 1)))
    frozen = desk.freeze(keep_texts=True)
    pack = reports.TextPack(desk.blobs, desk.world.school.id, frozen.snapshot.texts_sha256)
    texts = {e.number: pack.text(e.text_sha256) for e in frozen.report.exhibits}
    assert sorted(texts.values()) == sorted(f"Text {n}: été, 東京 " * (n + 1) for n in range(5))
    assert dict(pack.all_texts()) == {e.text_sha256: texts[e.number] for e in frozen.report.exhibits}


def test_the_same_snapshot_compiles_to_the_same_bytes_in_every_format(desk: Desk) -> None:
    number = desk.cite(desk.file())
    desk.study.write(rating=2, narrative=f"# Why\n\nSince [[{number}]].\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    for kind in ("docx", "html", "zip", "plan"):
        once, twice = _compiled(desk, kind), _compiled(desk, kind)
        assert once == twice, kind
        assert len(once) > 1000
    assert exports.check_docx(_compiled(desk, "docx")) == []
    assert exports.check_docx(_compiled(desk, "plan")) == []


def test_no_secret_gets_into_any_document(desk: Desk) -> None:
    for visibility in (Visibility.STAFF, Visibility.PRIVATE):
        secret = desk.file(
            f"{SECRET}.txt", text=SECRET, title=SECRET, visibility=visibility, actor=desk.world.learning_support
        )
        desk.cite(secret, actor=desk.world.learning_support)
    desk.cite(desk.file("open.txt"))
    for kind in ("docx", "html", "zip"):
        assert all(SECRET.encode() not in part for part in _parts(_compiled(desk, kind))), kind


def test_who_may_not_compile_gets_nothing(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        desk.freeze(desk.world.teacher)
    with pytest.raises(NotFound):
        desk.freeze(desk.world.stranger)


def test_somebody_of_one_programme_does_not_freeze_what_is_about_another(desk: Desk) -> None:
    limited = member(desk.world.database, desk.world.school, Role.COORDINATOR, "dp@alder.example", programmes=["DP"])
    with pytest.raises(NotAllowed, match="MYP"):
        desk.freeze(limited)


def test_nothing_of_the_neighbour_gets_in(desk: Desk) -> None:
    frozen = desk.freeze()
    assert "CANARY" not in exports.report_to_json(frozen.report)


def test_levels_introductions_and_requirements_are_printed(desk: Desk) -> None:
    catalogue_requirement = "ib-psp-2020/0301-02-0100"
    with desk.study.acting() as session:
        coordinator, id = desk.world.coordinator, desk.study.evaluation_id
        selfstudy.set_standard_level(
            session,
            actor=coordinator,
            evaluation_id=id,
            node_key="ib-psp-2020/0301",
            programme="DP",
            level=2,
            reason="So it is.",
        )
        selfstudy.write_introduction(session, actor=coordinator, evaluation_id=id, part="strengths", text="Our people.")
        selfstudy.answer_requirement(
            session,
            actor=coordinator,
            response_id=desk.study.response().id,
            node_key=catalogue_requirement,
            state=selfstudy.RequirementState.MET,
        )
    report = desk.freeze().report
    standard = next(s for c in report.categories for s in c.standards if s.code == "0301")
    assert [(level.programme, level.rating, level.reason) for level in standard.levels] == [("DP", 2, "So it is.")]
    assert report.overview.strengths == "Our people."
    inclusion = next(p for p in report.practices() if p.code == "0301-02")
    states = {r.code: r.state for response in inclusion.responses for r in response.requirements}
    assert states["0301-02-0100"] == "met"
    assert set(states.values()) == {"met", "open"}
    assert PRACTICE.endswith(inclusion.code)


def _compiled(desk: Desk, kind: str) -> bytes:
    frozen = desk.freeze()
    with desk.study.reading() as session:
        stamp = reports.stamp(session, frozen.snapshot, "en")
    out = io.BytesIO()
    reports.compile(
        frozen.report,
        stamp,
        reports.KINDS[kind],
        out,
        open_blob=lambda sha256: desk.blobs.open(desk.world.school.id, sha256),
    )
    return out.getvalue()


def _parts(content: bytes) -> list[bytes]:
    """The bytes themselves, and those inside where they are an archive."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name.encode() for name in archive.namelist()]
        return [content, *names, *(p for name in archive.namelist() for p in _parts(archive.read(name)))]


def test_a_gap_says_who_was_asked_and_by_when(desk: Desk) -> None:
    with desk.study.acting() as session:
        requests.ask(
            session,
            actor=desk.world.coordinator,
            node_key=PRACTICE,
            title="One page of minutes",
            due_on=date(2027, 1, 15),
            person_id=desk.world.teacher.person_id,
            programme="DP",
        )
    report = desk.freeze().report
    gaps = {(gap.practice, gap.programme): gap for gap in report.gaps}
    assert (gaps["0301-02", "DP"].asked_of, gaps["0301-02", "DP"].due) == (desk.world.teacher.name, "2027-01-15")
    assert gaps["0301-02", "MYP"].asked_of == ""
    assert (report.process.requests_sent, report.process.requests_answered) == (1, 0)


def test_how_the_asking_went_is_counted(desk: Desk) -> None:
    for days in (1, 2, 9, 20):
        with desk.study.acting() as session:
            asked = requests.ask(
                session,
                actor=desk.world.coordinator,
                node_key=PRACTICE,
                due_on=date(2027, 1, 15),
                person_id=desk.world.teacher.person_id,
            )
            asked.answered_at = asked.asked_at + timedelta(days=days)
    process = desk.freeze().report.process
    assert (process.requests_sent, process.requests_answered, process.median_days) == (4, 4, 2)


def test_evidence_that_stays_in_the_school_closes_no_gap_in_the_report(desk: Desk) -> None:
    def has_gap() -> bool:
        return any((g.practice, g.programme) == ("0301-02", "DP") for g in desk.freeze().report.gaps)

    item = desk.file(visibility=Visibility.STAFF)
    with desk.study.acting() as session:
        tag = tagging.attach(session, actor=desk.world.coordinator, item_id=item.id, node_key=PRACTICE)
        tagging.review(session, actor=desk.world.coordinator, tag_ids=[tag.id], state=tagging.TagState.ACCEPTED)
    assert has_gap()
    with desk.study.acting() as session:
        evidence.set_visibility(
            session, actor=desk.world.coordinator, item_ids=[item.id], visibility=Visibility.SHAREABLE
        )
    assert not has_gap()


def test_who_approved_what_is_counted_by_answers(desk: Desk) -> None:
    for programme in ("DP", "MYP"):
        desk.study.write(programme=programme, narrative="We plan together.")
    with desk.study.acting() as session:
        approved = desk.study.response(programme="DP")
        selfstudy.set_status(
            session,
            actor=desk.world.head,
            response_id=approved.id,
            status=selfstudy.ResponseStatus.APPROVED,
            without_evidence=True,
        )

    report = desk.freeze().report

    [part] = [one for one in report.approvals if one.part.startswith("0301")]
    assert (part.answers, part.approved, part.approved_by) == (2, 1, desk.world.head.name)
    by_programme = {r.programme: r.approved_by for p in report.practices() for r in p.responses if p.code == "0301-02"}
    assert (by_programme["DP"], by_programme["MYP"]) == (desk.world.head.name, "")
