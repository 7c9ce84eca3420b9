"""The one who acts, as every action and query receives it."""

from __future__ import annotations

from dataclasses import dataclass, field

from evidence_app.domain.access.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """A person acting in one school. Empty `programmes` or `campus_ids` mean: not limited to any.

    A name on a private item counts only for the `standing` it was given to, and a group only where a colleague in it
    confirmed the person (`confirmed_group_ids`). Without a standing no private item opens.
    """

    person_id: str
    school_id: str
    role: Role
    name: str = ""
    email: str = ""
    language: str = "en"
    programmes: frozenset[str] = field(default_factory=frozenset)
    campus_ids: frozenset[str] = field(default_factory=frozenset)
    group_ids: frozenset[str] = field(default_factory=frozenset)
    standing: str = ""
    confirmed_group_ids: frozenset[str] = field(default_factory=frozenset)


def worker_for(school_id: str) -> Actor:
    """The product itself, working in one school: what the worker records as the actor. It may do nothing."""
    return Actor(person_id="", school_id=school_id, role=Role.NOBODY, name="worker")
