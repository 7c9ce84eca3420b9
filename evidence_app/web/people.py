"""People as pages draw them where only a name is known: the name and its initials."""

from __future__ import annotations

from dataclasses import dataclass

from evidence_app.domain import accounts
from evidence_app.extensions import actor, reading


@dataclass(frozen=True, slots=True)
class Face:
    """A name and the one or two letters for the round badge."""

    name: str

    @property
    def initials(self) -> str:
        """Capital letters: the first of the first word, and of the last one."""
        words = self.name.replace(".", " ").split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def face(name: str) -> Face | None:
    """Somebody by name; None where there is nobody."""
    return Face(name) if name else None


def member_choices() -> list[tuple[str, str]]:
    """The (id, name) of everybody in the school, nobody first, for a list to choose from."""
    return [("", "–"), *((m.person_id, m.person.display_name) for m in accounts.members_of(reading(), actor()))]
