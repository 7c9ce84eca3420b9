"""What stands before the practices: cover, programmes, scale, school, process and overview."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of the school's own (its logo): the hash its bytes are opened by, and words for who cannot see it."""

    sha256: str
    media_type: str
    alt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The first page. `title` and `confidentiality` fall back to the report language's usual words."""

    school: str
    place: str = ""
    ib_code: str = ""
    title: str = ""
    period_start: str = ""
    period_end: str = ""
    visit_start: str = ""
    visit_end: str = ""
    head: str = ""
    confidentiality: str = ""
    logo: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One programme of the evaluation.

    `key` (`PYP`) is what responses and levels point at; counts of -1 are not known.
    """

    key: str
    name: str
    authorized: str = ""
    ages: str = ""
    students: int = -1
    teachers: int = -1
    trained: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingLevel:
    """One level of the rating scale: `value` counts from 1, the lowest.

    0 always means "not rated" and is not listed.
    """

    value: int
    word: str
    meaning: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who wrote one part of the report and who approved it, for document control.

    `approved` of its written `answers` are approved, the last of them on `approved_on`; -1 is not known.
    """

    part: str
    written_by: str = ""
    approved_by: str = ""
    approved_on: str = ""
    answers: int = -1
    approved: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the school's profile, such as "Languages of instruction": "English and Italian"."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """The chapter on the school. `lead` is one plain sentence; `narrative` is Markdown."""

    lead: str = ""
    facts: tuple[Fact, ...] = ()
    narrative: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participants:
    """One role that took part in the self-study: how many (`people`, a text such as "74 of 79") and what they did."""

    role: str
    people: str = ""
    did: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One step of the work: when (an ISO date or a text) and what, in one sentence."""

    when: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """How the self-study was made.

    `narrative` is Markdown; counts of -1 are not known; `median_days` is request to answer.
    """

    lead: str = ""
    narrative: str = ""
    participants: tuple[Participants, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    requests_sent: int = -1
    requests_answered: int = -1
    median_days: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The pages a hurried reader reads; the coverage table is drawn from the categories.

    All three texts are Markdown.
    """

    lead: str = ""
    strengths: str = ""
    priorities: str = ""
    without_evidence: str = ""


# What a report says of school, process and overview if nobody filled them in.
NO_SCHOOL, NO_PROCESS, NO_OVERVIEW = School(), Process(), Overview()
