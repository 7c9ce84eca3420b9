"""How far an import is: files, bytes, rate and time left on a terminal, plain lines in a log."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from evidence_app.cli.how_far import line_of, progress_of
from evidence_app.domain.intake import Entry, Intake, files_at


def test_the_line_says_files_bytes_rate_and_time_left() -> None:
    half = Intake([Entry("a", "1")] * 1200, bytes_met=400_000_000)
    assert line_of(half, 7000, 2_100_000_000, 20) == (
        "1,200 of 7,000 files, 0.4 of 2.1 GB, 60 files a second, about 2 min left"
    )
    assert line_of(half, 1200, 400_000_000, 20).endswith("about 0 s left")
    assert line_of(Intake(), 10, 1_000_000, 0) == "0 of 10 files, 0.0 of 1.0 MB"


@pytest.mark.parametrize("is_terminal", [True, False])
def test_one_line_is_written_over_on_a_terminal_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    told = io.StringIO()
    monkeypatch.setattr(told, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stderr", told)
    (tmp_path / "a.txt").write_bytes(b"a")
    with files_at(tmp_path) as found, progress_of(found) as tell:
        tell(Intake([Entry("a.txt", "1")], bytes_met=1))
    assert ("1 of 1 files" in told.getvalue()) == is_terminal
    assert (told.getvalue() == "1 files, 1 kept\n") == (not is_terminal)
