"""A fresh installation for a test, and the time that rounds of trouble may take in all."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.reliability.installation import Installation

ROUNDS = pytest.StashKey[list[str]]()
DEFAULT_MINUTES = 240.0


def pytest_configure(config: pytest.Config) -> None:
    """Nothing has been counted yet."""
    config.stash[ROUNDS] = []


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many rounds each test ran, and with which seed."""
    for line in terminalreporter.config.stash[ROUNDS]:
        terminalreporter.write_line(line)


Rounds = Callable[[int], Iterator[int]]


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> Rounds:
    """Counts rounds up to a number; the soak tests of a run share EVIDENCE_SOAK_MINUTES, and each does one at least."""
    config, name = request.config, request.node.name
    minutes = float(os.environ.get("EVIDENCE_SOAK_MINUTES") or DEFAULT_MINUTES)
    is_soak = request.node.get_closest_marker("soak") is not None
    in_rounds = [item for item in request.session.items if "rounds" in item.fixturenames]  # type: ignore[attr-defined]
    ends_at = time.monotonic() + minutes * 60 / len(in_rounds)

    def count(most: int) -> Iterator[int]:
        done = 0
        for done in range(1, most + 1):
            if is_soak and done > 1 and time.monotonic() > ends_at:
                done -= 1
                break
            yield done
        config.stash[ROUNDS].append(f"{name}: {done} of {most} rounds")

    return count


@pytest.fixture
def seeded(request: pytest.FixtureRequest) -> random.Random:
    """Chance that can be repeated: the seed is printed, and EVIDENCE_TEST_SEED sets it."""
    seed = os.environ.get("EVIDENCE_TEST_SEED") or str(time.time_ns())
    request.config.stash[ROUNDS].append(f"{request.node.name}: EVIDENCE_TEST_SEED={seed}")
    return random.Random(seed)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An installation with a school and a teacher."""
    made = Installation(tmp_path / "home")
    made.create()
    return made
