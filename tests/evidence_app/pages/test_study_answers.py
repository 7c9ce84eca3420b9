"""Writing one answer: saved, kept as a draft, previewed, approved; nobody's words are lost."""

from __future__ import annotations

from collections.abc import Callable

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import withdraw
from evidence_app.domain.selfstudy import RequirementState, ResponseStatus
from tests.evidence_app.domain.studies import Study
from tests.evidence_app.pages.conftest import Browser

Open = Callable[[Actor | None], Browser]
TOLD = 'name="without_evidence" value="1"'
JSON = {"Accept": "application/json"}
ATTACK = '<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[a](javascript:alert(1)) "><svg onload=alert(1)>'


def address(study: Study, path: str = "") -> str:
    return f"/alder-bay/study/{study.evaluation_id}/answers/{study.response().id}{path}"


def form(**said: object) -> dict[str, object]:
    return {"revision": 0, "rating": "", "text": "", "strengths": "", "next_steps": ""} | said


def test_a_coordinator_saves_an_answer(client_for: Open, study: Study) -> None:
    client = client_for(study.world.coordinator)
    answer = client.post(
        address(study), data=form(rating=2, text="We plan together.", strengths="Trust", next_steps="More time")
    )
    assert answer.status_code == 302
    assert study.response().words == selfstudy.Words(2, "We plan together.", "Trust", "More time")
    page = client.get(address(study)).text
    assert "We plan together." in page
    assert 'name="revision" value="1"' in page


def test_saving_and_sending_to_review_is_one_step_and_the_head_approves(client_for: Open, study: Study) -> None:
    client_for(study.world.coordinator).post(address(study), data=form(text="Words", do="in_review"))
    assert study.response().status == ResponseStatus.IN_REVIEW
    study.cite(study.world.file_item())
    head = client_for(study.world.head)
    assert "Approve" in head.get(address(study)).text
    head.post(address(study), data=form(text="Words", revision=1, do="approved"))
    assert study.response().status == ResponseStatus.APPROVED


def test_an_answer_that_cites_nothing_is_approved_only_by_who_was_told(client_for: Open, study: Study) -> None:
    item = study.world.file_item()
    study.cite(item)
    coordinator, head = client_for(study.world.coordinator), client_for(study.world.head)
    coordinator.post(address(study), data=form(text="Words", do="in_review"))
    page = head.get(address(study)).text
    assert (TOLD in page, "This answer cites no evidence" in page, "Approve without evidence" in page) == (False,) * 3
    with study.acting() as session:
        withdraw(session, actor=study.world.coordinator, item_ids=[item.id])
    refused = head.post(address(study), data=form(text="My words", revision=1, do="approved"))
    assert refused.status_code == 422
    assert "This answer cites no evidence, so it is not approved yet" in refused.text
    assert "My words" in refused.text
    assert study.response().status == ResponseStatus.IN_REVIEW
    assert TOLD in refused.text
    assert "Approve without evidence" in refused.text
    head.post(address(study), data=form(text="My words", revision=1, do="approved", without_evidence="1"))
    assert study.response().status == ResponseStatus.APPROVED
    approved = head.get(address(study)).text
    assert "This answer cites no evidence" in approved
    assert TOLD not in approved


def test_who_changes_what_is_approved_is_told_before_and_after(client_for: Open, study: Study) -> None:
    study.write(narrative="Read", rating=1)
    client = client_for(study.world.coordinator)
    told, taken_back = "takes the approval back", "Its approval is taken back: it is in review again."
    pages = [address(study), address(study, "/history?number=1"), address(study, "/compare")]
    for back in ("", "/restore"):
        study.write(narrative="Other", rating=1)
        client.post(address(study, "/draft"), data=form(text="Mine", revision=study.response().revision), headers=JSON)
        assert [told in client.get(page).text for page in pages] == [False, False, False]
        with study.acting() as session:
            selfstudy.set_status(
                session,
                actor=study.world.head,
                response_id=study.response().id,
                status=ResponseStatus.APPROVED,
                without_evidence=True,
            )
        assert [told in client.get(page).text for page in pages] == [True, True, True]
        same = form(text="Other", rating=1, revision=study.response().revision)
        assert taken_back not in client.post(address(study), data=same, follow_redirects=True).text
        said = form(text="Changed", number=1, revision=study.response().revision)
        assert taken_back in client.post(address(study, back), data=said, follow_redirects=True).text
        assert study.response().status == ResponseStatus.IN_REVIEW


def test_nobody_approves_words_they_have_not_read(client_for: Open, study: Study) -> None:
    study.cite(study.world.file_item())
    study.write(narrative="Read")
    client_for(study.world.coordinator).post(address(study), data=form(text="Read", revision=1, do="in_review"))
    study.write(base_revision=1, narrative="Not read")
    head = client_for(study.world.head)
    answer = head.post(address(study), data=form(text="Read", revision=1, do="approved"), follow_redirects=True)
    assert "Somebody saved other words here since you opened this page" in answer.text
    assert (study.response().status, study.response().words.narrative) == (ResponseStatus.IN_REVIEW, "Not read")
    head.post(address(study), data=form(text="Not read", revision=2, do="approved"))
    assert study.response().status == ResponseStatus.APPROVED


def test_learning_support_writes_but_cannot_approve(client_for: Open, study: Study) -> None:
    client = client_for(study.world.learning_support)
    client.post(address(study), data=form(text="Words", do="in_review"))
    assert 'name="do" value="approved"' not in client.get(address(study)).text
    refused = client.post(address(study), data=form(text="Words", revision=1, do="approved"))
    assert refused.status_code == 403
    assert "Words" in refused.text
    assert study.response().status == ResponseStatus.IN_REVIEW


def test_an_empty_answer_cannot_be_sent_to_review(client_for: Open, study: Study) -> None:
    answer = client_for(study.world.coordinator).post(address(study), data=form(do="in_review"))
    assert answer.status_code == 422
    assert "Nothing is written here yet. Write first" in answer.text


def test_a_rating_off_the_scale_is_refused_and_the_words_stay_in_the_page(client_for: Open, study: Study) -> None:
    answer = client_for(study.world.coordinator).post(address(study), data=form(rating=9, text="Long work"))
    assert answer.status_code == 422
    assert "9 is not on the scale" in answer.text
    assert "Long work" in answer.text
    assert study.response().revision == 0


def test_a_draft_survives_and_only_its_writer_sees_it(client_for: Open, study: Study) -> None:
    study.write(narrative="Saved")
    writer, head = client_for(study.world.coordinator), client_for(study.world.head)
    kept = writer.post(address(study, "/draft"), data=form(text="Half a sentence", revision=1), headers=JSON)
    assert (kept.status_code, kept.json) == (200, {"revision": 1, "saved": "Draft kept"})
    assert study.response().words.narrative == "Saved"
    mine, theirs = writer.get(address(study)).text, head.get(address(study)).text
    assert "Half a sentence" in mine
    assert "not saved yet. Only you see them" in mine
    assert "Half a sentence" not in theirs
    assert "Coordinator has words here that are not saved yet" in theirs


def test_typing_back_to_what_is_saved_leaves_no_draft(client_for: Open, study: Study) -> None:
    study.write(narrative="Saved", rating=1)
    client = client_for(study.world.coordinator)
    client.post(address(study, "/draft"), data=form(text="Other", rating=1, revision=1), headers=JSON)
    client.post(address(study, "/draft"), data=form(text="Saved", rating=1, revision=1), headers=JSON)
    assert "Only you see them" not in client.get(address(study)).text


def test_a_draft_that_clashes_is_kept_and_says_who_was_faster(client_for: Open, study: Study) -> None:
    study.write(narrative="Base")
    study.write(study.world.head, base_revision=1, narrative="The head's")
    client = client_for(study.world.coordinator)
    answer = client.post(address(study, "/draft"), data=form(text="Mine", revision=1), headers=JSON)
    assert answer.status_code == 409
    assert answer.json is not None
    assert "Head saved other words" in answer.json["error"]["message"]
    compared = client.get(answer.json["compare_url"]).text
    assert "Mine" in compared
    assert "The head&#39;s" in compared


def test_words_saved_in_another_window_are_ones_own(client_for: Open, study: Study) -> None:
    study.write(narrative="Base")
    study.write(base_revision=1, narrative="Other window")
    client = client_for(study.world.coordinator)
    draft = client.post(address(study, "/draft"), data=form(text="This window", revision=1), headers=JSON)
    assert draft.json is not None
    assert draft.json["error"]["message"].startswith("You saved other words in another window")
    assert "You saved other words in another window" in client.get(address(study)).text
    clash = client.post(address(study), data=form(text="This window", revision=1))
    assert "You saved in another window" in client.get(clash.headers["Location"]).text


def test_two_writers_keep_both_texts_and_join_them(client_for: Open, study: Study) -> None:
    study.write(narrative="Base", strengths="Old")
    study.write(study.world.head, base_revision=1, narrative="The head's", strengths="The head's strength")
    client = client_for(study.world.coordinator)
    clash = client.post(address(study), data=form(text="Mine", strengths="Old", revision=1))
    assert clash.status_code == 302
    assert "/compare?" in clash.headers["Location"]
    assert "mine=" not in clash.headers["Location"], "that would show only what I lead in the tree"
    assert study.response().words.narrative == "The head's"
    page = client.get(clash.headers["Location"]).text
    assert '<textarea class="form-control grows" id="m-narrative" name="text" rows="5">\nMine' in page
    assert 'name="strengths" rows="5">\nThe head&#39;s strength' in page
    joined = form(text="Both", strengths="The head's strength", revision=2)
    client.post(address(study), data=joined)
    assert study.response().words.narrative == "Both"
    assert "Mine" in client.get(address(study, "/history?number=3")).text


def test_a_draft_can_be_put_away(client_for: Open, study: Study) -> None:
    study.write(narrative="Saved")
    client = client_for(study.world.coordinator)
    client.post(address(study, "/draft"), data=form(text="Never mind", revision=1), headers=JSON)
    client.post(address(study, "/discard"))
    assert "Never mind" not in client.get(address(study)).text


def test_history_shows_changes_and_an_earlier_version_comes_back(client_for: Open, study: Study) -> None:
    study.write(narrative="One")
    study.write(narrative="Two")
    client = client_for(study.world.coordinator)
    page = client.get(address(study, "/history")).text
    assert ">One</del>" in page
    assert ">Two</ins>" in page
    client.post(address(study, "/restore"), data={"number": 1, "revision": 2})
    assert (study.response().words.narrative, study.response().revision) == ("One", 3)


def test_the_preview_names_an_unknown_exhibit_with_its_line(client_for: Open, study: Study) -> None:
    client = client_for(study.world.coordinator)
    shown = client.post(address(study, "/preview"), data={"text": "Well\n\nas [[E-0301-02-99]] says"}).text
    assert "Line 3:" in shown
    assert "E-0301-02-99" in shown


def test_markup_in_a_text_is_inert_wherever_it_is_shown(client_for: Open, study: Study) -> None:
    writer = client_for(study.world.coordinator)
    writer.post(address(study), data=form(text=ATTACK, strengths=ATTACK, next_steps=ATTACK))
    pages = [
        writer.post(address(study, "/preview"), data={"text": ATTACK}).text,
        writer.get(address(study)).text,
        client_for(study.world.reader).get(address(study)).text,
        writer.get(address(study, "/history")).text,
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<svg onload" not in page
        assert 'href="javascript' not in page


def test_requirements_are_kept_one_by_one(client_for: Open, study: Study) -> None:
    client = client_for(study.world.coordinator)
    where = address(study, "/requirements/0301-02-0100")
    row = client.post(where, data={"state": "partly", "note": "Half"}, headers={"HX-Request": "true"})
    assert row.status_code == 200
    assert "Half" in row.text
    with study.reading() as session:
        page = selfstudy.response_page(session, study.world.reader, study.response().id)
    assert [line.answer.state for line in page.requirements if line.answer] == [RequirementState.PARTLY]
    assert client.post(address(study, "/requirements/9"), data={"state": "met"}).status_code == 404


def test_a_lead_is_chosen_by_those_who_manage_the_study(client_for: Open, study: Study) -> None:
    chosen = {"lead": study.world.teacher.person_id}
    assert client_for(study.world.head).post(address(study, "/lead"), data=chosen).status_code == 403
    client_for(study.world.coordinator).post(address(study, "/lead"), data=chosen)
    assert study.response().lead_id == study.world.teacher.person_id


def test_an_answer_is_not_found_under_another_evaluation(client_for: Open, study: Study) -> None:
    client = client_for(study.world.coordinator)
    with study.acting() as session:
        other = selfstudy.open_evaluation(
            session, actor=study.world.coordinator, framework_key="ib-psp-2020", programmes=["DP"], visit_on=None
        ).id
    path = f"/alder-bay/study/{other}/answers/{study.response().id}"
    assert client.get(path).status_code == 404
    assert client.post(path, data=form(text="x")).status_code == 404
