"""The tree and the counts over a whole self-study."""

from __future__ import annotations

from evidence_app.domain import selfstudy
from evidence_app.domain.selfstudy import RequirementState, ResponseStatus
from tests.evidence_app.domain.studies import PRACTICE, PSP, Study, counting_queries


def test_the_tree_goes_from_categories_down_to_practices(study: Study) -> None:
    with study.reading() as session:
        tree = selfstudy.study_tree(session, study.world.reader, study.evaluation_id)
    assert {row.node.level: row.depth for row in tree.rows} == {"category": 0, "standard": 1, "practice": 2}
    assert sum(row.node.level == "practice" for row in tree.rows) == 41
    assert all([cell.programme for cell in row.cells] == ["MYP", "DP"] for row in tree.rows if row.depth == 2)


def test_a_cell_says_how_far_a_practice_is(study: Study) -> None:
    world, response = study.world, study.response()
    study.write(rating=2, narrative="Some")
    study.cite(world.file_item())
    with study.acting() as session:
        selfstudy.assign_lead(session, actor=world.coordinator, response_id=response.id, person_id=world.head.person_id)
        selfstudy.answer_requirement(
            session,
            actor=world.coordinator,
            response_id=response.id,
            node_key="0301-02-0100",
            state=RequirementState.MET,
        )
        selfstudy.set_standard_level(
            session,
            actor=world.coordinator,
            evaluation_id=study.evaluation_id,
            node_key="0301",
            programme="DP",
            level=1,
            reason="So far",
        )
    with study.reading() as session:
        tree = selfstudy.study_tree(session, world.reader, study.evaluation_id)
        totals = selfstudy.progress(session, world.reader, study.evaluation_id)
    rows = {row.node.key: row for row in tree.rows}
    untouched, cell = rows[PRACTICE].cells
    assert (cell.status, cell.rating, cell.lead_name, cell.exhibits) == (ResponseStatus.DRAFT, 2, "Head", 1)
    assert cell.response_id == response.id
    assert cell.changed_at is not None
    assert (untouched.status, untouched.rating, untouched.exhibits) == (ResponseStatus.NOT_BEGUN, None, 0)
    levels = rows[f"{PSP}/0301"].levels
    assert levels is not None
    assert levels["MYP"] is None
    assert levels["DP"] is not None
    assert levels["DP"].level == 1
    assert totals["DP"] == {
        ResponseStatus.NOT_BEGUN: 40,
        ResponseStatus.DRAFT: 1,
        ResponseStatus.IN_REVIEW: 0,
        ResponseStatus.APPROVED: 0,
    }


def test_the_tree_takes_few_queries_however_much_is_written(study: Study) -> None:
    for programme in ("MYP", "DP"):
        for code in ("0101-01", "0201-01", "0301-01", "0401-01"):
            study.write(node_key=code, programme=programme, narrative="Words")
            study.cite(study.world.file_item(name=f"{code}.txt"), node_key=f"{PSP}/{code}", programme=programme)
    with study.reading() as session, counting_queries(session) as sent:
        selfstudy.study_tree(session, study.world.coordinator, study.evaluation_id)
    assert len(sent) <= 8, sent


def test_the_neighbours_words_are_in_no_tree(study: Study) -> None:
    with study.reading() as session:
        ours = selfstudy.study_tree(session, study.world.coordinator, study.evaluation_id)
        theirs = selfstudy.study_tree(session, study.world.stranger, study.neighbour_id)
    assert {cell.status for row in ours.rows for cell in row.cells} == {ResponseStatus.NOT_BEGUN}
    assert sum(cell.rating == 1 for row in theirs.rows for cell in row.cells) == 1
