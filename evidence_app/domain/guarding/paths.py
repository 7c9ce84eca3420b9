"""Looking at the names of a file and its folders, before anybody has read a word of it."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Final

from evidence_app.domain.guarding.people import NAME, People
from evidence_app.domain.guarding.signs import NOTHING, Place, SignKind, Signs, Weight, signs_of
from evidence_app.domain.guarding.words import INDIVIDUAL, KIND_OF, Topic, folded, vocabulary

AMBIGUOUS: Final = frozenset({"PEI", "PDP", "PAI", "PAP", "PPS", "ACI", "ADD", "SLD"})
"""Abbreviations that mean something harmless in another language or programme: alone in a name they say nothing."""
_INITIALS = re.compile(r"(?<![A-Za-z])(?:[A-Z]\.\s?){2,3}(?![A-Za-z])|(?<![A-Za-z0-9])[A-Z]{2,3}(?![A-Za-z0-9])")
_SECTION = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:1[0-3]|[1-9])[°^]?[A-Ha-h]|(?:I{2,3}|IV|V)[°^]?[A-H]|[Gg]r(?:ade|\.)?\s?\d{1,2}|[Cc]lass[e]?\s?\d\w?"
    r"|[Yy]ear\s?\d{1,2}|MYP\s?[1-5]|[1-6]e\s?[A-H]?|\d[º°]\s?ESO)(?![A-Za-z0-9])"
)
_EXAM_NAME = re.compile(
    r"(?<![A-Za-z0-9])[MN]\d\d(?![A-Za-z0-9]).*(?<![a-z])(?:paper|prueba|epreuve|prova)(?![a-z])", re.I
)


def look_at_path(file_name: str, folder: str = "") -> Signs:
    """What the names of a file and of its folders ("a/b") look like."""
    own, weight = _segment(_stem(file_name)), Weight.NONE
    counts: Counter[tuple[SignKind, Place]] = Counter()
    if own.is_plan and not own.is_general:
        weight = Weight.PRIVATE
        counts[own.plan_kind, Place.NAME] += 1
    if own.is_support and (own.is_person or own.is_list) and not (own.is_general and not own.is_person):
        weight = Weight.PRIVATE
        counts[own.support_kind, Place.NAME] += 1
    if own.is_person and (own.has_class or weight is Weight.PRIVATE):
        weight = max(weight, Weight.QUESTION, key=lambda one: one.rank)
        counts[SignKind.NAMES, Place.NAME] += 1
    if own.is_exam:
        weight = max(weight, Weight.QUESTION, key=lambda one: one.rank)
        counts[SignKind.EXAM, Place.NAME] += 1
    for name in folder.split("/") if folder else ():
        above = _segment(name)
        if (above.is_plan and not above.is_general and not own.is_general) or (
            (above.is_plan or above.is_support) and own.is_person
        ):
            weight = Weight.PRIVATE
            counts[above.plan_kind if above.is_plan else above.support_kind, Place.FOLDER] += 1
    return signs_of(weight, counts) if weight is not Weight.NONE else NOTHING


class _Segment:
    """What one name says, of a file or of a folder."""

    def __init__(self, name: str) -> None:
        known = vocabulary()
        text = re.sub(r"[_.,;()\[\]+-]+", " ", name).strip()
        small = folded(text)
        hits = known.hits(text, small)
        if text == text.lower():
            # Who writes "iep rossi.pdf" means an IEP; longer texts in small letters are another matter.
            hits += known.hits(text.upper(), "")
        topics = {h.topic for h in hits if text[h.start : h.end].upper() not in AMBIGUOUS}
        unsure = {h.topic for h in hits if text[h.start : h.end].upper() in AMBIGUOUS}
        self.is_general = known.general.search(small) is not None
        # "No names" is none of the words that make a list of names. It makes nothing else harmless: it may be wrong.
        told = known.nameless.sub(" ", small)
        self.is_list = known.lists.search(told) is not None or bool(set(told.split()) & known.pupils)
        self.has_class = _SECTION.search(text) is not None
        self.is_person = _is_person(text, small, has_class=self.has_class)
        support = topics & {Topic.HEALTH, Topic.CORE, Topic.SUPPORT}
        if unsure and (self.is_person or self.has_class or topics):
            topics |= unsure
        self.is_plan = bool(topics & {Topic.PLAN, Topic.REPORT})
        self.is_support = bool(support) or self.is_plan
        self.is_exam = Topic.EXAM in topics or _EXAM_NAME.search(small) is not None
        self.plan_kind = SignKind.PLAN
        own = next((t for t in (Topic.HEALTH, Topic.CORE) if t in support and t in INDIVIDUAL), Topic.SUPPORT)
        self.support_kind = SignKind.PLAN if self.is_plan else KIND_OF[own]


@lru_cache(maxsize=4096)
def _segment(name: str) -> _Segment:
    return _Segment(name)


def _is_person(text: str, small: str, *, has_class: bool) -> bool:
    """Whether a name of a file names somebody: two words with a known name among them, or initials with a class."""
    known = vocabulary()
    people = People(text, small, known)
    for match in NAME.finditer(text):
        tokens = [t for t in small[match.start() : match.end()].split() if t not in known.ordinary]
        if tokens and people.is_name(*match.span()):
            return True
    return has_class and any(
        re.sub(r"[.\s]", "", match[0]) not in known.not_initials for match in _INITIALS.finditer(text)
    )


def _stem(file_name: str) -> str:
    stem, dot, ending = file_name.rpartition(".")
    return stem if dot and len(ending) <= 5 else file_name
