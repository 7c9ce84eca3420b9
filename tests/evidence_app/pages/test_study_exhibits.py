"""Citing from the desk: one click, a version that stays, and nothing private ever offered to others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from evidence_app.domain import selfstudy, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility, replace, set_visibility
from evidence_app.domain.extraction import Reading, ReadingState, keep_readings
from evidence_app.domain.tagging import TagState
from storage_adapters import Blob
from tests.evidence_app.domain.studies import PRACTICE, SMALLER, Study
from tests.evidence_app.pages.conftest import Browser, FileItem, undo_of

Open = Callable[[Actor | None], Browser]
JSON = {"Accept": "application/json"}
FRAGMENT = {"HX-Request": "true"}


def address(study: Study, path: str = "") -> str:
    return f"/alder-bay/study/{study.evaluation_id}/answers/{study.response().id}{path}"


def propose(study: Study, item: Item, actor: Actor | None = None) -> str:
    """The id of a tag that proposes the item for the practice."""
    with study.acting() as session:
        return tagging.attach(
            session,
            actor=actor or study.world.coordinator,
            item_id=item.id,
            node_key=PRACTICE,
            note="Page 2 says it.",
        ).id


def accept(study: Study, item: Item) -> None:
    """Have the item accepted as strong evidence for the practice."""
    tag_id = propose(study, item)
    with study.acting() as session:
        tagging.review(session, actor=study.world.coordinator, tag_ids=[tag_id], state=TagState.ACCEPTED, strength=3)


def test_accepted_evidence_is_offered_and_cited_with_one_click(client_for: Open, study: Study) -> None:
    item = study.world.file_item(title="Inclusion policy")
    accept(study, item)
    client = client_for(study.world.coordinator)
    assert f"item={item.id}" in client.get(address(study)).text
    answer = client.post(address(study, f"/cite?item={item.id}"), headers=JSON)
    assert answer.json == {"citation": "[[E-0301-02-01]]", "number": "E-0301-02-01"}
    pane = client.get(address(study, "/exhibits")).text
    assert 'data-cite="[[E-0301-02-01]]"' in pane
    assert f"item={item.id}&" not in pane


def test_what_stays_in_the_school_says_so_where_it_is_cited(client_for: Open, study: Study) -> None:
    item = study.world.file_item(title="Inclusion policy")
    study.cite(item)
    client = client_for(study.world.coordinator)
    page = client.get(address(study)).text
    assert "Stays in the school" in page
    assert "It is open to staff only. Make it shareable to release it." in page
    assert "stays in the school" in client.get(address(study, "/pick")).text
    with study.acting() as session:
        set_visibility(session, actor=study.world.teacher, item_ids=[item.id], visibility=Visibility.SHAREABLE)
    assert "Its text is not read yet" in client.get(address(study)).text
    with study.acting() as session:
        read = Reading(media_type="text/plain", state=ReadingState.TEXT_FOUND, text="Everybody belongs.", language="en")
        keep_readings(session, school_id=study.world.school.id, readings={item.current_version_id: read})
    assert "Stays in the school" not in client.get(address(study)).text
    assert "stays in the school" not in client.get(address(study, "/pick")).text


def test_what_nobody_accepted_yet_is_not_offered(client_for: Open, study: Study) -> None:
    item = study.world.file_item(title="Only proposed")
    propose(study, item, study.world.teacher)
    assert "Only proposed" not in client_for(study.world.coordinator).get(address(study)).text


def test_citing_works_without_scripts(client_for: Open, study: Study) -> None:
    item = study.world.file_item(title="Inclusion policy")
    answer = client_for(study.world.coordinator).post(
        address(study, "/cite"), data={"item": item.id}, follow_redirects=True
    )
    assert "Cited as E-0301-02-01" in answer.text


def test_a_citation_stays_with_its_version_and_a_newer_one_is_pointed_out(client_for: Open, study: Study) -> None:
    item = study.world.file_item(title="Policy")
    study.cite(item)
    content = b"second"
    with study.acting() as session:
        replace(
            session,
            actor=study.world.teacher,
            item_id=item.id,
            blob=Blob(hashlib.sha256(content).hexdigest(), len(content)),
            file_name="policy-2.txt",
            media_type="text/plain",
        )
    client = client_for(study.world.coordinator)
    page = client.get(address(study)).text
    assert "Policy, version 1" in page
    assert "Version 2 is newer" in page
    assert "as it was cited" in client.get(f"/alder-bay/study/{study.evaluation_id}/exhibits/E-0301-02-01").text
    client.post(address(study, "/cite"), data={"item": item.id})
    assert "Policy, version 2" in client.get(address(study)).text


def test_a_citation_taken_back_by_undo_is_of_the_version_it_was_with_what_was_said_of_it(
    client_for: Open, study: Study
) -> None:
    item = study.world.file_item(title="Policy")
    client = client_for(study.world.coordinator)
    client.post(address(study, "/cite"), data={"item": item.id, "how": "Page 3 says it."})
    (cited,) = _cited(study)
    with study.acting() as session:
        blob = Blob(hashlib.sha256(b"second").hexdigest(), 6)
        replace(
            session, actor=study.world.teacher, item_id=item.id, blob=blob, file_name="2.txt", media_type="text/plain"
        )
    gone = client.post(address(study, "/uncite"), data={"citation": cited.citation.id}, follow_redirects=True)
    client.post(address(study, "/cite"), data=undo_of(gone.text))
    (again,) = _cited(study)
    assert (again.version.number, again.citation.how) == (1, "Page 3 says it.")


def _cited(study: Study) -> tuple[selfstudy.Cited, ...]:
    with study.reading() as session:
        return selfstudy.citations_of(session, study.world.reader, study.response().id).shown


def test_a_citation_is_taken_away_and_its_number_still_leads_to_the_exhibit(client_for: Open, study: Study) -> None:
    citation = study.cite(study.world.file_item(title="Policy"))
    client = client_for(study.world.coordinator)
    client.post(address(study, "/uncite"), data={"citation": citation})
    with study.reading() as session:
        assert selfstudy.citations_of(session, study.world.reader, study.response().id).shown == ()
    exhibit = client.get(f"/alder-bay/study/{study.evaluation_id}/exhibits/E-0301-02-01")
    assert exhibit.status_code == 200
    assert "No answer cites it at present" in exhibit.text


def test_a_search_finds_other_evidence_to_cite(
    client_for: Open, study: Study, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("minutes.txt", b"The team spoke about timetables for lighthouse keepers.", title="Minutes")
    work()
    client = client_for(study.world.coordinator)
    assert item.id in client.get(address(study, "/pick?q=lighthouse"), headers=FRAGMENT).text
    assert item.id in client.get(address(study, "?find=lighthouse")).text
    assert "Nothing found" in client.get(address(study, "/pick?q=zeppelin"), headers=FRAGMENT).text


def test_the_picker_offers_exhibits_by_number_and_title(client_for: Open, study: Study) -> None:
    study.cite(study.world.file_item(title="Inclusion policy"))
    client = client_for(study.world.coordinator)
    for words in ("", "inclusion", "e-0301-02-01"):
        assert "[[E-0301-02-01]]" in client.get(address(study, f"/pick?q={words}"), headers=FRAGMENT).text
    elsewhere = f"/alder-bay/study/{study.evaluation_id}/answers/{study.response(SMALLER).id}"
    other = client.get(f"{elsewhere}/pick?q=inclusion", headers=FRAGMENT).text
    assert "E-0301-02-01" in other
    assert "[[E-0301-02-01]]" not in other, "what another answer cites has to be cited here first"
    assert "/cite?version=" in other


def test_a_private_item_is_never_offered_to_others(client_for: Open, study: Study) -> None:
    private = study.private_item("plan of one pupil.txt")
    propose(study, private, study.world.learning_support)
    study.cite(private, study.world.learning_support)
    others = client_for(study.world.coordinator)
    for path in ("", "/exhibits", "/pick", "/pick?q=plan", "?find=pupil"):
        page = others.get(address(study, path)).text
        assert "one pupil" not in page.replace("find=pupil", "")
        assert private.id not in page
    assert "More is cited here that you may not open" in others.get(address(study)).text
    assert others.get(f"/alder-bay/study/{study.evaluation_id}/exhibits/E-0301-02-01").status_code == 404
    assert others.post(address(study, f"/cite?item={private.id}"), headers=JSON).status_code == 404
    shown = others.post(address(study, "/preview"), data={"text": "See [[E-0301-02-01]]."}).text
    assert "is not an exhibit" not in shown
    assert "one pupil" not in shown
    assert "one pupil" in client_for(study.world.learning_support).get(address(study)).text


def test_evidence_for_a_sentence_says_why_and_is_cited_with_one_act(
    client_for: Open, study: Study, filed: FileItem, work: Callable[[], None]
) -> None:
    fits = filed("a.txt", b"Samples of essays were moderated; marks agreed.", title="Moderation minutes")
    filed("b.txt", b"Buses leave at four.", title="Bus times")
    secret = filed("c.txt", b"Moderated samples of essays of one child.", title="A child")
    with study.acting() as session:
        set_visibility(session, actor=study.world.teacher, item_ids=[secret.id], visibility=Visibility.PRIVATE)
    work()
    asked = {"sentence": "We moderate samples of essays in each term."}
    client = client_for(study.world.coordinator)
    page = client.get(address(study), query_string=asked).text
    assert "It speaks of:" in page
    assert "Moderation minutes" in page
    assert "1 document speaks of it." in page
    assert "Bus times" not in page
    assert "A child" not in page
    client.post(address(study, "/cite"), data={"item": fits.id})
    again = client.get(address(study, "/exhibits"), query_string=asked, headers=FRAGMENT).text
    assert 'data-cite="[[E-0301-02-01]]"' in again
    nothing = client.get(address(study, "/exhibits"), query_string={"sentence": "Zebras."}, headers=FRAGMENT).text
    assert "Nothing that you may open speaks of it" in nothing


def test_evidence_for_a_sentence_whose_rare_words_stand_apart_is_found_by_its_common_words_too(
    client_for: Open, study: Study, filed: FileItem, work: Callable[[], None]
) -> None:
    for number in range(30):
        filed(f"{number}.txt", b"Every workshop of the year, and what it cost.", title=f"Ledger {number}")
    filed("kiln.txt", b"The kiln and the workshop around it.", title="Firing log")
    filed("museum.txt", b"A museum of ships.", title="Outing")
    work()
    asked = {"sentence": "The kiln of our workshop stands in a museum."}
    pane = client_for(study.world.coordinator).get(address(study, "/exhibits"), query_string=asked).text
    assert "Firing log" in pane
    assert "Outing" not in pane, "one word is not enough"


def test_what_was_accepted_for_the_practice_comes_first(
    client_for: Open, study: Study, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", b"Moderated samples of essays.", title="Alpha")
    accept(study, filed("b.txt", b"Moderated samples of essays, too.", title="Omega"))
    work()
    asked = {"sentence": "We moderate samples of essays."}
    pane = client_for(study.world.coordinator).get(address(study, "/exhibits"), query_string=asked).text
    assert pane.index("Omega") < pane.index("Alpha")
    assert "It was accepted for this practice." in pane


def test_what_is_cited_beside_the_text_changes_what_the_page_says_of_it(client_for: Open, study: Study) -> None:
    study.write(narrative="Words")
    client = client_for(study.world.coordinator)
    client.post(address(study), data={"revision": 1, "text": "Words", "do": "in_review"})
    page = client.get(address(study)).text
    assert "0 exhibits" in page
    assert "Approve without evidence" in page
    assert "hx-swap-oob" not in page
    study.cite(study.world.file_item())
    pane = client.get(address(study, "/exhibits"), headers=FRAGMENT).text
    assert '<span id="cited-count" hx-swap-oob="true">1 exhibit</span>' in pane
    assert '<div id="no-evidence" hx-swap-oob="true"></div>' in pane
    assert 'id="approve" hx-swap-oob="true"' in pane
    assert "Approve without evidence" not in pane
    reader = client_for(study.world.reader).get(address(study, "/exhibits"), headers=FRAGMENT).text
    assert "hx-swap-oob" not in reader, "the page to be read has no such places"


def test_taking_away_what_the_text_still_names_says_that_it_comes_back(client_for: Open, study: Study) -> None:
    item = study.world.file_item()
    citation = study.cite(item)
    client = client_for(study.world.coordinator)
    told = "The text still names E-0301-02-01: it is cited again once other words are saved here."
    assert told not in client.post(address(study, "/uncite"), data={"citation": citation}, follow_redirects=True).text
    for where in ("", "/draft"):
        said = {"revision": study.response().revision, "text": "See [[E-0301-02-01]]"}
        client.post(address(study, where), data=said)
        citation = study.cite(item)
        answer = client.post(address(study, "/uncite"), data={"citation": citation}, follow_redirects=True)
        assert told in answer.text
        study.write(narrative="Nothing is named")
