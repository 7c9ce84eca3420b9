"""Fixtures of all tests, where they keep files, and the rule of CI: a test that was skipped there has failed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

pytest_plugins = ["tests.fixtures", "tests.servers.fixtures"]

FOLDER_IN_MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 6 * 1024**3
"""More than a run ever keeps at once: large uploads, several copies of them, and what tests before have left."""


def pytest_configure(config: pytest.Config) -> None:
    """Keep the files of the short run in memory where there is plenty of it.

    Everything acknowledged is flushed to the disk, often hundreds of times in a test, and all wait for one disk.
    What reaches the disk, and in which order, is the long run's to see.
    """
    has_room = FOLDER_IN_MEMORY.is_dir() and shutil.disk_usage(FOLDER_IN_MEMORY).free >= ENOUGH_BYTES
    if has_room and config.option.markexpr == "not soak":
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(FOLDER_IN_MEMORY))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI every program a test needs is there: a skip would hide a missing install step."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("CI: skipped tests count as failures here.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
