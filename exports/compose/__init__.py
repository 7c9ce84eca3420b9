"""A report turned into the blocks of one document, in the order people read it."""

from __future__ import annotations

from dataclasses import replace

from exports.blocks import Contents
from exports.compose import front, overview, plan, practices, school
from exports.compose.appendices import appendices, index
from exports.compose.composer import Composer, make_problem
from exports.composition import Composition
from exports.model import DOCUMENTS, Edition, Report
from exports.text import one_line
from exports.words import Words

__all__ = ["compose", "make_problem"]

NO_TIME = "1980-01-01T00:00:00"


def compose(report: Report, edition: Edition, document: str = "self-study") -> Composition:
    """The blocks of the self-study or of the action plan alone.

    Raises ValueError for an unknown document or language, and for exhibit numbers that are wrong or there twice.
    """
    if document not in DOCUMENTS:
        raise ValueError(f"There is no document {document!r}; there are {' and '.join(DOCUMENTS)}.")
    if document == "action-plan":
        report = _plan_only(report)
    words = Words(report.language)
    out = Composition(words=words, title="", subject="", school=one_line(report.cover.school), keywords="", comments="",
                      stamp=edition.frozen_at or NO_TIME, slots={})  # fmt: skip
    composer = Composer(report, edition, out)
    _describe(composer, document)
    front.cover(composer, document)
    if document == "self-study":
        _self_study(composer)
    else:
        _action_plan(composer)
    front.end_note(composer)
    out.settle()
    return out


def _self_study(c: Composer) -> None:
    front.document_control(c, "self-study")
    front.how_to_read(c)
    c.add(Contents())
    school.school(c)
    school.process(c)
    overview.overview(c)
    for category in c.report.categories:
        practices.category(c, category)
    plan.findings(c)
    plan.milestones(c)
    plan.action_plan(c)
    plan.policies(c)
    appendices(c)


def _action_plan(c: Composer) -> None:
    c.add(Contents())
    front.document_control(c, "action-plan")
    plan.action_plan(c)
    if c.exhibits:
        index(c, "A", list(c.exhibits.values()))


def _plan_only(report: Report) -> Report:
    """The report with nothing but its plan and the exhibits the plan cites."""
    cited = {citation.number for o in report.objectives for action in o.actions for citation in action.exhibits}
    exhibits = tuple(e for e in report.exhibits if e.number in cited)
    return replace(report, findings=(), paths=(), policies=(), gaps=(), exhibits=exhibits)


def _describe(c: Composer, document: str) -> None:
    """Title, properties, and the words of headers and footers."""
    out, words, cover = c.out, c.words, c.report.cover
    title = front.title(c, document)
    number = words.number(c.edition.number)
    edition = words("edition.number", number=number) if c.edition.number else words("edition.draft")
    out.title = one_line(f"{cover.school}: {title}, {edition}")
    out.subject = one_line(front.subtitle(c))
    out.keywords = "; ".join(p.key for p in c.report.programmes)
    snapshot = c.edition.snapshot_id or c.edition.snapshot_sha256
    out.comments = words("properties.snapshot", snapshot=snapshot) if snapshot else ""
    line = one_line(cover.confidentiality) or words("confidential")
    out.slots = {
        "school": out.school,
        "report": one_line(title),
        "edition": edition,
        "confidentiality": line,
        "note": line,
        "page": words("page"),
        "of": words("page.of"),
    }
