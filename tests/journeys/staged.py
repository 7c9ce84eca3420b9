"""What some pages need so as to show something, and a school may lack on an ordinary day: put there for pictures."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from docx import Document
from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.app import create_app
from evidence_app.backends import build_backends
from evidence_app.database import Base
from evidence_app.domain import accounts, evidence, handover, intake, reports, selfstudy
from evidence_app.domain.access import Role
from evidence_app.domain.evidence import Item, ItemFacts, Version, Visibility
from evidence_app.domain.schools import School, add_school
from evidence_app.settings import load_settings
from tests.fixtures import member
from tests.journeys.browser import served
from tests.journeys.known import Ids, hand_in_drive
from tests.journeys.living_ids import ids_in
from tests.journeys.school import LivingSchool, do_work

DRAFTED = "ib-psp-2020/0301-05"
SAVED = """Every class reads the policy in the first week and says in its own words what it asks of them.

Families hear of it at the evening in September."""
TYPED = """Every class reads the policy in the first week and writes down what it asks of them.

Families hear of it at the evening in September, and in their own languages since last year."""

LANGUAGE_POLICY = (
    "Every student keeps and grows the language of home. The language policy says how the school helps with that.",
    "Students who are new to English have a teacher beside them in their first year, in the classroom.",
    "The policy was reviewed with families in September 2026, and is reviewed again in two years.",
)


@contextmanager
def staged(school: LivingSchool) -> Iterator[Ids]:
    """Name -> what stands for it in an address, while the block runs; the school keeps what was put there."""
    ids = ids_in(school)
    with school.backends.database.unit_of_work() as session:
        reader = school.actors[Role.READER].person_id
        ids["token"] = accounts.invite(session, actor=school.actors[Role.ADMINISTRATOR], person_id=reader)
    ids["drive_id"] = hand_in_drive(school, Role.TEACHER)
    ids["private_id"] = _private_item_that_waits(school)
    _filing_that_is_begun(school)
    _second_school(school)
    _second_edition(school, ids["evaluation_id"])
    with school.backends.database.unit_of_work() as session:
        ids["drafted_id"] = _draft_beside_other_words(session, school, ids["evaluation_id"])
    with _empty_installation() as (address, token):
        yield ids | {"empty_installation": address, "setup": token}


def _private_item_that_waits(school: LivingSchool) -> str:
    """The id of a private item of learning support, who handed over: it waits for the teacher, its other custodian."""
    support, teacher = school.actors[Role.LEARNING_SUPPORT], school.actors[Role.TEACHER]
    blob = school.backends.blobs.put(school.school.id, [b"Who sees which plan, and when each is looked at again."])
    with school.backends.database.unit_of_work() as session:
        facts = ItemFacts(title="Who sees which support plan", visibility=Visibility.PRIVATE)
        item = evidence.add_note(session, actor=support, blob=blob, facts=facts)
        session.flush()
        custodians = [support.person_id, teacher.person_id]
        evidence.name_access(
            session, actor=support, item_id=item.id, person_ids=[], group_ids=[], custodian_ids=custodians
        )
        session.flush()
        boss, head = school.actors[Role.ADMINISTRATOR], school.actors[Role.HEAD]
        handover.hand_over(session, actor=boss, from_id=support.person_id, to_id=head.person_id)
    return item.id


def _filing_that_is_begun(school: LivingSchool) -> None:
    """Three files the teacher has dropped and not saved: a new one, a photograph, and one the school has already."""
    teacher, blobs = school.actors[Role.TEACHER], school.backends.blobs
    with school.backends.database.reading() as session:
        newest = session.scalars(evidence.visible_items(teacher).order_by(Item.received_at.desc())).all()
        versions = evidence.current_versions(session, school.school.id, newest)
        photo = next((one for one in versions.values() if one.media_type == "image/jpeg"), None)
        paper = next((one for one in versions.values() if one.media_type.endswith("wordprocessingml.document")), None)
    files = [("Language policy 2026-27.docx", _language_policy())]
    if photo is not None:
        # One byte more is another file, and the same picture.
        files.append(("PXL 20261120 101502.jpg", _bytes_of(school, photo) + b"0"))
    if paper is not None:
        files.append((paper.file_name, _bytes_of(school, paper)))
    for name, data in files:
        stored = intake.store_file(
            blobs, actor=teacher, stream=BytesIO(data), name=name, max_bytes=len(data), size_bytes=len(data)
        )
        with school.backends.database.unit_of_work() as session:
            intake.add_file_to_batch(session, actor=teacher, file=stored, filing_key=name)
    do_work(school)


def _bytes_of(school: LivingSchool, version: Version) -> bytes:
    with school.backends.blobs.open(school.school.id, version.sha256) as stored:
        return stored.read()


def _language_policy() -> bytes:
    written, paper = BytesIO(), Document()
    paper.add_heading("Language policy", 0)
    for line in LANGUAGE_POLICY:
        paper.add_paragraph(line)
    paper.save(written)
    return written.getvalue()


def _second_school(school: LivingSchool) -> None:
    """A school next door on the same installation, with a place for the head."""
    database, head = school.backends.database, school.actors[Role.HEAD]
    with database.unit_of_work() as session:
        email = accounts.person(session, head.person_id).email
        key = "birch-hill"
        if session.scalar(select(School.id).where(School.key == key)):
            return
        other = add_school(session, key=key, name="Birch Hill School", programmes=["PYP"], language="en")
    member(database, other, Role.READER, email)


def _second_edition(school: LivingSchool, evaluation_id: str) -> None:
    """A newer edition that says one answer otherwise than the one before."""
    actor, database = school.actors[Role.COORDINATOR], school.backends.database
    with database.unit_of_work() as session:
        programme = selfstudy.evaluation(session, actor, evaluation_id).programmes[0]
        selfstudy.write_response(
            session,
            actor=actor,
            evaluation_id=evaluation_id,
            node_key=DRAFTED,
            programme=programme,
            narrative=SAVED,
            rating=2,
        )
    with database.unit_of_work() as session:
        reports.request_compilation(session, actor=actor, evaluation_id=evaluation_id, kinds=["html"], is_edition=True)
    do_work(school)


def _draft_beside_other_words(session: Session, school: LivingSchool, evaluation_id: str) -> str:
    """The id of an answer beside whose saved words other ones of the coordinator's lie as a draft."""
    actor = school.actors[Role.COORDINATOR]
    programme = selfstudy.evaluation(session, actor, evaluation_id).programmes[0]
    answer = selfstudy.response_at(session, actor, evaluation_id, DRAFTED, programme)
    assert answer is not None
    selfstudy.keep_draft(
        session, actor=actor, response_id=answer.id, base_revision=answer.revision - 1, narrative=TYPED
    )
    return answer.id


@contextmanager
def _empty_installation() -> Iterator[tuple[str, str]]:
    """The address of an installation that nobody runs yet, and the token of its set-up link."""
    with tempfile.TemporaryDirectory(prefix="empty-") as folder:
        backends = build_backends(load_settings({"EVIDENCE_HOME": folder}, create_home=True))
        Base.metadata.create_all(backends.database.engine)
        with backends.database.unit_of_work() as session:
            token = accounts.set_up_installation(session)
        assert token is not None
        with served(create_app(backends)) as address:
            yield address, token
        backends.close()
