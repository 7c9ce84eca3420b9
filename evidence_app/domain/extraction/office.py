"""LibreOffice, where it is installed: one file to another format, in the private folder of the file."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from pathlib import Path
from typing import Final

from evidence_app.domain.extraction import media_types
from evidence_app.domain.extraction.draft import Source

SECONDS_NEEDED: Final = 5.0
"""Time that must be left before a conversion is begun; a short document takes 1 to 3 s."""
HAVE_PAGES: Final = frozenset(
    {
        media_types.DOCX, media_types.DOCM, media_types.PPTX, media_types.PPTM, media_types.ODT,
        media_types.ODT + "-template", media_types.ODP, media_types.DOC, media_types.PPT, media_types.RTF,
        media_types.WORDPERFECT, media_types.WORKS, media_types.PUBLISHER, media_types.VISIO,
    }
)  # fmt: skip
"""The kinds that LibreOffice can draw page by page as they look; sheets are shown as tables instead."""


def is_available() -> bool:
    """Whether the program is installed."""
    return shutil.which("soffice") is not None


def convert(source: Source, target: str) -> Path | None:
    """The file in the format `target` ("pdf", "docx", ...), or None where LibreOffice could not open it."""
    original = source.temp_dir / "document"
    source.file.seek(0)
    with original.open("wb") as copy:
        shutil.copyfileobj(source.file, copy)
    # The profile lies in the private folder, so that nothing of one file is left for the next.
    command = [
        str(shutil.which("soffice")), f"-env:UserInstallation=file://{source.temp_dir}/profile", "--headless",
        "--norestore", "--nologo", "--convert-to", target, "--outdir", str(source.temp_dir), str(original),
    ]  # fmt: skip
    # No time limit here: `soffice` starts further processes, which a kill of the first would leave running. The limit
    # is the one on this whole child, whose end takes its whole process group with it.
    try:
        subprocess.run(  # noqa: S603 -- fixed program and options, our own file names
            command,
            cwd=source.temp_dir,
            env={**os.environ, "HOME": str(source.temp_dir)},
            capture_output=True,
            check=False,
            preexec_fn=raise_memory_limit,
        )
    except OSError:
        return None
    converted = source.temp_dir / f"document.{target}"
    return converted if converted.exists() else None


def raise_memory_limit() -> None:
    """Let a program that maps more memory than it uses have what the hard limit allows."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
