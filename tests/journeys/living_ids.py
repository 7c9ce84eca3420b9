"""Ids of things that are worth a look in a school that lives already, a demo for example."""

from __future__ import annotations

from sqlalchemy.orm import Session

from evidence_app.domain import accounts, planning, requests, selfstudy, sharing, tagging
from evidence_app.domain.access import Role
from evidence_app.domain.evidence import Item, current_versions, questions_for, versions_of, visible_items
from evidence_app.domain.planning import PlanKind
from tests.journeys.school import LivingSchool

PRACTICE = "ib-psp-2020/0301-02"
PAPERS = ("application/pdf", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")


def ids_in(school: LivingSchool) -> dict[str, str]:
    """Name of a route's argument -> an id, for whatever the school has; `path_id` is a plan with a path."""
    with school.backends.database.reading() as session:
        ids = {"school_key": school.school.key, "person_id": school.actors[Role.TEACHER].person_id}
        return ids | _evidence(session, school) | _study(session, school) | _plans(session, school)


def _evidence(session: Session, school: LivingSchool) -> dict[str, str]:
    coordinator, teacher = school.actors[Role.COORDINATOR], school.actors[Role.TEACHER]
    ids = {}
    if shown := tagging.evidence_for(session, coordinator, [PRACTICE]):
        ids["item_id"] = shown[0].item.id
    if asked := [line.request for line in requests.asked_of(session, teacher)] or requests.open_requests(
        session, coordinator
    ):
        ids["request_id"] = asked[0].id
    waiting = tagging.review_queue(session, coordinator)
    versions = current_versions(session, school.school.id, [one.item for one in waiting])
    papers = [one for one in waiting if versions[one.item.id].media_type in PAPERS]
    if waiting:
        ids["tag_id"] = (papers or waiting)[0].tag.id
    items = list(session.scalars(visible_items(coordinator).order_by(Item.received_at.desc())))
    newest = current_versions(session, school.school.id, items)
    of_kind = {"link_id": lambda version: version.is_address_only, "series_id": lambda version: version.is_series}
    of_kind["versions_id"] = lambda version: version.number > 1 and not version.is_series and not version.url
    for name, is_one in of_kind.items():
        if found := next((one for one in items if is_one(newest[one.id])), None):
            ids[name] = found.id
    if "versions_id" in ids:
        ids["earlier_id"] = versions_of(session, coordinator, ids["versions_id"])[-1].id
    if open_ones := questions_for(session, school.actors[Role.LEARNING_SUPPORT], limit=1):
        ids["asked_id"] = open_ones[0].item.id
    if groups := accounts.groups_of_school(session, coordinator):
        ids["group_id"] = groups[0].id
    return ids


def _study(session: Session, school: LivingSchool) -> dict[str, str]:
    coordinator = school.actors[Role.COORDINATOR]
    evaluations = selfstudy.evaluations_of(session, coordinator)
    if not evaluations:
        return {}
    ids = {"evaluation_id": evaluations[0].id}
    answers = [
        selfstudy.response_at(session, coordinator, evaluations[0].id, PRACTICE, programme)
        for programme in evaluations[0].programmes
    ]
    written = max((one for one in answers if one), key=lambda one: len(one.narrative))
    ids["response_id"] = written.id
    if numbers := selfstudy.numbers_of(session, school.school.id, evaluations[0].id):
        ids["number"] = next((number for number in sorted(numbers.values()) if "0301" in number), min(numbers.values()))
    if shares := sharing.shares_of(session, coordinator):
        ids["share_id"] = shares[0].share.id
    return ids


def _plans(session: Session, school: LivingSchool) -> dict[str, str]:
    coordinator, ids = school.actors[Role.COORDINATOR], {}
    for plan in planning.plans_of(session, coordinator):
        if plan.kind == PlanKind.PROGRAMME_DEVELOPMENT:
            ids["path_id"] = plan.id
            first = planning.path_of(session, coordinator, plan.id).milestones[0].steps[0].step
            if first is not None:
                ids["step_id"] = first.id
        else:
            ids["plan_id"] = plan.id
    if actions := planning.actions_for(session, coordinator, [PRACTICE]):
        ids |= {"action_id": actions[0].action.id, "plan_id": actions[0].plan.id}
    if findings := planning.findings_of(session, coordinator):
        ids["finding_id"] = findings[0].id
    return ids
