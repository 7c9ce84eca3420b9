"""The self-study as a whole: opened, found, its dates, its people, and who may change any of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from evidence_app.domain import selfstudy
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.selfstudy import ResponseStatus
from tests.evidence_app.domain.studies import CANARY, PRACTICE, Study
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
HOME = "/alder-bay/study"


def overview(study: Study) -> str:
    return f"{HOME}/{study.evaluation_id}"


def trail_of(page: str) -> list[str]:
    """The words of the line above a heading that says where the reader is."""
    line = re.search(r'<p class="crumb mb-0">(.*?)</p>', page, re.DOTALL)
    return re.findall(r"<span>(.*?)</span>", line[1]) if line else []


def test_without_an_evaluation_the_page_says_what_one_is_and_a_coordinator_may_open_it(
    client_for: Open, world: World
) -> None:
    asked = client_for(world.coordinator).get(f"{HOME}/").text
    read = client_for(world.reader).get(f"{HOME}/").text
    assert "No evaluation yet" in asked
    assert f'href="{HOME}/new"' in asked
    assert f'href="{HOME}/new"' not in read


def test_opening_an_evaluation_works_out_its_dates(client_for: Open, world: World) -> None:
    said = {"framework": "ib-psp-2020", "programmes": ["DP"], "visit_on": "2027-10-12", "scale": "three-levels"}
    answer = client_for(world.coordinator).post(f"{HOME}/new", data=said, follow_redirects=True)
    assert answer.status_code == 200
    assert "DP 2027" in answer.text
    assert '<ol class="plain road">' in answer.text
    assert 'value="2027-06-12"' in answer.text


def test_an_impossible_frame_is_refused_with_the_words_kept(client_for: Open, world: World) -> None:
    said = {
        "framework": "ib-psp-2020",
        "programmes": ["DP"],
        "visit_on": "2027-10-12",
        "visit_until": "2027-10-01",
        "name": "Ours",
        "scale": "three-levels",
    }
    answer = client_for(world.coordinator).post(f"{HOME}/new", data=said)
    assert answer.status_code == 422
    assert "The visit ends before it begins" in answer.text
    assert 'value="Ours"' in answer.text


def test_a_part_and_a_standard_of_one_name_are_said_once(client_for: Open, study: Study) -> None:
    for actor in (study.world.coordinator, study.world.reader):
        answer = client_for(actor).get(f"{overview(study)}/answers/{study.response('ib-psp-2020/0101-01').id}").text
        assert trail_of(answer) == ["Purpose"]
        usual = client_for(actor).get(f"{overview(study)}/answers/{study.response().id}").text
        assert trail_of(usual) == ["Culture", "Culture through policy implementation"]
    assert trail_of(client_for(study.world.coordinator).get(f"{overview(study)}/standards/0101").text) == []


def test_the_current_evaluation_opens_at_once(client_for: Open, study: Study) -> None:
    answer = client_for(study.world.reader).get(f"{HOME}/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == overview(study)


def test_the_tree_shows_one_programme_and_can_be_filtered(client_for: Open, study: Study) -> None:
    study.write(narrative="Words")
    client = client_for(study.world.reader)
    whole = client.get(overview(study) + "?programme=DP").text
    drafts = client.get(overview(study) + "?programme=DP&status=draft").text
    assert "Access and admissions" in whole
    assert "Access and admissions" not in drafts.partition("<h1")[0]
    assert "Inclusion policy" in drafts
    assert "No answer of MYP fits this filter" in client.get(overview(study) + "?programme=MYP&status=draft").text


def test_led_by_me_shows_what_one_leads(client_for: Open, study: Study) -> None:
    with study.acting() as session:
        selfstudy.assign_lead(
            session,
            actor=study.world.coordinator,
            response_id=study.response().id,
            person_id=study.world.head.person_id,
        )
    tree = client_for(study.world.head).get(overview(study) + "?programme=DP&mine=1").text.partition("<h1")[0]
    assert "Inclusion policy" in tree
    assert "Access and admissions" not in tree


def test_numbers_that_are_no_exhibit_are_listed_with_their_line(client_for: Open, study: Study) -> None:
    study.write(narrative="Fine\n\nas [[E-9999-01-01]] shows")
    page = client_for(study.world.reader).get(overview(study)).text
    assert "Line 3 names &#39;E-9999-01-01&#39;" in page


def test_a_date_set_by_hand_stays_and_an_emptied_one_follows_the_visit_again(client_for: Open, study: Study) -> None:
    client, dates = client_for(study.world.coordinator), overview(study) + "/dates"
    client.post(dates, data={"due-questionnaire": "2027-08-01", "done-questionnaire": ""})
    assert 'name="due-questionnaire" value="2027-08-01"' in client.get(dates).text
    client.post(dates, data={"due-questionnaire": ""})
    assert 'name="due-questionnaire" value="2027-08-31"' in client.get(dates).text


def test_an_impossible_date_is_named_and_nothing_is_saved(client_for: Open, study: Study) -> None:
    client, dates = client_for(study.world.coordinator), overview(study) + "/dates"
    answer = client.post(dates, data={"due-questionnaire": "31 of June"})
    assert answer.status_code == 422
    assert "31 of June" in answer.text
    assert 'name="due-questionnaire" value="2027-08-31"' in client.get(dates).text


def test_a_date_of_ones_own_is_put_on_the_road_and_taken_off(client_for: Open, study: Study) -> None:
    client, dates = client_for(study.world.coordinator), overview(study) + "/dates"
    client.post(dates, data={"title": "First drafts ready", "due_on": "2027-01-15"})
    page = client.get(dates).text
    assert "First drafts ready" in page
    key = re.search(r"dates/([0-9a-z]{26})/remove", page)
    assert key is not None
    client.post(f"{dates}/{key[1]}/remove")
    assert "First drafts ready" not in client.get(dates).text.partition("toasts")[0]


def test_team_and_participants_are_kept(client_for: Open, study: Study) -> None:
    client, head = client_for(study.world.coordinator), study.world.head
    client.post(overview(study) + "/team", data={"person": [head.person_id, ""], "part": ["Approves", "nobody"]})
    client.post(overview(study) + "/participants", data={"who": "Families", "people": "74 of 79", "did": "answered"})
    page = client_for(study.world.reader).get(overview(study)).text
    assert "Approves" in page
    assert "74 of 79" in page


@pytest.mark.parametrize("role", [Role.READER, Role.TEACHER])
def test_who_may_not_write_can_read_every_page_and_change_nothing(client_for: Open, study: Study, role: Role) -> None:
    response = study.write(narrative="Said **here**", rating=2).response
    client, answer = client_for(study.world.actors[role]), f"{overview(study)}/answers/{response.id}"
    page = client.get(answer)
    assert page.status_code == 200
    assert "Said <strong>here</strong>" in page.text
    assert "<textarea" not in page.text
    for path in ("", "/draft", "/cite", "/lead", "/restore"):
        assert client.post(answer + path).status_code == 403
    assert client.post(overview(study) + "/team").status_code == 403
    assert client.post(f"{overview(study)}/introductions/school", data={"text": "x"}).status_code == 403


def test_another_school_is_unknown_and_none_of_its_words_show(client_for: Open, study: Study) -> None:
    client = client_for(study.world.coordinator)
    assert client_for(study.world.stranger).get(overview(study)).status_code == 404
    assert client.get(f"{HOME}/{study.neighbour_id}").status_code == 404
    assert CANARY not in client.get(f"{HOME}/all").text
    with study.reading() as session:
        theirs = selfstudy.response_at(session, study.world.stranger, study.neighbour_id, PRACTICE, "DP")
    assert theirs is not None
    assert client.get(f"{overview(study)}/answers/{theirs.id}").status_code == 404
    assert client.post(f"{overview(study)}/answers/{theirs.id}", data={"text": "Mine"}).status_code == 404


def test_a_closed_evaluation_is_read_only_until_it_is_opened_again(client_for: Open, study: Study) -> None:
    client, response = client_for(study.world.coordinator), study.response()
    client.post(overview(study) + "/close")
    page = client.get(f"{overview(study)}/answers/{response.id}").text
    assert "This evaluation is closed" in page
    assert "data-editor-text" not in page
    client.post(overview(study) + "/reopen")
    assert "data-editor-text" in client.get(f"{overview(study)}/answers/{response.id}").text


def test_introductions_are_written_and_a_clash_keeps_both_texts(client_for: Open, study: Study) -> None:
    client, page = client_for(study.world.coordinator), f"{overview(study)}/introductions/process"
    client.post(page, data={"text": "First", "revision": 0})
    client_for(study.world.head).post(page, data={"text": "The head's", "revision": 1})
    clash = client.post(page, data={"text": "The coordinator's", "revision": 1})
    assert clash.status_code == 409
    assert "head&#39;s</del>" in clash.text
    assert "The coordinator&#39;s" in clash.text
    assert client.get(f"{overview(study)}/introductions/nonsense").status_code == 404


def test_a_standard_has_a_level_with_its_reason(client_for: Open, study: Study) -> None:
    client, page = client_for(study.world.coordinator), f"{overview(study)}/standards/0301"
    client.post(page, data={"programme": "DP", "level": 2, "reason": "Four of six are lived.", "revision": 0})
    shown = client.get(page + "?programme=DP").text
    assert "Four of six are lived." in shown
    assert "Level: Developed" in shown
    assert "Four of six" not in client.get(page + "?programme=MYP").text
    assert client.get(f"{overview(study)}/standards/03").status_code == 404


def test_approved_answers_are_counted(client_for: Open, study: Study) -> None:
    response = study.write(narrative="Words").response
    study.cite(study.world.file_item())
    with study.acting() as session:
        selfstudy.set_status(session, actor=study.world.head, response_id=response.id, status=ResponseStatus.APPROVED)
    page = client_for(study.world.reader).get(overview(study)).text
    assert re.search(r"1 of \d+ answers are approved", page)


def test_answers_are_copied_out_as_plain_text_of_one_programme(client_for: Open, study: Study) -> None:
    study.write(narrative="We **plan**:\n\n- a\n- b", strengths="Trust", rating=2)
    page = client_for(study.world.reader).get(overview(study) + "/copy-out?programme=DP").text
    assert "\nWe plan:\n\n- a\n- b\n\nStrengths:\nTrust</textarea>" in page
    assert "Developed" in page
    assert "We plan" not in client_for(study.world.reader).get(overview(study) + "/copy-out?programme=MYP").text


def test_what_was_copied_is_ticked_and_told_when_it_was_written_anew(client_for: Open, study: Study) -> None:
    response = study.write(narrative="First words").response
    client, address = client_for(study.world.coordinator), overview(study) + "/copy-out"
    assert "0 of 1 entered" in client.get(f"{address}?programme=DP").text

    answer = client.post(f"{address}/{response.id}", data={"revision": response.revision})
    assert answer.headers["Location"].endswith(f"programme=DP#a-{response.id}")
    page = client.get(f"{address}?programme=DP").text
    assert "1 of 1 entered" in page
    assert "Not entered after all" in page

    study.write(narrative="Other words", base_revision=response.revision)
    page = client.get(f"{address}?programme=DP").text
    assert "0 of 1 entered" in page
    assert "Written anew since it was entered" in page
    client.post(f"{address}/{response.id}", data={"revision": 2})
    assert "1 of 1 entered" in client.get(f"{address}?programme=DP").text
    assert client.post(f"{address}/{response.id}", data={"revision": "two"}).status_code == 400
    assert "1 of 1 entered" in client.get(f"{address}?programme=DP").text
    client.post(f"{address}/{response.id}", data={})
    assert "0 of 1 entered" in client.get(f"{address}?programme=DP").text
    assert client.post(f"{address}/{response.id}", data={"revision": 9}).status_code == 422

    assert "Tick as entered" not in client_for(study.world.reader).get(f"{address}?programme=DP").text
    assert client_for(study.world.reader).post(f"{address}/{response.id}", data={"revision": 1}).status_code == 403
