"""Looking at a text: does it look as if it was about single pupils, and how much?"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Final

from evidence_app.domain.guarding.people import People, Person
from evidence_app.domain.guarding.sessions import is_past
from evidence_app.domain.guarding.signs import NOTHING, Passage, Place, SignKind, Signs, Weight, signs_of
from evidence_app.domain.guarding.words import INDIVIDUAL, KIND_OF, Hit, Topic, folded, vocabulary

NEAR: Final = 160
"""Letters between somebody and a word of support that make the one about the other."""
SHORT_WORDS: Final = 150
"""A paper of fewer words that speaks of plans or legal support, and is no procedure, is most likely about somebody."""
BEGINNING: Final = 240
PASSAGES_SHOWN: Final = 8
AROUND: Final = 50
_GENERIC = re.compile(
    r"(?<![a-z])(?:each|every|any|all|if an?|should|must|may|shall|chaque|tout|tous|toute|doit|doivent|peut|devra|cada|"
    r"todo|toda|todos|debe|deben|puede|deberan?|ogni|qualsiasi|tutti|deve|devono|puo|dovra|for an?|when an?)(?![a-z])"
)
_SENTENCE_END = re.compile(r"[.!?;]\s|\n")


class _Look:
    """One look at one text. What it found is asked for as weight, counts and places."""

    def __init__(self, text: str, language: str, title: str) -> None:
        self.text, self.small, self.known = text, folded(text), vocabulary()
        self.title = folded(title)
        self.people_in = People(text, self.small, self.known)
        self.hits = [hit for hit in self.known.hits(text, self.small) if _counts(hit, language)]
        self.people = self.people_in.found()
        self.places: list[tuple[SignKind, int, int]] = []
        self.weight = Weight.NONE
        self._starts = [person.start for person in self.people]

    def judge(self) -> None:
        """Find what weighs, the gravest first."""
        self._people_and_support()
        self._named_in_sentence()
        self._forms()
        if self.people:
            self._add(Weight.QUESTION, SignKind.NAMES, [(p.start, p.end) for p in self.people])
        elif self.people_in.has_list():
            private = any(hit.topic in INDIVIDUAL for hit in self.hits)
            self._add(Weight.PRIVATE if private else Weight.QUESTION, SignKind.NAMES, [(0, 0)])
            if private:
                self._add_hits(Weight.PRIVATE, [hit for hit in self.hits if hit.topic in INDIVIDUAL])
        if self.weight is not Weight.PRIVATE:
            self._words_alone()
        exam = [match.span() for match in self.known.exam_text.finditer(self.small)]
        if exam and not is_past(f"{self.title} {self.small[:BEGINNING]}"):
            self._add(Weight.PRIVATE, SignKind.EXAM, exam)

    def _people_and_support(self) -> None:
        """A pupil by name or initials near a word of support or health is that pupil's own matter."""
        near = [hit for hit in self.hits if hit.topic != Topic.EXAM and self._person_near(hit)]
        # "Extra time" beside a name may be sport; it takes a word of an individual, or two of support.
        if any(hit.topic in INDIVIDUAL for hit in near) or len({self.small[h.start : h.end] for h in near}) > 1:
            self._add_hits(Weight.PRIVATE, near)
        elif near:
            self._add_hits(Weight.QUESTION, near)

    def _person_near(self, hit: Hit) -> Person | None:
        at = bisect_left(self._starts, hit.start - NEAR)
        for person in self.people[at:]:
            if person.start > hit.end + NEAR:
                return None
            return person
        return None

    def _named_in_sentence(self) -> None:
        """ "Marta has dyslexia": a given name and a word of an individual in one sentence that is not about a group."""
        for hit in self.hits:
            if hit.topic not in INDIVIDUAL:
                continue
            start, end = self._sentence(hit)
            words = set(re.findall(r"[a-z]+", self.small[start:end]))
            if words & self.known.pupils or self.known.staff.search(self.small[start:end]):
                continue
            name = self.people_in.named_in(start, end)
            if name is None:
                continue
            tells = self.known.predicate.search(self.small[name.end() : max(name.end(), hit.start)])
            self._add_hits(Weight.PRIVATE if tells else Weight.QUESTION, [hit])
            self._add(Weight.QUESTION, SignKind.NAMES, [name.span()])

    def _forms(self) -> None:
        """A form that says at its beginning that it is a plan or a report, and whose labels are filled in."""
        if not any(person.labelled for person in self.people):
            return
        first = [hit for hit in self.hits if hit.start < BEGINNING and hit.topic in (Topic.PLAN, Topic.REPORT)]
        if first:
            self._add_hits(Weight.PRIVATE, first)

    def _words_alone(self) -> None:
        """Words of support without anybody's name: a question where they speak of one pupil, or fill a short paper."""
        own = [hit for hit in self.hits if hit.topic in INDIVIDUAL]
        if not own or self._is_general():
            return
        told = [hit for hit in own if self._speaks_of_one(hit)]
        if told:
            self._add_hits(Weight.QUESTION, told)
            return
        plans = [hit for hit in own if hit.topic != Topic.HEALTH and not self._speaks_of_many(hit)]
        length = self.small.count(" ") + 1
        is_short = length < SHORT_WORDS
        begins = [hit for hit in plans if hit.start < BEGINNING and hit.topic in (Topic.PLAN, Topic.REPORT)]
        is_dense = len(plans) >= 3 and len(own) * 60 > length
        if (plans and is_short) or begins or is_dense:
            self._add_hits(Weight.QUESTION, plans)

    def _speaks_of_one(self, hit: Hit) -> bool:
        start, end = self._sentence(hit)
        part = self.small[start:end]
        words = set(re.findall(r"[a-z]+", part))
        if not words & self.known.pupil or words & self.known.pupils:
            return False
        return self.known.predicate.search(part) is not None and _GENERIC.search(part) is None

    def _speaks_of_many(self, hit: Hit) -> bool:
        start, end = self._sentence(hit)
        part = self.small[start:end]
        return bool(set(re.findall(r"[a-z]+", part)) & self.known.pupils) or _GENERIC.search(part) is not None

    def _sentence(self, hit: Hit) -> tuple[int, int]:
        start = max(
            (m.end() for m in _SENTENCE_END.finditer(self.small, max(0, hit.start - 200), hit.start)), default=0
        )
        ending = _SENTENCE_END.search(self.small, hit.end, hit.end + 200)
        return max(start, hit.start - 200), ending.start() if ending else min(len(self.small), hit.end + 200)

    def _is_general(self) -> bool:
        """Whether the paper says of itself that it is a procedure, a blank form, numbers: about nobody."""
        return bool(self.known.general.search(self.title) or self.known.general.search(self.small[:BEGINNING]))

    def _add(self, weight: Weight, kind: SignKind, places: Sequence[tuple[int, int]]) -> None:
        self.weight = max(self.weight, weight, key=lambda one: one.rank)
        self.places += [(kind, start, end) for start, end in places]

    def _add_hits(self, weight: Weight, hits: Sequence[Hit]) -> None:
        for hit in hits:
            self._add(weight, KIND_OF[hit.topic], [(hit.start, hit.end)])


def look_at_text(text: str, language: str = "", *, title: str = "", place: Place = Place.TEXT) -> Signs:
    """What a text looks like. `language` (ISO 639-1, "" for unknown) tells what an abbreviation means; `title` is what
    the document is called, by which a policy is known to be one. Takes about 2 ms for 1,000 words.
    """
    look = _look(text, language, title)
    counts = Counter((kind, place) for kind, _start, _end in dict.fromkeys(look.places))
    return signs_of(look.weight, counts) if look.weight is not Weight.NONE else NOTHING


def passages_in(text: str, language: str = "", *, title: str = "") -> list[Passage]:
    """The places that made the guard ask, in the order of the text, some of them: for those who may see the text."""
    look = _look(text, language, title)
    if look.weight is Weight.NONE:
        return []
    chosen: list[Passage] = []
    last = -1
    for kind, start, end in sorted(dict.fromkeys(look.places), key=lambda place: place[1]):
        if end <= start or start < last:
            continue
        last = end
        before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
        chosen.append(Passage(kind, _line(before), _line(text[start:end]), _line(after)))
        if len(chosen) == PASSAGES_SHOWN:
            break
    return chosen


def _look(text: str, language: str, title: str) -> _Look:
    look = _Look(text, language, title)
    if look.hits or look.people or "\n" in text:
        look.judge()
    return look


def _counts(hit: Hit, language: str) -> bool:
    """Whether a term means in this language what it is in the lists for: PEI is a plan in Italy, the MYP in France."""
    return not hit.only_in or language in ("", hit.only_in)


def _line(part: str) -> str:
    return re.sub(r"\s+", " ", part)
