"""What a report says, as plain data: strings, whole numbers and tuples, and nothing about how it looks.

The gathering code fills these classes, `exports.codec` turns them into the canonical JSON that is the snapshot, and
every writer prints them. Three rules hold everywhere:

- **Dates** are ISO texts (`2026-05-21`, `2026-05` or `2026`); an empty text means "not known". No clock is read.
- **Markdown** is allowed only in the fields whose description says so; it may cite an exhibit as `[[E-0301-02-03]]`
  and show an image exhibit as `![what is seen](E-0301-02-03)`. Every other text is printed as it is.
- **State words** are keys out of the tuples below; the writers print them in the report's language. What is empty
  is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

DOCUMENTS = ("self-study", "action-plan")
REQUIREMENT_STATES = ("met", "partly", "not_yet", "open")
RESPONSE_STATES = ("not_started", "draft", "submitted", "approved")
STEP_STATES = ("ahead", "walking", "walked")
ACTION_STATES = ("planned", "under_way", "done", "paused", "dropped")
FINDING_KINDS = ("commendation", "recommendation", "matter")
FINDING_STATES = ("open", "under_way", "closed", "kept")


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
    """Who wrote one part of the report and who approved it, for document control."""

    part: str
    written_by: str = ""
    approved_by: str = ""
    approved_on: str = ""


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
    `next_steps`
    are Markdown (each list item or paragraph of the last two becomes one line). Equal answers of several programmes
    are
    printed once. `exhibits` lists what is cited; exhibits cited only inside the narrative are added by the writers.
    """

    programme: str
    rating: int = 0
    status: str = "not_started"
    lead: str = ""
    status_on: str = ""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A practice without accepted evidence in one programme, with who was asked for it and by when, if anybody was."""

    practice: str
    programme: str
    name: str = ""
    asked_of: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One version of an evidence item, numbered.

    `number` is `E-<practice, milestone or P>-<running number>`. `kind` is a word for people ("Policy"); `facts` a
    short addition to it ("PDF, 9 pages"). `shown` (to `shown_until`) is the period it shows. `file_name` is the
    tidy name in the bundle (`exports.tidy_file_name` makes it), never the original one; `sha256` and `size_bytes`
    are those of the bytes a reader gets, so of the redacted copy where `redacted`. A link has a `url` (http, https)
    and no `sha256`. `text_sha256`, `page_sha256` and `thumbnail_sha256` name the extracted text and page pictures
    of those same bytes, for the reading room. `downloadable` false keeps the file out of the bundle and says so in
    its index.
    """

    number: str
    title: str
    kind: str = ""
    facts: str = ""
    version: str = ""
    shown: str = ""
    shown_until: str = ""
    purpose: str = ""
    language: str = ""
    programmes: tuple[str, ...] = ()
    file_name: str = ""
    media_type: str = ""
    size_bytes: int = 0
    sha256: str = ""
    url: str = ""
    redacted: bool = False
    downloadable: bool = True
    text_sha256: str = ""
    page_sha256: tuple[str, ...] = ()
    thumbnail_sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMeaning:
    """A word or abbreviation of the school's own for Appendix D.

    The product's usual words are added by the writers.
    """

    word: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One self-study with its exhibits at one moment: what a snapshot holds and every document is made from.

    `language` is `en`, `fr`, `es` or `it`, with a region if wanted (`fr-CA`). `scale` runs from the lowest level up.
    `exhibits` hold each number once, in any order. `framework` is the name printed for the standards and practices.
    """

    language: str
    cover: Cover
    framework: str = ""
    programmes: tuple[Programme, ...] = ()
    scale: tuple[RatingLevel, ...] = ()
    approvals: tuple[Approval, ...] = ()
    school: School = School()
    process: Process = Process()
    overview: Overview = Overview()
    categories: tuple[Category, ...] = ()
    findings: tuple[Finding, ...] = ()
    paths: tuple[Path, ...] = ()
    plan_lead: str = ""
    objectives: tuple[Objective, ...] = ()
    policies: tuple[Policy, ...] = ()
    gaps: tuple[Gap, ...] = ()
    words: tuple[WordMeaning, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()

    def practices(self) -> tuple[Practice, ...]:
        """Every practice, in the order of the chapters."""
        return tuple(p for category in self.categories for standard in category.standards for p in standard.practices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The head's signature under a frozen edition.

    `signed_at` is an ISO date and time, `snapshot_sha256` what was signed.
    """

    name: str
    role: str
    signed_at: str
    snapshot_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What is known only once a report is frozen, so what cannot stand in the report whose hash it names.

    `number` 0 is a draft. `frozen_at` (ISO date and time) also dates the file's properties; without it the writers
    use
    1980-01-01, never the clock. `snapshot_sha256` is the SHA-256 of `report_to_json(report)`. `share_url` is the
    address of the
    reading room, under which each exhibit is found by its number; empty leaves the "Online" links out. `signers` are
    (role, name) lines for ink.
    """

    number: int = 0
    frozen_at: str = ""
    compiled_by: str = ""
    snapshot_id: str = ""
    snapshot_sha256: str = ""
    share_url: str = ""
    signatures: tuple[Signature, ...] = ()
    signers: tuple[tuple[str, str], ...] = ()
