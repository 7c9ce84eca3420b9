"""What follows the answers: findings, milestones, the action plan and the policy register."""

from __future__ import annotations

from dataclasses import dataclass

from exports.model.study import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding of an earlier evaluation: `kind` and `state` are keys of FINDING_KINDS and FINDING_STATES."""

    kind: str
    text: str
    year: str = ""
    practices: tuple[str, ...] = ()
    done: str = ""
    state: str = "open"
    exhibits: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step (`3.1`) of a milestone: `state` one of STEP_STATES, `reflection` Markdown."""

    code: str
    name: str
    state: str = "ahead"
    reflection: str = ""
    exhibits: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One of the milestones (`M3`) on a path.

    `state` is a plain text such as "Walked September 2025 to January 2026".
    """

    code: str
    name: str
    state: str = ""
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One walk along the milestones, belonging to one programme development plan.

    `focus` and `note` are plain texts.
    """

    name: str
    focus: str = ""
    note: str = ""
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of the plan.

    `budget` is a text with its currency, `status` one of ACTION_STATES, `progress` a plain text.
    """

    code: str
    title: str
    practices: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    owner: str = ""
    start: str = ""
    due: str = ""
    budget: str = ""
    success: str = ""
    status: str = "planned"
    progress: str = ""
    exhibits: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One objective of the action plan with its actions; `code` is its number as people say it ("1")."""

    code: str
    title: str
    description: str = ""
    actions: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One line of the policy register.

    `overdue` was decided when the report was frozen, `number` is its exhibit or empty.
    """

    name: str
    owner: str = ""
    approved: str = ""
    next_review: str = ""
    overdue: bool = False
    published: str = ""
    number: str = ""
