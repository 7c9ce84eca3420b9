"""One of everything in the living school that has a page of its own, so that pages with ids can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sqlalchemy.orm import Session

from evidence_app.domain import accounts, intake, planning, reports, requests, selfstudy, sharing
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import ItemFacts, Visibility, add_file
from evidence_app.domain.planning import ActionFacts, FindingFacts, FindingKind, PlanKind
from tests.evidence_app.domain.intake.making import zip_bytes
from tests.journeys.school import LivingSchool, do_work

PSP = "ib-psp-2020"
PRACTICE = f"{PSP}/0301-02"
Ids = dict[str, str]
GROUP = "Those who read"


@contextmanager
def known(school: LivingSchool) -> Iterator[Ids]:
    """Name of a route's argument -> an id that leads to a page while the block runs; `path_id` is a plan's path."""
    coordinator, administrator = school.actors[Role.COORDINATOR], school.actors[Role.ADMINISTRATOR]
    database, blobs = school.backends.database, school.backends.blobs
    blob = blobs.put(school.school.id, [b"How every pupil belongs."])
    with database.unit_of_work() as session:
        facts = ItemFacts(title="How we all belong", visibility=Visibility.SHAREABLE, purpose="Says who belongs.")
        item = add_file(
            session, actor=coordinator, blob=blob, file_name="Belonging.txt", media_type="text/plain", facts=facts
        )
        ids = {"item_id": item.id, "version_id": item.current_version_id or ""}
        people = [administrator.person_id, school.actors[Role.TEACHER].person_id]
        # A group stays where it is once it was made, and a school is asked for what is known in it more than once.
        group = next((one for one in accounts.groups_of_school(session, administrator) if one.name == GROUP), None)
        group = group or accounts.add_group(session, actor=administrator, name=GROUP, person_ids=people)
        ids["group_id"] = group.id
        ids["invitation"] = accounts.invite(
            session, actor=administrator, person_id=school.actors[Role.READER].person_id
        )
        ids["setup"] = accounts.set_up_installation(session) or ""
        ids["person_id"] = school.actors[Role.TEACHER].person_id
        ids |= _asked(session, school) | _studied(session, coordinator, item.id)
        ids |= _planned(session, coordinator, ids["evaluation_id"])
    frozen = reports.freeze(database, blobs, actor=coordinator, evaluation_id=ids["evaluation_id"], keep_texts=True)
    with database.unit_of_work() as session:
        ids["share_id"] = sharing.issue(session, actor=coordinator, snapshot_id=frozen.snapshot.id).share.id
    ids["drive_id"] = hand_in_drive(school, Role.ADMINISTRATOR)
    yield ids
    with database.unit_of_work() as session:
        sharing.revoke(session, actor=coordinator, share_id=ids["share_id"])
        selfstudy.close_evaluation(session, actor=coordinator, evaluation_id=ids["evaluation_id"])
        requests.close(session, actor=coordinator, request_id=ids["request_id"])


def hand_in_drive(school: LivingSchool, role: Role) -> str:
    """The id of a drive of theirs whose plan waits to be started."""
    files = {
        "C. Culture/0301-02 Inclusion policy/2024-25/Referrals.txt": b"Who answers a referral.",
        "C. Culture/0301-02 Inclusion policy/2025-26/Referrals FINAL (2).txt": b"Who answers a referral, and when.",
        "C. Culture/0301-02 Inclusion policy/Copy of Referrals.txt": b"Who answers a referral.",
        "D. Learning/0401-02 Planning/MYP/Minutes 14 October.txt": b"Two teams plan together.",
        "D. Learning/0402-06 Choices/Choosing books.url": b"[InternetShortcut]\nURL=https://alderbay.example/books\n",
        "To sort/Anna's folder/Wall of choices.txt": b"What we choose.",
        "To sort/Thumbs.db": b"x",
        "To sort/empty.docx": b"",
    }
    blob = school.backends.blobs.put(school.school.id, [zip_bytes(files)])
    with school.backends.database.unit_of_work() as session:
        file = intake.StoredFile("Shared drive 2019 to today.zip", blob, "application/zip")
        drive = intake.begin_drive(session, actor=school.actors[role], file=file)
    do_work(school)
    return drive.id


def _asked(session: Session, school: LivingSchool) -> Ids:
    """A request to the teacher, due long ago."""
    asked = requests.ask(
        session,
        actor=school.actors[Role.COORDINATOR],
        node_key=PRACTICE,
        due_on=date(2026, 1, 12),
        person_id=school.actors[Role.TEACHER].person_id,
        title="One page of minutes where the policy was changed, with the crossings-out and the date",
        message="A photo is plenty.",
    )
    return {"request_id": asked.id}


def _studied(session: Session, actor: Actor, item_id: str) -> Ids:
    """An evaluation with an answer that was written twice, cites the item, and has a draft lying beside it."""
    evaluation = selfstudy.open_evaluation(
        session, actor=actor, framework_key=PSP, programmes=["PYP", "DP"], visit_on=date(2027, 3, 9)
    )
    for text in ("The policy is lived.", "The policy is lived [[E-0301-02-01]], and read with families each May."):
        answer = selfstudy.write_response(
            session,
            actor=actor,
            evaluation_id=evaluation.id,
            node_key=PRACTICE,
            programme="PYP",
            rating=2,
            narrative=text,
        ).response
    session.flush()
    selfstudy.cite(session, actor=actor, response_id=answer.id, item_id=item_id)
    selfstudy.keep_draft(session, actor=actor, response_id=answer.id, base_revision=1, narrative="Half a sentence")
    return {"evaluation_id": evaluation.id, "response_id": answer.id, "number": "E-0301-02-01", "part": "0301"}


def _planned(session: Session, actor: Actor, evaluation_id: str) -> Ids:
    """An action plan with an action and a finding, and a programme development plan with its path."""
    plan = planning.add_plan(session, actor=actor, name="Action plan", evaluation_id=evaluation_id, focus="Belonging")
    goal = planning.add_objective(session, actor=actor, plan_id=plan.id, title="Families know the policy")
    facts = ActionFacts(title="Translate it into three languages", node_keys=(PRACTICE,), due_on=date(2027, 2, 1))
    action = planning.add_action(session, actor=actor, objective_id=goal.id, facts=facts)
    said = FindingFacts(kind=FindingKind.RECOMMENDATION, text="Let families say it in their words.", node_key=PRACTICE)
    finding = planning.add_finding(session, actor=actor, facts=said)
    path = planning.add_plan(
        session, actor=actor, name="Our programme development", kind=PlanKind.PROGRAMME_DEVELOPMENT
    )
    planning.walk(session, actor=actor, plan_id=path.id)
    session.flush()
    first = planning.path_of(session, actor, path.id).milestones[0].steps[0].step
    assert first is not None
    return {
        "plan_id": plan.id,
        "action_id": action.id,
        "finding_id": finding.id,
        "path_id": path.id,
        "step_id": first.id,
    }
