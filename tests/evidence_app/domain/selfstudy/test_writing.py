"""Writing responses: nobody's words are lost, whoever writes at the same time."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from evidence_app.domain import selfstudy
from evidence_app.domain.selfstudy import RequirementState, ResponseStatus, Written
from evidence_app.errors import Invalid, NotAllowed, NotFound
from tests.evidence_app.domain.studies import CANARY, PRACTICE, PSP, Study, refusal


def test_the_first_words_make_a_draft_of_revision_one(study: Study) -> None:
    written = study.write(base_revision=0, rating=2, narrative="We\x00 plan\r\ntogether. ", strengths="Trust")
    response = written.response
    assert (response.revision, response.status) == (1, ResponseStatus.DRAFT)
    assert response.words == selfstudy.Words(2, "We plan\ntogether.", "Trust", "")
    assert response.changed_by == study.world.coordinator.person_id


def test_the_same_words_again_are_no_new_revision(study: Study) -> None:
    study.write(narrative="Once")
    assert study.write(narrative="Once").response.revision == 1


def test_what_is_not_said_stays(study: Study) -> None:
    study.write(rating=1, narrative="A", strengths="B", next_steps="C")
    assert study.write(strengths="B2").response.words == selfstudy.Words(1, "A", "B2", "C")
    assert study.write(rating=0, next_steps="").response.words == selfstudy.Words(None, "A", "B2", "")


def test_two_people_who_change_the_same_part_both_keep_their_words(study: Study) -> None:
    study.write(narrative="Base")
    mine = study.write(study.world.head, base_revision=1, narrative="The head's words")
    theirs = study.write(study.world.coordinator, base_revision=1, narrative="The coordinator's words")
    assert mine.conflict is None
    assert theirs.conflict is not None
    assert theirs.conflict.is_aside
    assert theirs.conflict.words.narrative == "The coordinator's words"
    assert theirs.response.words.narrative == "The head's words"
    with study.reading() as session:
        lines = selfstudy.history(session, study.world.reader, theirs.response.id)
    assert [(line.revision.number, line.revision.is_aside, line.by_name) for line in lines] == [
        (3, True, "Coordinator"),
        (2, False, "Head"),
        (1, False, "Coordinator"),
    ]
    after = study.write(base_revision=theirs.response.revision, narrative="Both: the head's and mine")
    assert (after.conflict, after.response.revision) == (None, 4)


def test_two_people_who_change_different_parts_are_joined(study: Study) -> None:
    study.write(narrative="Base", rating=1)
    study.write(study.world.head, base_revision=1, narrative="New", rating=1, strengths="")
    joined = study.write(base_revision=1, narrative="Base", rating=3, strengths="Ours")
    assert joined.conflict is None
    assert joined.response.words == selfstudy.Words(3, "New", "Ours", "")


def test_the_same_change_by_two_people_is_no_conflict(study: Study) -> None:
    study.write(narrative="Base")
    study.write(study.world.head, base_revision=1, narrative="Same")
    assert study.write(base_revision=1, narrative="Same").conflict is None


def test_many_writers_at_once_lose_nothing(study: Study) -> None:
    study.write(narrative="Base")
    writers = 6
    together, results = Barrier(writers), list[Written]()

    def write(number: int) -> None:
        together.wait()
        results.append(study.write(base_revision=1, narrative=f"Words of writer {number}"))

    threads = [Thread(target=write, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(result.conflict is None for result in results) == 1
    with study.reading() as session:
        lines = selfstudy.history(session, study.world.reader, study.response().id)
    assert {line.revision.narrative for line in lines} == {"Base"} | {f"Words of writer {n}" for n in range(writers)}
    assert [line.revision.number for line in lines] == list(range(writers + 1, 0, -1))


def test_an_unknown_base_changes_nothing(study: Study) -> None:
    study.write(narrative="Base")
    with refusal(NotFound):
        study.write(base_revision=9, narrative="From nowhere")
    study.write(study.world.head, base_revision=1, narrative="Head")
    aside = study.write(base_revision=1, narrative="Aside").conflict
    assert aside is not None
    with refusal(NotFound):
        study.write(base_revision=aside.number, narrative="From words that never counted")


def test_an_earlier_revision_comes_back_as_a_new_one(study: Study) -> None:
    study.write(narrative="First", rating=1)
    study.write(narrative="Second", rating=2)
    with study.acting() as session:
        written = selfstudy.restore_revision(
            session, actor=study.world.coordinator, response_id=study.response().id, number=1
        )
    assert (written.response.narrative, written.response.rating, written.response.revision) == ("First", 1, 3)
    with study.reading() as session:
        newest = selfstudy.history(session, study.world.reader, written.response.id)[0].revision
    assert newest.restored_from == 1
    with study.acting() as session, refusal(NotFound):
        selfstudy.restore_revision(session, actor=study.world.coordinator, response_id=study.response().id, number=7)


def test_restoring_over_somebody_elses_new_words_is_a_conflict(study: Study) -> None:
    study.write(narrative="First")
    study.write(narrative="Second")
    study.write(study.world.head, base_revision=2, narrative="Third")
    with study.acting() as session:
        written = selfstudy.restore_revision(
            session,
            actor=study.world.coordinator,
            response_id=study.response().id,
            number=1,
            base_revision=2,
        )
    assert written.conflict is not None
    assert written.response.narrative == "Third"


def test_a_draft_is_its_writers_alone_and_goes_when_saved(study: Study) -> None:
    world, response = study.world, study.response()
    with study.acting() as session:
        for text in ("half a sent", "half a sentence"):
            selfstudy.keep_draft(
                session, actor=world.head, response_id=response.id, base_revision=0, rating=2, narrative=text
            )
    with study.reading() as session:
        mine = selfstudy.response_page(session, world.head, response.id)
        theirs = selfstudy.response_page(session, world.coordinator, response.id)
    assert mine.draft is not None
    assert mine.draft.words == selfstudy.Words(2, "half a sentence")
    assert theirs.draft is None
    study.write(world.coordinator, narrative="Mine")
    study.write(world.head, base_revision=0, narrative="Clash")
    assert _has_draft(study), "a clash keeps the draft, for its writer to go on from"
    study.write(world.head, base_revision=1, rating=2, narrative="half a sentence more")
    assert not _has_draft(study)


def test_saving_one_part_keeps_the_draft_of_another(study: Study) -> None:
    with study.acting() as session:
        selfstudy.keep_draft(
            session, actor=study.world.head, response_id=study.response().id, base_revision=0, narrative="Unsaved"
        )
    study.write(study.world.head, rating=2)
    assert _has_draft(study)


def test_a_practice_the_catalogue_gained_later_can_be_answered(study: Study) -> None:
    with study.acting() as session:
        session.delete(session.merge(study.response()))
    with study.reading() as session:
        tree = selfstudy.study_tree(session, study.world.reader, study.evaluation_id)
    cell = next(row for row in tree.rows if row.node.key == PRACTICE).cells[1]
    assert (cell.response_id, cell.status) == (None, ResponseStatus.NOT_BEGUN)
    assert study.write(base_revision=0, narrative="New").response.revision == 1


def test_a_draft_can_be_thrown_away(study: Study) -> None:
    with study.acting() as session:
        for _ in range(2):
            selfstudy.keep_draft(
                session, actor=study.world.head, response_id=study.response().id, base_revision=0, narrative="No"
            )
            selfstudy.discard_draft(session, actor=study.world.head, response_id=study.response().id)
    assert not _has_draft(study)


def test_a_rating_off_the_scale_names_the_scale(study: Study) -> None:
    with pytest.raises(Invalid, match=r"4 is not on the scale.*1 \(Developing\), 2 \(Developed\), 3"):
        study.write(rating=4)


def test_a_text_longer_than_a_book_is_refused_whole(study: Study) -> None:
    with refusal(Invalid, "strengths"):
        study.write(strengths="x" * 200_001)
    assert study.response().revision == 0


@pytest.mark.parametrize(
    "node_key", [f"{PSP}/0301", f"{PSP}/0301-02-0100", f"{PSP}/9999", "ib-learner-profile/inquirers"]
)
def test_only_a_practice_is_answered(study: Study, node_key: str) -> None:
    with refusal(Invalid, "node_key"):
        study.write(node_key=node_key, narrative="?")


def test_a_programme_outside_the_evaluation_is_refused(study: Study) -> None:
    with refusal(Invalid, "programme"):
        study.write(programme="PYP", narrative="?")


def test_a_response_is_found_by_its_bare_code_too(study: Study) -> None:
    assert study.write(node_key="0301-02", narrative="Short").response.node_key == PRACTICE


def test_readers_and_teachers_do_not_write(study: Study) -> None:
    for actor in (study.world.reader, study.world.teacher):
        with refusal(NotAllowed):
            study.write(actor, narrative="?")


def test_a_neighbour_neither_reads_nor_writes_here(study: Study) -> None:
    stranger, response = study.world.stranger, study.response()
    with refusal(NotFound):
        study.write(stranger, narrative=CANARY)
    with study.reading() as session:
        for ask in (selfstudy.response, selfstudy.response_page, selfstudy.history, selfstudy.citations_of):
            with refusal(NotFound):
                ask(session, stranger, response.id)
        assert selfstudy.response_at(session, stranger, study.evaluation_id, PRACTICE, "DP") is None
    with study.acting() as session, refusal(NotFound):
        selfstudy.keep_draft(session, actor=stranger, response_id=response.id, base_revision=0)


def test_status_goes_forward_and_back(study: Study) -> None:
    study.write(narrative="Ready")
    assert _set(study, ResponseStatus.IN_REVIEW, who="learning_support").approved_by is None
    approved = _set(study, ResponseStatus.APPROVED, who="head")
    assert approved.approved_by == study.world.head.person_id
    assert approved.approved_at is not None
    with refusal(NotAllowed):
        _set(study, ResponseStatus.DRAFT, who="learning_support")
    assert _set(study, ResponseStatus.DRAFT).approved_by is None


def test_approving_needs_the_right_to_approve(study: Study) -> None:
    study.write(narrative="Ready")
    with refusal(NotAllowed):
        _set(study, ResponseStatus.APPROVED, who="learning_support")


def test_what_cites_no_evidence_is_approved_only_by_who_knows_it(study: Study) -> None:
    study.write(narrative="Done")
    with refusal(Invalid, "without_evidence"):
        _set(study, ResponseStatus.APPROVED, knowing=False)
    assert _set(study, ResponseStatus.APPROVED).status == ResponseStatus.APPROVED
    study.cite(study.private_item(), study.world.learning_support)
    assert _set(study, ResponseStatus.APPROVED, knowing=False).status == ResponseStatus.APPROVED, "hidden, but there"


def test_approved_words_that_change_go_back_to_review(study: Study) -> None:
    study.write(narrative="Ready")
    _set(study, ResponseStatus.APPROVED)
    assert study.write(narrative="Ready").response.status == ResponseStatus.APPROVED
    changed = study.write(study.world.learning_support, narrative="Changed").response
    assert (changed.status, changed.approved_by) == (ResponseStatus.IN_REVIEW, None)


def test_status_and_words_must_agree(study: Study) -> None:
    with refusal(Invalid, "status"):
        _set(study, ResponseStatus.IN_REVIEW)
    study.write(narrative="Begun")
    with refusal(Invalid, "status"):
        _set(study, ResponseStatus.NOT_BEGUN)
    with refusal(Invalid, "status"):
        _set(study, "finished")
    assert [status.label.msgid for status in ResponseStatus] == ["Not begun", "Draft", "In review", "Approved"]


def test_requirements_are_met_partly_or_not_yet(study: Study) -> None:
    answered = _answer(study, "0301-02-0100", RequirementState.PARTLY, "Two of three")
    assert answered is not None
    assert (answered.state.label.msgid, answered.note) == ("Partly", "Two of three")
    _answer(study, f"{PSP}/0301-02-0100", RequirementState.MET)
    with study.reading() as session:
        page = selfstudy.response_page(session, study.world.reader, study.response().id)
    states = {line.node.code: line.answer and line.answer.state for line in page.requirements}
    assert states.pop("0301-02-0100") == RequirementState.MET
    assert set(states.values()) <= {None}
    _answer(study, "0301-02-0100", None)
    _answer(study, "0301-02-0100", None)
    with study.reading() as session:
        page = selfstudy.response_page(session, study.world.reader, study.response().id)
    assert {line.answer for line in page.requirements} == {None}


def test_a_requirement_of_another_practice_or_programme_is_refused(study: Study) -> None:
    for code in ("0202-01-0500", "0301-02", "nonsense"):
        with refusal(Invalid, "node_key"):
            _answer(study, code, RequirementState.MET)
    with refusal(Invalid, "state"):
        _answer(study, "0301-02-0100", "perhaps")


def test_what_one_leads_is_listed_until_it_is_approved(study: Study) -> None:
    world, response = study.world, study.response()
    with study.acting() as session:
        selfstudy.assign_lead(
            session, actor=world.coordinator, response_id=response.id, person_id=world.learning_support.person_id
        )
    with study.reading() as session:
        assert [r.id for r in selfstudy.asked_to_lead(session, world.learning_support)] == [response.id]
        assert selfstudy.response_page(session, world.reader, response.id).lead_name == "Learning_Support"
    study.write(narrative="Done")
    _set(study, ResponseStatus.APPROVED)
    with study.reading() as session:
        assert selfstudy.asked_to_lead(session, world.learning_support) == []
    with study.acting() as session:
        freed = selfstudy.assign_lead(session, actor=world.coordinator, response_id=response.id, person_id=None)
    assert freed.lead_id is None


def _set(study: Study, status: str, *, who: str = "coordinator", knowing: bool = True) -> selfstudy.Response:
    with study.acting() as session:
        return selfstudy.set_status(
            session,
            actor=getattr(study.world, who),
            response_id=study.response().id,
            status=status,  # type: ignore[arg-type]
            without_evidence=knowing,
        )


def _answer(study: Study, node_key: str, state: str | None, note: str = "") -> selfstudy.RequirementAnswer | None:
    with study.acting() as session:
        return selfstudy.answer_requirement(
            session,
            actor=study.world.coordinator,
            response_id=study.response().id,
            node_key=node_key,
            state=state,  # type: ignore[arg-type]
            note=note,
        )


def _has_draft(study: Study) -> bool:
    with study.reading() as session:
        return selfstudy.response_page(session, study.world.head, study.response().id).draft is not None
