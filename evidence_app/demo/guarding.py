"""Papers that look as if they were about single pupils, all of them invented: one is answered, two wait."""

from __future__ import annotations

import io
from dataclasses import dataclass

from evidence_app.demo.drive import school_year
from evidence_app.demo.stage import Stage
from evidence_app.demo.story import story
from evidence_app.domain import evidence, intake
from evidence_app.domain.evidence import ItemFacts, Settled, Visibility


@dataclass(frozen=True, slots=True)
class Guarded:
    """A paper that was filed, and the answer it gets once it is read ("" for none yet)."""

    item_id: str
    by: str
    answer: str
    note: str


def file_about_pupils(stage: Stage) -> list[Guarded]:
    """The papers, each filed as shareable by somebody who did not think of it."""
    filed = []
    for paper in story()["guarded"]:
        content = io.BytesIO(paper["text"].encode())
        stored = intake.store_file(
            stage.backends.blobs,
            actor=stage.actors[paper["by"]],
            stream=content,
            name=paper["name"],
            max_bytes=stage.backends.settings.max_upload_bytes,
            size_bytes=len(content.getvalue()),
        )
        with stage.backends.database.unit_of_work() as session:
            facts = ItemFacts(visibility=Visibility.SHAREABLE, school_year=school_year(stage.today), language="en")
            added = evidence.add_file(
                session,
                actor=stage.actors[paper["by"]],
                blob=stored.blob,
                file_name=stored.name,
                media_type=stored.media_type,
                facts=facts,
            )
            filed.append(Guarded(added.id, paper["by"], paper.get("answer", ""), paper.get("note", "")))
    return filed


def answer_some(stage: Stage, filed: list[Guarded]) -> None:
    """Those who filed them answer for some, and share them after all."""
    for one in filed:
        if one.answer:
            with stage.backends.database.unit_of_work() as session:
                actor = stage.actors[one.by]
                evidence.settle(session, actor=actor, item_id=one.item_id, answer=Settled(one.answer), note=one.note)
                evidence.set_visibility(session, actor=actor, item_ids=[one.item_id], visibility=Visibility.SHAREABLE)
