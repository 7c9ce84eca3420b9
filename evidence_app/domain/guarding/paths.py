"""Looking at the names of a file and its folders, before anybody has read a word of it."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import Final

from evidence_app.domain.guarding.people import DOTTED_WORDS, NAME, People
from evidence_app.domain.guarding.sessions import is_past
from evidence_app.domain.guarding.signs import NOTHING, Place, SignKind, Signs, Weight, signs_of
from evidence_app.domain.guarding.words import INDIVIDUAL, KIND_OF, Topic, folded, vocabulary

AMBIGUOUS: Final = frozenset({"PEI", "PDP", "PAI", "PAP", "PPS", "ACI", "ADD", "SLD"})
"""Abbreviations that mean something harmless in another language or programme: alone in a name they say nothing."""
_DOTTED = re.compile(r"(?<![A-Za-z0-9.])[A-Z]\.[ _]?[A-Z](?:\.[ _]?[A-Z])?(?![A-Za-z0-9])\.?")
_WORD_AFTER = re.compile(r"[\s_.,-]*([A-Z][a-z]+)")
_BARE = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,3}(?![A-Za-z0-9])")
_SECTION = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:1[0-3]|[1-9])[°^]?[A-Ha-h]|(?:I{2,3}|IV|V)[°^]?[A-H]|[Gg]r(?:ade|\.)?\s?\d{1,2}|[Cc]lass[e]?\s?\d\w?"
    r"|[Yy]ear\s?\d{1,2}|MYP\s?[1-5]|[1-6]e\s?[A-H]?|\d[º°]\s?ESO)(?![A-Za-z0-9])"
)
_PAPER = r"(?<![a-z])(?:papers?|prueba|epreuve|prova)(?![a-z])"
_EXAM = (
    r"(?<![a-z])(?:exams?|examinations?|mocks?|exam[ei]|examenes|examens|simulacros?|esam[ei]|(?:bac|brevet) blanc)"
    r"(?![a-z])"
)
_EXAM_NAME = re.compile(rf"(?<![a-z0-9])[mn]\d\d(?![a-z0-9]).*{_PAPER}|{_EXAM}.*{_PAPER} ?\d")
"""A paper of a session ("M26 Paper 1"), or a numbered one of an examination ("DP exam Math HL paper 2")."""
_NUMBERED_PAPER = re.compile(rf"{_PAPER} ?\d(?!\d)")
_EXAM_FOLDER = re.compile(_EXAM)


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
    if own.is_exam_paper(folder) and not is_past(f"{file_name} {folder}"):
        weight = Weight.PRIVATE
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
        self.is_person = _is_named(text, small) or _has_initials(
            name, text, has_class=self.has_class, is_told=bool(hits)
        )
        support = topics & {Topic.HEALTH, Topic.CORE, Topic.SUPPORT}
        if unsure and (self.is_person or self.has_class or topics):
            topics |= unsure
        self.is_plan = bool(topics & {Topic.PLAN, Topic.REPORT})
        self.is_support = bool(support) or self.is_plan
        self._is_exam = Topic.EXAM in topics or _EXAM_NAME.search(small) is not None
        self._is_about_exams = known.about_exams.search(small) is not None
        self._has_numbered_paper = _NUMBERED_PAPER.search(small) is not None
        self.plan_kind = SignKind.PLAN
        own = next((t for t in (Topic.HEALTH, Topic.CORE) if t in support and t in INDIVIDUAL), Topic.SUPPORT)
        self.support_kind = SignKind.PLAN if self.is_plan else KIND_OF[own]

    def is_exam_paper(self, folder: str) -> bool:
        """Whether it is a paper of an examination, or a numbered one in their folder; not its timetable or results."""
        is_numbered = self._has_numbered_paper and _EXAM_FOLDER.search(folded(folder)) is not None
        return (self._is_exam or is_numbered) and not (self.is_general or self._is_about_exams)


@lru_cache(maxsize=4096)
def _segment(name: str) -> _Segment:
    return _Segment(name)


def _is_named(text: str, small: str) -> bool:
    """Whether a name of a file names somebody: words with a known name among them."""
    known = vocabulary()
    people = People(text, small, known)
    return any(
        any(token not in known.ordinary for token in small[slice(*match.span())].split())
        and people.is_name(*match.span())
        for match in NAME.finditer(text)
    )


def _has_initials(name: str, text: str, *, has_class: bool, is_told: bool) -> bool:
    """Whether initials beside a class, or with dots beside a word of support, stand for somebody.

    Dots are looked for in the name as it is written. "J.S. Bach 7B" names a composer and no pupil.
    """
    known = vocabulary()
    if has_class and any(match[0] not in known.not_initials for match in _BARE.finditer(text)):
        return True
    return (has_class or is_told) and any(
        re.sub(r"[._\s]", "", match[0]) not in DOTTED_WORDS
        and ((after := _WORD_AFTER.match(name, match.end())) is None or folded(after[1]) in known.ordinary)
        for match in _DOTTED.finditer(name)
    )


def _stem(file_name: str) -> str:
    stem, dot, ending = file_name.rpartition(".")
    return stem if dot and len(ending) <= 5 else file_name
