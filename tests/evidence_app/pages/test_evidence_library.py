"""The library: found by words and facets, changed in one go, nothing shown to whom it is not open."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from evidence_app.backends import Backends
from evidence_app.domain import evidence, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Visibility
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
LIBRARY = "/alder-bay/evidence/"
PRACTICE = "ib-psp-2020/0301-02"


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
    assert "made anew" in page


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
    assert 'value="private"' not in page.partition("facets-wide")[2].partition("</form>")[0]


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
    assert f'name="items" value="{item.id}"' in page.text
    assert "A plan" in browser.get(f"{LIBRARY}bin").text
    browser.post(f"{LIBRARY}restore", data={"items": item.id})

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
