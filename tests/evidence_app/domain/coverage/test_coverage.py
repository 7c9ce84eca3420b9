"""Coverage counts what the actor may open, once for each practice, and says what is missing."""

from __future__ import annotations

from datetime import date

from evidence_app.domain import coverage, requests, selfstudy
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.coverage import Coverage, CoverageCell
from evidence_app.domain.evidence import Item, ItemFacts, Visibility, update_facts, withdraw
from evidence_app.domain.selfstudy import ResponseStatus
from evidence_app.domain.tagging import TagState, attach, review
from evidence_app.errors import NotAllowed, NotFound
from tests.evidence_app.domain.studies import CANARY, PRACTICE, PSP, SMALLER, Study, counting_queries, refusal
from tests.fixtures import member

REQUIREMENT = f"{PSP}/0301-02-0100"


def test_the_matrix_has_every_practice_and_programme_of_the_school(study: Study) -> None:
    matrix = _matrix(study)
    assert matrix.programmes == ("PYP", "MYP", "DP")
    assert sum(len(row.cells) for row in matrix.rows) == 41 * 3
    assert matrix.rows[0].depth == 0
    assert _cell(matrix, "PYP").is_gap


def test_accepted_and_proposed_evidence_are_counted_apart(study: Study) -> None:
    _tag(study, study.world.file_item(name="a.txt"), PRACTICE, strength=1)
    _tag(study, study.world.file_item(name="b.txt"), PRACTICE, strength=3)
    _tag(study, study.world.file_item(name="c.txt"), PRACTICE, state=TagState.PROPOSED, strength=3)
    _tag(study, study.world.file_item(name="d.txt"), PRACTICE, state=TagState.RETURNED)
    cell = _cell(_matrix(study), "DP")
    assert (cell.accepted, cell.proposed, cell.strength) == (2, 1, 3)


def test_a_tag_on_a_requirement_counts_for_its_practice_and_an_item_counts_once(study: Study) -> None:
    item = study.world.file_item()
    _tag(study, item, PRACTICE, strength=1)
    _tag(study, item, REQUIREMENT, strength=2)
    _tag(study, study.world.file_item(name="b.txt"), REQUIREMENT)
    cell = _cell(_matrix(study), "DP")
    assert (cell.accepted, cell.strength) == (2, 2)


def test_tags_above_practices_and_of_other_frameworks_count_nowhere(study: Study) -> None:
    for node_key in (f"{PSP}/0301", "ib-programme-development-milestones/3.1"):
        _tag(study, study.world.file_item(name="x.txt"), node_key)
    assert {cell.accepted for row in _matrix(study).rows for cell in row.cells} == {0}


def test_an_item_counts_for_its_programmes_or_for_all(study: Study) -> None:
    _tag(study, study.world.file_item(name="dp.txt", programmes=("DP",)), PRACTICE)
    _tag(study, study.world.file_item(name="two.txt", programmes=("PYP", "DP")), PRACTICE)
    matrix = _matrix(study)
    assert {p: _cell(matrix, p).accepted for p in matrix.programmes} == {"PYP": 1, "MYP": 0, "DP": 2}
    _tag(study, study.world.file_item(name="all.txt"), PRACTICE)
    matrix = _matrix(study)
    assert {p: _cell(matrix, p).accepted for p in matrix.programmes} == {"PYP": 2, "MYP": 1, "DP": 3}


def test_freshness_is_the_latest_day_shown_or_received(study: Study) -> None:
    item = study.world.file_item(study.world.coordinator)
    _tag(study, item, PRACTICE)
    assert _cell(_matrix(study), "DP").newest == item.received_at.date()
    with study.acting() as session:
        facts = ItemFacts(title="Old", shown_from=date(2024, 1, 1), shown_to=date(2024, 6, 30))
        update_facts(session, actor=study.world.coordinator, item_id=item.id, facts=facts)
    assert _cell(_matrix(study), "DP").newest == date(2024, 6, 30)
    other = study.world.file_item(study.world.coordinator, name="b.txt")
    with study.acting() as session:
        facts = ItemFacts(title="Newer", shown_from=date(2025, 3, 1), programmes=("DP",))
        update_facts(session, actor=study.world.coordinator, item_id=other.id, facts=facts)
    _tag(study, other, PRACTICE)
    matrix = _matrix(study)
    assert (_cell(matrix, "DP").newest, _cell(matrix, "MYP").newest) == (date(2025, 3, 1), date(2024, 6, 30))


def test_private_and_withdrawn_items_count_only_for_those_who_may_open_them(study: Study) -> None:
    world = study.world
    custodian = member(world.database, world.school, Role.COORDINATOR, "second@alder.example")
    hidden = world.file_item(custodian, name="hidden.txt", visibility=Visibility.PRIVATE)
    _tag(study, hidden, PRACTICE, actor=custodian, strength=3)
    binned = world.file_item(name="binned.txt")
    _tag(study, binned, PRACTICE, strength=2)
    with study.acting() as session:
        withdraw(session, actor=world.teacher, item_ids=[binned.id])
    cell = _cell(_matrix(study), "DP")
    assert (cell.accepted, cell.proposed, cell.strength, cell.newest) == (0, 0, None, None)
    assert _cell(_matrix(study, custodian), "DP").strength == 3
    assert _matrix(study).rings()["DP"][3] == 0
    assert _matrix(study, custodian).rings()["DP"][3] == 1


def test_the_neighbours_evidence_counts_nothing_here(study: Study) -> None:
    stranger = study.world.stranger
    _tag(study, study.world.file_item(stranger, name=f"{CANARY}.txt"), PRACTICE, actor=stranger, strength=3)
    with study.acting() as session:
        requests.ask(
            session,
            actor=stranger,
            node_key=PRACTICE,
            due_on=date(2026, 1, 1),
            person_id=stranger.person_id,
            title=CANARY,
        )
    matrix = _matrix(study)
    assert {(c.accepted, c.strength, c.asked_name) for row in matrix.rows for c in row.cells} == {(0, None, "")}
    assert {c.status for row in matrix.rows for c in row.cells} == {None, ResponseStatus.NOT_BEGUN}
    theirs = _matrix(study, stranger)
    assert theirs.programmes == ("DP",)
    assert _cell(theirs, "DP").accepted == 1


def test_a_cell_says_how_far_the_response_is_and_who_is_on_it(study: Study) -> None:
    world = study.world
    study.write(narrative="Begun")
    with study.acting() as session:
        selfstudy.assign_lead(
            session, actor=world.coordinator, response_id=study.response().id, person_id=world.head.person_id
        )
        requests.ask(
            session,
            actor=world.coordinator,
            node_key=REQUIREMENT,
            due_on=date(2026, 12, 1),
            person_id=world.teacher.person_id,
        )
        requests.ask(
            session,
            actor=world.coordinator,
            node_key=PRACTICE,
            due_on=date(2026, 11, 1),
            person_id=world.head.person_id,
            programme="DP",
        )
        requests.ask(
            session,
            actor=world.coordinator,
            node_key=f"{PSP}/0301",
            due_on=date(2026, 10, 1),
            person_id=world.head.person_id,
        )
        requests.ask(
            session,
            actor=world.coordinator,
            node_key="ib-learner-profile/inquirers",
            due_on=date(2026, 10, 1),
            person_id=world.head.person_id,
        )
    matrix = _matrix(study)
    dp, myp, pyp = (_cell(matrix, p) for p in ("DP", "MYP", "PYP"))
    assert (dp.status, dp.lead_name, dp.response_id) == (ResponseStatus.DRAFT, "Head", study.response().id)
    assert (dp.asked_name, dp.asked_until) == ("Head", date(2026, 11, 1))
    assert (myp.status, myp.asked_name, myp.asked_until) == (ResponseStatus.NOT_BEGUN, "Teacher", date(2026, 12, 1))
    assert (pyp.status, pyp.response_id, pyp.asked_name) == (None, None, "Teacher")


def test_the_latest_evaluation_of_each_programme_counts(study: Study) -> None:
    study.write(narrative="Older")
    with study.acting() as session:
        newer = selfstudy.open_evaluation(
            session, actor=study.world.coordinator, framework_key=PSP, programmes=["DP"], visit_on=None
        )
        latest = selfstudy.response_at(session, study.world.coordinator, newer.id, PRACTICE, "DP")
        assert latest is not None
    matrix = _matrix(study)
    assert (_cell(matrix, "DP").status, _cell(matrix, "DP").response_id) == (ResponseStatus.NOT_BEGUN, latest.id)
    assert _cell(matrix, "MYP").response_id == study.response(programme="MYP").id


def test_gaps_are_practices_without_accepted_evidence(study: Study) -> None:
    _tag(study, study.world.file_item(name="a.txt"), PRACTICE)
    _tag(study, study.world.file_item(name="b.txt", programmes=("DP",)), SMALLER)
    matrix = _matrix(study)
    assert len(matrix.gaps()) == 41 * 3 - 3 - 1
    assert [gap.cell.programme for gap in matrix.gaps() if gap.node.key == SMALLER] == ["PYP", "MYP"]


def test_the_rings_hold_every_practice_once(study: Study) -> None:
    _tag(study, study.world.file_item(name="a.txt"), PRACTICE, strength=2)
    _tag(study, study.world.file_item(name="b.txt", programmes=("DP",)), SMALLER)
    rings = _matrix(study).rings()
    assert rings["DP"] == {None: 39, 0: 1, 1: 0, 2: 1, 3: 0}
    assert rings["PYP"] == {None: 40, 0: 0, 1: 0, 2: 1, 3: 0}


def test_only_the_programmes_of_ones_place_or_choice_are_shown(study: Study) -> None:
    world = study.world
    limited = member(world.database, world.school, Role.COORDINATOR, "dp@alder.example", programmes=["DP"])
    _tag(study, world.file_item(programmes=("MYP",)), PRACTICE)
    assert _matrix(study, limited).programmes == ("DP",)
    with study.reading() as session:
        chosen = coverage.coverage_of(session, world.head, programmes=["MYP", "CP"])
    assert chosen.programmes == ("MYP",)
    assert _cell(chosen, "MYP").accepted == 1


def test_a_framework_nobody_answers_has_an_empty_matrix_and_an_unknown_one_none(study: Study) -> None:
    with study.reading() as session:
        empty = coverage.coverage_of(session, study.world.head, framework_key="ib-learner-profile")
        assert {row.cells for row in empty.rows} == {()}
        assert empty.gaps() == ()
        with refusal(NotFound):
            coverage.coverage_of(session, study.world.head, framework_key="unknown")


def test_teachers_and_readers_have_no_matrix(study: Study) -> None:
    for actor in (study.world.teacher, study.world.reader):
        with refusal(NotAllowed):
            _matrix(study, actor)


def test_the_matrix_takes_few_queries_however_much_there_is(study: Study) -> None:
    for code in ("0101-01", "0201-01", "0301-01", "0401-01"):
        item = study.world.file_item(name=f"{code}.txt")
        _tag(study, item, f"{PSP}/{code}")
        study.write(node_key=code, narrative="Words")
        with study.acting() as session:
            requests.ask(
                session,
                actor=study.world.coordinator,
                node_key=code,
                due_on=date(2026, 12, 1),
                person_id=study.world.teacher.person_id,
            )
    with study.reading() as session, counting_queries(session) as sent:
        coverage.coverage_of(session, study.world.coordinator)
    assert len(sent) <= 9, sent


def _matrix(study: Study, actor: Actor | None = None) -> Coverage:
    with study.reading() as session:
        return coverage.coverage_of(session, actor or study.world.coordinator)


def _cell(matrix: Coverage, programme: str, node_key: str = PRACTICE) -> CoverageCell:
    row = next(row for row in matrix.rows if row.node.key == node_key)
    return next(cell for cell in row.cells if cell.programme == programme)


def _tag(
    study: Study,
    item: Item,
    node_key: str,
    *,
    state: TagState = TagState.ACCEPTED,
    strength: int = 0,
    actor: Actor | None = None,
) -> None:
    reviewer = actor or study.world.coordinator
    with study.acting() as session:
        tag = attach(session, actor=reviewer, item_id=item.id, node_key=node_key)
        session.flush()
        review(session, actor=reviewer, tag_ids=[tag.id], state=state, strength=strength, reply="More, please")
