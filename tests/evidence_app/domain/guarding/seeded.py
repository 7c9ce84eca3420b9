"""Three hundred documents that speak of single pupils, and as many that do not, in four languages; seeded.

A third of the names stand in no list of the guard. Sentences are built as people write them, around ordinary ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

SAID = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
KNOWN, UNKNOWN, CLASSES = SAID["known"], SAID["unknown"], SAID["classes"]
SEEDS, ORDINARY, ABOUT_NOBODY = SAID["seeds"], SAID["ordinary"], SAID["about_nobody"]
UNKNOWN_SHARE = 1 / 3


@dataclass(frozen=True)
class Seeded:
    """One document; `kind` is empty where it is about no single pupil."""

    language: str
    kind: str
    text: str


def about_pupils(count: int = 300) -> Iterator[Seeded]:
    """Documents that speak of single pupils, every kind in every language about equally often."""
    throws = random.Random(4711)
    cells = [(language, kind) for language in SEEDS for kind in SEEDS[language]]
    for number in range(count):
        language, kind = cells[number % len(cells)]
        frame = throws.choice(SEEDS[language][kind])
        yield Seeded(language, kind, _around(throws, language, _filled(throws, language, frame)))


def about_nobody(count: int = 300) -> Iterator[Seeded]:
    """Documents of the same school that speak of none: half of them policies, forms, meetings about support."""
    throws = random.Random(1147)
    languages = list(ORDINARY)
    for number in range(count):
        language = languages[number % len(languages)]
        text = throws.choice(ABOUT_NOBODY[language]) if number % 2 else ORDINARY[language][0]
        first, _, rest = text.partition("\n")
        yield Seeded(language, "", f"{first}\n\n{rest}\n{_ordinary(throws, language)}")


def _filled(throws: random.Random, language: str, frame: str) -> str:
    names = [throws.choice(UNKNOWN if throws.random() < UNKNOWN_SHARE else KNOWN[language]) for _ in range(5)]
    # A given name alone is known by the lists or not at all; people write the others in full.
    given = throws.choice(KNOWN[language])[0]
    full = [f"{a} {b}" if throws.random() < 0.8 else f"{b} {a}" for a, b in names]
    dot = throws.choice([". ", "."])
    initials = f"{names[0][0][0]}{dot}{names[0][1][0]}."
    return frame.format(
        name=full[0],
        name2=full[1],
        name3=full[2],
        name4=full[3],
        name5=full[4],
        given=given,
        initials=initials,
        klass=throws.choice(CLASSES[language]),
    )


def _around(throws: random.Random, language: str, seed: str) -> str:
    return f"{_ordinary(throws, language)}\n\n{seed}\n\n{_ordinary(throws, language)}"


def _ordinary(throws: random.Random, language: str) -> str:
    return " ".join(throws.sample(ORDINARY[language], throws.randint(3, 6)))
