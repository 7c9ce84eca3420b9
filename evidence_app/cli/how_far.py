"""How far an import is, on one line of a terminal that is written over, or a line now and then in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import click

from evidence_app.domain.intake import Found, Intake

CLEAR_LINE = "\r\x1b[K"


@contextmanager
def progress_of(found: Sequence[Found]) -> Iterator[Callable[[Intake], None]]:
    """What tells how far an import of these files is, on standard error: files, bytes, rate and time left.

    On a terminal one line is written over; elsewhere each time a short line is added, as in a log.
    """
    all_bytes, started, on_terminal = sum(one.size_bytes for one in found), time.perf_counter(), sys.stderr.isatty()

    def tell(so_far: Intake) -> None:
        if not on_terminal:
            click.echo(f"{len(so_far.entries)} files, {len(so_far.added)} kept", err=True)
            return
        seconds = time.perf_counter() - started
        click.echo(CLEAR_LINE + line_of(so_far, len(found), all_bytes, seconds), nl=False, err=True)

    yield tell
    if on_terminal:
        click.echo(err=True)


def line_of(so_far: Intake, files: int, all_bytes: int, seconds: float) -> str:
    """The line after so many seconds: "1,200 of 7,000 files, 0.4 of 2.1 GB, 62 files a second, about 2 min left"."""
    done = len(so_far.entries)
    rate = done / seconds if seconds else 0.0
    unit, size = ("GB", 1e9) if all_bytes >= 1e9 else ("MB", 1e6)
    line = f"{done:,} of {files:,} files, {so_far.bytes_met / size:.1f} of {all_bytes / size:.1f} {unit}"
    if not rate:
        return line
    left = max(files - done, 0) / rate
    in_words = f"{left / 60:.0f} min" if left >= 90 else f"{left:.0f} s"
    return f"{line}, {rate:.0f} files a second, about {in_words} left"
