"""What one report says otherwise than another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import exports
from evidence_app.domain.reports.gathering.narratives import CITED

NOTHING = exports.Response(programme="")


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer that differs: its levels by name ("" for none), its words with exhibits by their numbers."""

    practice: exports.Practice
    programme: str
    level_before: str
    level_after: str
    before: str
    after: str
    exhibits_added: tuple[str, ...]
    exhibits_gone: tuple[str, ...]


def changes_between_reports(before: exports.Report, after: exports.Report) -> tuple[AnswerChange, ...]:
    """Every answer that the two reports give otherwise, in the order of the newer one; what it lacks comes last."""
    old = _answers(before)
    new = _answers(after)
    practices = {p.code: p for p in (*before.practices(), *after.practices())}
    levels = {level.value: level.word for level in (*before.scale, *after.scale)}
    found = []
    for code, programme in {**new, **old}:
        one, other = old.get((code, programme), NOTHING), new.get((code, programme), NOTHING)
        cited_before, cited_after = ({citation.number for citation in answer.exhibits} for answer in (one, other))
        change = AnswerChange(
            practice=practices[code],
            programme=programme,
            level_before=levels.get(one.rating, ""),
            level_after=levels.get(other.rating, ""),
            before=_words(one),
            after=_words(other),
            exhibits_added=tuple(sorted(cited_after - cited_before)),
            exhibits_gone=tuple(sorted(cited_before - cited_after)),
        )
        if change.before != change.after or one.rating != other.rating or cited_before != cited_after:
            found.append(change)
    return tuple(found)


def _answers(report: exports.Report) -> Mapping[tuple[str, str], exports.Response]:
    return {(p.code, response.programme): response for p in report.practices() for response in p.responses}


def _words(response: exports.Response) -> str:
    texts = (response.narrative, response.strengths, response.next_steps)
    return CITED.sub(r"\g<number>", "\n".join(text for text in texts if text))
