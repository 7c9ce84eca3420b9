"""What follows the practices: findings, milestones, the action plan and the policy register."""

from __future__ import annotations

from exports.blocks import Cell, Column, Paragraph, Place, Row, Table, Text
from exports.compose.composer import SPACE, Composer, place_anchor
from exports.model import Action, Finding, Milestone, Path, Policy, Step
from exports.text import one_line

# A half-filled circle is not in every face, so the word alone tells a step being walked from one already walked.
STEP_MARKS = {"ahead": "○", "walking": "●", "walked": "●"}
ACTION_MARKS = {"planned": "○○", "under_way": "●○", "done": "●●", "paused": "–", "dropped": "–"}
LONG_REFLECTION = 700
PLAN_COLUMNS = (
    ("no", 10, "TableHead"),
    ("action", 52, "TableHead"),
    ("practices", 19, "TableHead"),
    ("owner", 28, "TableHead"),
    ("start", 21, "TableHead"),
    ("due", 21, "TableHead"),
    ("budget", 18, "TableFigureHead"),
    ("success", 40, "TableInsetHead"),
    ("state", 25, "TableHead"),
    ("evidence", 22, "TableHead"),
)


def findings(c: Composer) -> None:
    """The findings of the last evaluation and what was done about each."""
    words, found = c.words, c.report.findings
    if not found:
        return
    c.heading(1, words("findings"), anchor="findings")
    c.here = words("place.findings")
    kinds = [words.count(f"finding.{kind}", n) for kind in _kinds(found) if (n := sum(f.kind == kind for f in found))]
    c.plain(words("findings.lead", kinds=words.joined(kinds)), "Lead")
    heads = (
        ("finding", 30),
        ("practice", 17),
        ("finding.short", 38),
        ("finding.done", 37),
        ("state", 18),
        ("exhibit", 22),
    )
    columns = tuple(Column(words(key), share) for key, share in heads)
    rows = tuple(_finding_row(c, finding) for finding in found)
    caption = words("findings.caption")
    c.add(Table("ReportTable", columns, rows, caption, words("findings.about"), caption=caption))


def _kinds(found: tuple[Finding, ...]) -> list[str]:
    return [kind for kind in ("commendation", "recommendation", "matter") if any(f.kind == kind for f in found)]


def _finding_row(c: Composer, finding: Finding) -> Row:
    kind = [Paragraph("TableLabel", (Text(c.words.state("finding", f"{finding.kind}.name")),))]
    kind += [Paragraph("TableDetail", (Text(finding.year),))] if finding.year else []
    return (
        Cell(tuple(kind)),
        c.cell_of("TableText", *c.codes(finding.practices)),
        c.cell(finding.text),
        c.cell(finding.done),
        c.cell(c.words.state("finding.state", finding.state)),
        Cell(c.citations(finding.exhibits, "TableText") or c.cell("").content),
    )


# -- milestones
def milestones(c: Composer) -> None:
    """The programme development milestones: a path, so no totals and no gaps."""
    words, paths = c.words, [p for p in c.report.paths if p.milestones]
    if not paths:
        return
    c.heading(1, words("milestones"), anchor="milestones")
    for path in paths:
        if len(paths) > 1:
            c.heading(2, path.name)
        _path(c, path, 3 if len(paths) > 1 else 2)


def _path(c: Composer, path: Path, level: int) -> None:
    focus = c.words("path.focus", focus=path.focus) if path.focus else ""
    c.plain(focus or path.name, "Lead" if level == 2 else "BodyText")
    for milestone in path.milestones:
        c.heading(level, milestone.name, c.words("milestone.code", code=milestone.code))
        c.plain(milestone.state, "PracticeMeta")
        if milestone.steps:
            _milestone(c, milestone)
    c.plain(path.note, "TableNote")


def _milestone(c: Composer, milestone: Milestone) -> None:
    words = c.words
    heads = (("step", 30, "TableHead"), ("name", 44, "TableInsetHead"), ("state", 22, "TableHead"))
    columns = (*(Column(words(key), share, look) for key, share, look in heads), Column(words("step.reflection"), 66))
    rows = []
    long: list[Step] = []
    for step in milestone.steps:
        c.here = words("place.step", code=step.code)
        if len(step.reflection) > LONG_REFLECTION:
            long.append(step)
            reflection = c.cell(words("step.below")).content
        else:
            reflection = c.cell_markdown(step.reflection, c.here, "TableText")
        evidence = c.citations(step.exhibits, "TableDetail")
        mark = STEP_MARKS.get(step.state, "–") + SPACE
        rows.append(
            (
                c.cell(step.code, "TableLabel"),
                c.cell(step.name, "TableInset"),
                c.cell_of("TableText", Text(mark, "RatingMark"), Text(words.state("step", step.state))),
                Cell((*reflection, *evidence) or c.cell("").content),
            )
        )
    title = words("milestone.steps", code=milestone.code)
    about = words("milestone.about")
    c.add(Table("PathTable", columns, tuple(rows), title, about, first_label=True, together=len(rows) < 8))
    for step in long:
        c.here = words("place.step", code=step.code)
        c.heading(4, f"{step.code} {step.name}")
        c.add(*c.markdown(step.reflection, c.here))


# -- action plan
def action_plan(c: Composer) -> None:
    """The action plan on landscape pages."""
    words, objectives = c.words, c.report.objectives
    if not objectives:
        return
    c.turn(landscape=True)
    c.heading(1, words("plan"), anchor="action-plan")
    c.plain(c.report.plan_lead, "Lead")
    rows: list[Row] = []
    for objective in objectives:
        group = (Text(words("objective", code=objective.code) + SPACE), Text(one_line(objective.title)))
        rows.append((Cell((Paragraph("TableGroup", group),), span=len(PLAN_COLUMNS)),))
        if objective.description:
            rows.append((Cell((Paragraph("PlanText", c.inline(objective.description)),), span=len(PLAN_COLUMNS)),))
        rows += [_action_row(c, action) for action in objective.actions]
    columns = tuple(Column(words(f"plan.{key}"), share, look) for key, share, look in PLAN_COLUMNS)
    caption = words("plan.caption")
    table = Table(
        "PlanTable",
        columns,
        tuple(rows),
        words("plan"),
        words("plan.about"),
        caption,
        rail=False,
        wide=True,
        with_next=True,
    )
    used = [a.status for o in objectives for a in o.actions]
    shown = dict.fromkeys(("done", "under_way", "planned", *used))
    legend = "   ".join(f"{ACTION_MARKS.get(state, '–')} {words.state('action', state)}" for state in shown)
    c.caption_table(table, (Text(f"{legend}."),))
    c.turn(landscape=False)


def _action_row(c: Composer, action: Action) -> Row:
    words = c.words
    c.here = words("place.action", code=action.code)
    title = [Paragraph("PlanText", c.inline(action.title) or (Text(SPACE),))]
    title += [Paragraph("TableDetail", c.inline(action.progress))] if action.progress else []
    state = words.state("action", action.status).replace(" ", "\u00a0")
    return (
        c.cell_of("TableLabel", Place(f"A_{_key(action.code)}", c.inline(action.code, "Label") or (Text(SPACE),))),
        Cell(tuple(title)),
        c.cell_of("PlanText", *c.codes((*action.practices, *action.steps))),
        c.cell(action.owner, "PlanText"),
        c.cell(_whole(words.day(action.start, short=True)), "PlanText"),
        c.cell(_whole(words.day(action.due, short=True)), "PlanText"),
        c.cell(_whole(action.budget), "PlanFigure"),
        c.cell(action.success, "PlanInset"),
        c.cell_of("PlanText", Text(ACTION_MARKS.get(action.status, "–"), "RatingMark"), Text(SPACE + state)),
        Cell(c.citations(action.exhibits, "PlanText") or c.cell(words("evidence.none"), "PlanText").content),
    )


def _whole(text: str) -> str:
    """A short text that is not broken over lines; a long one is left alone."""
    return text.replace(" ", "\u00a0") if len(text) < 14 else text


# -- policies
def policies(c: Composer) -> None:
    """The policy register."""
    words = c.words
    if not c.report.policies:
        return
    c.heading(1, words("policies"), anchor="policies")
    c.fixed("policies.lead", "Lead")
    heads = (("name", 30), ("owner", 38), ("approved", 23), ("next", 23), ("published", 26), ("exhibit", 24))
    columns = tuple(Column(words(f"policy.{key}"), share) for key, share in heads)
    rows = tuple(_policy_row(c, policy) for policy in c.report.policies)
    caption = words("policies.caption")
    c.add(Table("ReportTable", columns, rows, caption, words("policies.about"), caption=caption))


def _policy_row(c: Composer, policy: Policy) -> Row:
    words = c.words
    review = [Paragraph("TableText", c.inline(words.day(policy.next_review, short=True)) or (Text("\u00a0"),))]
    review += [Paragraph("TableDetail", (Text(words("policy.overdue")),))] if policy.overdue else []
    known = policy.number in c.exhibits
    if policy.number and not known:
        c.problem("unknown-exhibit", policy.name, snippet=policy.number)
    return (
        c.cell(policy.name, "TableLabel"),
        c.cell(policy.owner),
        c.cell(words.day(policy.approved, short=True)),
        Cell(tuple(review)),
        c.cell(policy.published),
        c.cell_of("TableText", c.exhibit_link(policy.number)) if known else c.cell(policy.number),
    )


def _key(code: str) -> str:
    return place_anchor(code).removeprefix("P_")
