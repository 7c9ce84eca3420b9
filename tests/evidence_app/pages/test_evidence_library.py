"""The library: found by words and facets, changed in one go, nothing shown to whom it is not open."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from sqlalchemy import update

from evidence_app.backends import Backends
from evidence_app.domain import evidence, schools, selfstudy, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, ItemFacts, Visibility
from evidence_app.domain.extraction import VersionText
from evidence_app.domain.search import grammar as search_grammar
from evidence_app.domain.tagging import TagState
from evidence_app.pages.help import FIELDS
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
LIBRARY = "/alder-bay/evidence/"
PRACTICE = "ib-psp-2020/0301-02"
FOUND_ELSEWHERE = {"question", "closed", "infected"}
"""What a question waits for cannot be shareable, as this item is, and it is neither a link nor malware: the tests of
questions, links and scanning look for such ones."""


@pytest.fixture
def two(world: World, backends: Backends, filed: FileItem, work: Callable[[], None]) -> Item:
    """An item with everything one can search by, read by OCR, tagged and cited; and one with nothing beside it."""
    filed("bare.txt", b"Timetable of buses.", title="Bare", actor=world.coordinator)
    item = filed("full.txt", b"Le conseil des \xc3\xa9l\xc3\xa8ves", title="Full", programmes=("DP",))
    work()
    with backends.database.unit_of_work() as session:
        campus = schools.add_campus(session, actor=world.administrator, name="Hill campus")
        subject = schools.add_subject(session, actor=world.administrator, name="Visual arts")
        group = schools.add_year_group(session, actor=world.administrator, name="Grade 9")
        session.flush()
        facts = ItemFacts(
            title="Full",
            purpose="what families read",
            document_kind="policy_review",
            programmes=("DP",),
            campus_id=campus.id,
            subject_id=subject.id,
            year_group_id=group.id,
            school_year="2024-25",
            language="fr",
            shown_from=date(2024, 10, 1),
            visibility=Visibility.SHAREABLE,
        )
        evidence.update_facts(session, actor=world.teacher, item_id=item.id, facts=facts)
        session.execute(update(VersionText).values(state="read by OCR"))
        tags = [
            tagging.attach(session, actor=world.teacher, item_id=item.id, node_key=f"ib-psp-2020/{code}").id
            for code in ("0301-02", "0301-03")
        ]
        tagging.review(session, actor=world.coordinator, tag_ids=tags[:1], state=TagState.ACCEPTED, strength=3)
        tagging.review(session, actor=world.coordinator, tag_ids=tags[1:], state=TagState.RETURNED, reply="Which?")
    work()
    with backends.database.unit_of_work() as session:
        study = selfstudy.open_evaluation(
            session,
            actor=world.coordinator,
            framework_key="ib-psp-2020",
            programmes=["DP"],
            visit_on=date(2027, 5, 12),
        )
        answer = selfstudy.response_at(session, world.coordinator, study.id, PRACTICE, "DP")
        assert answer is not None
        selfstudy.cite(session, actor=world.coordinator, response_id=answer.id, item_id=item.id)
    work()
    return item


def test_every_field_that_help_tells_of_finds_what_it_says(client_for: OpenBrowser, world: World, two: Item) -> None:
    browser = client_for(world.teacher)
    told = unescape(browser.get("/alder-bay/help/").text)
    assert {example.partition(":")[0] for example, _ in FIELDS} | {"before"} == set(search_grammar.FIELDS)
    for example, _ in FIELDS:
        assert f"<code>{example}</code>" in told
        if example.partition(":")[2] in FOUND_ELSEWHERE:
            continue
        # The one item is the opposite of the other in everything, so each example finds the one or the other.
        found = {"by:me": "Full", "is:untagged": "Bare", "visibility:staff": "Bare"}.get(example, "Full")
        page = browser.get(LIBRARY, query_string={"q": example}).text
        assert (example, "1 found" in page, f">{found}</a>" in page) == (example, True, True)


@pytest.mark.parametrize("flag", sorted(search_grammar.FLAGS - FOUND_ELSEWHERE))
def test_every_flag_is_set_where_it_is_true(client_for: OpenBrowser, world: World, two: Item, flag: str) -> None:
    page = client_for(world.teacher).get(LIBRARY, query_string={"q": f"has:{flag} title"}).text
    assert "0 found" in page, "a flag narrows; it does not make a word be found"
    page = client_for(world.teacher).get(LIBRARY, query_string={"q": f"has:{flag}"}).text
    assert ">Full</a>" in page
    assert (">Bare</a>" in page) is (flag == "text")


@pytest.mark.parametrize(
    "query",
    [
        'kind:"policy review"',
        "kind:review",
        "kind:polic*",
        'campus:"hill campus"',
        "group:9",
        "year:2024",
        "subject:Visual",
    ],
)
def test_a_name_is_found_by_the_whole_of_it_and_by_a_word(
    client_for: OpenBrowser, world: World, two: Item, query: str
) -> None:
    page = client_for(world.teacher).get(LIBRARY, query_string={"q": query}).text
    assert ("1 found" in page, ">Full</a>" in page) == (True, True)


def test_what_is_cited_no_longer_is_not_found_as_cited(
    client_for: OpenBrowser, world: World, backends: Backends, two: Item, work: Callable[[], None]
) -> None:
    with backends.database.unit_of_work() as session:
        [place] = selfstudy.cited_in(session, world.coordinator, two.id)
        cited = selfstudy.citations_of(session, world.coordinator, place.response_id).shown[0].citation
        assert cited is not None
        selfstudy.uncite(session, actor=world.coordinator, citation_id=cited.id)
    work()
    for words in ("is:cited", "has:citations"):
        assert "0 found" in client_for(world.teacher).get(LIBRARY, query_string={"q": words}).text


def test_an_empty_library_teaches_what_evidence_is(client_for: OpenBrowser, world: World) -> None:
    page = client_for(world.teacher).get(LIBRARY).text

    assert "Nothing filed yet" in page
    assert "/alder-bay/evidence/new" in page


def test_words_are_found_marked_and_counted(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", b"Reasonable adjustments are agreed by the class team.", title="Inclusion", programmes=("MYP",))
    filed("b.txt", b"Timetable of buses.", title="Buses")
    work()

    page = client_for(world.teacher).get(f"{LIBRARY}?q=adjustments").text

    assert "1 found" in page
    assert "<mark>adjustments</mark>" in page
    assert "Buses" not in page
    assert 'name="programme" value="MYP"' in page


def test_a_filter_narrows_and_can_be_taken_off(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", b"one", title="Of the PYP", programmes=("PYP",))
    filed("b.txt", b"two", title="Of the DP", programmes=("DP",))
    work()

    page = client_for(world.teacher).get(f"{LIBRARY}?programme=DP").text

    assert "Of the DP" in page
    assert "Of the PYP" not in page
    assert 'class="tag" href="/alder-bay/evidence/"' in page


def test_without_an_index_titles_are_found_and_it_is_said(
    client_for: OpenBrowser, world: World, filed: FileItem
) -> None:
    filed("a.txt", b"one", title="Inclusion policy")

    page = client_for(world.teacher).get(f"{LIBRARY}?q=inclusion").text

    assert "Inclusion policy" in page
    assert "being rebuilt, 0 %." in page


def test_what_is_private_or_of_the_neighbour_is_in_no_result_and_no_count(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("letter.txt", b"secretword", actor=world.coordinator, visibility=Visibility.PRIVATE, title="Letter")
    filed("canary.txt", b"secretword", actor=world.stranger, title="Canary")
    filed("open.txt", b"secretword", actor=world.coordinator, title="Open to all")
    work()

    page = client_for(world.administrator).get(f"{LIBRARY}?q=secretword").text

    assert "1 found" in page
    assert "Letter" not in page
    assert "Canary" not in page
    assert 'value="private"' not in page.partition('id="filters"')[2].partition("</form>")[0]


def test_a_bad_query_is_answered_with_what_is_wrong(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed()
    work()

    answer = client_for(world.teacher).get(f"{LIBRARY}?q=" + "(" * 300 + "x")

    assert answer.status_code == 200
    assert "callout" in answer.text


def test_many_are_tagged_in_one_go(client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem) -> None:
    items = [filed("a.txt", b"a"), filed("b.txt", b"b")]

    client_for(world.teacher).post(
        f"{LIBRARY}chosen", data={"item": [i.id for i in items], "do": "tag", "node_key": PRACTICE, "note": "Both."}
    )

    with backends.database.reading() as session:
        tags = tagging.tags_of_items(session, world.teacher, [i.id for i in items])
    assert {key: [t.note for t in found] for key, found in tags.items()} == {i.id: ["Both."] for i in items}


def test_withdrawing_can_be_undone_from_the_toast(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem
) -> None:
    item = filed("a.txt", b"a", title="A plan")
    browser = client_for(world.teacher)

    page = browser.post(
        f"{LIBRARY}chosen", data={"item": item.id, "do": "withdraw", "q": "plan"}, follow_redirects=True
    )
    assert "1 withdrawn" in page.text
    acts = re.search(r'name="acts" value="([^"]+)"', page.text)
    assert acts is not None
    assert "A plan" in browser.get(f"{LIBRARY}bin").text
    browser.post(f"{LIBRARY}restore", data={"acts": acts[1]})

    with backends.database.reading() as session:
        assert evidence.item(session, world.teacher, item.id).withdrawn_at is None


def test_one_that_may_not_be_changed_stops_all_and_it_is_said(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem
) -> None:
    mine, theirs = filed("a.txt", b"a"), filed("b.txt", b"b", actor=world.coordinator)

    page = client_for(world.teacher).post(
        f"{LIBRARY}chosen", data={"item": [mine.id, theirs.id], "do": "withdraw"}, follow_redirects=True
    )

    assert "Only the owner of this item or a coordinator may change it." in page.text
    with backends.database.reading() as session:
        assert evidence.item(session, world.teacher, mine.id).withdrawn_at is None


def test_pages_of_results_and_the_grid(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    for n in range(23):
        filed(f"{n}.txt", b"plan %d" % n)
    work()
    browser = client_for(world.teacher)

    assert "1 to 20 of 23" in browser.get(LIBRARY).text
    assert "21 to 23 of 23" in browser.get(f"{LIBRARY}?page=2").text
    assert 'class="plain grid-x"' in browser.get(f"{LIBRARY}?view=grid").text
    past = browser.get(f"{LIBRARY}?q=plan&page=99&view=grid", follow_redirects=True)
    assert "21 to 23 of 23" in past.text
    assert past.request.args.to_dict() == {"q": "plan", "page": "2", "view": "grid"}, "the same question"
    assert "Nothing found" in browser.get(f"{LIBRARY}?q=nothing&page=99").text


def test_one_goes_from_result_to_result_and_back(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    for n in range(3):
        filed(f"{n}.txt", b"plan %d" % n, title=f"Plan {n}", programmes=("DP",))
    work()
    browser = client_for(world.teacher)
    links = re.findall(r'<h2><a href="([^"]+)"', browser.get(f"{LIBRARY}?q=plan&programme=DP").text)
    assert len(links) == 3

    middle = browser.get(unescape(links[1])).text

    assert "3 found for “plan”" in middle
    assert 'aria-label="Previous result"' in middle
    assert links[2].partition("&amp;page")[0] in middle
    assert "/alder-bay/evidence/?q=plan&amp;programme=DP" in middle
    assert 'aria-label="Next result"' not in browser.get(unescape(links[2])).text


def test_taking_back_hundreds_fits_into_a_cookie_and_touches_nothing_else(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem
) -> None:
    earlier, *items = [filed(f"{n}.txt", str(n).encode()) for n in range(201)]
    browser, colleague = client_for(world.teacher), client_for(world.coordinator)
    browser.post(f"{LIBRARY}chosen", data={"item": earlier.id, "do": "withdraw"})

    answer = browser.post(f"{LIBRARY}chosen", data={"item": [i.id for i in items], "do": "withdraw"})
    assert all(len(cookie) < 1000 for cookie in answer.headers.getlist("Set-Cookie"))
    acts = re.findall(r'name="acts" value="([^"]+)"', browser.get(LIBRARY).text)
    for wrong in ("", "x", "1-", "0-0", "9" * 40):
        browser.post(f"{LIBRARY}restore", data={"acts": wrong})
    colleague.post(f"{LIBRARY}restore", data={"acts": acts[-1]})
    with backends.database.reading() as session:
        assert evidence.count_items(session, world.teacher) == 0
    browser.post(f"{LIBRARY}restore", data={"acts": acts[-1]})

    with backends.database.reading() as session:
        assert evidence.count_items(session, world.teacher) == 200
        assert [item.id for item in evidence.items_in_bin(session, world.teacher)] == [earlier.id]


def test_a_search_is_kept_run_again_shared_and_removed(world: World, client_for: OpenBrowser, two: Item) -> None:
    client = client_for(world.teacher)
    assert "Keep this search as" not in client.get(LIBRARY).text
    asked = {"q": 'conseil "élèves"', "programme": "DP", "sort": "strongest"}
    kept = client.post(f"{LIBRARY}searches", data={**asked, "name": "Student voice", "is_shared": "yes"})
    again = client.get(kept.location)
    assert "“Student voice” is kept under Searches." in unescape(again.text)
    address = re.search(r'<a href="([^"]+)">Student voice</a>', client_for(world.reader).get(LIBRARY).text)
    assert address is not None
    assert unescape(address[1]) == kept.location
    assert "Full" in client_for(world.reader).get(unescape(address[1])).text
    own = re.search(r'action="([^"]+/searches/[0-9a-z]{26}/forget)"', client.get(LIBRARY).text)
    assert own is not None
    assert re.search(r"searches/[0-9a-z]{26}/forget", client_for(world.reader).get(LIBRARY).text) is None
    assert client_for(world.reader).post(own[1]).status_code == 404
    assert "Removed." in client.get(client.post(own[1]).location).text
    assert "Student voice" not in client_for(world.reader).get(LIBRARY).text


def test_a_search_without_a_name_is_not_kept_and_said_so(world: World, client_for: OpenBrowser) -> None:
    client = client_for(world.teacher)
    answer = client.post(f"{LIBRARY}searches", data={"q": "unit", "name": " "})
    assert "Give the search a name" in client.get(answer.location).text


def test_characters_that_nobody_types_are_in_no_search_that_is_kept(world: World, client_for: OpenBrowser) -> None:
    client = client_for(world.teacher)
    kept = client.post(f"{LIBRARY}searches", data={"q": "unit\x00 plan", "programme": "D\x00P", "name": "Odd"})
    assert "%00" not in kept.location
    assert client.get(kept.location).status_code == 200


MEANT = re.compile(r'Did you mean <a href="([^"]+)">([^<]+)</a>')


def meant(browser: Browser, question: str) -> tuple[str, str] | None:
    """Where the page leads who typed this, and the words it thinks were meant."""
    found = MEANT.search(browser.get(LIBRARY, query_string={"q": question}).text)
    return (unescape(found[1]), unescape(found[2])) if found else None


def test_slips_are_mended_where_that_finds_something(
    world: World, client_for: OpenBrowser, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", b"How we help.", title="Inclusión policy for Kilimanjaro, evaluación", programmes=("DP",))
    work()
    browser = client_for(world.teacher)
    mended = meant(browser, "inclusoin polcy programme:DP")
    assert mended is not None
    assert mended[1] == "inclusion policy programme:DP", "as most of what there is spells it"
    assert "1 found" in browser.get(mended[0]).text
    assert meant(browser, "evaluacoin")[1] == "evaluación"  # type: ignore[index]
    assert meant(browser, "inclusoin programme:MYP") is None, "mended it would find nothing either"
    assert meant(browser, "xylophone quartz") is None
    assert meant(browser, "inclusion policy kilimanjaro") is None, "it is found as it stands"


def test_no_slip_is_mended_with_a_word_of_what_is_private_not_even_for_those_who_open_it(
    world: World, client_for: OpenBrowser, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("b.txt", b"Zanzibar.", title="Zanzibar memo", visibility=Visibility.PRIVATE, actor=world.coordinator)
    work()
    assert meant(client_for(world.teacher), "zanzibbar") is None
    assert meant(client_for(world.coordinator), "zanzibbar") is None
    assert "Zanzibar memo" in client_for(world.coordinator).get(f"{LIBRARY}?q=zanzibar").text
