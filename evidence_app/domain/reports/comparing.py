"""What one report says otherwise than another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import exports
from evidence_app.domain.selfstudy import Change, changes_between

NOTHING = exports.Response(programme="")


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer that differs. Levels are values of the scale, 0 for none; texts are compared line by line."""

    practice: exports.Practice
    programme: str
    level_before: int
    level_after: int
    lines: tuple[Change, ...]
    exhibits_added: tuple[str, ...]
    exhibits_gone: tuple[str, ...]


def changes_between_reports(before: exports.Report, after: exports.Report) -> tuple[AnswerChange, ...]:
    """Every answer that the two reports give otherwise, in the order of the practices."""
    old = _answers(before)
    new = _answers(after)
    practices = {p.code: p for p in (*before.practices(), *after.practices())}
    found = []
    for code, programme in sorted(set(old) | set(new)):
        one, other = old.get((code, programme), NOTHING), new.get((code, programme), NOTHING)
        change = _change(practices[code], programme, one, other)
        if change is not None:
            found.append(change)
    return tuple(found)


def _answers(report: exports.Report) -> Mapping[tuple[str, str], exports.Response]:
    return {(p.code, response.programme): response for p in report.practices() for response in p.responses}


def _change(
    practice: exports.Practice, programme: str, one: exports.Response, other: exports.Response
) -> AnswerChange | None:
    cited_before = {citation.number for citation in one.exhibits}
    cited_after = {citation.number for citation in other.exhibits}
    lines = [change for change in changes_between(_words(one), _words(other)) if change.sign != " "]
    if not lines and one.rating == other.rating and cited_before == cited_after:
        return None
    return AnswerChange(
        practice=practice,
        programme=programme,
        level_before=one.rating,
        level_after=other.rating,
        lines=tuple(lines),
        exhibits_added=tuple(sorted(cited_after - cited_before)),
        exhibits_gone=tuple(sorted(cited_before - cited_after)),
    )


def _words(response: exports.Response) -> str:
    return "\n".join(text for text in (response.narrative, response.strengths, response.next_steps) if text)
