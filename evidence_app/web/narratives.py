"""Texts of a self-study or plan as they will be printed: same Markdown, same exhibits, same complaints."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

import exports
from evidence_app.domain import selfstudy
from evidence_app.extensions import actor, reading, school
from evidence_app.web.templating import language, say


@dataclass(frozen=True, slots=True)
class Printed:
    """A text as safe HTML, and what is wrong with it: each a sentence with its line, and what to do."""

    html: exports.SafeHtml
    problems: tuple[tuple[int, str, str], ...]


class Narratives:
    """Prints the texts of one evaluation. Its exhibits are loaded once, however many texts there are."""

    def __init__(self, evaluation_id: str | None) -> None:
        """Without an evaluation no exhibit is known. NotFound when the evaluation is not the asker's to read."""
        self._evaluation_id = evaluation_id or ""
        shown = selfstudy.exhibit_names(reading(), actor(), evaluation_id) if evaluation_id else ()
        self._numbers = selfstudy.numbers_of(reading(), school().id, evaluation_id) if evaluation_id else {}
        self._cited = {cited.number: cited for cited in shown}
        self._exhibits = {number: self._exhibit(number) for number in set(self._numbers.values())}

    def print(self, text: str) -> Printed:
        """A text as a reader of the report sees it; exhibits stand under the number they have now."""
        for given, present in self._numbers.items():
            if given != present:
                text = text.replace(f"[[{given}]]", f"[[{present}]]").replace(f"]({given})", f"]({present})")
        html, problems = exports.narrative_html(
            text,
            self._exhibits,
            language=language(),
            exhibit_url=self._exhibit_url,
            picture_url=self._picture_url,
        )
        found = tuple((problem.line, problem.what, problem.remedy) for problem in problems)
        return Printed(html, found)

    def _exhibit(self, number: str) -> exports.Exhibit:
        """The exhibit as the writer knows it; without its title for one the asker may not open."""
        cited = self._cited.get(number)
        if cited is None:
            return exports.Exhibit(number=number, title=say(selfstudy.HIDDEN_EXHIBIT))
        return exports.Exhibit(
            number=number,
            title=cited.title,
            media_type=cited.media_type,
            sha256=cited.sha256,
        )

    def _exhibit_url(self, number: str) -> str:
        return exhibit_url(self._evaluation_id, number) if number in self._cited else ""

    def _picture_url(self, sha256: str) -> str:
        found = next((cited for cited in self._cited.values() if cited.sha256 == sha256), None)
        if found is None:
            return ""
        return url_for("evidence.original", school_key=school().key, item_id=found.item_id, version_id=found.version_id)


def exhibit_url(evaluation_id: str, number: str) -> str:
    """The page of an exhibit."""
    return url_for("study.exhibit", school_key=school().key, evaluation_id=evaluation_id, number=number)
