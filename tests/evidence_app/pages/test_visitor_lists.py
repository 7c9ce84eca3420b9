"""The reading room's type, lists and links, and what its views may know."""

from __future__ import annotations

import ast

import pytest
from flask import Flask

from evidence_app.database import now
from evidence_app.pages.visitor import exhibits as exhibit_pages
from tests.evidence_app.pages.test_visitor import ROOT, OpenBrowser, School, let_in, masked
from tests.evidence_app.pages.test_visitor import school as school


def test_larger_type_is_remembered_for_the_room(school: School, client_for: OpenBrowser) -> None:
    browser = client_for(None)
    room = let_in(browser, school.share())
    assert "large-type" not in browser.get(f"{room}/part/overview").text
    browser.get(f"{room}/type?back=overview")
    assert "large-type" in browser.get(f"{room}/part/overview").text
    browser.get(f"{room}/type?back=overview")
    assert "large-type" not in browser.get(f"{room}/part/overview").text


# -- the shape of the code
def test_every_view_of_the_room_asks_whether_the_share_is_open(app: Flask) -> None:
    doors = {"visitor.link", "visitor.door", "visitor.enter"}
    views = {name: view for name, view in app.view_functions.items() if name.startswith("visitor.")}
    assert doors < set(views)
    for name, view in views.items():
        assert getattr(view, "is_for_visitors", False) or name in doors, name


def test_what_visitors_run_imports_nothing_that_keeps_the_schools_work() -> None:
    sharing_room = ROOT / "evidence_app" / "domain" / "sharing"
    files = [sharing_room / name for name in ("room.py", "answers.py", "entering.py")]
    files += (ROOT / "evidence_app" / "pages" / "visitor").glob("*.py")
    allowed = {
        "evidence_app.domain": {"sharing"},
        "evidence_app.domain.reports": {"ReadableStore", "Snapshot", "TextPack", "report_of"},
        "evidence_app.domain.selfstudy": {"references_in"},
        "evidence_app.domain.accounts": {"count_failure", "is_throttled", "new_token", "token_hash"},
    }
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Import) and any("evidence_app" in n.name for n in node.names)), file.name
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("evidence_app.domain"):
                module = str(node.module)
                names = {alias.name for alias in node.names}
                known = allowed.get(module, set() if ".sharing" not in module else names)
                assert names <= known, f"{file.name}: {module} {names - known}"


def test_exhibits_are_listed_by_part_and_kind_a_page_at_a_time(
    school: School, client_for: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exhibit_pages, "EXHIBITS_A_PAGE", 1)
    browser = client_for(None)
    room = let_in(browser, school.share())
    first = browser.get(f"{room}/exhibits").text
    assert "2 exhibits" in first
    assert "Inclusion policy" in first
    assert "from=2" in first
    second, past_the_last = (browser.get(f"{room}/exhibits?from={number}").text for number in (2, 9999))
    assert masked(past_the_last.replace("from=9999", "from=2"), room) == masked(second, room)
    assert "E-0301-02-02" in second
    assert "E-0301-02-01" not in second
    assert "No exhibit fits" in browser.get(f"{room}/exhibits?category=04").text
    assert "2 exhibits" in browser.get(f"{room}/exhibits?category=03").text


def test_closing_an_exhibit_leads_back_to_the_same_list_and_line(school: School, client_for: OpenBrowser) -> None:
    inside = client_for(None)
    room = let_in(inside, school.share())
    page = inside.get(f"{room}/exhibits?category=03&exhibit=E-0301-02-01").text
    assert 'id="at-E-0301-02-01"' in page
    assert f'href="{room}/exhibits?category=03#at-E-0301-02-01"' in page
    assert f'href="{room}/exhibits?category=03&amp;exhibit=E-0301-02-02#exhibit"' in page


@pytest.mark.parametrize("odd", ["endpoint=x", "_method=BREW", "_scheme=javascript", "room=other", "_anchor=x"])
def test_odd_names_in_the_address_are_in_no_link_of_the_list(school: School, client_for: OpenBrowser, odd: str) -> None:
    inside = client_for(None)
    room = let_in(inside, school.share())
    page = inside.get(f"{room}/exhibits?category=03&{odd}")
    assert page.status_code == 200
    assert f'href="{room}/exhibits?category=03&amp;exhibit=E-0301-02-02#exhibit"' in page.text


def test_a_link_that_ended_says_so_to_a_visitor_without_a_way_into_the_school(
    school: School, client_for: OpenBrowser
) -> None:
    issued = school.share()
    school.set(revoked_at=now())
    page = client_for(None).get(f"/s/{issued.token}").text
    assert "This link is not open" in page
    assert "Ask the school for a new one" in page
    assert "To the start" not in page
