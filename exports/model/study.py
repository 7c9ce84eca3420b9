"""The answers: categories, standards, practices and responses, with the exhibits they cite."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """An exhibit named by a response, a step, an action or a finding, with how it shows what is claimed there."""

    number: str
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementState:
    """One requirement or specification with its state, one of REQUIREMENT_STATES.

    `text` is the school's wording or label.
    """

    code: str
    text: str
    state: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """The answer of one programme to one practice.

    `rating` is a value of the scale, 0 for none; `status` one of RESPONSE_STATES; `narrative`, `strengths` and
    `next_steps` are Markdown (each list item or paragraph of the last two becomes one line). An approved answer was
    approved by `approved_by` on `status_on`. Equal answers of several programmes are printed once. `exhibits` lists
    what is cited; exhibits cited only inside the narrative are added by the writers.
    """

    programme: str
    rating: int = 0
    status: str = "not_started"
    lead: str = ""
    status_on: str = ""
    approved_by: str = ""
    narrative: str = ""
    strengths: str = ""
    next_steps: str = ""
    requirements: tuple[RequirementState, ...] = ()
    exhibits: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice:
    """One practice (`0301-02`) with the responses of the programmes it was answered for.

    `summary` is one plain sentence.
    """

    code: str
    name: str
    summary: str = ""
    responses: tuple[Response, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardLevel:
    """The level of one standard in one programme, entered with its reason and never averaged.

    `rating` 0 is "not rated".
    """

    programme: str
    rating: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One standard (`0301`).

    Its levels, a lead, a Markdown introduction and its practices in order of their codes.
    """

    code: str
    name: str
    lead: str = ""
    introduction: str = ""
    levels: tuple[StandardLevel, ...] = ()
    practices: tuple[Practice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One category (`03`), a chapter: `lead` is one plain sentence, `introduction` is Markdown."""

    code: str
    name: str
    lead: str = ""
    introduction: str = ""
    standards: tuple[Standard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A practice without accepted evidence in one programme, with who was asked for it and by when, if anybody was."""

    practice: str
    programme: str
    name: str = ""
    asked_of: str = ""
    due: str = ""
