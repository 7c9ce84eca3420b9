"""Freeze and compile a self-study from real rows: 41 practices by 3 programmes, 300 citations in texts, 2,000 exhibits.

Prints seconds, each beside the time the same machine takes to hash the same number of bytes, and the largest memory.
Run: python benchmarks/freeze.py [--exhibits 2000] [--text-kib 10]
"""

from __future__ import annotations

import argparse
import hashlib
import io
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidence_app.database import Base, Database, now
from evidence_app.domain import reports, selfstudy, sharing
from evidence_app.domain.access import Actor, Role
from evidence_app.domain.accounts import actor_in, add_person
from evidence_app.domain.evidence import ItemFacts, Visibility, add_file
from evidence_app.domain.extraction import Reading, ReadingState, keep_readings
from evidence_app.domain.frameworks import EVERY_IB_SCHOOL, catalogue_for, follow
from evidence_app.domain.schools import add_school
from evidence_app.domain.tables import ALL_TABLES
from storage_adapters import BlobStore, open_store

PROGRAMMES = ("PYP", "MYP", "DP")
SENTENCE = "The team looked at what pupils wrote, agreed on two changes and tried them for six weeks. "


def main() -> None:
    """Build, freeze, compile, open the room, and print what each took."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--exhibits", type=int, default=2000)
    options.add_argument("--text-kib", type=int, default=10)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/evidence.db")
        assert ALL_TABLES
        Base.metadata.create_all(database.engine)
        blobs = open_store(f"file://{folder}/blobs")
        actor, evaluation_id = _build(database, blobs, chosen.exhibits, chosen.text_kib)
        reference = _reference(chosen.exhibits * chosen.text_kib * 1024)
        print(f"hashing {chosen.exhibits * chosen.text_kib / 1024:.0f} MiB (reference)  {reference:6.3f} s")
        with _timed("freeze a draft", reference):
            frozen = reports.freeze(database, blobs, actor=actor, evaluation_id=evaluation_id)
        with _timed("freeze it again, unchanged", reference):
            reports.freeze(database, blobs, actor=actor, evaluation_id=evaluation_id)
        with _timed("freeze with all texts, to be shared", reference):
            frozen = reports.freeze(database, blobs, actor=actor, evaluation_id=evaluation_id, keep_texts=True)
        with database.reading() as session:
            stamp = reports.stamp(session, frozen.snapshot, "en")
        for kind in ("docx", "html"):
            out = io.BytesIO()
            with _timed(f"compile {kind}", reference):
                reports.compile(
                    frozen.report,
                    stamp,
                    reports.KINDS[kind],
                    out,
                    open_blob=lambda sha256: blobs.open(actor.school_id, sha256),
                )
        with _timed("open the reading room", reference):
            room = sharing.make_room(blobs, frozen.snapshot)
        index = sharing.open_share_index("auto", Path(folder), frozen.snapshot.id)
        with _timed("build its search", reference), index.rebuilding() as fresh:
            fresh.add(sharing.documents(room, frozen.snapshot))
        with _timed("search in it", reference):
            sharing.look(room, index, "changes weeks 1234")
        index.close()
        print(f"{len(frozen.report.exhibits)} exhibits, report {len(out.getvalue()) / 1e6:.1f} MB as HTML, ", end="")
        print(f"largest memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")
        blobs.close()
        database.close()


def _build(database: Database, blobs: BlobStore, exhibits: int, text_kib: int) -> tuple[Actor, str]:
    with database.unit_of_work() as session:
        school = add_school(session, key="bench", name="Bench School", programmes=PROGRAMMES, language="en")
        for framework in EVERY_IB_SCHOOL:
            follow(session, school_id=school.id, framework_key=framework)
        boss = Actor(person_id="", school_id=school.id, role=Role.ADMINISTRATOR)
        member = add_person(session, actor=boss, email="c@bench.example", role=Role.COORDINATOR, name="C")
        session.flush()
        actor = actor_in(session, member.person_id, school.id)
        opened = selfstudy.open_evaluation(
            session, actor=actor, framework_key="ib-psp-2020", programmes=PROGRAMMES, visit_on=None
        )
        evaluation_id = opened.id
        practices = [node.key for node in catalogue_for(session, school.id, "ib-psp-2020").practices()]
    places = [(key, programme) for key in practices for programme in PROGRAMMES]
    blob = blobs.put(actor.school_id, [b"the same bytes for all"])
    text = (SENTENCE * (text_kib * 1024 // len(SENTENCE) + 1))[: text_kib * 1024]
    for n, (key, programme) in enumerate(places):
        with database.unit_of_work() as session:
            response = selfstudy.response_at(session, actor, evaluation_id, key, programme)
            assert response is not None
            numbers = []
            for k in range(n, exhibits, len(places)):
                item = add_file(
                    session,
                    actor=actor,
                    blob=blob,
                    file_name=f"paper {k}.pdf",
                    media_type="application/pdf",
                    facts=ItemFacts(title=f"Paper {k}", visibility=Visibility.SHAREABLE),
                )
                reading = Reading(media_type="application/pdf", state=ReadingState.TEXT_FOUND, text=f"{k} {text}")
                keep_readings(session, school_id=actor.school_id, readings={item.current_version_id: reading})
                cited = selfstudy.cite(session, actor=actor, response_id=response.id, item_id=item.id, how="See it.")
                assert cited.cited_at <= now()
                exhibit = selfstudy.resolve_exhibit(
                    session, actor, evaluation_id, f"E-{key.rpartition('/')[2]}-{len(numbers) + 1:02d}"
                )
                numbers.append(exhibit.number if exhibit else "")
            cited_here = "".join(f" As shown [[{number}]]." for number in numbers[: 3 if n % 2 else 2])
            selfstudy.write_response(
                session,
                actor=actor,
                evaluation_id=evaluation_id,
                node_key=key,
                programme=programme,
                rating=1 + n % 3,
                narrative=f"## {programme}\n\n{SENTENCE * 12}{cited_here}\n\n- one\n- two\n\n|a|b|\n|---|---|\n|1|2|",
                strengths="- People talk.",
                next_steps="- Write it down.",
            )
    return actor, evaluation_id


def _reference(size: int) -> float:
    start = time.perf_counter()
    hashlib.sha256(b"x" * size).hexdigest()
    return time.perf_counter() - start


@contextmanager
def _timed(what: str, reference: float) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    print(f"{what:38}  {seconds:6.2f} s  {seconds / reference:7.1f} x")


if __name__ == "__main__":
    main()
