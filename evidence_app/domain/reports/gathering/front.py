"""What stands around the chapters: cover, programmes, scale, school, process, overview, approvals, gaps."""

from __future__ import annotations

from datetime import date

import exports
import standards
from evidence_app.domain.reports.gathering.asking import Asking
from evidence_app.domain.reports.gathering.chapters import cited_rows
from evidence_app.domain.reports.gathering.narratives import Narrator
from evidence_app.domain.reports.gathering.rows import StudyRows
from evidence_app.domain.selfstudy import IntroductionPart, Participants, Response, ResponseStatus, TeamMember
from evidence_app.i18n import msg


def cover(rows: StudyRows) -> exports.Cover:
    """The first page."""
    frame = rows.frame
    return exports.Cover(
        school=rows.school.name,
        place=rows.school.place,
        ib_code=rows.school.ib_code,
        period_start=_iso(frame.period_from),
        period_end=_iso(frame.period_to),
        visit_start=_iso(frame.visit_on),
        visit_end=_iso(frame.visit_until),
        head=rows.head,
    )


def programmes(rows: StudyRows) -> tuple[exports.Programme, ...]:
    """The programmes that are evaluated, under their full names in its language."""
    return tuple(
        exports.Programme(key=key, name=rows.catalogue.programme_name(key, rows.language)) for key in rows.programmes
    )


def scale(rows: StudyRows) -> tuple[exports.RatingLevel, ...]:
    """The scale of the evaluation, from the lowest level up."""
    steps = rows.scale.levels if rows.scale else ()
    return tuple(
        exports.RatingLevel(value=s.value, word=s.label(rows.language), meaning=s.descriptor(rows.language))
        for s in steps
    )


def school(rows: StudyRows, narrator: Narrator) -> exports.School:
    """The chapter on the school: what was written for this report, else the school's profile."""
    written = _introduction(rows, narrator, IntroductionPart.SCHOOL)
    return exports.School(narrative=written or rows.school.profile)


def process(
    rows: StudyRows,
    narrator: Narrator,
    heard: list[Participants],
    team: list[tuple[TeamMember, str]],
    asking: Asking,
) -> exports.Process:
    """The chapter on the making of the self-study: who was heard, then who wrote."""
    roles = [exports.Participants(role=row.who, people=row.people, did=row.did) for row in heard]
    usual = rows.words(msg("Self-study team"))
    parts: dict[str, list[str]] = {}
    for member, name in team:
        parts.setdefault(member.part or usual, []).append(name)
    roles += [exports.Participants(role=part, people=", ".join(names)) for part, names in parts.items()]
    return exports.Process(
        narrative=_introduction(rows, narrator, IntroductionPart.PROCESS),
        participants=tuple(roles),
        requests_sent=asking.sent,
        requests_answered=asking.answered,
        median_days=asking.median_days,
    )


def overview(rows: StudyRows, narrator: Narrator) -> exports.Overview:
    """The pages a hurried reader reads."""
    return exports.Overview(
        strengths=_introduction(rows, narrator, IntroductionPart.STRENGTHS),
        priorities=_introduction(rows, narrator, IntroductionPart.PRIORITIES),
        without_evidence=_introduction(rows, narrator, IntroductionPart.MISSING),
    )


def approvals(rows: StudyRows) -> tuple[exports.Approval, ...]:
    """Who wrote and who approved the answers to each standard; only what was written is listed."""
    by_standard: dict[str, list[Response]] = {}
    for (node_key, _), row in sorted(rows.responses.items()):
        if row.revision:
            above = rows.catalogue.ancestors(node_key)
            by_standard.setdefault(above[-1].key if above else node_key, []).append(row)
    return tuple(_approval(rows, rows.catalogue.node(key), written) for key, written in by_standard.items())


def gaps(rows: StudyRows, asking: Asking) -> tuple[exports.Gap, ...]:
    """Practices for which this report shows nothing: no released exhibit is cited, and none is tagged and accepted."""
    missing = []
    for node in rows.catalogue.practices():
        below = {node.key, *(n.key for n in rows.catalogue.descendants(node.key))}
        shown = {programme for key, programme in rows.evidenced if key in below}
        for programme in rows.programmes:
            if node.applies_to(programme) and not shown & {programme, ""} and not _is_cited(rows, node, programme):
                asked = asking.about(below, programme)
                missing.append(
                    exports.Gap(
                        practice=node.code,
                        programme=programme,
                        name=node.label(rows.language),
                        asked_of=asked.name if asked else "",
                        due=asked.due if asked else "",
                    )
                )
    return tuple(missing)


def _approval(rows: StudyRows, node: standards.Node, written: list[Response]) -> exports.Approval:
    writers = dict.fromkeys(rows.names.get(id, "") for r in written for id in (r.lead_id, r.changed_by) if id)
    approved = [r for r in written if r.status == ResponseStatus.APPROVED and r.approved_at]
    approvers = dict.fromkeys(rows.names.get(r.approved_by or "", "") for r in approved)
    days = [r.approved_at.date().isoformat() for r in approved if r.approved_at]
    return exports.Approval(
        part=f"{node.code} {node.label(rows.language)}",
        written_by=", ".join(name for name in writers if name),
        approved_by=", ".join(name for name in approvers if name),
        approved_on=max(days, default=""),
        answers=len(written),
        approved=len(approved),
    )


def _is_cited(rows: StudyRows, node: standards.Node, programme: str) -> bool:
    response = rows.responses.get((node.key, programme))
    return response is not None and any(not row.kept_back_because for row, _ in cited_rows(rows, response))


def _introduction(rows: StudyRows, narrator: Narrator, part: IntroductionPart) -> str:
    row = rows.introductions.get(part)
    return narrator.text(row.text, rows.words(part.label)) if row else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
