"""Invented reports for the tests: a telling one of a few pages, and a large one by numbers."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from typing import BinaryIO

from PIL import Image, ImageDraw

from exports import (
    Action,
    Approval,
    Category,
    Citation,
    Cover,
    Edition,
    Exhibit,
    Fact,
    Finding,
    Gap,
    Milestone,
    Objective,
    Overview,
    Participants,
    Path,
    Picture,
    Policy,
    Practice,
    Process,
    Programme,
    RatingLevel,
    Report,
    RequirementState,
    Response,
    School,
    Signature,
    Standard,
    StandardLevel,
    Step,
    TimelineEntry,
    WordMeaning,
    report_to_json,
    tidy_file_name,
)

PROGRAMMES = (
    Programme(
        key="PYP",
        name="Primary Years Programme",
        authorized="2009",
        ages="3 to 11",
        students=248,
        teachers=31,
        trained=26,
    ),
    Programme(
        key="MYP",
        name="Middle Years Programme",
        authorized="2012",
        ages="11 to 16",
        students=236,
        teachers=38,
        trained=33,
    ),
    Programme(
        key="DP", name="Diploma Programme", authorized="2007", ages="16 to 19", students=128, teachers=29, trained=27
    ),
)
SCALE = (
    RatingLevel(
        value=1, word="Developing", meaning="Begun, or in place for some; what comes next is set out with a date."
    ),
    RatingLevel(
        value=2, word="Developed", meaning="In place and reviewed; its effect is seen in part of the programme."
    ),
    RatingLevel(
        value=3, word="Highly developed", meaning="In place for everyone, and shown to change what students can do."
    ),
)
NARRATIVE = """The inclusion policy was rewritten in the spring of 2026 and approved on 21 May [[E-0301-02-01]].
The new text describes what each teacher does, and what a student may expect.

# From concern to support

A teacher who is worried about a student follows four steps, each with a longest wait [[E-0301-02-02]]:

1. **Notice and note.** Two lines in the shared log, on the same day.
2. **Try something.** A change in the lesson, for three weeks:
    1. from the list of first steps, or
    2. agreed with the support teacher of the year group.
3. **Meet.** Student, family, tutor and support teacher, within ten school days.

At the end of 2025-26 there were 27 plans, all reviewed before the end of May [[E-0301-02-03]].[^plans]

[^plans]: Individual plans are kept by the learning support coordinator and are never released [[E-0301-02-03]].

## What changed

| Programme | Inside, 2023 | Inside, 2026 |
| --- | ---: | ---: |
| PYP | 14 | 26 |
| MYP | 11 | 28 |

> Before, somebody came to fetch me. Now she is just there, and half the class asks her things.
>
> — Student in year 8, reading panel of 14 April 2026

![Ground floor: the support room lies in the middle](E-0301-02-04 "Ground floor since August 2025")

- **PYP and MYP:** support teachers plan with year teams once a week.
- **MYP:** access arrangements follow *one* procedure. It covers
    - eAssessment and the personal project;
    - school examinations.
- Short codes look like `Y8-READ-2`.

---

The questions are on the [school's page](https://www.valdoria.example/inclusion), or ask <https://valdoria.example/help>.

```
week  inside  outside
   1      62       27
```
"""


def picture(width: int = 640, height: int = 240) -> bytes:
    """A drawn plan as PNG."""
    image = Image.new("RGB", (width, height), "#FFFFFF")
    draw = ImageDraw.Draw(image)
    draw.rectangle((8, 8, width - 8, height - 8), outline="#17414C", width=6)
    draw.rectangle((width // 3, height // 2, 2 * width // 3, height - 12), fill="#1F5563")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class Bytes:
    """The bytes of invented exhibits by their hash, as a store would give them."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self.held[name] = data
        return name

    def open(self, sha256: str) -> BinaryIO:
        return io.BytesIO(self.held[sha256])


def exhibit(store: Bytes, number: str, title: str, data: bytes | None = None, **more: object) -> Exhibit:
    """An exhibit with bytes in the store."""
    content = f"{number} {title}".encode(errors="replace") if data is None else data
    name = str(more.pop("original", "scan.PDF"))
    values: dict[str, object] = {
        "kind": "Policy",
        "facts": "PDF, 9 pages",
        "version": "v3",
        "shown": "2026-05-21",
        "media_type": "application/pdf",
        "size_bytes": len(content),
        "sha256": store.put(content),
        "file_name": tidy_file_name(number, title, "v3", name),
        **more,
    }
    return Exhibit(number=number, title=title, **values)  # type: ignore[arg-type]


def sample_report(store: Bytes, language: str = "en") -> Report:
    """A report with something in every section."""
    exhibits = (
        exhibit(store, "E-0301-01-01", "Admissions and access policy"),
        exhibit(store, "E-0301-02-01", "Inclusion policy"),
        exhibit(store, "E-0301-02-02", "Steps from concern to support: one-page chart", kind="Procedure"),
        exhibit(store, "E-0301-02-03", "Learning support statement, 2025-26", kind="Statement", redacted=True),
        exhibit(
            store, "E-0301-02-04", "Plan of the ground floor", picture(), media_type="image/png", original="plan.png"
        ),
        exhibit(store, "E-0404-01-01", "Feedback samples", shown="2025-09", shown_until="2026-06", kind="Student work"),
        Exhibit(
            number="E-0404-01-02", title="Assessment calendar", kind="Web page", url="https://valdoria.example/calendar"
        ),
        exhibit(store, "E-M1-01", "Answers to the survey", kind="Survey", downloadable=False),
        exhibit(store, "E-P-01", "Draft timetable 2027-28", kind="Timetable"),
    )
    inclusion = Practice(
        code="0301-02",
        name="Inclusion policy",
        summary="The school has a policy that says how every student belongs, and does what it says.",
        responses=(
            _inclusion("PYP", 3, "States who does what."),
            _inclusion("MYP", 2, "Section 6 lists the rights of each party."),
            Response(
                programme="DP",
                rating=1,
                status="draft",
                lead="L. Ferrante-Osei",
                narrative="The policy holds in years 12 and 13 too, but its effect is not known [[E-0301-02-01]].",
                next_steps="Look at the effect with students (action 1.1).",
                requirements=(
                    RequirementState(code="0301-02-0100", text="The policy is in use and reviewed.", state="partly"),
                ),
            ),
        ),
    )
    admissions = Practice(
        code="0301-01",
        name="Access and admissions",
        responses=tuple(
            Response(
                programme=p.key,
                rating=3,
                status="approved",
                approved_by="Helena Brightwater",
                status_on="2026-11-09",
                lead="Mateus Lindqvist",
                narrative="Any child of school age may join [[E-0301-01-01]].",
                strengths="- Refusals are rare and reasoned.\n- The rules are published in four languages.",
                requirements=(
                    RequirementState(code="0301-01-0100", text="A reviewed policy says who takes part.", state="met"),
                    RequirementState(code="0301-01-0200", text="Means help as many as is reasonable.", state="not_yet"),
                ),
                exhibits=(Citation(number="E-0301-01-01", how="States the two grounds of refusal."),),
            )
            for p in PROGRAMMES
        ),
    )
    feedback = Practice(
        code="0404-01",
        name="Feedback improves learning",
        responses=(
            Response(
                programme="MYP",
                rating=2,
                status="submitted",
                narrative="Feedback is given within a week [[E-0404-01-01]].",
                exhibits=(Citation(number="E-0404-01-02", how="Shows the weeks of feedback."),),
            ),
        ),
    )
    return Report(
        language=language,
        cover=Cover(
            school="Valdoria International School",
            place="Monteserra, Italy",
            ib_code="051207",
            period_start="2021-09-01",
            period_end="2026-08-31",
            visit_start="2027-03-09",
            visit_end="2027-03-11",
            head="Dr Ingrid Solvay-Amadi",
            logo=Picture(sha256=store.put(picture(200, 200)), media_type="image/png", alt="Mark of the school"),
        ),
        framework="Programme standards and practices",
        programmes=PROGRAMMES,
        scale=SCALE,
        approvals=(
            Approval(
                part="Category 03",
                written_by="Amara Castellani",
                approved_by="Helena Brightwater",
                approved_on="2026-11-12",
            ),
        ),
        school=School(
            lead="A day school of 612 students between a lake and a mountain pass.",
            facts=(Fact(label="Languages", value="English and Italian"), Fact(label="Founded", value="1974")),
            narrative="# Mission and community\n\nThe school speaks of *people who listen before they act*.",
        ),
        process=Process(
            lead="Fourteen months, seventy-four teachers.",
            narrative="Each practice had a lead and a second reader from another programme.",
            participants=(Participants(role="Teachers", people="74 of 79", did="Filed evidence and wrote."),),
            timeline=(TimelineEntry(when="2025-09", what="Open afternoon; leads named."),),
            requests_sent=163,
            requests_answered=158,
            median_days=6,
        ),
        overview=Overview(
            lead="Two standards in three programmes.",
            strengths="**Support lies in the middle.** Records show that plans are reviewed on time (0301-02).",
            priorities="**Bring the Diploma Programme to the same level.**",
            without_evidence="**0404 in the DP has no level and no exhibits.** The review was moved to January 2027.",
        ),
        categories=(
            Category(
                code="03",
                name="Culture",
                lead="Policies are written so that a new teacher can act on them.",
                standards=(
                    Standard(
                        code="0301",
                        name="Culture through policy implementation",
                        lead="Amara Castellani",
                        levels=(
                            StandardLevel(programme="PYP", rating=3, reason="Children helped to write two policies."),
                            StandardLevel(programme="MYP", rating=2, reason="All policies are used and reviewed."),
                            StandardLevel(programme="DP", rating=1, reason="Two were last reviewed in 2023."),
                        ),
                        practices=(admissions, inclusion),
                    ),
                ),
            ),
            Category(
                code="04",
                name="Learning",
                standards=(
                    Standard(
                        code="0404",
                        name="Approaches to assessment",
                        levels=(StandardLevel(programme="MYP", rating=2, reason="Reviewed each June."),),
                        practices=(feedback,),
                    ),
                ),
            ),
        ),
        findings=(
            Finding(
                kind="matter",
                year="2021",
                practices=("0301-02",),
                text="The inclusion policy does not list the legal duties of the school.",
                done="Section 4 was added in May 2022.",
                state="closed",
                exhibits=(Citation(number="E-0301-02-01"),),
            ),
        ),
        paths=(
            Path(
                name="Second path",
                focus="support for Diploma students inside lessons",
                note="The first path, walked from 2021 to 2024, had collaborative planning as its focus.",
                milestones=(
                    Milestone(
                        code="M1",
                        name="Find the strategic focus",
                        state="Walked September 2025 to January 2026",
                        steps=(
                            Step(
                                code="1.1",
                                name="Needs analysis",
                                state="walked",
                                reflection="388 answers: help comes *too late*.",
                                exhibits=(Citation(number="E-M1-01"),),
                            ),
                            Step(code="1.2", name="What holds growth back", state="walking"),
                        ),
                    ),
                ),
            ),
        ),
        plan_lead="Three objectives for four years.",
        objectives=(
            Objective(
                code="1",
                title="Diploma students find support inside their lessons",
                description="Agreed with students of years 12 and 13.",
                actions=(
                    Action(
                        code="1.1",
                        title="Set one common hour a week for subject teams and support teachers",
                        practices=("0301-02", "0202-02"),
                        steps=("2.1",),
                        owner="H. Brightwater",
                        start="2026-12-01",
                        due="2027-09-01",
                        budget="€ 18,400",
                        success="The hour is kept in 9 weeks of 10",
                        status="under_way",
                        progress="Agreed with all heads of subject.",
                        exhibits=(Citation(number="E-P-01"),),
                    ),
                    Action(code="1.2", title="Review the integrity policy with students"),
                ),
            ),
        ),
        policies=(
            Policy(
                name="Inclusion",
                owner="Amara Castellani",
                approved="2026-05-21",
                next_review="2028-05",
                published="Public page",
                number="E-0301-02-01",
            ),
            Policy(name="Language", owner="Lucia Ferrante-Osei", next_review="2026-10", overdue=True),
        ),
        gaps=(Gap(practice="0404-01", programme="DP", asked_of="T. Okafor", due="2027-01-29"),),
        words=(WordMeaning(word="Support plan", meaning="The school's one-page plan for a student"),),
        exhibits=exhibits,
    )


def _inclusion(programme: str, rating: int, how: str) -> Response:
    return Response(
        programme=programme,
        rating=rating,
        status="approved",
        approved_by="Helena Brightwater",
        status_on="2026-11-12",
        lead="Amara Castellani",
        narrative=NARRATIVE,
        strengths="- One route for every teacher, on one page.\n- Students changed the policy, and can say where.",
        next_steps="Measure how far access to tasks changes results in year 10 (action 1.1).",
        requirements=(
            RequirementState(code="0301-02-0100", text="The policy is in use and reviewed.", state="met"),
            RequirementState(code="0301-02-0200", text="The policy lists legal duties.", state="met"),
        ),
        exhibits=(
            Citation(number="E-0301-02-01", how=how),
            Citation(number="E-0301-02-02", how="The route every teacher follows."),
        ),
    )


def edition(report: Report, number: int = 2) -> Edition:
    """A frozen and signed edition of a report."""
    digest = hashlib.sha256(report_to_json(report).encode()).hexdigest()
    signature = Signature(
        name="Dr Ingrid Solvay-Amadi", role="Head of school", signed_at="2026-11-18T17:05:00", snapshot_sha256=digest
    )
    return Edition(
        number=number,
        frozen_at="2026-11-18T16:40:00",
        compiled_by="Tomasz Okafor, MYP coordinator",
        snapshot_id="VIS-2026-11-18-2",
        snapshot_sha256=digest,
        share_url="https://evidence.valdoria.example/s/7c1f",
        signatures=(signature,),
        signers=(("Head of school", "Dr Ingrid Solvay-Amadi"), ("Chair of the board", "Prof. Renzo Abelard-Nkemelu")),
    )


def large_report(practices: int = 41, programmes: int = 3, citations: int = 300, exhibits: int = 2000) -> Report:
    """A report by numbers: every practice answered in every programme, exhibits spread evenly over the practices."""
    codes = [f"{1 + n // 11:02d}{1 + n // 5 % 4:02d}-{1 + n % 5:02d}" for n in range(practices)]
    per = -(-exhibits // practices)
    listed: dict[str, list[Exhibit]] = {code: [] for code in codes}
    for n in range(exhibits):
        code = codes[n // per]
        number = f"E-{code}-{n % per + 1:02d}"
        digest = hashlib.sha256(number.encode()).hexdigest()
        title = f"Collaborative planning log {n} of year {n % 12 + 1}"
        listed[code].append(
            Exhibit(
                number=number,
                title=title,
                kind="Minutes",
                version="v1",
                shown="2026-03-12",
                purpose="Shows what the team agreed.",
                file_name=tidy_file_name(number, title, "v1", "a.pdf"),
                media_type="application/pdf",
                size_bytes=1000 + n,
                sha256=digest,
            )
        )
    answers = practices * programmes
    made = [_large_practice(code, n, listed[code], programmes, citations, answers) for n, code in enumerate(codes)]
    standards: dict[str, list[Practice]] = {}
    for practice in made:
        standards.setdefault(practice.code[:4], []).append(practice)
    categories: dict[str, list[Standard]] = {}
    for code, content in standards.items():
        levels = tuple(
            StandardLevel(programme=p.key, rating=2, reason="As told below.") for p in PROGRAMMES[:programmes]
        )
        standard = Standard(code=code, name=f"Standard named {code}", levels=levels, practices=tuple(content))
        categories.setdefault(code[:2], []).append(standard)
    return replace(
        sample_report(Bytes()),
        programmes=PROGRAMMES[:programmes],
        categories=tuple(
            Category(code=code, name=f"Category named {code}", standards=tuple(content))
            for code, content in categories.items()
        ),
        exhibits=tuple(e for group in listed.values() for e in group),
        findings=(),
        paths=(),
        objectives=(),
        policies=(),
        gaps=(),
    )


def _large_practice(code: str, n: int, own: list[Exhibit], programmes: int, citations: int, answers: int) -> Practice:
    responses = []
    for k, programme in enumerate(PROGRAMMES[:programmes]):
        position = n * programmes + k
        count = (position + 1) * citations // answers - position * citations // answers
        cited = " ".join(f"As shown in [[{own[i % len(own)].number}]], the team met." for i in range(count) if own)
        text = (
            f"{cited}\n\n## What changed\n\n- first, in {programme.key}\n- second, *with care*\n\n"
            + ("The team met each week and wrote down what it agreed, and came back to it. " * 12 + "\n\n") * 3
        )
        responses.append(
            Response(
                programme=programme.key,
                rating=k % 3 + 1,
                status="approved",
                approved_by="Helena Brightwater",
                narrative=text,
                strengths="- One\n- Two",
                next_steps="- Three",
                requirements=tuple(
                    RequirementState(code=f"{code}-0{i}00", text="Something is asked.", state="met")
                    for i in range(1, 4)
                ),
                exhibits=tuple(Citation(number=e.number, how="It shows what was agreed.") for e in own),
            )
        )
    return Practice(code=code, name=f"Practice named {code}", responses=tuple(responses))
