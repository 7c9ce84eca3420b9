"""Finding as one types: parts of a page, completions, searches of before, more like this; nothing private in any."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import update

from evidence_app.backends import Backends
from evidence_app.domain import schools, tagging
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.frameworks import follow
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
LIBRARY = "/alder-bay/evidence/"
PART = {"HX-Request": "true"}


def offers(browser: Browser, typed: str, at: int | None = None) -> list[str]:
    """What is offered, as it would stand in the box; a search of before by its name."""
    page = browser.get(f"{LIBRARY}complete", query_string={"q": typed, **({} if at is None else {"at": at})})
    assert page.status_code == 200
    found = re.findall(r'data-text="([^"]*)"|data-url="[^"]*".*?<span>(.*?)</span>', page.text)
    return [unescape(text or name) for text, name in found]


def test_while_one_types_only_the_results_are_sent(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("kiln.txt", b"The kiln was fired by grade nine.", title="Kiln log")
    work()
    part = client_for(world.teacher).get(f"{LIBRARY}?q=kiln", headers=PART).text
    assert part.lstrip().startswith('<div id="found">')
    assert "<p data-said>1 found</p>" in part
    assert "<html" not in part
    assert "Kiln log" in part


def test_fields_values_and_words_are_completed(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", "Modération des notes.".encode(), title="Moderation of essays", programmes=("DP",))
    filed("b.txt", b"moderation again", title="Minutes")
    work()
    browser = client_for(world.teacher)
    assert offers(browser, "moder") == ["moderation "]
    assert "modération " in offers(browser, "modér")
    assert offers(browser, "kiln -moder") == ["kiln -moderation "]
    assert "programme:" in offers(browser, "progr")
    assert offers(browser, "programme:") == ["programme:PYP ", "programme:MYP ", "programme:DP "]
    assert offers(browser, "programme:DP,m essays", at=14) == ["programme:DP,MYP essays"]
    assert "node:0301-02 " in offers(browser, "node:0301-0")
    assert "node:0301-02 " in offers(browser, "inclusion")
    assert "by:me " in offers(browser, "by:")
    assert offers(browser, "is:un") == ["is:untagged "]
    assert offers(browser, "strength:str") == ["strength:3 "]
    assert offers(browser, "colour:r") == []
    assert offers(browser, '"moder') == []
    assert offers(browser, "") == []
    assert offers(browser, "x" * 3000) == []


@pytest.mark.parametrize(
    ("typed", "at", "offered"),
    [
        ("0301-02", None, []),
        ("0301-0", None, ["0301-01", "0301-02", "0301-03", "0301-04", "0301-05"]),
        ("inclusion", None, ["0301-02"]),
        ("0402-06, inclusion", None, ["0402-06, 0301-02"]),
        ("inclusion, 0402-06", 4, ["0301-02, 0402-06"]),
        ("0101-01,inclu,0402-06", 13, ["0101-01, 0301-02, 0402-06"]),
        ("0402-06,", None, []),
        ("0402-06", -5, []),
        ("nothing of the kind", None, []),
    ],
)
def test_the_code_of_a_practice_is_found_by_a_word_among_other_codes(
    client_for: OpenBrowser, world: World, typed: str, at: int | None, offered: list[str]
) -> None:
    asked = {"q": typed, **({} if at is None else {"at": str(at)})}
    page = client_for(world.teacher).get(f"{LIBRARY}practices/codes", query_string=asked)
    found = re.findall(r'data-text="([^"]*)" data-caret="(\d+)"', page.text)
    texts = [unescape(text) for text, _caret in found]
    assert texts[: len(offered)] == offered
    assert bool(texts) == bool(offered)
    assert all(re.search(r"\d{4}-\d\d$", text[: int(caret)]) for text, caret in found), "one goes on behind the code"


def test_no_word_of_a_private_item_is_completed_or_meant(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", b"Xylography in grade nine, a zymurgic word.", title="Xylography", actor=world.teacher)
    work()
    browsers = [client_for(who) for who in (world.teacher, world.coordinator, world.administrator)]
    assert [offers(browser, "xylo") for browser in browsers] == [["xylography "]] * 3
    assert "Did you mean" in browsers[1].get(f"{LIBRARY}?q=xylografy", headers=PART).text
    assert "Did you mean zymurgic?" in browsers[1].get(f"{LIBRARY}?q=zymurgik", headers=PART).text
    found = browsers[0].get(f"{LIBRARY}?q=xylography", headers=PART).text
    chosen = re.search(r'name="item" value="([^"]+)"', found)
    assert chosen is not None
    browsers[0].post(f"{LIBRARY}chosen", data={"item": chosen[1], "do": "visibility", "visibility": "private"})
    # Before the index hears of it: what is in force is what the database says now.
    assert "Xylography" in browsers[0].get(f"{LIBRARY}?q=xylography", headers=PART).text
    for browser in browsers:
        assert offers(browser, "xylo") == offers(browser, "zymu") == []
        for typed in ("xylografy", "zymurgik"):
            assert "Did you mean" not in browser.get(f"{LIBRARY}?q={typed}", headers=PART).text
    work()
    assert [offers(browser, "xylo") for browser in browsers] == [[], [], []]


def test_completions_are_the_same_whatever_is_private(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", b"planning plates", title="Plan one")
    work()
    browser = client_for(world.coordinator)
    asked = ("pla", "plat", "kind:", "year:", "language:", "by:", "n", "node:0301-0")
    before = [offers(browser, typed) for typed in asked]
    for number in range(4):
        filed(f"p{number}.txt", b"plaintiff plain placebo " * 9, title="Plasma", visibility=Visibility.PRIVATE)
    work()
    assert [offers(browser, typed) for typed in asked] == before


def test_what_somebody_looked_for_is_offered_to_them_alone_until_they_clear_it(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", b"kiln", title="Kiln")
    work()
    mine, theirs = client_for(world.teacher), client_for(world.coordinator)
    mine.get(f"{LIBRARY}?q=ki", headers=PART)
    mine.get(f"{LIBRARY}?q=kiln&kind=file")
    mine.get(f"{LIBRARY}?q=kiln&kind=file")
    mine.get(f"{LIBRARY}?q=glaze")
    assert offers(mine, "") == ["glaze", "kiln"]
    assert offers(mine, "kil") == ["kiln", "kiln "]
    assert offers(theirs, "") == []
    assert "Looked for lately" in mine.get(LIBRARY).text
    assert "Looked for lately" not in theirs.get(LIBRARY).text
    opened = re.search(r'href="([^"]+at=0[^"]*)"', mine.get(f"{LIBRARY}?q=fired+OR+kiln", headers=PART).text)
    assert opened is not None
    mine.get(unescape(opened[1]))
    assert offers(mine, "")[0] == "fired OR kiln"
    mine.post(f"{LIBRARY}searches/recent/forget", data={})
    assert offers(mine, "") == []


def test_a_search_can_be_sent_to_a_colleague_who_sees_what_is_open_to_them(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", b"kiln", title="Kiln for all")
    filed("b.txt", b"kiln", title="Kiln of a child", visibility=Visibility.PRIVATE)
    work()
    mine = client_for(world.teacher).get(f"{LIBRARY}?q=kiln").text
    address = re.search(r'id="search-address">([^<]+)<', mine)
    assert address is not None
    assert address[1].startswith("http://")
    assert "Kiln of a child" in mine
    theirs = client_for(world.coordinator).get(unescape(address[1])).text
    assert "Kiln for all" in theirs
    assert "Kiln of a child" not in theirs


def test_more_like_one_item_shows_what_they_share_and_nothing_private(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    item = filed("a.txt", b"Moderation of extended essays: samples, marks, standard.", title="Essay moderation")
    filed("b.txt", b"Samples of essays were marked and moderated to one standard.", title="Marking together")
    filed("c.txt", b"Buses leave at four.", title="Buses")
    secret = filed("d.txt", b"Moderation of essays, samples.", title="A pupil", visibility=Visibility.PRIVATE)
    work()
    page = client_for(world.coordinator).get(f"{LIBRARY}?like={item.id}").text
    assert "Marking together" in page
    assert "It shares:" in page
    assert "Buses" not in page
    assert "A pupil" not in page
    assert "1 found" in page
    assert client_for(world.coordinator).get(f"{LIBRARY}?like={secret.id}").status_code == 404
    assert f"like={item.id}" in client_for(world.coordinator).get(f"{LIBRARY}{item.id}/like").text


def test_a_word_that_is_still_being_typed_finds_what_begins_so(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", b"Moderation of essays, in art.", title="Essays")
    filed("b.txt", b"Article one.", title="Statutes")
    filed("c.txt", b"Moderation.", title="A pupil", visibility=Visibility.PRIVATE)
    work()
    browser = client_for(world.coordinator)

    def found(typed: str, **headers: str) -> set[str]:
        page = re.sub("</?mark>", "", browser.get(LIBRARY, query_string={"q": typed}, headers=headers).text)
        return {title for title in ("Essays", "Statutes", "A pupil") if f">{title}</a>" in page}

    assert found("moderat") == found("moderat", **PART) == {"Essays"}
    assert "one that begins so" in browser.get(f"{LIBRARY}?q=moderat").text
    assert found("essays moderat") == {"Essays"}
    assert found("art") == {"Essays"}
    assert found("artic") == {"Statutes"}
    assert found("pupi") == found("kind:fil") == found('"moder') == found("moderat OR") == set()
    at = re.search(r'href="([^"]+at=0[^"]*)"', browser.get(f"{LIBRARY}?q=moderat").text)
    assert at is not None
    assert "1 found for “moderat”" in browser.get(unescape(at[1])).text


def test_practices_stand_as_a_tree_in_the_order_of_the_framework(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None], backends: Backends
) -> None:
    items = [filed(f"{n}.txt", b"paper", title=f"Paper {n}") for n in range(3)]
    secret = filed("s.txt", b"paper", title="Secret", visibility=Visibility.PRIVATE)
    wanted = ((items[0], "0402-06"), (items[1], "0301-02"), (items[2], "0301-05"), (secret, "0101-01"))
    with backends.database.unit_of_work() as session:
        for item, code in wanted:
            tagging.attach(session, actor=world.teacher, item_id=item.id, node_key=f"ib-psp-2020/{code}")
    work()
    browser = client_for(world.coordinator)
    tree = browser.get(LIBRARY).text.partition('id="filters"')[2].partition("</form>")[0]
    keys = re.findall(r'class="depth-(\d)"><label><input[^>]*value="ib-psp-2020/([^"]+)"', tree)
    assert keys == [
        ("0", "03"),
        ("1", "0301"),
        ("2", "0301-02"),
        ("2", "0301-05"),
        ("0", "04"),
        ("1", "0402"),
        ("2", "0402-06"),
    ]
    page = browser.get(LIBRARY, query_string={"node": "ib-psp-2020/03"}).text
    assert "2 found" in page
    assert '<details class="branch" open>' in page


def test_what_a_name_alone_has_says_which_name(
    client_for: OpenBrowser, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("kiln.txt", b"Nothing of it.", title="Fired")
    item = filed("b.txt", b"Nothing either.", title="Glazed", actor=world.coordinator)
    with backends.database.unit_of_work() as session:
        session.execute(update(Item).where(Item.id == item.id).values(folder="Zephyr/Art_Room", purpose="for families"))
    work()
    browser = client_for(world.teacher)
    for typed, told in {
        "kiln": "In the name of the file</span> <mark>kiln</mark>.txt",
        "zephyr": "In the name of the folder</span> <mark>Zephyr</mark>/Art_Room",
        "families": "In what it is for</span> for <mark>families</mark>",
        "either": "Nothing <mark>either</mark>.",
        "glazed": "><mark>Glazed</mark></a></h2>",
    }.items():
        page = browser.get(f"{LIBRARY}?q={typed}").text
        assert told in page, typed
        assert page.count("In the name of") == (typed in {"kiln", "zephyr"}), typed


def test_milestones_are_a_facet_of_their_own_with_their_steps_in_order(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None], backends: Backends
) -> None:
    book, profile = "ib-programme-development-milestones", "ib-learner-profile/inquirers"
    items = [filed(f"{n}.txt", b"paper", title=f"Paper {n}") for n in range(3)]
    with backends.database.unit_of_work() as session:
        for key in (book, "ib-learner-profile"):
            follow(session, school_id=world.school.id, framework_key=key)
        session.flush()
        for item, key in zip(items, (f"{book}/1.5", f"{book}/1.2", f"{book}/2.1"), strict=True):
            tagging.attach(session, actor=world.teacher, item_id=item.id, node_key=key)
        tagging.attach(session, actor=world.teacher, item_id=items[0].id, node_key=profile)
    work()
    browser = client_for(world.coordinator)
    sides = browser.get(LIBRARY).text.partition('id="filters"')[2].partition("</form>")[0]
    steps = re.findall(rf'class="depth-(\d)"><label><input[^>]*value="{book}/([^"]+)"', sides)
    assert steps == [("0", "M1"), ("1", "1.2"), ("1", "1.5"), ("0", "M2"), ("1", "2.1")]
    skills = sides.partition("Learner profile and skills")[2].partition("</details>")[0]
    assert re.findall(r'value="([^"]+)"', skills) == [profile]
    for asked in ({"node": f"{book}/M1"}, {"q": "node:M1"}):
        assert "<b>2 found</b>" in browser.get(LIBRARY, query_string=asked).text


UNKNOWN = {
    "language:french": 'Nothing here has "french" for language: in it. Known are: en (English).',
    "strength:strong": "3 (Strong)",
    "group:7": 'Known are: "Year 8".',
    "subject:maths": "Known are: Dance.",
    "programme:XY": "Known are: PYP, MYP, DP.",
    "node:0999": "Known are: ",
    "by:nobody": "Known are: ",
}
KNOWN = ("language:en -paper", "strength:3", "group:8", "subject:dance", "node:0301", "year:2024", "paper or plan")


def test_a_value_that_no_item_can_have_is_answered_with_those_that_are_known(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None], backends: Backends
) -> None:
    filed("a.txt", b"The pupils have a paper of their school and the year.", title="Paper")
    with backends.database.unit_of_work() as session:
        schools.add_subject(session, actor=world.administrator, name="Dance")
        schools.add_year_group(session, actor=world.administrator, name="Year 8")
        session.execute(update(Item).values(language="en"))
    work()
    browser = client_for(world.coordinator)
    pages = {typed: unescape(browser.get(LIBRARY, query_string={"q": typed}).text) for typed in (*UNKNOWN, *KNOWN)}
    for typed, told in UNKNOWN.items():
        assert "Nothing here has" in pages[typed], typed
        assert told in pages[typed], typed
    assert [typed for typed in KNOWN if "Nothing here has" in pages[typed]] == []
    assert "In capitals, OR finds either" in pages["paper or plan"]
    assert "In capitals" not in pages["language:en -paper"]


def test_what_a_filter_has_beyond_the_first_stands_behind_more(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None], backends: Backends
) -> None:
    items = [filed(f"{n}.txt", b"paper", title=f"Paper {n}") for n in range(14)]
    with backends.database.unit_of_work() as session:
        for number, item in enumerate(items):
            session.execute(update(Item).where(Item.id == item.id).values(document_kind=f"kind {number}"))
    work()
    browser = client_for(world.coordinator)

    def kinds(page: str) -> tuple[int, int]:
        sides = page.partition('id="filters"')[2].partition("</form>")[0].partition(">Kind of document<")[2]
        at_once, more = sides.partition('name="kind"')[0].split('<details class="branch">')
        assert "2 more" in more
        return at_once.count('name="document_kind"'), more.count('name="document_kind"')

    assert kinds(browser.get(LIBRARY).text) == (12, 2)
    chosen = browser.get(LIBRARY, query_string={"document_kind": ["kind 9", "kind 13"]}).text
    assert re.findall(r'value="(kind \d+)" checked', chosen)[:2] == ["kind 13", "kind 9"]


def test_a_result_without_pages_opens_at_the_words_it_was_found_by(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("plan.txt", b"A kiln.\n\n" + b"Nothing of it here.\n" * 400 + b"The zinc kiln of glaze.\n", title="Log")
    filed("list.csv", b"Name,Use\nPots,12\nOxide of cobalt,blue\n", title="List")
    work()
    browser = client_for(world.teacher)
    for typed, line in {
        "kiln zinc": 'The <mark id="hit">zinc</mark> <mark>kiln</mark> of glaze.',
        "cobalt": 'Oxide of <mark id="hit">cobalt</mark>',
    }.items():
        found = re.search(r'<h2><a href="([^"]+)"', browser.get(LIBRARY, query_string={"q": typed}).text)
        assert found is not None
        assert found[1].endswith("#hit")
        page = browser.get(unescape(found[1]).removesuffix("#hit")).text
        assert line in page
        assert page.count('id="hit"') == 1
    assert '<td>Oxide of <mark id="hit">cobalt</mark></td>' in page
    everything = re.findall(r'<h2><a href="([^"]+)"', browser.get(LIBRARY).text)
    assert len(everything) == 2
    assert not any(url.endswith("#hit") for url in everything)


def test_a_filter_that_no_item_can_have_finds_nothing(
    client_for: OpenBrowser, world: World, filed: FileItem, work: Callable[[], None]
) -> None:
    filed("a.txt", b"Moderation.", title="Essays")
    work()
    browser = client_for(world.teacher)
    for asked in ("strength=12", "strength=4", "node=nowhere", "visibility=x", "tag_state=x", "subject=" + "x" * 300):
        page = browser.get(f"{LIBRARY}?{asked}")
        assert page.status_code == 200, asked
        assert ">Essays</a>" not in page.text, asked
