"""Visitors: the door, the room, and that nothing but the snapshot is ever in it."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from evidence_app.backends import Backends
from evidence_app.database import now
from evidence_app.domain import reports, selfstudy, sharing, tagging
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.extraction import Reading, ReadingState, keep_readings
from evidence_app.domain.sharing import Issued, Share
from tests.evidence_app.pages.conftest import Browser, FileItem
from tests.fixtures import World

PRACTICE = "ib-psp-2020/0301-02"
SECRET = "zanzibarquokka"
OpenBrowser = Callable[[None], Browser]
ROOT = Path(__file__).parents[3]


class School:
    """A self-study with two released exhibits, ready to be shared."""

    def __init__(self, world: World, backends: Backends, filed: FileItem, work: Callable[[], None]) -> None:
        self.world, self.backends, self.work, self.filed = world, backends, work, filed
        with backends.database.unit_of_work() as session:
            self.evaluation_id = selfstudy.open_evaluation(
                session,
                actor=world.coordinator,
                framework_key="ib-psp-2020",
                programmes=["DP"],
                visit_on=date(2027, 10, 12),
            ).id
        self.items = [
            self.file("policy.txt", "How every pupil belongs.", title="Inclusion policy"),
            self.file("chart.txt", "Who helps whom, on one page.", title="Chart"),
        ]
        self.write("It is written down [[E-0301-02-01]].", self.items)

    def file(self, name: str, text: str, *, title: str, visibility: Visibility = Visibility.SHAREABLE) -> Item:
        """An item that was read; a private one is the learning support coordinator's."""
        actor = self.world.learning_support if visibility == Visibility.PRIVATE else self.world.coordinator
        item = self.filed(name, text.encode(), actor=actor, visibility=visibility, title=title)
        reading = Reading(media_type="text/plain", state=ReadingState.TEXT_FOUND, text=text, language="en")
        with self.backends.database.unit_of_work() as session:
            keep_readings(session, school_id=item.school_id, readings={item.current_version_id: reading})
        return item

    def write(self, narrative: str | None, items: list[Item], node_key: str = PRACTICE) -> None:
        """Write an answer and cite items in it, as whoever filed them."""
        with self.backends.database.unit_of_work() as session:
            written = selfstudy.write_response(
                session,
                actor=self.world.coordinator,
                evaluation_id=self.evaluation_id,
                node_key=node_key,
                programme="DP",
                rating=2,
                narrative=narrative,
            )
            for item in items:
                actor = self.world.learning_support if item.visibility == Visibility.PRIVATE else self.world.coordinator
                selfstudy.cite(session, actor=actor, response_id=written.response.id, item_id=item.id)

    def share(self, *, prepared: bool = False, **options: object) -> Issued:
        """A share of the self-study as it stands; made ready by the worker where a test looks at that."""
        frozen = reports.freeze(
            self.backends.database,
            self.backends.blobs,
            actor=self.world.coordinator,
            evaluation_id=self.evaluation_id,
            keep_texts=True,
        )
        with self.backends.database.unit_of_work() as session:
            issued = sharing.issue(
                session,
                actor=self.world.coordinator,
                snapshot_id=frozen.snapshot.id,
                **options,  # type: ignore[arg-type]
            )
        if prepared:
            self.work()
        return issued

    def set(self, **values: object) -> None:
        """Change every share, behind the product's back."""
        with self.backends.database.unit_of_work() as session:
            session.execute(update(Share).values(**values))


@pytest.fixture
def school(world: World, backends: Backends, filed: FileItem, work: Callable[[], None]) -> School:
    """The school whose self-study is shared."""
    return School(world, backends, filed, work)


def let_in(browser: Browser, issued: Issued) -> str:
    """The address of the room, which this browser may read now."""
    assert browser.get(f"/s/{issued.token}").status_code == 303
    room = f"/s/room/{issued.share.room}"
    answer = browser.post(f"{room}/enter", data={"passcode": issued.passcodes[0][1]})
    assert answer.status_code == 303, answer.text
    return room


class Links(HTMLParser):
    """Every address a page names."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def crawl(browser: Browser, room: str) -> Iterator[tuple[str, TestResponse]]:
    """Every page, picture and file that can be reached from the room's front, and some questions to its search."""
    seen: set[str] = set()
    ahead = [f"{room}/", *(f"{room}/search?q={q}" for q in ("belongs", "page", SECRET, "E-0301-02-03", ""))]
    while ahead:
        address = ahead.pop(0)
        if address in seen:
            continue
        seen.add(address)
        answer = browser.get(address)
        yield address, answer
        if answer.status_code in (301, 302, 303, 308):
            ahead.append(answer.headers["Location"])
        elif answer.mimetype == "text/html":
            for link in Links(answer.text).found:
                target = link.partition("#")[0]
                if not target or link.startswith(("http", "data:")):
                    continue
                if target.startswith("?"):
                    target = address.partition("?")[0] + target
                elif not target.startswith("/"):
                    target = f"{address.partition('?')[0].rpartition('/')[0]}/{target}"
                if target.startswith(room) and not target.endswith("/leave"):
                    ahead.append(target)


def opened(content: bytes) -> list[bytes]:
    """The bytes themselves, and those inside where they are an archive."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [content, *(p for name in archive.namelist() for p in [name.encode(), *opened(archive.read(name))])]


# -- the door
def test_the_link_is_exchanged_for_a_cookie_of_its_room_and_leaves_the_address(
    school: School, client_for: OpenBrowser
) -> None:
    issued = school.share()
    answer = client_for(None).get(f"/s/{issued.token}")
    cookie = answer.headers["Set-Cookie"]
    assert issued.token not in answer.headers["Location"]
    assert f"Path=/s/room/{issued.share.room}/" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_door_says_nothing_of_the_school(school: School, client_for: OpenBrowser) -> None:
    issued = school.share()
    browser = client_for(None)
    browser.get(f"/s/{issued.token}")
    page = browser.get(f"/s/room/{issued.share.room}/enter")
    assert page.status_code == 200
    for word in ("Alder", "Inclusion", "self-study 20", issued.token):
        assert word not in page.text


def test_with_the_passcode_one_reads_the_practice_its_exhibits_and_their_texts(
    school: School, client_for: OpenBrowser
) -> None:
    browser = client_for(None)
    room = let_in(browser, school.share(names=["Ana"], prepared=True))
    page = browser.get(f"{room}/part/P_0301_02?exhibit=E-0301-02-02&as=text").text
    for words in ("Alder Bay", "Inclusion policy", "It is written down", "Who helps whom, on one page."):
        assert words in page
    assert browser.get(f"{room}/exhibit/E-0301-02-01/file?download=1").data == b"How every pupil belongs."
    assert browser.get(f"{room}/E-0301-02-02").headers["Location"].endswith("part/P_0301_02?exhibit=E-0301-02-02")
    taken = browser.get(f"{room}/offline")
    assert taken.status_code == 200, taken.text
    with zipfile.ZipFile(io.BytesIO(taken.data)) as bundle:
        assert "self-study.docx" in bundle.namelist()


def test_a_wrong_passcode_is_told_and_the_tenth_closes_the_door_for_a_while(
    school: School, client_for: OpenBrowser
) -> None:
    issued = school.share()
    browser = client_for(None)
    browser.get(f"/s/{issued.token}")
    door = f"/s/room/{issued.share.room}/enter"
    statuses = [browser.post(door, data={"passcode": f"wrong {n}"}).status_code for n in range(11)]
    assert statuses == [422] * 10 + [429]


def test_unknown_expired_and_revoked_links_answer_alike_on_every_route(
    school: School, client_for: OpenBrowser, app: Flask
) -> None:
    issued = school.share()
    inside = client_for(None)
    room = let_in(inside, issued)
    school.set(expires_at=now() - timedelta(seconds=1))
    expired = _refusals(app, inside, issued.share.room, issued.token)
    school.set(expires_at=now() + timedelta(days=1), expired_at=None, revoked_at=now())
    revoked = _refusals(app, inside, issued.share.room, issued.token)
    unknown = _refusals(app, client_for(None), "0" * 16, "nobodys-token")
    assert set(expired) == set(revoked) == set(unknown)
    for route in unknown:
        assert unknown[route] == expired[route] == revoked[route], route
        assert unknown[route][0] == 404
    assert room


def _refusals(app: Flask, browser: Browser, room: str, token: str) -> dict[str, tuple[int, str]]:
    """What every visitor route answers, by GET and HEAD, with what differs by nature masked."""
    values = {
        "room": room,
        "token": token,
        "anchor": "P_0301_02",
        "number": "E-0301-02-01",
        "page": 0,
        "address": "a/b",
    }
    adapter = app.url_map.bind("localhost")
    answers = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("visitor.") and "GET" in (rule.methods or ()):
            address = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
            answer = browser.get(address, headers={"Range": "bytes=0-3", "If-None-Match": '"x"'})
            assert browser.head(address).status_code == answer.status_code
            answers[rule.endpoint] = (answer.status_code, masked(answer.text, room))
    return answers


def masked(text: str, room: str) -> str:
    """A page without the address of its room, and without the tokens of its forms, which tell when they were made."""
    return re.sub(r'(csrf[-_]token" (?:content|value)=")[^"]+', r"\1", text.replace(room, "ROOM"))


def test_a_room_is_closed_to_whoever_reads_in_another(school: School, client_for: OpenBrowser) -> None:
    one, other = school.share(), school.share()
    browser = client_for(None)
    let_in(browser, one)
    assert browser.get(f"/s/room/{other.share.room}/part/P_0301_02").status_code == 404


def test_a_wrong_address_in_an_open_room_leads_back_into_it(school: School, client_for: OpenBrowser) -> None:
    private = school.file("hush.txt", "hush", title="Hush", visibility=Visibility.STAFF)
    browser = client_for(None)
    room = let_in(browser, school.share(may_download=False))
    wrong = ("part/P_9999_99", "E-9999-99-99", "exhibit/E-9999-99-99/file", "offline", "exhibit/E-0301-02-01/file")
    answers = [browser.get(f"{room}/{address}") for address in (*wrong, "nothing/at/all", "nothing", private.id)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1, "what is not there and what is closed answer alike"
    assert "There is no such page in this room" in answers[0].text
    assert f'href="{room}/"' in answers[0].text
    assert "has ended" not in answers[0].text
    assert "/sign-in" not in answers[0].text
    browser.post(f"{room}/leave")
    after = browser.get(f"{room}/nothing/at/all").text
    assert "It has ended" in after
    assert f'href="{room}/"' not in after


def test_leaving_ends_the_visit(school: School, client_for: OpenBrowser) -> None:
    browser = client_for(None)
    room = let_in(browser, school.share())
    assert browser.post(f"{room}/leave").status_code == 200
    assert browser.get(f"{room}/part/P_0301_02").status_code == 404


def test_where_nothing_may_be_taken_home_no_file_is_served(school: School, client_for: OpenBrowser) -> None:
    browser = client_for(None)
    room = let_in(browser, school.share(may_download=False))
    page = browser.get(f"{room}/part/P_0301_02?exhibit=E-0301-02-01").text
    assert "download=1" not in page
    assert "offline" not in page
    for address in ("exhibit/E-0301-02-01/file", "exhibit/E-0301-02-01/file?download=1", "offline"):
        assert browser.get(f"{room}/{address}").status_code == 404


# -- what may never be in it
def test_confidential_work_changes_not_one_byte_of_what_a_visitor_gets(school: School, client_for: OpenBrowser) -> None:
    school.work()
    before = school.share(prepared=True)
    browser = client_for(None)
    room = let_in(browser, before)
    first = {a.replace(before.share.room, "ROOM"): _seen(r, before.share.room) for a, r in crawl(browser, room)}
    _file_secrets(school)
    after = school.share(prepared=True)
    other = client_for(None)
    again = {
        a.replace(after.share.room, "ROOM"): _seen(r, after.share.room) for a, r in crawl(other, let_in(other, after))
    }
    assert after.share.snapshot_id == before.share.snapshot_id, "not even the snapshot's hash tells"
    assert set(first) == set(again)
    assert len(first) > 50
    for address, seen in first.items():
        assert seen == again[address], address


def _seen(answer: TestResponse, room: str) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers of an answer; what differs from answer to answer by nature is masked."""
    body = hashlib.sha256(masked(answer.data.decode("latin-1"), room).encode()).hexdigest()
    headers = {k: v.replace(room, "ROOM") for k, v in answer.headers.items() if k not in ("Set-Cookie", "Date")}
    return answer.status_code, body, headers


def _file_secrets(school: School) -> None:
    """Private and staff items with canaries in every text, tagged, accepted and cited."""
    secrets = [
        school.file(
            f"{SECRET}-{n}.txt", f"{SECRET} {n} belongs here", title=f"{SECRET} title {n}", visibility=visibility
        )
        for n, visibility in enumerate([Visibility.PRIVATE, Visibility.STAFF] * 2)
    ]
    with school.backends.database.unit_of_work() as session:
        for item in secrets[2:]:
            actor = school.world.learning_support
            tag = tagging.attach(
                session, actor=actor, item_id=item.id, node_key="ib-psp-2020/0401-02", note=SECRET, strength=3
            )
            if item.visibility == Visibility.STAFF:
                tagging.review(
                    session, actor=school.world.coordinator, tag_ids=[tag.id], state=tagging.TagState.ACCEPTED
                )
    school.write(None, secrets[:2])


def test_no_canary_is_in_any_byte_a_visitor_can_reach(school: School, client_for: OpenBrowser) -> None:
    _file_secrets(school)
    browser = client_for(None)
    room = let_in(browser, school.share(prepared=True))
    answers = list(crawl(browser, room))
    assert len(answers) > 50
    for address, answer in answers:
        asked_for = f"q={SECRET}" in address
        for part in opened(answer.data):
            found = part.lower().count(SECRET.encode())
            # The page repeats what was typed into its search: in the field, and in the sentence about the result.
            assert found <= (2 if asked_for else 0), address
        assert SECRET not in str(answer.headers)


def test_the_room_goes_on_showing_what_was_frozen(school: School, client_for: OpenBrowser) -> None:
    browser = client_for(None)
    room = let_in(browser, school.share())
    school.write("Rewritten since.", [])
    page = browser.get(f"{room}/part/P_0301_02").text
    assert "It is written down" in page
    assert "Rewritten since" not in page


def test_pages_are_kept_in_no_cache_and_name_no_hash(school: School, client_for: OpenBrowser) -> None:
    browser = client_for(None)
    room = let_in(browser, school.share())
    for _, answer in crawl(browser, room):
        if answer.status_code == 200:
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert "ETag" not in answer.headers
            if answer.mimetype == "text/html":
                assert not re.search(r"/[0-9a-f]{64}", answer.text), "no address of bytes by their hash"


def test_what_a_visitor_opened_is_written_down(school: School, client_for: OpenBrowser) -> None:
    browser = client_for(None)
    issued = school.share(names=["Ana Lima"])
    room = let_in(browser, issued)
    browser.get(f"{room}/part/P_0301_02?exhibit=E-0301-02-01")
    browser.get(f"{room}/exhibit/E-0301-02-01/file?download=1")
    with school.backends.database.reading() as session:
        lines = sharing.visits_of(session, school.world.coordinator, issued.share.id)
    assert {(line.name, str(line.visit.kind), line.visit.what) for line in lines} == {
        ("Ana Lima", "entered", ""),
        ("Ana Lima", "read", "0301-02"),
        ("Ana Lima", "opened", "E-0301-02-01"),
        ("Ana Lima", "downloaded", "E-0301-02-01"),
    }
