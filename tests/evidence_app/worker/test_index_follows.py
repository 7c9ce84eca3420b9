"""The search index follows every change of an item (R20): after the work is done it answers as one built anew would."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from evidence_app.database import Database
from evidence_app.domain import accounts, evidence, extraction, schools, search, tagging
from evidence_app.domain.access import Role
from evidence_app.domain.accounts import actor_by_email
from evidence_app.domain.evidence import Item, ItemFacts, Version, Visibility
from evidence_app.domain.extraction import Reading, ReadingState
from evidence_app.domain.schools import school_by_key
from evidence_app.domain.search import FACETS, SearchRequest, all_documents, indexed_ids, open_index, parse
from evidence_app.errors import AppError
from evidence_app.worker.handlers import Lane
from evidence_app.worker.loop import work_once
from evidence_app.worker.tools import Tools
from tests.backends import backends_in
from tests.fixtures import ROLES, STRANGER, World, build_world

WORDS = ("rubric", "exhibition", "inclusion", "library", "portfolio", "timetable", "council", "garden", "policy")
NODES = ("ib-psp-2020/0301-02", "ib-psp-2020/0401-02", "ib-psp-2020/0402-06")
PEOPLE = ("Noor Haddad", "Milan Farouk", "Leonie Brandt")
SUBJECTS = ("Biology", "History", "Dance")
QUERIES = (*WORDS, *(f"by:{name.split()[1].lower()}" for name in PEOPLE), *(name.lower() for name in SUBJECTS), "plan")
NAMES = ("plan", "assessment policy", "minutes of a meeting")
AT_ONCE = st.sampled_from([Visibility.PRIVATE, Visibility.STAFF, Visibility.SHAREABLE])


class Library(RuleBasedStateMachine):
    """People change a school's evidence in any order; now and then the worker comes by."""

    items = Bundle("items")

    def __init__(self, home: Path, template: bytes) -> None:
        super().__init__()
        self.numbers = itertools.count()
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        (home / "world.db").write_bytes(template)
        self.database = Database(f"sqlite:///{home / 'world.db'}")
        with self.database.reading() as session:
            school, neighbour = school_by_key(session, "alder-bay"), school_by_key(session, "birch-hill")
            actors = {role: actor_by_email(session, f"{role}@alder.example") for role in ROLES}
            self.world = World(self.database, school, neighbour, actors, actor_by_email(session, STRANGER))
        with self.database.unit_of_work() as session:
            division = schools.add_subject(session, actor=self.world.administrator, name=SUBJECTS[0])
            session.flush()
            self.subject_id = division.id
        self.backends = backends_in(home / "home", self.database, SEARCH_URL="whoosh:")
        self.tools = Tools(self.backends)
        self.fresh = open_index("whoosh:", home / "fresh", school.id)

    def act(self, what: Callable[..., object], **values: object) -> None:
        """Do it as the coordinator; what is refused changes nothing, and that is looked at too."""
        try:
            with self.database.unit_of_work() as session:
                what(session, actor=self.world.coordinator, **values)
        except AppError:
            return

    def read(self, item_id: str, words: list[str]) -> None:
        """The newest version of an item has this text, as if a child had read it."""
        with self.database.unit_of_work() as session:
            item = session.get_one(Item, (self.world.school.id, item_id))
            reading = Reading("text/plain", ReadingState.TEXT_FOUND, text=" ".join(words), language="en")
            extraction.keep_readings(session, school_id=item.school_id, readings={item.current_version_id: reading})

    @rule(
        target=items,
        words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=4),
        visibility=AT_ONCE,
        name=st.sampled_from(NAMES),
    )
    def file(self, words: list[str], visibility: Visibility, name: str = NAMES[0]) -> object:
        number = next(self.numbers)
        item = self.world.file_item(
            self.world.coordinator, name=f"{name} {number}.txt", content=b"%d" % number, visibility=visibility
        )
        self.read(item.id, words)
        return item.id

    @rule(item=items, words=st.lists(st.sampled_from(WORDS), max_size=3))
    def new_version(self, item: str, words: list[str]) -> None:
        number = next(self.numbers)
        blob = self.backends.blobs.put(self.world.school.id, [b"%d" % number])
        self.act(evidence.replace, item_id=item, blob=blob, file_name=f"plan {number}.txt", media_type="text/plain")
        self.read(item, words)

    @rule(item=items)
    def bring_back_the_first(self, item: str) -> None:
        with self.database.reading() as session:
            first = session.scalars(select(Version.id).where(Version.item_id == item).order_by(Version.number)).first()
        self.act(evidence.bring_back, item_id=item, version_id=first)
        self.read(item, [WORDS[0]])

    @rule(item=items, word=st.sampled_from(WORDS), has_subject=st.booleans())
    def edit(self, item: str, word: str, has_subject: bool) -> None:
        facts = ItemFacts(
            title=f"plan of {word}",
            purpose=word,
            visibility=Visibility.STAFF,
            subject_id=self.subject_id if has_subject else None,
        )
        self.act(evidence.update_facts, item_id=item, facts=facts)

    @rule(item=items, visibility=AT_ONCE)
    def open_or_close(self, item: str, visibility: Visibility) -> None:
        self.act(evidence.set_visibility, item_ids=[item], visibility=visibility)

    @rule(item=items, node=st.sampled_from(NODES), word=st.sampled_from(WORDS))
    def tag(self, item: str, node: str, word: str) -> None:
        self.act(tagging.attach, item_id=item, node_key=node, note=word)

    @rule(item=items, state=st.sampled_from([tagging.TagState.ACCEPTED, tagging.TagState.RETURNED]))
    def review(self, item: str, state: tagging.TagState) -> None:
        for tag_id in self._tags(item):
            self.act(tagging.review, tag_ids=[tag_id], state=state, reply="why?")

    @rule(item=items)
    def take_tags_away(self, item: str) -> None:
        for tag_id in self._tags(item):
            self.act(tagging.detach, tag_id=tag_id)

    @rule(item=items)
    def withdraw(self, item: str) -> None:
        self.act(evidence.withdraw, item_ids=[item])

    @rule(item=items)
    def restore(self, item: str) -> None:
        self.act(evidence.restore, item_id=item)

    @rule(name=st.sampled_from(PEOPLE))
    def be_called_otherwise(self, name: str) -> None:
        with self.database.unit_of_work() as session:
            accounts.set_preferences(
                session, person_id=self.world.coordinator.person_id, name=name, language="en", theme="auto"
            )

    @rule()
    def half_the_work(self) -> None:
        work_once(self.tools, [Lane.OWN])

    @rule()
    def all_the_work(self) -> None:
        while work_once(self.tools, [Lane.OWN]):
            pass
        index = self.backends.index(self.world.school.id)
        with self.database.reading() as session, self.fresh.rebuilding() as fresh:
            wanted = indexed_ids(session, self.world.school.id)
            for documents in all_documents(session, self.world.school.id):
                fresh.add(documents)
        try:
            index.open()
        except search.IndexUnusable:
            assert not wanted
            return
        assert index.ids() == wanted == self.fresh.ids()
        for query in QUERIES:
            request = SearchRequest(query=parse(query), facets=list(FACETS), limit=100)
            one, other = index.search(request), self.fresh.search(request)
            assert {hit.item_id for hit in one.hits} == {hit.item_id for hit in other.hits}, query
            assert one.facets == other.facets, query

    @invariant()
    def nobody_finds_what_is_closed_to_them(self) -> None:
        """At once, whatever the index says: access is asked of the rows."""
        try:
            with self.database.reading() as session:
                page = search.find(
                    session, self.backends.index(self.world.school.id), self.world.actors[Role.READER], "plan"
                )
                shown = [hit.item.id for hit in page.hits]
                closed = Item.visibility == Visibility.PRIVATE
                hidden = session.scalars(select(Item.id).where(closed | Item.withdrawn_at.is_not(None)))
                assert not set(shown) & set(hidden)
        except search.IndexUnusable:
            return

    def _tags(self, item: str) -> list[str]:
        with self.database.reading() as session:
            return list(session.scalars(select(tagging.Tag.id).where(tagging.Tag.item_id == item)))

    def teardown(self) -> None:
        try:
            self.all_the_work()
        finally:
            self.tools.close()
            self.fresh.close()
            self.backends.close()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a database with a world in it."""
    path = tmp_path_factory.mktemp("world") / "world.db"
    build_world(f"sqlite:///{path}")
    return path.read_bytes()


def follow(examples: int, steps: int, tmp_path: Path, template: bytes) -> None:
    with_seed = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(lambda: Library(tmp_path / "library", template), settings=with_seed)


def test_whoever_is_called_otherwise_is_found_by_the_new_name(tmp_path: Path, template: bytes) -> None:
    library = Library(tmp_path / "library", template)
    library.be_called_otherwise(PEOPLE[0])
    item = library.file(["garden"], Visibility.STAFF)
    library.all_the_work()
    library.be_called_otherwise(PEOPLE[1])
    while work_once(library.tools, [Lane.OWN]):
        pass
    index = library.backends.index(library.world.school.id)
    assert [hit.item_id for hit in index.search(SearchRequest(query=parse("by:farouk"))).hits] == [item]
    assert index.search(SearchRequest(query=parse("by:haddad"))).total == 0
    library.teardown()


def test_the_index_follows_each_kind_of_change(tmp_path: Path, template: bytes) -> None:
    """Each once; `make soak` lets them come in any order, and the worker come by at any time."""
    library = Library(tmp_path / "library", template)
    item = str(library.file(["garden"], Visibility.STAFF))
    library.file(["library", "policy"], Visibility.PRIVATE)
    library.all_the_work()
    for change in (
        lambda: library.new_version(item, ["council"]),
        lambda: library.bring_back_the_first(item),
        lambda: library.edit(item, "rubric", True),
        lambda: library.open_or_close(item, Visibility.PRIVATE),
        lambda: library.tag(item, NODES[0], "portfolio"),
        lambda: library.review(item, tagging.TagState.ACCEPTED),
        lambda: library.take_tags_away(item),
        lambda: library.withdraw(item),
        lambda: library.restore(item),
    ):
        change()
        library.nobody_finds_what_is_closed_to_them()
        library.all_the_work()
    library.teardown()


def test_a_document_is_found_by_the_kind_that_was_suggested_for_it(tmp_path: Path, template: bytes) -> None:
    """Nobody said what kind it is: it is known only after the item was indexed for the first time."""
    library = Library(tmp_path / "library", template)
    item = str(library.file(["garden"], Visibility.STAFF, NAMES[1]))
    library.all_the_work()
    index = library.backends.index(library.world.school.id)
    result = index.search(SearchRequest(query=parse("kind:policy"), facets=["document_kind"]))
    assert [hit.item_id for hit in result.hits] == [item]
    assert sum(result.facets["document_kind"].values()) == 1
    library.teardown()


@pytest.mark.soak
def test_the_index_follows_long_and_winding_changes(tmp_path: Path, template: bytes) -> None:
    follow(60, 40, tmp_path, template)
