"""What a report's maker is told: texts that need mending, and exhibits that stayed in the school."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import exports
from evidence_app.i18n import Message, msg

REASONS: Mapping[str, Message] = MappingProxyType(
    {
        "in_bin": msg("It lies in the bin. Restore it and make it shareable to release it."),
        "staff": msg("It is open to staff only. Make it shareable to release it."),
        "place": msg(
            "It is a picture that may tell where it was taken, and there is no copy yet that does not. Once it is read "
            "it goes into the next edition; if its page says that it cannot be read, file a screenshot of it."
        ),
        "flagged": msg(
            "It looks as if it names or describes single pupils. Answer that on its page, or release a redacted copy."
        ),
        "unread": msg("Its text is not read yet, so that nobody knows whether it names pupils. Try again in a while."),
        "infected": msg("A scanner found malware in it. Put a clean version in its place, and cite that one."),
        "unscanned": msg("It was not looked at for malware yet. Try again once the scanner has seen it."),
        "private": msg("It is private. Release a statement or another paper in its place."),
        "hidden": msg("It is not open to you, so it is not named here. Somebody else decided that it stays."),
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a text that was printed otherwise than meant. `where` is a practice or chapter, `line` from 1."""

    code: str
    where: str
    programme: str
    line: int
    what: Message
    remedy: Message

    def as_json(self) -> dict[str, Any]:
        """The problem as it is kept and as the command line prints it, in English."""
        return {
            "code": self.code,
            "practice": self.where,
            "programme": self.programme,
            "line": self.line,
            "what": str(self.what),
            "remedy": str(self.remedy),
        }


def from_writer(problem: exports.Problem) -> Problem:
    """A problem a writer met, whose sentences are in the report's language already."""
    return Problem(
        code=problem.code,
        where=problem.where,
        programme=problem.programme,
        line=problem.line,
        what=msg("%(words)s", words=problem.what),
        remedy=msg("%(words)s", words=problem.remedy),
    )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An exhibit that is cited and stays in the school. `because` is a key of REASONS, never "hidden" here: what an
    asker may be told is decided by `told_to`."""

    number: str
    item_id: str
    because: str


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    """An exhibit that was left out, as one asker may know it: without item, title and true reason where it is not
    theirs.
    """

    number: str
    title: str
    reason: Message
    item_id: str = ""

    def as_json(self) -> dict[str, str]:
        """The line as the command line prints it, in English."""
        return {"exhibit": self.number, "title": self.title, "reason": str(self.reason)}
