"""A practice as a reading room shows it: levels side by side, equal answers once, exhibits with how they show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import exports
from evidence_app.domain.selfstudy import references_in


@dataclass(frozen=True, slots=True)
class Level:
    """Where one programme stands: its level with the word for it, and its requirements in place (`met` of `asked`)."""

    programme: str
    rating: int
    word: str
    meaning: str
    met: int
    asked: int
    lead: str
    status: str


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, for all programmes that gave it in the same words. The texts are safe markup."""

    programmes: tuple[str, ...]
    narrative: str
    strengths: str
    next_steps: str


@dataclass(frozen=True, slots=True)
class Requirement:
    """A requirement with its state in each programme that answered it."""

    code: str
    text: str
    states: tuple[tuple[str, str], ...]

    @property
    def common_state(self) -> str:
        """The state all programmes have in common; empty where they differ."""
        states = {state for _, state in self.states}
        return states.pop() if len(states) == 1 else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An exhibit of the practice, and how it shows what is claimed."""

    exhibit: exports.Exhibit
    how: str


@dataclass(frozen=True, slots=True)
class PracticeAnswers:
    """Everything a page on one practice shows."""

    levels: tuple[Level, ...]
    answers: tuple[Answer, ...]
    requirements: tuple[Requirement, ...]
    exhibits: tuple[Shown, ...]
    gaps: tuple[str, ...]

    @property
    def html(self) -> str:
        """All texts in one, for searching."""
        return "\n".join(text for a in self.answers for text in (a.narrative, a.strengths, a.next_steps))


def answers_of(
    report: exports.Report,
    practice: exports.Practice,
    exhibits: Mapping[str, exports.Exhibit],
    exhibit_url: Callable[[str], str],
    picture_url: Callable[[str, int], str],
) -> PracticeAnswers:
    """The answers of all programmes to one practice."""
    pictures = pictures_in(exhibits.values())

    def html(text: str) -> str:
        return exports.narrative_html(
            text,
            exhibits,
            language=report.language,
            exhibit_url=exhibit_url,
            picture_url=lambda sha256: picture_url(*pictures[sha256]) if sha256 in pictures else "",
        )[0]

    return PracticeAnswers(
        levels=tuple(_level(report, response) for response in practice.responses),
        answers=tuple(
            Answer(tuple(r.programme for r in same), html(narrative), html(strengths), html(next_steps))
            for (narrative, strengths, next_steps), same in _same_words(practice.responses).items()
        ),
        requirements=_requirements(practice.responses),
        exhibits=_exhibits(practice.responses, exhibits),
        gaps=tuple(gap.programme for gap in report.gaps if gap.practice == practice.code),
    )


def pictures_in(exhibits: Iterable[exports.Exhibit]) -> dict[str, tuple[str, int]]:
    """SHA-256 of a file -> the number of its exhibit, and its place from 1 where that is a series, else 0."""
    return {
        file.sha256: (exhibit.number, place if exhibit.parts else 0)
        for exhibit in exhibits
        for place, file in enumerate(exhibit.files, 1)
    }


def numbers_in(response: exports.Response) -> tuple[str, ...]:
    """Every exhibit a response cites or names in its words, each once."""
    texts = (response.narrative, response.strengths, response.next_steps)
    named = (one.number for text in texts for one in references_in(text) if one.number.startswith("E-"))
    return tuple(dict.fromkeys((*(citation.number for citation in response.exhibits), *named)))


def _level(report: exports.Report, response: exports.Response) -> Level:
    step = next((level for level in report.scale if level.value == response.rating), None)
    states = [requirement.state for requirement in response.requirements]
    return Level(
        programme=response.programme,
        rating=response.rating,
        word=step.word if step else "",
        meaning=step.meaning if step else "",
        met=states.count("met"),
        asked=len(states),
        lead=response.lead,
        status=response.status,
    )


def _same_words(responses: Iterable[exports.Response]) -> dict[tuple[str, str, str], list[exports.Response]]:
    groups: dict[tuple[str, str, str], list[exports.Response]] = {}
    for response in responses:
        words = (response.narrative.strip(), response.strengths.strip(), response.next_steps.strip())
        if any(words):
            groups.setdefault(words, []).append(response)
    return groups


def _requirements(responses: Iterable[exports.Response]) -> tuple[Requirement, ...]:
    texts: dict[str, str] = {}
    states: dict[str, list[tuple[str, str]]] = {}
    for response in responses:
        for requirement in response.requirements:
            texts.setdefault(requirement.code, requirement.text)
            states.setdefault(requirement.code, []).append((response.programme, requirement.state))
    return tuple(Requirement(code, texts[code], tuple(states[code])) for code in sorted(texts))


def _exhibits(responses: Iterable[exports.Response], exhibits: Mapping[str, exports.Exhibit]) -> tuple[Shown, ...]:
    """Cited by a response or named in its words, in the order of the numbers."""
    hows: dict[str, str] = {}
    for response in responses:
        said = {citation.number: citation.how for citation in response.exhibits}
        for number in numbers_in(response):
            hows[number] = hows.get(number) or said.get(number, "")
    return tuple(
        Shown(exhibits[number], how or exhibits[number].purpose)
        for number, how in sorted(hows.items())
        if number in exhibits
    )
