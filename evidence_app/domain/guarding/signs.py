"""What the guard saw: kinds of signs, where they stood, and how heavy they weigh. Never the words themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from evidence_app.i18n import Labelled, Message, msg


class SignKind(Labelled):
    """What something looks like, the gravest first."""

    PLAN = "plan", msg("an individual plan or a clinical report")
    HEALTH = "health", msg("health or a diagnosis")
    SUPPORT = "support", msg("learning support")
    NAMES = "names", msg("pupils by name or initials")
    EXAM = "exam", msg("an examination paper")

    @property
    def belongs(self) -> Message:
        """Where such a thing belongs, and what can stand here in its place."""
        return BELONGS[self]


class Place(Labelled):
    """Where a sign stood."""

    TEXT = "text", msg("in its text")
    NAME = "name", msg("in its name")
    FOLDER = "folder", msg("in its folder")
    WORDS = "words", msg("in what is said of it")


class Looks(Labelled):
    """What a document looks like by all its signs together."""

    PAPER = "paper", msg("It looks like an individual pupil's paper.")
    EXAM = "exam", msg("It looks like an examination paper that is still live.")
    NAMES = "names", msg("It looks as if it names or describes single pupils.")


class Weight(StrEnum):
    """How heavy signs weigh: nothing; a question, which some answers open to the staff; what stays private until it is
    answered as harmless: an individual's paper, and a live examination paper.
    """

    NONE = ""
    QUESTION = "question"
    PRIVATE = "private"

    @property
    def rank(self) -> int:
        """Heavier ones have the greater rank."""
        return list(Weight).index(self)


BELONGS = {
    SignKind.PLAN: msg(
        "A pupil's own plan or report belongs in the school's case files, not here. Evidence of the work is a "
        "procedure, a blank form, or a statement such as “27 plans, all reviewed by May”."
    ),
    SignKind.HEALTH: msg(
        "What is known of a pupil's health belongs in the school's case files. If the paper is needed here, file a "
        "redacted copy."
    ),
    SignKind.SUPPORT: msg(
        "Who gets support, and which, belongs in the school's case files. Evidence is the procedure, or the numbers."
    ),
    SignKind.NAMES: msg(
        "Initials with a class are a name, too. Black names out in a copy, or note that families have agreed."
    ),
    SignKind.EXAM: msg(
        "Papers of an examination that is still to come belong with the examinations coordinator, under lock, not "
        "here. Evidence is the schedule and the procedure."
    ),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One kind of sign in one place, and how often it was met."""

    kind: SignKind
    place: Place
    count: int = 1


@dataclass(frozen=True, slots=True)
class Signs:
    """What was seen, the gravest first, and how heavy it weighs together. Without a weight there is nothing to ask."""

    weight: Weight = Weight.NONE
    seen: tuple[Sign, ...] = ()

    def __bool__(self) -> bool:
        return self.weight is not Weight.NONE

    @property
    def kinds(self) -> frozenset[SignKind]:
        """The kinds of signs that were met."""
        return frozenset(sign.kind for sign in self.seen)

    @property
    def looks(self) -> Looks:
        """What the document looks like; only of signs that weigh something."""
        kinds = self.kinds
        if SignKind.EXAM in kinds and kinds <= {SignKind.EXAM, SignKind.NAMES}:
            return Looks.EXAM
        return Looks.PAPER if self.weight is Weight.PRIVATE else Looks.NAMES

    @property
    def belongs(self) -> Message:
        """Where such a document belongs, by the gravest of its signs."""
        return SignKind.EXAM.belongs if self.looks is Looks.EXAM else self.seen[0].kind.belongs

    def as_plain(self) -> list[dict[str, Any]]:
        """The signs as they are kept: kinds, places and counts."""
        return [{"kind": s.kind.value, "place": s.place.value, "count": s.count} for s in self.seen]


@dataclass(frozen=True, slots=True)
class Passage:
    """A place in a text that made the guard ask, with the words around it."""

    kind: SignKind
    before: str
    words: str
    after: str


NOTHING = Signs()


def signs_of(weight: Weight, counts: Mapping[tuple[SignKind, Place], int]) -> Signs:
    """The signs, in their order; nothing where the weight is none."""
    if weight is Weight.NONE:
        return NOTHING
    kinds, places = list(SignKind), list(Place)
    ordered = sorted(counts.items(), key=lambda one: (kinds.index(one[0][0]), places.index(one[0][1])))
    return Signs(weight, tuple(Sign(kind, place, count) for (kind, place), count in ordered if count))


def both(first: Signs, second: Signs) -> Signs:
    """Two looks at one document together: the heavier weight, each kind in each place once."""
    if not (first and second):
        return first or second
    counts = {(s.kind, s.place): s.count for s in first.seen}
    for sign in second.seen:
        counts[sign.kind, sign.place] = max(sign.count, counts.get((sign.kind, sign.place), 0))
    return signs_of(max(first.weight, second.weight, key=lambda weight: weight.rank), counts)


def signs_from_plain(weight: str, plain: Iterable[Mapping[str, Any]]) -> Signs:
    """The signs that `as_plain` gave, with their weight."""
    return Signs(Weight(weight), tuple(Sign(SignKind(s["kind"]), Place(s["place"]), int(s["count"])) for s in plain))
