"""A telling report of a few pages, with something in every section."""

from __future__ import annotations

from exports import (
    Action,
    Approval,
    Category,
    Citation,
    Cover,
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
    Report,
    RequirementState,
    Response,
    School,
    Standard,
    StandardLevel,
    Step,
    TimelineEntry,
    WordMeaning,
)
from tests.exports.factory import NARRATIVE, PROGRAMMES, SCALE, Bytes, exhibit, picture


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
