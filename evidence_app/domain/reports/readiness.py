"""How ready a self-study is to be given out: what is missing, where, and what would stay in the school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

import standards
from evidence_app.domain.access import Action, Actor, require
from evidence_app.domain.evidence import Version
from evidence_app.domain.frameworks import catalogue_for
from evidence_app.domain.links import LinkCheck, closed
from evidence_app.domain.reports.staying import kept_back
from evidence_app.domain.selfstudy import (
    Citation,
    Evaluation,
    Exhibit,
    Response,
    ResponseStatus,
    evaluation,
    numbers_of,
    programmes_for,
    references_in,
    scale_of,
)
from evidence_app.i18n import Labelled, msg


class Lack(Labelled):
    """What a response may lack, the worst first."""

    UNKNOWN_EXHIBIT = "unknown_exhibit", msg("Names an exhibit that does not exist")
    UNRELEASED = "unreleased", msg("Cites what is not released")
    CLOSED_LINK = "closed_link", msg("Cites a link that visitors cannot open")
    NO_NARRATIVE = "no_narrative", msg("No answer yet")
    NO_RATING = "no_rating", msg("No level yet")
    NO_EVIDENCE = "no_evidence", msg("No released exhibit cited")
    NOT_APPROVED = "not_approved", msg("Not approved")


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


@dataclass(frozen=True, slots=True)
class _Study:
    """What is looked at, in columns: a page about two thousand exhibits must not load them all."""

    catalogue: standards.Catalogue
    is_rated: bool
    responses: Mapping[tuple[str, str], Response]
    cited: Mapping[str, tuple[str, ...]]
    numbers: Mapping[str, str]
    kept_back: frozenset[str]
    closed_links: frozenset[str]


def readiness(session: Session, actor: Actor, evaluation_id: str) -> Readiness:
    """What the self-study lacks as it stands now, in the actor's programmes."""
    require(actor, Action.COMPILE_REPORT)
    frame = evaluation(session, actor, evaluation_id)
    study = _study(session, actor, frame)
    lines: list[ReadinessLine] = []
    answers = 0
    for node in study.catalogue.practices():
        for programme in programmes_for(actor, frame):
            response = study.responses.get((node.key, programme))
            if response is not None and node.applies_to(programme):
                answers += 1
                lines += _lacks(study, node, response)
    order = list(Lack)
    return Readiness(answers, tuple(sorted(lines, key=lambda line: order.index(line.lack))))


def _lacks(study: _Study, node: standards.Node, response: Response) -> list[ReadinessLine]:
    def line(lack: Lack, at: int = 0, number: str = "") -> ReadinessLine:
        return ReadinessLine(lack, node, response.programme, response.id, at, number)

    cited = study.cited.get(response.id, ())
    found = [line(Lack.UNRELEASED, 0, number) for number in cited if number in study.kept_back]
    found += [line(Lack.CLOSED_LINK, 0, number) for number in cited if number in study.closed_links]
    for text in (response.narrative, response.strengths, response.next_steps):
        for reference in references_in(text):
            number = study.numbers.get(reference.number)
            if number is None:
                found.append(line(Lack.UNKNOWN_EXHIBIT, reference.line, reference.number))
            elif number in study.kept_back and number not in cited:
                found.append(line(Lack.UNRELEASED, reference.line, number))
    if not response.narrative.strip():
        found.append(line(Lack.NO_NARRATIVE))
    if study.is_rated and response.rating is None:
        found.append(line(Lack.NO_RATING))
    if all(number in study.kept_back for number in cited):
        found.append(line(Lack.NO_EVIDENCE))
    if response.revision and response.status != ResponseStatus.APPROVED:
        found.append(line(Lack.NOT_APPROVED))
    return found


def _study(session: Session, actor: Actor, frame: Evaluation) -> _Study:
    catalogue = catalogue_for(session, actor.school_id, frame.framework_key)
    mine = (Response.school_id == frame.school_id, Response.evaluation_id == frame.id)
    citations = (
        select(Citation.response_id, Exhibit.number)
        .join(Response, and_(Response.school_id == Citation.school_id, Response.id == Citation.response_id))
        .join(
            Exhibit,
            and_(
                Exhibit.school_id == Citation.school_id,
                Exhibit.version_id == Citation.version_id,
                Exhibit.evaluation_id == frame.id,
            ),
        )
        .where(*mine)
        .order_by(Exhibit.home, Exhibit.running)
    )
    cited: dict[str, list[str]] = {}
    for response_id, number in session.execute(citations):
        cited.setdefault(response_id, []).append(number)
    closed_links = (
        select(Exhibit.number)
        .join(Version, and_(Version.school_id == Exhibit.school_id, Version.id == Exhibit.version_id))
        .join(LinkCheck, and_(LinkCheck.school_id == Exhibit.school_id, LinkCheck.item_id == Exhibit.item_id))
        .where(Exhibit.school_id == frame.school_id, Exhibit.evaluation_id == frame.id, closed())
    )
    return _Study(
        catalogue=catalogue,
        is_rated=scale_of(catalogue, frame) is not None,
        responses={(row.node_key, row.programme): row for row in session.scalars(select(Response).where(*mine))},
        cited={response_id: tuple(numbers) for response_id, numbers in cited.items()},
        numbers=numbers_of(session, actor.school_id, frame.id),
        kept_back=frozenset(one.number for one in kept_back(session, frame)),
        closed_links=frozenset(session.scalars(closed_links)),
    )
