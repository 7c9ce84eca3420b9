"""A large report by numbers."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from exports import (
    Category,
    Citation,
    Exhibit,
    Practice,
    Report,
    RequirementState,
    Response,
    Standard,
    StandardLevel,
    tidy_file_name,
)
from tests.exports.factory import PROGRAMMES, Bytes
from tests.exports.sample import sample_report


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
