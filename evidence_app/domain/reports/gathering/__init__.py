"""Rows -> exports.Report: one evaluation as it stands at one moment, in the school's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

import exports
from evidence_app.domain.access import Actor
from evidence_app.domain.reports.gathering import front
from evidence_app.domain.reports.gathering.asking import asking_of
from evidence_app.domain.reports.gathering.chapters import chapters
from evidence_app.domain.reports.gathering.exhibits import printed_exhibit
from evidence_app.domain.reports.gathering.narratives import Narrator
from evidence_app.domain.reports.gathering.plans import planned
from evidence_app.domain.reports.gathering.rows import ExhibitRow, StudyRows, load_rows
from evidence_app.domain.reports.gathering.texts import TextPack, TextPacker, take_texts
from evidence_app.domain.reports.problems import LeftOut, Problem
from evidence_app.domain.selfstudy import participants_of, team_of
from evidence_app.i18n import msg

__all__ = ["Gathered", "StudyRows", "TextPack", "TextPacker", "gather"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A report, the items in it, what of the school's work stayed out of it, and what its texts make trouble with."""

    report: exports.Report
    item_ids: frozenset[str]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]


def gather(session: Session, actor: Actor, evaluation_id: str, packer: TextPacker) -> Gathered:
    """The report of an evaluation. Only shareable and public items in use enter; the rest is listed as left out.

    The report is the same whoever gathers it. `session` must see one moment only (`Database.reading_snapshot`).
    """
    rows = load_rows(session, actor, evaluation_id)
    narrator = Narrator(rows)
    categories = chapters(rows, narrator)
    school = front.school(rows, narrator)
    heard, team = participants_of(session, actor, rows.frame.id), team_of(session, actor, rows.frame.id)
    asking = asking_of(session, actor, rows.frame)
    process = front.process(rows, narrator, heard, team, asking)
    overview = front.overview(rows, narrator)
    plans = planned(session, actor, rows, narrator)
    used = [rows.exhibits[number] for number in sorted(narrator.used)]
    take_texts(session, packer, actor.school_id, [row.version.id for row in used])
    report = exports.Report(
        language=rows.language,
        framework=rows.catalogue.name(rows.language),
        cover=front.cover(rows),
        programmes=front.programmes(rows),
        scale=front.scale(rows),
        approvals=front.approvals(rows),
        school=school,
        process=process,
        overview=overview,
        categories=categories,
        findings=plans.findings,
        paths=plans.paths,
        plan_lead=plans.lead,
        objectives=plans.objectives,
        gaps=front.gaps(rows, asking),
        exhibits=tuple(printed_exhibit(rows, row, packer.sha256_of) for row in used),
    )
    item_ids = frozenset(row.item.id for row in used)
    return Gathered(report, item_ids, tuple(_left_out(rows, narrator)), (*narrator.problems, *_closed_links(used)))


def _closed_links(used: Iterable[ExhibitRow]) -> Iterator[Problem]:
    """The exhibits of the report of which a visitor finds nothing: links that do not open, without a copy."""
    for row in used:
        if (state := row.closed_link) is not None:
            yield Problem(
                code="closed-link",
                where=row.number,
                programme="",
                line=0,
                what=msg("Visitors cannot open this link: %(state)s.", state=state.label),
                remedy=msg("Attach a file copy on its page, and cite that version."),
            )


def _left_out(rows: StudyRows, narrator: Narrator) -> list[LeftOut]:
    """What is cited, or named in a text, and stays in the school, by number."""
    kept = [rows.exhibits[number] for number in narrator.kept_back]
    kept.sort(key=lambda row: (row.exhibit.home, row.exhibit.running))
    return [LeftOut(row.number, row.item.id, row.kept_back_because) for row in kept]
