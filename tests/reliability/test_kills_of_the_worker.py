"""R04: whoever reads, draws, indexes, compiles, tags or mends is killed at any moment; nothing half is ever left."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import zipfile
from random import Random

import pytest
from sqlalchemy import func, select

from evidence_app.backends import Backends
from evidence_app.domain import reports, selfstudy
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.evidence import Item, ItemFacts, Visibility, a_file, add_all
from evidence_app.domain.extraction import PreviewImage, VersionText
from evidence_app.domain.frameworks import EVERY_IB_SCHOOL, follow
from evidence_app.domain.jobs import JobKind, unfinished_count
from evidence_app.domain.reports import CompiledFile
from evidence_app.domain.schools import school_by_key
from evidence_app.domain.tagging import Tag
from evidence_app.worker import run_until_done
from tests.evidence_app.domain.extraction.making import docx_file, pdf_file
from tests.fixtures import member
from tests.reliability.conftest import Rounds
from tests.reliability.installation import PATIENCE_SECONDS, ROOT, SCHOOL, TEACHER, Installation, findings

NODE = "ib-psp-2020/0301-02"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TAGGED_AT_ONCE = 7
TAG_ALL = f"""
import sys
from evidence_app.backends import build_backends
from evidence_app.domain import accounts, tagging
from evidence_app.settings import load_settings
from sqlalchemy import select
from evidence_app.domain.evidence import Item
import os
backends = build_backends(load_settings(os.environ))
with backends.database.reading() as session:
    actor = accounts.actor_by_email(session, "{TEACHER}")
    ids = list(session.scalars(select(Item.id).order_by(Item.id)))
for n in range(0, len(ids), {TAGGED_AT_ONCE}):
    with backends.database.unit_of_work() as session:
        tagging.propose_all(session, actor=actor, pairs=[(id, "{NODE}") for id in ids[n : n + {TAGGED_AT_ONCE}]])
"""


@pytest.mark.soak
def test_work_that_is_killed_again_and_again_is_done_in_the_end(
    installation: Installation, rounds: Rounds, seeded: Random
) -> None:
    with installation.opened() as backends:
        actor = prepare(backends)
    filed = 0
    for number in rounds(60):
        with installation.opened() as backends:
            filed += file_batch(backends, actor, number)
            if number % 3 == 1:
                ask_for_a_document(backends, actor)
        kill_after([sys.executable, "-c", TAG_ALL], installation, seeded.uniform(0.5, 3))
        for _ in range(3):
            kill_after(installation.command("worker"), installation, seeded.uniform(1, 6))
            with installation.opened() as backends:
                look(backends, actor)
    with installation.opened() as backends:
        run_until_done(backends, lambda: is_done(backends, actor.school_id), patience_seconds=1800)
        look(backends, actor)
        assert findings(backends) == []
        with backends.database.reading() as session:
            assert session.scalar(select(func.count()).select_from(VersionText)) == filed
            drawn = session.scalar(select(func.count()).select_from(PreviewImage).where(PreviewImage.page == 0))
            assert drawn == filed
            waiting = [c for c in session.scalars(select(reports.Compilation)) if c.finished_at is None]
            assert waiting == []


def prepare(backends: Backends) -> Actor:
    """A coordinator, and a self-study that can be compiled."""
    with backends.database.unit_of_work() as session:
        school = school_by_key(session, SCHOOL)
        for framework in EVERY_IB_SCHOOL:
            follow(session, school_id=school.id, framework_key=framework)
    actor = member(backends.database, school, Role.COORDINATOR, "coordinator@alder.example")
    with backends.database.unit_of_work() as session:
        evaluation = selfstudy.open_evaluation(
            session, actor=actor, framework_key="ib-psp-2020", programmes=["MYP"], visit_on=None
        )
        selfstudy.write_response(
            session,
            actor=actor,
            evaluation_id=evaluation.id,
            node_key=NODE,
            programme="MYP",
            rating=2,
            narrative="The policy is lived.",
        )
    return actor


def file_batch(backends: Backends, actor: Actor, number: int) -> int:
    """How many documents were filed: some of each kind that takes a while to read or to draw."""
    contents = {f"{number} paper {n}.pdf": pdf_file([[(f"Page of paper {number} {n}", 12)]] * 3) for n in range(4)} | {
        f"{number} plan {n}.docx": docx_file([(f"Plan {number} {n}", None)]) for n in range(3)
    }
    filings = [
        a_file(
            backends.blobs.put(actor.school_id, [content]),
            file_name=name,
            media_type="application/pdf" if name.endswith("pdf") else WORD,
            facts=ItemFacts(visibility=Visibility.SHAREABLE),
        )
        for name, content in contents.items()
    ]
    with backends.database.unit_of_work() as session:
        add_all(session, actor=actor, filings=filings)
    return len(filings)


def ask_for_a_document(backends: Backends, actor: Actor) -> None:
    with backends.database.unit_of_work() as session:
        evaluation = selfstudy.evaluations_of(session, actor)[0]
        reports.request_compilation(
            session, actor=actor, evaluation_id=evaluation.id, kinds=["docx", "zip"], is_edition=False
        )


def kill_after(command: list[str], installation: Installation, seconds: float) -> None:
    """Run it and kill it with all its children, unless it is done before."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | installation.environment, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)


def look(backends: Backends, actor: Actor) -> None:
    """Rows name whole bytes, tags came in whole batches, and what can be downloaded of a document is all of it."""
    assert [finding for finding in findings(backends) if finding.kind != "index"] == []
    with backends.database.reading() as session:
        items = session.scalar(select(func.count()).select_from(Item)) or 0
        tagged = session.scalar(select(func.count()).select_from(Tag).where(Tag.node_key == NODE)) or 0
        assert tagged % TAGGED_AT_ONCE == 0 or tagged == items
        written = list(session.scalars(select(CompiledFile)))
    for file in written:
        content = backends.blobs.read_verified(actor.school_id, file.sha256, max_bytes=100_000_000)
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def is_done(backends: Backends, school_id: str) -> bool:
    with backends.database.reading() as session:
        return unfinished_count(session, school_id, list(JobKind)) == 0
