"""A picture out of a film, by the `ffmpeg` program where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from evidence_app.domain.extraction import iso_media, office
from evidence_app.domain.extraction.draft import Source
from evidence_app.domain.extraction.limits import MIB, PAGE_WIDTH_PX

_SECONDS_NEEDED: Final = 5.0
_LARGEST_BYTES: Final = 200 * MIB
"""ffmpeg opens files by name, and the film has none here: it is copied, within what a child may write."""
_MOST_SECONDS_IN: Final = 3.0


def take(source: Source) -> Path | None:
    """A picture from the first seconds, as PNG; None where it cannot be had."""
    program = shutil.which("ffmpeg")
    if program is None or source.size_bytes > _LARGEST_BYTES or source.seconds_left < _SECONDS_NEEDED:
        return None
    start = min(_MOST_SECONDS_IN, iso_media.read(source.file).seconds / 4)
    film, poster = source.temp_dir / "film", source.temp_dir / "poster.png"
    source.file.seek(0)
    with film.open("wb") as copy:
        shutil.copyfileobj(source.file, copy, MIB)
    # Only files, so that a playlist that calls itself a film fetches nothing; one thread, as memory is limited.
    command = [
        program, "-nostdin", "-v", "error", "-protocol_whitelist", "file", "-threads", "1", "-ss", f"{start:.2f}",
        "-i", str(film), "-frames:v", "1", "-an", "-sn", "-dn", "-threads", "1",
        "-vf", f"scale='min({PAGE_WIDTH_PX},iw)':-2", str(poster),
    ]  # fmt: skip
    try:
        subprocess.run(  # noqa: S603 -- fixed program and options, our own file names
            command,
            cwd=source.temp_dir,
            env={**os.environ, "HOME": str(source.temp_dir)},
            capture_output=True,
            check=False,
            timeout=max(1.0, source.seconds_left),
            preexec_fn=office.raise_memory_limit,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return poster if poster.exists() and poster.stat().st_size else None
