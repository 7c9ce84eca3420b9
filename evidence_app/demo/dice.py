"""Chance that falls the same way every time: each thing of the demo has dice of its own, named after it."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

Dice = random.Random


def dice(*name: object) -> Dice:
    """The dice of the thing with this name; the same name gives the same throws on every machine."""
    return random.Random("/".join(str(part) for part in name))  # noqa: S311 - nothing secret is drawn from it


def deal(shares: Mapping[T, float], count: int) -> list[T]:
    """Exactly `count` things in these shares, by largest remainders, in the order of `shares`."""
    total = sum(shares.values())
    exact = {thing: count * share / total for thing, share in shares.items()}
    dealt = {thing: int(number) for thing, number in exact.items()}
    missing = count - sum(dealt.values())
    by_remainder = sorted(exact, key=lambda thing: dealt[thing] - exact[thing])
    for thing in by_remainder[:missing]:
        dealt[thing] += 1
    return [thing for thing, number in dealt.items() for _ in range(number)]


def shuffled(things: Sequence[T], throws: Dice) -> list[T]:
    """The same things in another order."""
    return throws.sample(things, len(things))
