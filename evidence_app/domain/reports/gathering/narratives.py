"""Texts of the school on their way into a report: exhibits under their present numbers, unreleased ones in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from evidence_app.domain.reports.gathering.rows import ExhibitRow, StudyRows
from evidence_app.domain.reports.problems import Problem
from evidence_app.i18n import msg

CITED = re.compile(r"\[\[\s*(?P<number>[^\[\]\n]{1,60}?)\s*\]\]")
SHOWN = re.compile(r"!\[(?P<alt>[^\]\n]*)\]\((?P<number>E-[^)\s]{1,60})\)")


@dataclass(slots=True)
class Narrator:
    """Rewrites the texts of one evaluation, and notes which exhibits they use and what is wrong with them."""

    rows: StudyRows
    used: set[str] = field(default_factory=set)
    kept_back: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def text(self, text: str, where: str, programme: str = "") -> str:
        """The text with every exhibit under the number it has now; one that is not released is named in words only."""
        if "E-" not in text:
            return text
        return "\n".join(self._line(line, n, where, programme) for n, line in enumerate(text.split("\n"), start=1))

    def take(self, row: ExhibitRow) -> bool:
        """Whether the report may use an exhibit; it is noted as used, or as kept back."""
        is_released = not row.kept_back_because
        (self.used if is_released else self.kept_back).add(row.number)
        return is_released

    def _line(self, line: str, number: int, where: str, programme: str) -> str:
        def replace(as_text: Callable[[str, re.Match[str]], str], found: re.Match[str]) -> str:
            row = self.rows.by_number(found["number"])
            if row is None:
                # A number nobody gave stays as it is: the writers report it with its line.
                return found[0]
            if self.take(row):
                return as_text(row.number, found)
            self._report(row, where, programme, number)
            return as_text("", found)

        line = SHOWN.sub(lambda found: replace(self._shown, found), line)
        return CITED.sub(lambda found: replace(self._cited, found), line)

    def _cited(self, number: str, _found: re.Match[str]) -> str:
        return f"[[{number}]]" if number else self._unreleased()

    def _shown(self, number: str, found: re.Match[str]) -> str:
        alt = found["alt"]
        return f"![{alt}]({number})" if number else f"{alt} {self._unreleased()}".strip()

    def _unreleased(self) -> str:
        return "(" + self.rows.words(msg("exhibit not released")) + ")"

    def _report(self, row: ExhibitRow, where: str, programme: str, line: int) -> None:
        self.problems.append(
            Problem(
                code="unreleased-exhibit",
                where=where,
                programme=programme,
                line=line,
                what=msg("The text cites %(number)s, which is not released.", number=row.number),
                remedy=msg("Make the item shareable, or take the citation out."),
            )
        )
