"""Citations pin a version, exhibits keep every number they ever had, and nothing hidden shows through."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import select

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Role
from evidence_app.domain.audit import AuditEntry
from evidence_app.domain.evidence import Item, Version, Visibility, replace, set_visibility, withdraw
from evidence_app.domain.extraction import Reading, ReadingState, keep_readings
from evidence_app.domain.jobs import Job, JobKind, Urgency
from evidence_app.domain.selfstudy import fix_numbers, number_exhibit, references_in
from evidence_app.errors import NotAllowed, NotFound
from storage_adapters import Blob
from tests.evidence_app.domain.studies import PRACTICE, SMALLER, Study, counting_queries, refusal
from tests.fixtures import member


def test_a_citation_keeps_the_version_it_was_made_from(study: Study) -> None:
    item = study.world.file_item()
    study.cite(item)
    _new_version(study, item)
    with study.reading() as session:
        (cited,) = selfstudy.citations_of(session, study.world.reader, study.response().id).shown
    assert (cited.version.number, cited.is_outdated, cited.number) == (1, True, "E-0301-02-01")


def test_a_cited_picture_is_made_ready_to_leave_before_what_nobody_waits_for(study: Study) -> None:
    picture, other = study.world.file_item(name="wall.jpg"), study.world.file_item(name="door.jpg")
    waits = Reading(media_type="image/jpeg", state=ReadingState.WAITS_FOR_OCR, ocr_waits=True)
    readings = {one.current_version_id or "": waits for one in (picture, other)}
    with study.acting() as session:
        for one in (picture, other):
            session.get_one(Version, (one.school_id, one.current_version_id)).media_type = "image/jpeg"
        keep_readings(session, school_id=study.world.school.id, readings=readings, urgency=Urgency.BULK)
    study.cite(picture)
    with study.reading() as session:
        kinds = {JobKind.RECOGNISE_TEXT, JobKind.DRAW_THUMBNAIL}
        jobs = session.scalars(select(Job).where(Job.kind.in_(kinds)))
        urgency = {(job.subject, job.kind): job.urgency for job in jobs}
    assert urgency == {(picture.current_version_id, kind): Urgency.NOW for kind in kinds} | {
        (other.current_version_id, kind): Urgency.LATER for kind in kinds
    }


def test_what_the_words_name_is_cited(study: Study) -> None:
    study.cite(study.world.file_item(), node_key=SMALLER)
    (number,) = _numbers(study)
    private = study.private_item()
    study.cite(private, study.world.learning_support, node_key=SMALLER)
    closed = "E-0202-01-02"
    study.write(narrative=f"As [[{number}]] shows, and [[E-0999-01-01]], and [[{closed}]].", strengths=f"[[{number}]]")
    with study.reading() as session:
        (cited,) = selfstudy.citations_of(session, study.world.coordinator, study.response().id).shown
        assert cited.number == number
        assert not selfstudy.citations_of(session, study.world.coordinator, study.response().id).has_hidden
    study.write(narrative=f"As [[{number}]] shows us.")
    assert _acts(study).count("selfstudy.cite") == 3, "what is cited is not cited again"


def test_words_that_name_thousands_of_numbers_ask_the_database_no_more_often(study: Study) -> None:
    study.cite(study.world.file_item(), node_key=SMALLER)
    (number,) = _numbers(study)
    with study.reading() as session, counting_queries(session) as sent:
        study.write(narrative="".join(f"[[E-{n}]]" for n in range(3000)) + f"[[{number}]]")
    assert len(sent) < 60
    assert "selfstudy.cite" in _acts(study)


def test_a_new_version_cited_is_another_exhibit(study: Study) -> None:
    item = study.world.file_item()
    study.cite(item)
    _new_version(study, item)
    study.cite(item)
    assert _numbers(study) == ["E-0301-02-01", "E-0301-02-02"]


def test_citing_again_changes_only_how_it_shows_it(study: Study) -> None:
    item, response = study.world.file_item(), study.response()
    with study.acting() as session:
        for how in ("", "Section 2 says who does what", ""):
            cited = selfstudy.cite(
                session,
                actor=study.world.coordinator,
                response_id=response.id,
                version_id=item.current_version_id,
                how=how,
            )
    assert cited.how == "Section 2 says who does what"
    assert _numbers(study) == ["E-0301-02-01"]


def test_a_smaller_practice_gives_a_provisional_exhibit_a_new_number_and_the_old_one_still_finds_it(
    study: Study,
) -> None:
    first, second = study.world.file_item(name="a.txt"), study.world.file_item(name="b.txt")
    study.cite(first)
    study.cite(second)
    study.write(narrative="See [[E-0301-02-01]] and [[E-0301-02-02]].")
    study.cite(first, node_key=SMALLER)
    assert _numbers(study) == ["E-0202-01-01", "E-0301-02-02"]
    with study.reading() as session:
        for number in ("E-0301-02-01", "E-0202-01-01"):
            found = selfstudy.resolve_exhibit(session, study.world.reader, study.evaluation_id, number)
            assert found is not None
            assert (found.number, found.item.id) == ("E-0202-01-01", first.id)
        assert selfstudy.narrative_problems(session, study.world.reader, study.evaluation_id) == []
        assert selfstudy.numbers_of(session, study.world.school.id, study.evaluation_id) == {
            "E-0301-02-01": "E-0202-01-01",
            "E-0301-02-02": "E-0301-02-02",
            "E-0202-01-01": "E-0202-01-01",
        }


def test_a_number_that_was_left_is_never_given_again(study: Study) -> None:
    study.cite(first := study.world.file_item(name="a.txt"))
    study.cite(first, node_key=SMALLER)
    study.cite(study.world.file_item(name="b.txt"))
    assert _numbers(study) == ["E-0202-01-01", "E-0301-02-02"]


def test_a_larger_practice_changes_no_number(study: Study) -> None:
    study.cite(item := study.world.file_item(), node_key=SMALLER)
    study.cite(item)
    study.cite(item, programme="MYP")
    assert _numbers(study) == ["E-0202-01-01"]


def test_a_fixed_number_stays_whoever_cites_it_later(study: Study) -> None:
    study.cite(item := study.world.file_item())
    with study.acting() as session:
        assert fix_numbers(session, study.world.school.id, study.evaluation_id) == 1
    study.cite(item, node_key=SMALLER)
    study.cite(study.world.file_item(name="later.txt"), node_key=SMALLER)
    with study.reading() as session:
        shown = selfstudy.exhibits_of(session, study.world.reader, study.evaluation_id).shown
    assert [(e.number, e.is_fixed) for e in shown] == [("E-0202-01-01", False), ("E-0301-02-01", True)]


def test_plans_and_milestones_have_homes_of_their_own(study: Study) -> None:
    item, other = study.world.file_item(name="a.txt"), study.world.file_item(name="b.txt")
    given = []
    for item_of, home in ((item, "P"), (item, "P"), (item, "M3"), (item, "P"), (other, "M3"), (item, "0202-01")):
        with study.acting() as session:
            given.append(
                number_exhibit(
                    session,
                    actor=study.world.coordinator,
                    evaluation_id=study.evaluation_id,
                    version_id=item_of.current_version_id,
                    home=home,
                ).number
            )
    assert given == ["E-P-01", "E-P-01", "E-M3-01", "E-M3-01", "E-M3-02", "E-0202-01-01"]


def test_running_numbers_go_on_past_ninety_nine(study: Study) -> None:
    for n in range(101):
        study.cite(study.world.file_item(name=f"{n}.txt"))
    assert _numbers(study)[-3:] == ["E-0301-02-99", "E-0301-02-100", "E-0301-02-101"]


def test_uncited_exhibits_keep_their_number(study: Study) -> None:
    citation_id = study.cite(study.world.file_item())
    with study.acting() as session:
        selfstudy.uncite(session, actor=study.world.coordinator, citation_id=citation_id)
    with study.reading() as session:
        assert selfstudy.citations_of(session, study.world.reader, study.response().id).shown == ()
    assert _numbers(study) == ["E-0301-02-01"]
    with study.acting() as session, refusal(NotFound):
        selfstudy.uncite(session, actor=study.world.coordinator, citation_id=citation_id)


def test_a_private_exhibit_shows_neither_title_nor_count(study: Study) -> None:
    support, coordinator = study.world.learning_support, study.world.coordinator
    hidden = [study.private_item(), study.private_item("another.txt")]
    for item in hidden:
        study.cite(item, support)
    study.cite(study.world.file_item())
    with study.reading() as session:
        theirs = selfstudy.citations_of(session, support, study.response().id)
        ours = selfstudy.citations_of(session, coordinator, study.response().id)
        everything = selfstudy.exhibits_of(session, coordinator, study.evaluation_id)
        names = selfstudy.exhibit_names(session, coordinator, study.evaluation_id)
        tree = selfstudy.study_tree(session, coordinator, study.evaluation_id)
        resolved = selfstudy.resolve_exhibit(session, coordinator, study.evaluation_id, "E-0301-02-01")
    assert (len(theirs.shown), theirs.has_hidden) == (3, False)
    assert ([c.number for c in ours.shown], ours.has_hidden) == (["E-0301-02-03"], True)
    assert (len(everything.shown), everything.has_hidden) == (1, True)
    assert [(one.number, one.title) for one in names] == [("E-0301-02-03", ours.shown[0].item.title)]
    assert resolved is None
    assert sum(cell.exhibits for row in tree.rows for cell in row.cells) == 1


def test_what_one_may_not_open_one_can_neither_cite_nor_uncite(study: Study) -> None:
    hidden = study.private_item()
    with refusal(NotFound):
        study.cite(hidden, study.world.coordinator)
    citation_id = study.cite(hidden, study.world.learning_support)
    with study.acting() as session, refusal(NotFound):
        selfstudy.uncite(session, actor=study.world.coordinator, citation_id=citation_id)
    with study.acting() as session, refusal(NotFound):
        number_exhibit(
            session,
            actor=study.world.coordinator,
            evaluation_id=study.evaluation_id,
            version_id=hidden.current_version_id,
            home="P",
        )


def test_going_private_hides_a_citation_that_was_open(study: Study) -> None:
    study.cite(item := study.world.file_item())
    with study.acting() as session:
        set_visibility(session, actor=study.world.teacher, item_ids=[item.id], visibility=Visibility.PRIVATE)
    with study.reading() as session:
        ours = selfstudy.citations_of(session, study.world.coordinator, study.response().id)
    assert (ours.shown, ours.has_hidden) == ((), True)


def test_what_lies_in_the_bin_is_not_cited_anew(study: Study) -> None:
    item = study.world.file_item()
    study.cite(item, node_key=SMALLER)
    (number,) = _numbers(study)
    with study.acting() as session:
        withdraw(session, actor=study.world.teacher, item_ids=[item.id])
    assert study.write(narrative=f"As [[{number}]] shows.").response.narrative, "what it names does not keep it unsaved"
    assert _acts(study).count("selfstudy.cite") == 1
    for name in ("item_id", "version_id"):
        with study.acting() as session, refusal(NotFound):
            selfstudy.cite(
                session,
                actor=study.world.coordinator,
                response_id=study.response().id,
                **{name: item.id if name == "item_id" else item.current_version_id},
            )


def test_citing_needs_an_item_and_the_right_to_write(study: Study) -> None:
    with study.acting() as session, refusal(NotFound):
        selfstudy.cite(session, actor=study.world.coordinator, response_id=study.response().id)
    with refusal(NotAllowed):
        study.cite(study.world.file_item(), study.world.teacher)


def test_a_neighbours_item_cannot_be_cited_here(study: Study) -> None:
    with refusal(NotFound):
        study.cite(study.world.file_item(study.world.stranger, name="CANARY.txt"))


def test_an_unknown_number_is_reported_with_its_place(study: Study) -> None:
    study.cite(study.world.file_item())
    study.write(
        narrative="Good: [[E-0301-02-01]].\n\nBad: [[ E-0301-02-09 ]], ![a hall](E-0301-02-08)",
        next_steps="[[the policy]]",
    )
    with study.reading() as session:
        problems = selfstudy.narrative_problems(session, study.world.reader, study.evaluation_id)
        with refusal(NotFound):
            selfstudy.resolve_exhibit(session, study.world.reader, study.evaluation_id, "E-0301-02-09")
    assert [(p.node_key, p.programme, p.field, p.line, p.number) for p in problems] == [
        (PRACTICE, "DP", "narrative", 3, "E-0301-02-09"),
        (PRACTICE, "DP", "narrative", 3, "E-0301-02-08"),
        (PRACTICE, "DP", "next_steps", 1, "the policy"),
    ]
    assert "E-0301-02-09" in str(problems[0].message)


@pytest.mark.parametrize("text", ["", "[E-0301-02-01]", "[[]]", "[[a\nb]]", "![x](https://example.org/a.png)"])
def test_other_brackets_cite_nothing(text: str) -> None:
    assert references_in(text) == []


def _acts(study: Study) -> list[str]:
    with study.reading() as session:
        return list(session.scalars(select(AuditEntry.action)))


def _numbers(study: Study) -> list[str]:
    with study.reading() as session:
        shown = selfstudy.exhibits_of(session, study.world.reader, study.evaluation_id).shown
    return [exhibit.number for exhibit in shown]


def _new_version(study: Study, item: Item) -> Version:
    content = b"second version"
    with study.acting() as session:
        return replace(
            session,
            actor=study.world.teacher,
            item_id=item.id,
            blob=Blob(hashlib.sha256(content).hexdigest(), len(content)),
            file_name="plan.txt",
            media_type="text/plain",
        )


def test_an_item_says_where_it_is_cited_to_those_who_may_open_it(study: Study) -> None:
    item, hidden = study.world.file_item(), study.private_item()
    study.cite(item)
    study.cite(item, node_key=SMALLER, programme="MYP")
    study.cite(hidden, study.world.learning_support)
    limited = member(study.world.database, study.world.school, Role.READER, "dp@alder.example", programmes=["DP"])
    with study.reading() as session:
        places = selfstudy.cited_in(session, study.world.reader, item.id)
        of_limited = selfstudy.cited_in(session, limited, item.id)
        of_hidden = selfstudy.cited_in(session, study.world.coordinator, hidden.id)
        of_stranger = selfstudy.cited_in(session, study.world.stranger, item.id)
    assert [(p.node_key, p.programme, p.number) for p in places] == [
        (SMALLER, "MYP", "E-0202-01-01"),
        (PRACTICE, "DP", "E-0202-01-01"),
    ]
    assert [p.programme for p in of_limited] == ["DP"]
    assert (of_hidden, of_stranger) == ([], [])
