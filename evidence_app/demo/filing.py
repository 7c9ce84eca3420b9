"""Bringing the drive in through the real intake, and what else people file: links, notes, private papers, versions."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from evidence_app.demo.bank import frames
from evidence_app.demo.cast import BY_NAME, CAMPUSES, LEAD_COORDINATOR
from evidence_app.demo.dice import Dice, dice
from evidence_app.demo.documents import WRITERS
from evidence_app.demo.drive import Drive, school_year
from evidence_app.demo.sketch import PICTURES, Sketch
from evidence_app.demo.stage import Filed, Stage
from evidence_app.demo.story import key_of, story
from evidence_app.demo.wording import draft_of
from evidence_app.domain import evidence, intake, links, tagging
from evidence_app.domain.access import Action, can
from evidence_app.domain.evidence import ItemFacts, PartFile, Visibility
from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.texts import clean_text

RECEIVED_WITHIN = timedelta(days=730)
COMES_IN_LATE = timedelta(days=9)
"""What was written in the last days is brought in today."""
SUPPORT_LEAD, SUPPORT_DEPUTY = "Sofia Marchetti", "Grace Achieng"
STRENGTH_OF_WORDS = 2
TYPED = ("docx", "pdf", "rtf", "odt")
TITLED = 0.75
"""Share of items that somebody gave a title and a purpose; the others are called as their file is."""


def bring_in(stage: Stage, drive: Drive) -> list[Filed]:
    """Every document of the drive as an item, each filed by the person whose papers they are; copies are met once."""
    known = {clean_text(sketch.path): sketch for sketch in drive.sketches}
    facts = {path: _described(stage, sketch) for path, sketch in known.items()}
    filed: list[Filed] = []
    for owner in dict.fromkeys(sketch.owner for sketch in drive.sketches):
        files = [drive.folder / sketch.path for sketch in drive.sketches if sketch.owner == owner]
        brought = intake.import_path(
            stage.backends.database,
            stage.backends.blobs,
            actor=stage.actors[owner],
            path=drive.folder,
            max_bytes=stage.backends.settings.max_upload_bytes,
            files=files,
            describe=facts.__getitem__,
        )
        if brought.refused:
            first = brought.refused[0]
            raise Invalid(msg("%(path)s of the demo was refused: %(why)s", path=first.path, why=first.reason))
        filed += [Filed(e.item_id, known[e.path], facts[e.path].facts.visibility) for e in brought.added]
        stage.tell(f"{owner} filed {len(brought.added)} documents")
    return filed


def file_by_hand(stage: Stage) -> dict[str, str]:
    """Links, notes and the papers that only the learning support team may open.

    Code of a practice -> the item that was accepted for it, among those a visitor may see.
    """
    told = story()
    accepted = {}
    for said in (*told["links"], *told["notes"]):
        facts, actor = _spoken(stage, said), stage.actors[said["by"]]
        content = said.get("url") or said["text"]
        blob = stage.backends.blobs.put(stage.school_id, io.BytesIO(content.encode()))
        with stage.backends.database.unit_of_work() as session:
            if "url" in said:
                added = evidence.add_link(session, actor=actor, blob=blob, url=said["url"], facts=facts)
            else:
                added = evidence.add_note(session, actor=actor, blob=blob, facts=facts)
            if "url" in said:
                session.flush()
                finding = links.Finding(links.LinkState(said.get("stranger_finds", links.LinkState.OPENS)))
                links.keep_findings(session, school_id=stage.school_id, findings={added.id: (said["url"], finding)})
            tag = tagging.attach(
                session, actor=actor, item_id=added.id, node_key=key_of(said["code"]), note=facts.purpose
            )
            if facts.visibility in (Visibility.SHAREABLE, Visibility.PUBLIC):
                session.flush()
                tagging.review(
                    session,
                    actor=stage.actors[LEAD_COORDINATOR],
                    tag_ids=[tag.id],
                    state=tagging.TagState.ACCEPTED,
                    strength=STRENGTH_OF_WORDS,
                )
                accepted[said["code"]] = added.id
    for paper in told["private"]:
        _file_privately(stage, paper)
    return accepted


def file_series(stage: Stage, drive: Drive) -> dict[str, str]:
    """Photographs of one wall as one item, in their order, each with its caption: code of a practice -> the item."""
    filed = {}
    model = next((sketch for sketch in drive.sketches if sketch.format == "jpg"), None)
    for said in story()["series"] if model else ():
        assert model is not None
        parts = []
        for number, caption in enumerate(said["captions"]):
            sketch = replace(model, number=2_000_000 + number, seed=f"series {number}", title=caption)
            content = WRITERS["jpg"](sketch, draft_of(sketch))
            blob = stage.backends.blobs.put(stage.school_id, io.BytesIO(content))
            parts.append(
                PartFile(
                    sha256=blob.sha256,
                    size_bytes=blob.size_bytes,
                    media_type="image/jpeg",
                    file_name=f"IMG_{2041 + number}.jpg",
                    caption=caption,
                )
            )
        listed = stage.backends.blobs.put(stage.school_id, [evidence.list_of(parts)])
        facts, actor = _spoken(stage, said), stage.actors[said["by"]]
        with stage.backends.database.unit_of_work() as session:
            added = evidence.add_series(session, actor=actor, blob=listed, parts=parts, facts=facts)
            session.flush()
            tagging.attach(session, actor=actor, item_id=added.id, node_key=key_of(said["code"]), note=facts.purpose)
            filed[said["code"]] = added.id
    return filed


def bring_new_versions(stage: Stage, filed: Sequence[Filed]) -> None:
    """Some policies in a later version, with a word on what changed."""
    for code, comments in story()["versions"].items():
        policies = [one for one in filed if one.sketch.main_code == code and one.sketch.kind == "policy"]
        chosen = next((one for one in policies if one.sketch.format in TYPED), None)
        for number, comment in enumerate(comments if chosen else ()):
            assert chosen is not None
            later = replace(chosen.sketch, number=1_000_000 + number, near_copy_of=chosen.sketch.path)
            content = io.BytesIO(WRITERS[later.format](later, draft_of(later)))
            actor = stage.actors[later.owner]
            stored = intake.store_file(
                stage.backends.blobs,
                actor=actor,
                stream=content,
                name=f"{later.title} v{number + 2}.{later.format}",
                max_bytes=stage.backends.settings.max_upload_bytes,
                size_bytes=len(content.getvalue()),
            )
            with stage.backends.database.unit_of_work() as session:
                intake.put_new_version(session, actor=actor, item_id=chosen.item_id, file=stored, comment=comment)


def _file_privately(stage: Stage, paper: Mapping[str, str]) -> None:
    actor = stage.actors[SUPPORT_LEAD]
    blob = stage.backends.blobs.put(stage.school_id, io.BytesIO(paper["text"].encode()))
    facts = ItemFacts(
        title=paper["title"], visibility=Visibility.PRIVATE, school_year=school_year(stage.today), language="en"
    )
    custodians = [stage.person_id(name) for name in (SUPPORT_LEAD, SUPPORT_DEPUTY)]
    with stage.backends.database.unit_of_work() as session:
        added = evidence.add_note(session, actor=actor, blob=blob, facts=facts)
        session.flush()
        evidence.name_access(
            session,
            actor=actor,
            item_id=added.id,
            person_ids=[],
            group_ids=list(stage.groups.values()),
            custodian_ids=custodians,
        )


def _described(stage: Stage, sketch: Sketch) -> intake.Described:
    throws = dice("facts", sketch.seed, sketch.number)
    first, last = _period(sketch.written_on)
    is_titled = (sketch.format not in PICTURES and throws.random() < TITLED) or sketch.kind in ("policy", "photo")
    in_programme = sketch.programme and sketch.main_code[:2] == "04"
    facts = ItemFacts(
        title=sketch.title if is_titled else "",
        purpose=story()["purposes"].get(sketch.kind.rstrip("2"), "") if is_titled else "",
        programmes=(sketch.programme,) if sketch.programme else (),
        campus_id=stage.campuses[throws.choice(CAMPUSES)] if throws.random() < 0.4 else None,
        subject_id=stage.subjects[frames("en").subjects[sketch.setting.subject]] if in_programme else None,
        year_group_id=stage.year_groups[sketch.setting.grade] if in_programme else None,
        school_year=sketch.school_year,
        shown_from=first,
        shown_to=last,
        review_by=sketch.written_on + timedelta(days=730) if sketch.kind == "policy" else None,
        language=sketch.language,
        visibility=_visibility(stage, sketch, throws.random()),
    )
    return intake.Described(facts, _received_at(stage, sketch, throws))


def _received_at(stage: Stage, sketch: Sketch, throws: Dice) -> datetime | None:
    """When a document came in: soon after it was written, two years ago at most; None for what comes in just now."""
    if sketch.written_on >= stage.today - COMES_IN_LATE:
        return None
    earliest = stage.today - RECEIVED_WITHIN + timedelta(days=throws.randrange(60))
    received = max(sketch.written_on, earliest)
    return datetime.combine(received, time(throws.randint(7, 17), throws.randrange(60)), UTC)


def _visibility(stage: Stage, sketch: Sketch, throw: float) -> Visibility:
    may_release = can(stage.actors[sketch.owner], Action.RELEASE_EVIDENCE)
    if sketch.kind in ("policy", "letter", "page") and throw < 0.3 and may_release:
        return Visibility.PUBLIC
    return Visibility.SHAREABLE if throw < 0.55 else Visibility.STAFF


def _period(written_on: date) -> tuple[date, date]:
    """What a document shows is mostly the term before it was written."""
    return written_on - timedelta(days=90), written_on


def _spoken(stage: Stage, said: Mapping[str, str]) -> ItemFacts:
    """The facts of a link or note of the story."""
    programmes = BY_NAME[said["by"]].programmes or BY_NAME[said["by"]].teaches[:1]
    if said["by"] == LEAD_COORDINATOR:
        programmes = ()
    return ItemFacts(
        title=said["title"],
        purpose=said["purpose"],
        programmes=programmes,
        school_year=school_year(stage.today),
        language="en",
        visibility=Visibility(said["visibility"]),
    )
