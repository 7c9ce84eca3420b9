"""Where a text speaks of single pupils: a name or initials beside a class, beside a word for a pupil, after a label."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from evidence_app.domain.guarding.words import Vocabulary

LINE_BACK: Final = 48
"""Letters before a class or a word for a pupil in which their name is looked for."""
DOTTED_WORDS: Final = frozenset(
    {"US", "UK", "USA", "UAE", "IB", "PE", "NB", "PS", "AD", "BC", "AM", "PM", "EU", "UN", "DP", "DT", "TV"}
)
"""Letters with dots that are nobody's initials."""
LISTED: Final = 4
"""So many names one below the other are a list."""
INDENT: Final = 5
"""Letters that may stand before a name in a list, such as a number."""
REST_OF_LINE: Final = 16
"""Letters that may stand behind a name in a list, such as a class; a table of duties has more."""
_CAP = r"[A-ZÀ-ÖØ-Þ]"
_TOKEN = rf"(?:{_CAP}['’]?{_CAP}?[a-zà-öø-ÿ]+(?:[-'’]{_CAP}?[a-zà-öø-ÿ]+)*|{_CAP}{{3,}}|{_CAP}\.)"
_LINK = r"(?: (?:de la|de|da|di|del|della|dos|van der|van|von|le|la|el|al|bin|ben) |, ?| )"
NAME: Final = re.compile(rf"{_TOKEN}(?:{_LINK}{_TOKEN}){{0,3}}")
_NAME_BEFORE = re.compile(rf"({_TOKEN}(?:{_LINK}{_TOKEN}){{0,3}})[\s,;:()\-–|\t/]{{1,5}}$")
_NAME_AFTER = re.compile(rf"[\s,;:()\-–|\t/]{{1,5}}({_TOKEN}(?:{_LINK}{_TOKEN}){{0,3}})")
CLASS: Final = re.compile(
    r"""(?<![\w.])(?:
      (?:[Cc]lass|[Cc]lasse|[Cc]lase|[Cc]l\.|CLASS[E]?|[Gg]rade|[Gg]r\.?|[Yy]ear|[Yy]r|[Ff]orm|[Gg]rado|[Cc]urso|[Nn]iveau)
        \s?(?:de\s)?(?:\d{1,2}|I{1,3}|IV|VI{0,3}|IX|X)(?:\s?[°ºª^]|e|ème|eme|ère)?(?:\s?-?[A-H](?![\w]))?
    | (?:1[0-3]|[1-9])\s?[°ºª^]?\s?-?[A-H](?![\w'’])
    | (?:I{2,3}|IV|V)\s?[°ºª^]?\s?[A-H](?!\w)
    | I\s?[°ºª^]\s?[A-H](?!\w)
    | (?:MYP|PYP|DP|CP)\s?[1-5](?!\w)
    | [1-6](?:e|ème|eme|ère)(?:\s?[A-H](?!\w)|\d)?
    | [1-6]\s?[°º]\s?(?:de\s)?(?:ESO|Bach\w*|[Pp]rimaria|EP)
    )(?!\w)""",
    re.VERBOSE,
)
SECTION: Final = re.compile(r"(?:(?:1[0-3]|[1-9])\s?[°ºª^]?\s?-?[A-H]|(?:I{1,3}|IV|V)\s?[°ºª^]?\s?[A-H])(?!\w)")
_DOTTED = re.compile(rf"(?<![\w.]){_CAP}\.\s?{_CAP}\.(?:\s?{_CAP}\.)?(?!\w)")
_BARE_BEFORE = re.compile(rf"(?<!\w)({_CAP}{{2,3}})[\s,(;:\-–|\t]{{1,4}}$")
_HONORIFIC = re.compile(
    r"(?:\b(?:mr|mrs|ms|miss|dr|prof|professor|sig|sigra|mme|mlle|monsieur|madame|sra?|srta|don|dona|dott|dottssa|profssa)"
    r"\.?(?:\s?ssa\.?)?|\bm\.)\s*$"
)
_DATE = re.compile(r"[\s:]{1,4}[^\n]{0,12}?\d{1,4}\s?[./\-\s]\s?(?:\d{1,2}|[A-Za-zéû]{3,10})\s?[./\-\s]\s?\d{2,4}")
_AFTER_LABEL = re.compile(r"(?:\s*[:=|\t]+\s*|\s*\n\s*|\s{2,}|\s[-–]\s)(?=\S)")


@dataclass(frozen=True, slots=True)
class Person:
    """A single pupil in a text. `labelled`: after a label, as forms have it."""

    start: int
    end: int
    labelled: bool = False


class People:
    """The single pupils of one text, found once."""

    def __init__(self, text: str, small: str, known: Vocabulary) -> None:
        self._text, self._small, self._known = text, small, known

    def found(self) -> list[Person]:
        """Everybody, in the order of the text; the same place may be met twice."""
        people = [*self._beside_classes(), *self._after_labels(), *self._beside_words(), *self._initials()]
        return sorted(people, key=lambda one: one.start)

    def is_name(self, start: int, end: int) -> bool:
        """Whether capitalised words are somebody's name, as far as the lists know; no member of staff."""
        tokens = re.split(r"[\s,'’-]+", self._small[start:end])
        return any(t in self._known.given or t in self._known.family for t in tokens) and not self._is_staff(start, end)

    def named_in(self, start: int, end: int) -> re.Match[str] | None:
        """The first name that stands in a part of the text, of somebody who is no staff by the words around.

        A name in no list counts where it is of two words or more and a predicate follows: "Xiaoyu Tang has".
        """
        for match in NAME.finditer(self._text, start, end):
            tokens = self._tokens(*match.span())
            is_known = any(t in self._known.given for t in tokens)
            if (
                not is_known
                and len(tokens) == 2
                and not set(tokens) & self._known.ordinary
                and not _SHOUT.search(match[0])
            ):
                is_known = _OF_ONE.match(self._small, match.end()) is not None
            if is_known and not self._is_staff(*match.span()):
                return match
        return None

    def _tokens(self, start: int, end: int) -> list[str]:
        return [token for token in re.split(r"[\s,'’.-]+", self._small[start:end]) if token]

    def has_list(self) -> bool:
        """Whether some lines hold little but names, after a word for pupils, a class, or a list."""
        first, run, known, last = -1, 0, 0, -10
        for number, (start, end) in enumerate(_lines(self._text)):
            match = NAME.search(self._text, start, min(end, start + 40)) if end - start < 90 else None
            if match is None or match.start() - start > INDENT or end - match.end() > REST_OF_LINE:
                continue
            if " " not in match[0] or set(self._tokens(*match.span())) & self._known.ordinary:
                continue
            first, run, known = (start, 1, 0) if number - last > 1 else (first, run + 1, known)
            known, last = known + self.is_name(*match.span()), number
            # Some names of an international school stand in no list; among others that do, they are names all the same.
            if run >= LISTED and known * 3 >= run and self._announces_pupils(max(0, first - 80), first):
                return True
        return False

    def _announces_pupils(self, start: int, end: int) -> bool:
        part = self._small[start:end]
        if self._known.staff.search(part):
            return False
        words = set(re.findall(r"[a-z]+", part))
        if words & self._known.pupils or self._known.marks.search(part):
            return True
        return CLASS.search(self._text, start, end) is not None

    def _beside_classes(self) -> list[Person]:
        people = []
        for match in CLASS.finditer(self._text):
            start, end = match.span()
            from_ = max(self._text.rfind("\n", 0, start) + 1, start - LINE_BACK)
            before = _NAME_BEFORE.search(self._text, from_, start)
            is_section = SECTION.match(match[0]) is not None
            # Also a name in no list is one where the class stands behind it in brackets.
            is_sure = is_section or (self._text[start - 1 : start] == "(" and self._text[end : end + 1] == ")")
            if before and self._is_pupil_name(before.start(1), before.end(1), is_section=is_sure):
                if not self._speaks_of_staff(end, end + 18):
                    people.append(Person(before.start(1), end))
                continue
            after = _NAME_AFTER.match(self._text, end, min(len(self._text), end + LINE_BACK))
            # Tables are read as one line: "Grade 12 Anna Rossi" is most often a class and the next cell, her teacher.
            if (
                after
                and "\n" not in after[0]
                and (is_section or not self._text[end : after.start(1)].isspace())
                and self._is_pupil_name(after.start(1), after.end(1), is_section=is_section)
                and not self._speaks_of_staff(after.end(1), after.end(1) + 18)
            ):
                people.append(Person(start, after.end(1)))
        return people

    def _is_pupil_name(self, start: int, end: int, *, is_section: bool) -> bool:
        """Whether words beside a class are a name. Unknown ones count beside a section such as 3B, if not ordinary."""
        tokens = [t for t in re.split(r"[\s,'’.-]+", self._small[start:end]) if t]
        if self._is_staff(start, end):
            return False
        if len([t for t in tokens if t not in self._known.ordinary]) < len(tokens):
            return False
        if any(t in self._known.given for t in tokens):
            return True
        if any(t in self._known.family for t in tokens):
            return len(tokens) > 1 or is_section
        return is_section and len(tokens) >= 2 and all(len(t) > 1 for t in tokens[:1])

    def _after_labels(self) -> list[Person]:
        people = []
        for match in self._known.labels.finditer(self._small):
            gap = _AFTER_LABEL.match(self._text, match.end())
            if gap is None:
                continue
            name = NAME.match(self._text, gap.end())
            if name is None or self._text[name.end() : name.end() + 2].strip().startswith(":"):
                continue
            tokens = [t for t in re.split(r"[\s,'’.-]+", self._small[name.start() : name.end()]) if t]
            if not tokens or any(t in self._known.ordinary for t in tokens) or self._is_staff(*name.span()):
                continue
            label = set(re.findall(r"[a-z]+", match[0]))
            of_pupil = bool(label & (self._known.pupil | self._known.pupils)) or self._form_of_pupil(match.start())
            is_line = ":" in gap[0] or "|" in gap[0] or "\t" in gap[0]
            known = self.is_name(*name.span())
            if of_pupil and (known or (is_line and len(tokens) > 1)):
                people.append(Person(name.start(), name.end(), labelled=True))
        for match in self._known.birth.finditer(self._small):
            if _DATE.match(self._text, match.end()):
                people.append(Person(match.start(), match.end(), labelled=True))
        return people

    def _form_of_pupil(self, at: int) -> bool:
        """Whether a bare label such as "Name" is of a pupil's form: a class or a date of birth is near, no staff."""
        start, end = max(0, at - 120), min(len(self._text), at + 250)
        near = self._small[start:end]
        is_pupils = bool(CLASS.search(self._text, start, end)) or bool(self._known.birth.search(near))
        return is_pupils and not self._known.staff.search(self._small[max(0, at - 60) : at + 60])

    def _beside_words(self) -> list[Person]:
        """Names and initials right beside a word for a pupil: "the pupil Marco Rossi", "Anna, a student"."""
        people = []
        words = _PUPIL_WORD.finditer(self._small)
        for word in words:
            is_title = self._text[word.start()].isupper()
            after = re.compile(r"\s{1,2}").match(self._text, word.end())
            name = NAME.match(self._text, after.end()) if after else None
            if name and not is_title:
                initials = _DOTTED.match(self._text, name.start())
                ordinary = set(self._small[name.start() : name.end()].split()) & self._known.ordinary
                if (initials and _letters(initials[0]) not in DOTTED_WORDS) or (
                    self.is_name(*name.span()) or (" " in name[0] and not ordinary)
                ):
                    people.append(Person(name.start(), name.end()))
                    continue
            from_ = max(self._text.rfind("\n", 0, word.start()) + 1, word.start() - LINE_BACK)
            before = _NAME_BEFORE_WORD.search(self._text, from_, word.start())
            if before and self.is_name(before.start(1), before.end(1)):
                people.append(Person(before.start(1), word.end()))
        return people

    def _initials(self) -> list[Person]:
        """Initials with a class: enough to know somebody by (Garante, decision 728 of 2024)."""
        people = []
        for match in _DOTTED.finditer(self._text):
            if _letters(match[0]) in DOTTED_WORDS or self._is_staff(*match.span()):
                continue
            line_from = max(self._text.rfind("\n", 0, match.start()) + 1, match.start() - 24)
            line_to = self._text.find("\n", match.end())
            line_to = min(len(self._text) if line_to < 0 else line_to, match.end() + 28)
            if CLASS.search(self._text, match.end(), line_to) or CLASS.search(self._text, line_from, match.start()):
                people.append(Person(match.start(), match.end()))
        for match in SECTION.finditer(self._text):
            if match.start() and (self._text[match.start() - 1].isalnum() or self._text[match.start() - 1] == "."):
                continue
            before = _BARE_BEFORE.search(self._text, max(0, match.start() - 8), match.start())
            if before and before[1] not in self._known.not_initials:
                people.append(Person(before.start(1), match.end()))
        return people

    def _is_staff(self, start: int, end: int) -> bool:
        """Whether the words around a name make it a member of staff or an author, not a pupil."""
        if _HONORIFIC.search(self._small, max(0, start - 14), start):
            return True
        line_from = max(self._small.rfind("\n", 0, start) + 1, start - 26)
        line_to = self._small.find("\n", end)
        line_to = min(len(self._small) if line_to < 0 else line_to, end + 26)
        around = (self._small[line_from:start], self._small[end:line_to])
        return any(self._known.staff.search(part) or "@" in part for part in around) or bool(
            re.match(r"\s?\(?(?:et al|(?:19|20)\d\d\))", around[1])
        )

    def _speaks_of_staff(self, start: int, end: int) -> bool:
        """Whether a word for staff follows in the same sentence: "Grade 7 teacher"."""
        return self._known.staff.search(re.split(r"\n|\. ", self._small[start:end], maxsplit=1)[0]) is not None


_OF_ONE = re.compile(
    r" (?:has|was diagnosed|needs|takes|receives|a un|a une|est|souffre|suit|beneficie|tiene|fue|padece|presenta|"
    r"recibe|ha un|ha una|e affett|soffre|segue|usufruisce)(?![a-z])"
)
"""What is said of one person behind their name."""
_SHOUT = re.compile(r"[A-Z]{2}")
_PUPIL_WORD = re.compile(
    r"(?<![a-z])(?:student|pupil|learner|alunn[oa]|student(?:e|essa)|alliev[oa]|bambin[oa]|eleve|"
    r"etudiante?|alumn[oa]|estudiante|nin[oa]|enfant|child)(?![a-z'])"
)
_NAME_BEFORE_WORD = re.compile(
    rf"({_TOKEN}(?:{_LINK}{_TOKEN}){{0,3}})(?:\s?[,(–-]\s?|\s(?=is|è|est|es))"
    r"(?:(?:an?|une?|un[ao']?|uno|is an?|è un[ao']?|est une?|es una?)\s?)?(?:[a-zà-ÿ0-9-]+\s)?$"
)


def _letters(initials: str) -> str:
    return re.sub(r"[.\s]", "", initials)


def _lines(text: str) -> list[tuple[int, int]]:
    """Where each line begins and ends."""
    lines, start = [], 0
    for line in text.split("\n"):
        lines.append((start, start + len(line)))
        start += len(line) + 1
    return lines
