"""What a suggestion ticks is named beside the button that saves it, as long as the person has said nothing of it."""

from __future__ import annotations

from collections.abc import Callable

from evidence_app.domain.access import Actor
from tests.evidence_app.pages.conftest import Browser, as_sent
from tests.fixtures import World

OpenBrowser = Callable[[Actor | None], Browser]
NEW = "/alder-bay/evidence/new"


def bar_of(page: str) -> str:
    """What the bar that saves says."""
    return page.partition('id="savebar"')[2]


def test_the_bar_names_what_is_ticked_unasked_until_something_is_said_of_the_card(
    client_for: OpenBrowser, world: World, work: Callable[[], None]
) -> None:
    teacher = client_for(world.teacher)
    policy = ("Inclusion policy.txt", b"Inclusion policy. How we include every student with barriers to learning.")
    teacher.post(f"{NEW}/files", **as_sent(policy, ("Shopping.txt", b"Milk, bread."), form_key="k"))
    assert "Ticked for you" not in bar_of(teacher.get(NEW).text), "nothing is saved of what is being read"
    work()

    for page in (teacher.get(NEW).text, teacher.get(f"{NEW}/summary").text):
        told = bar_of(page).partition("Ticked for you, and saved with it:")[2].partition("</ul>")[0]
        assert ">Inclusion policy.txt</a>: Inclusion policy" in told
        assert "Shopping" not in told

    item_id = told.partition('href="#card-')[2].partition('"')[0]
    teacher.post(f"{NEW}/kept", data={"item": item_id, f"note-{item_id}": "Section 2."})
    assert "Ticked for you" not in bar_of(teacher.get(NEW).text)


def test_what_is_saved_in_two_tabs_is_told_and_nothing_is_replaced(
    client_for: OpenBrowser, world: World, work: Callable[[], None]
) -> None:
    teacher = client_for(world.teacher)
    teacher.post(f"{NEW}/files", **as_sent(("Shopping.txt", b"Milk, bread."), form_key="k"))
    work()
    item_id = teacher.get(NEW).text.partition('id="card-')[2].partition('"')[0]
    said = {"item": item_id, f"practices-{item_id}": "ib-psp-2020/0301-02", "visibility": "staff"}

    first = teacher.post(NEW, data={**said, f"note-{item_id}": "Week 3."}, follow_redirects=True).text
    second = teacher.post(NEW, data={**said, f"note-{item_id}": "Week 4."}, follow_redirects=True).text

    told = "“Shopping” was saved in another window meanwhile"
    assert told not in first
    assert told in second
    assert "Week 3.; Week 4." in teacher.get(f"/alder-bay/evidence/{item_id}").text
