"""Fixtures everybody uses, and the rule of CI: a test that was skipped there has failed."""

from __future__ import annotations

import os

import pytest

pytest_plugins = ["tests.fixtures", "tests.servers.fixtures"]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI every program a test needs is there: a skip would hide a missing install step."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("CI: skipped tests count as failures here.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
