"""Whatever people write is text on every page, in every error and document (S19, S21, R28): nothing of it runs."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import lxml.html
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy import select

import exports
from evidence_app.app import create_app
from evidence_app.backends import build_backends
from evidence_app.database.engines import sqlite_module
from evidence_app.domain import accounts, reports, sharing
from evidence_app.domain.access import Role
from evidence_app.domain.reports import Snapshot
from evidence_app.domain.tables import ALL_TABLES
from evidence_app.settings import load_settings
from tests.evidence_app.pages.conftest import COOKIE
from tests.journeys.browser import served
from tests.journeys.known import Ids, known
from tests.journeys.payloads import MARK, PAYLOADS, words_of, write_everywhere
from tests.journeys.school import LivingSchool, do_work
from tests.journeys.test_every_page import pages_of

EVENTS = "//@*[starts-with(name(), 'on')]"
LINKS = "//@href | //@src | //@action | //@formaction | //@data | //@hx-get | //@hx-post | //@content"
FRAMES = "//iframe | //object | //embed | //base | //meta[@http-equiv] | //@srcdoc | //script[not(@src)]"
MOST_TELLING = ("home.home", "evidence.item", "study.answer")


@dataclass(frozen=True)
class Poisoned:
    """A school all of whose texts are payloads, an address of each of its pages, and a visitor's link to its study."""

    school: LivingSchool
    ids: Ids
    written: int
    issued: sharing.Issued

    def addresses(self) -> dict[str, str]:
        """Endpoint -> address; and what answers with an error that repeats what was asked."""
        ask = f"<{MARK}><script>parent.canaryRan=1</script>"
        library = f"{self.school.home}/evidence/"
        return pages_of(self.school, self.ids) | {
            "a search": f"{library}?q={ask}",
            "a like": f"{library}?like={ask}",
            "a folder": f"{self.school.home}/evidence/{ask}",
            "nowhere": f"/{ask}",
            "a fragment": f"{library}{self.ids['item_id']}?view=text",
        }

    def sign_in(self, client: FlaskClient, role: Role) -> FlaskClient:
        with self.school.backends.database.unit_of_work() as session:
            token = accounts.open_session(session, person_id=self.school.actors[role].person_id, browser=PAYLOADS[1])
        client.set_cookie(COOKIE, token)
        return client


@pytest.fixture(scope="module")
def poisoned(school: LivingSchool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Poisoned]:
    """A copy of the living school, made while it had one of everything."""
    home = tmp_path_factory.mktemp("poisoned") / "home"
    with known(school) as ids:
        do_work(school)
        shutil.copytree(school.backends.settings.home, home, ignore=shutil.ignore_patterns("evidence.db*", "*.lock"))
        source = school.backends.settings.home / "evidence.db"
        # With the library the school itself uses: another one in this process would not see its locks, and on closing
        # take the log away from under it.
        sqlite = sqlite_module()
        with closing(sqlite.connect(source)) as there, closing(sqlite.connect(home / "evidence.db")) as here:
            there.backup(here)
        ids = dict(ids)
    backends = build_backends(load_settings({"EVIDENCE_HOME": str(home), "EVIDENCE_SEARCH_URL": "whoosh:"}))
    with backends.database.unit_of_work() as session:
        written = write_everywhere(session)
    coordinator = school.actors[Role.COORDINATOR]
    frozen = reports.freeze(
        backends.database, backends.blobs, actor=coordinator, evaluation_id=ids["evaluation_id"], keep_texts=True
    )
    with backends.database.unit_of_work() as session:
        issued = sharing.issue(session, actor=coordinator, snapshot_id=frozen.snapshot.id, note=PAYLOADS[3])
    app = create_app(backends)
    with served(app) as address:
        copy = LivingSchool(address, backends, school.school, school.actors, app)
        yield Poisoned(copy, ids, written, issued)
    backends.close()


def test_every_column_is_written_or_known_to_hold_no_words(poisoned: Poisoned) -> None:
    columns = {f"{table.name}.{name}" for table in ALL_TABLES for name in words_of(table)}
    assert poisoned.written > 200
    wanted = {"items.title", "versions.file_name", "version_texts.text", "tags.note", "groups.name", "people.name"}
    wanted |= {"responses.narrative", "campuses.name", "shares.note", "share_passcodes.name", "progress_notes.text"}
    assert wanted <= columns


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, pytest.param(Role.TEACHER, marks=pytest.mark.soak)])
def test_no_page_takes_what_was_written_for_its_own_markup(poisoned: Poisoned, role: Role) -> None:
    client = poisoned.sign_in(poisoned.school.app.test_client(), role)
    found, said = {}, 0
    for endpoint, address in poisoned.addresses().items():
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code < 500, (endpoint, answer.text[:500])
        if answer.mimetype == "text/html":
            said += lxml.html.fromstring(answer.data).text_content().count(MARK)
            if faults := faults_in(answer.data):
                found[endpoint] = faults
    assert found == {}
    # The words are there, as words.
    assert said > 50


def test_no_visitor_s_page_takes_what_was_written_for_its_own_markup(poisoned: Poisoned) -> None:
    client, first = visitor_of(poisoned)
    waiting, seen, said = [first], set(), 0
    while waiting and len(seen) < 40:
        address = waiting.pop()
        seen.add(address)
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code < 500, address
        if answer.mimetype == "text/html":
            page = lxml.html.fromstring(answer.data)
            said += page.text_content().count(MARK)
            assert faults_in(answer.data) == [], address
            links = {str(link).partition("#")[0] for link in page.xpath("//a/@href")}
            waiting += sorted(link for link in links - seen - set(waiting) if link.startswith(first))
    assert (len(seen), said) > (5, 20), (seen, said)


def test_no_document_takes_what_was_written_for_its_own_markup(poisoned: Poisoned) -> None:
    backends = poisoned.school.backends
    with backends.database.reading() as session:
        frozen = session.scalars(select(Snapshot).where(Snapshot.id == poisoned.issued.share.snapshot_id)).one()
        report = reports.report_of(backends.blobs, frozen)
        stamp = reports.stamp(session, frozen, report.language)
    out = io.BytesIO()
    school_id = poisoned.school.school.id
    reports.compile(
        report, stamp, reports.KINDS["zip"], out, open_blob=lambda sha256: backends.blobs.open(school_id, sha256)
    )
    with zipfile.ZipFile(out) as bundle:
        pages = {name: bundle.read(name) for name in bundle.namelist() if name.endswith(".html") and "/" not in name}
        [document] = [name for name in bundle.namelist() if name.endswith(".docx") and "/" not in name]
        assert exports.check_docx(bundle.read(document)) == []
        names = [name.rpartition("/")[2] for name in bundle.namelist()]
        with zipfile.ZipFile(io.BytesIO(bundle.read(document))) as word:
            links = b"".join(word.read(name) for name in word.namelist() if name.endswith(".rels"))
    # R28: every name is one that Windows takes, too, and no two are the same there.
    assert len({name.casefold() for name in names}) == len(names) > 4
    assert [name for name in names if set(name) & set('<>:"/\\|?*\x00\n\r') or name.endswith((" ", "."))] == []
    assert pages
    for name, page in pages.items():
        faults = [fault for fault in faults_in(page) if not fault.startswith("script")]
        assert faults == [], name
    assert MARK.encode() in b"".join(pages.values())
    assert b"javascript:" not in links.lower()


def visitor_of(poisoned: Poisoned) -> tuple[FlaskClient, str]:
    """Somebody who came in by the link and its passcode, and the page they came to."""
    client = poisoned.school.app.test_client()
    door = client.get(f"/s/{poisoned.issued.token}", follow_redirects=True)
    form = lxml.html.fromstring(door.data, base_url="http://localhost").forms[-1]
    fields = {**dict(form.fields), "passcode": poisoned.issued.passcodes[0][1]}
    entered = client.post((form.action or door.request.path).removeprefix("http://localhost"), data=fields)
    assert entered.status_code in (302, 303), entered.text[:2000]
    return client, entered.location


def faults_in(page: bytes) -> list[str]:
    """Whatever of the page may have come from what people wrote; lists of our own scripts and links pass."""
    tree = lxml.html.fromstring(page)
    faults = [f"element {found.tag}" for found in tree.iter(MARK)]
    faults += [f"event {found}" for found in tree.xpath(EVENTS)]
    faults += [f"script {getattr(found, 'tag', found)}" for found in tree.xpath(FRAMES)]
    for link in tree.xpath(LINKS):
        told = "".join(str(link).split()).lower()
        if told.startswith(("javascript:", "vbscript:", "data:text")):
            faults.append(f"link {link}")
    return faults


@pytest.mark.browser
def test_nothing_runs_in_a_browser_that_would_let_it(browser: Browser, poisoned: Poisoned) -> None:
    """Without our Content-Security-Policy, which would stop most of it even if a page were careless."""
    walk(browser, poisoned, {name: poisoned.addresses()[name] for name in MOST_TELLING if name in poisoned.addresses()})


@pytest.mark.browser
@pytest.mark.soak
def test_nothing_runs_on_any_page_in_a_browser_that_would_let_it(browser: Browser, poisoned: Poisoned) -> None:
    walk(browser, poisoned, poisoned.addresses())


def walk(browser: Browser, poisoned: Poisoned, addresses: dict[str, str]) -> None:
    context = browser.new_context(bypass_csp=True, base_url=poisoned.school.address)
    poisoned.school.sign_in(context, Role.ADMINISTRATOR)
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    assert addresses
    for endpoint, address in addresses.items():
        if page.request.get(address).headers.get("content-type", "").startswith("text/html"):
            page.goto(address)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert page.evaluate("window.canaryRan ?? 0") == 0, endpoint
            assert page.locator(MARK).count() == 0, endpoint
    # The oracle can fail: in this very window, what is careless runs.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.canaryRan=1\">')")
    page.wait_for_function("window.canaryRan === 1")
    context.close()
