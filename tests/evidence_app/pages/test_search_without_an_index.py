"""The library while the search index is lost: titles alone, said so, and the index asked for."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest
from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Visibility
from evidence_app.domain.jobs import Job, JobKind
from evidence_app.domain.search import by_title
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
SAID = "being rebuilt, 0 %."


@pytest.fixture
def teacher(client_for: OpenBrowser, world: World) -> Browser:
    return client_for(world.teacher)


def test_titles_are_looked_through_until_the_index_is_made_anew(
    teacher: Browser, filed: FileItem, work_and_draw: Callable[[], None], backends: Backends
) -> None:
    filed("Assessment policy.txt", b"All about rubrics.")
    work_and_draw()
    shutil.rmtree(backends.settings.home / "index")

    for _ in range(2):
        page = teacher.get("/alder-bay/evidence/?q=assessment")
        assert page.status_code == 200
        assert SAID in page.text
        assert "policy" in page.text
    with backends.database.reading() as session:
        assert list(session.scalars(select(Job.kind))) == [JobKind.REBUILD_INDEX]

    work_and_draw()
    page = teacher.get("/alder-bay/evidence/?q=rubrics")
    assert SAID not in page.text
    assert "Assessment" in page.text


QUESTIONS = {
    "evaluation": {"Évaluation"},
    '"assessment policy"': {"Assessment policy"},
    '"policy assessment"': set(),
    "assess*": {"Assessment policy", "Assessments of spring"},
    "polic* -assessment": {"Policing the corridor"},
    "(corridor OR policies) -draft": {"Assessment policy", "Policing the corridor"},
    "assessment programme:DP": {"Assessments of spring"},
    "zebra": set(),
    "zebra programme:DP": set(),
    "assessment -has:text": {"Assessment policy", "Assessments of spring"},
    "evaluation OR (has:text has:purpose)": {"Évaluation"},
    "evaluation -(has:text has:purpose)": {"Évaluation"},
}


def test_titles_are_read_by_the_whole_grammar(
    teacher: Browser,
    world: World,
    filed: FileItem,
    work_and_draw: Callable[[], None],
    backends: Backends,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number, title in enumerate(("Assessment policy", "Policing the corridor", "Évaluation")):
        filed(f"{number}.txt", b"zebra", title=title)
    filed("3.txt", b"zebra", title="Assessments of spring", programmes=("DP",))
    filed("4.txt", b"zebra", title="Assessment of one", actor=world.coordinator, visibility=Visibility.PRIVATE)
    work_and_draw()
    shutil.rmtree(backends.settings.home / "index")
    titles = ["Assessment policy", "Policing the corridor", "Évaluation", "Assessments of spring", "Assessment of one"]
    for typed, expected in QUESTIONS.items():
        page = teacher.get("/alder-bay/evidence/", query_string={"q": typed}).text
        assert {title for title in titles if f'aria-label="Select {title}"' in page} == expected, typed
        assert ("has: cannot be looked at, and was left out" in page) == ("has:" in typed)
    page = teacher.get("/alder-bay/evidence/?programme=DP&strength=3").text
    assert [title for title in titles if f'aria-label="Select {title}"' in page] == ["Assessments of spring"]
    assert "strength: cannot be looked at" in page
    monkeypatch.setattr(by_title, "MOST_READ", 2)
    page = teacher.get("/alder-bay/evidence/").text
    assert "only the newest 2 are looked through" in page
    assert page.count('aria-label="Select ') == 2
    page = teacher.get("/alder-bay/evidence/?q=evaluations").text
    assert "Évaluation" in page
    assert "only the newest" not in page
