"""How ready a self-study is to be given out: what is missing, where, and what would stay in the school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy.orm import Session

import standards
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.reports.gathering.chapters import cited_rows
from evidence_app.domain.reports.gathering.rows import StudyRows, load_rows
from evidence_app.domain.selfstudy import Response, ResponseStatus, narrative_problems, references_in
from evidence_app.i18n import Message, msg


class Lack(StrEnum):
    """What a response may lack, the worst first."""

    UNKNOWN_EXHIBIT = "unknown_exhibit"
    UNRELEASED = "unreleased"
    NO_NARRATIVE = "no_narrative"
    NO_RATING = "no_rating"
    NO_EVIDENCE = "no_evidence"
    NOT_APPROVED = "not_approved"

    @property
    def label(self) -> Message:
        """What is lacking, in plain words."""
        return LACKS[self]


LACKS: Mapping[Lack, Message] = MappingProxyType(
    {
        Lack.UNKNOWN_EXHIBIT: msg("Names an exhibit that does not exist"),
        Lack.UNRELEASED: msg("Cites what is not released"),
        Lack.NO_NARRATIVE: msg("No answer yet"),
        Lack.NO_RATING: msg("No level yet"),
        Lack.NO_EVIDENCE: msg("No released exhibit cited"),
        Lack.NOT_APPROVED: msg("Not approved"),
    }
)


@dataclass(frozen=True, slots=True)
class ReadinessLine:
    """One thing one response lacks. `line` counts from 1 within its text, 0 where it belongs to no line."""

    lack: Lack
    node: standards.Node
    programme: str
    response_id: str
    line: int = 0
    number: str = ""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Everything an evaluation lacks, the worst first, then in the order of the practices; out of `answers` answers."""

    answers: int
    lines: tuple[ReadinessLine, ...]

    def by_lack(self) -> dict[Lack, tuple[ReadinessLine, ...]]:
        """What is lacking -> where, for what is lacking somewhere."""
        found = {lack: tuple(line for line in self.lines if line.lack == lack) for lack in Lack}
        return {lack: lines for lack, lines in found.items() if lines}

    @property
    def complete(self) -> int:
        """How many answers lack neither words, nor a level, nor a released exhibit."""
        counted = (Lack.NO_NARRATIVE, Lack.NO_RATING, Lack.NO_EVIDENCE)
        return self.answers - len({line.response_id for line in self.lines if line.lack in counted})


def readiness(session: Session, actor: Actor, evaluation_id: str) -> Readiness:
    """What the self-study lacks as it stands now."""
    require(actor, Action.COMPILE_REPORT)
    rows = load_rows(session, actor, evaluation_id)
    lines = [
        ReadinessLine(
            Lack.UNKNOWN_EXHIBIT,
            rows.catalogue.node(problem.node_key),
            problem.programme,
            problem.response_id,
            problem.line,
            problem.number,
        )
        for problem in narrative_problems(session, actor, evaluation_id)
        if problem.node_key in rows.catalogue
    ]
    answers = 0
    for node in rows.catalogue.practices():
        for programme in rows.programmes:
            response = rows.responses.get((node.key, programme))
            if response is not None and node.applies_to(programme):
                answers += 1
                lines += _lacks(rows, node, response)
    order = list(Lack)
    return Readiness(answers, tuple(sorted(lines, key=lambda line: order.index(line.lack))))


def _lacks(rows: StudyRows, node: standards.Node, response: Response) -> list[ReadinessLine]:
    def line(lack: Lack, at: int = 0, number: str = "") -> ReadinessLine:
        return ReadinessLine(lack, node, response.programme, response.id, at, number)

    cited = [row for row, _ in cited_rows(rows, response)]
    found = [line(Lack.UNRELEASED, 0, row.number) for row in cited if row.kept_back_because]
    cited_numbers = {row.number for row in cited}
    for text in (response.narrative, response.strengths, response.next_steps):
        for reference in references_in(text):
            named = rows.by_number(reference.number)
            if named is not None and named.kept_back_because and named.number not in cited_numbers:
                found.append(line(Lack.UNRELEASED, reference.line, named.number))
    if not response.narrative.strip():
        found.append(line(Lack.NO_NARRATIVE))
    if rows.scale is not None and response.rating is None:
        found.append(line(Lack.NO_RATING))
    if all(row.kept_back_because for row in cited):
        found.append(line(Lack.NO_EVIDENCE))
    if response.revision and response.status != ResponseStatus.APPROVED:
        found.append(line(Lack.NOT_APPROVED))
    return found
