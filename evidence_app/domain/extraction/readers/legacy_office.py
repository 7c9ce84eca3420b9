"""DOC and PPT through LibreOffice where it is installed; XLS through calamine, which knows it."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from dataclasses import replace
from typing import Final

from evidence_app.domain.extraction import media_types, ole
from evidence_app.domain.extraction.draft import Draft, Encrypted, Source
from evidence_app.domain.extraction.readers import docx, pptx, xlsx

_SECONDS_NEEDED: Final = 5.0
_TARGETS: Final = {media_types.DOC: "docx", media_types.PPT: "pptx"}


def read(source: Source, draft: Draft) -> None:
    """Fill the draft, or leave it empty with a warning that says what is missing."""
    if source.media_type == media_types.XLS:
        xlsx.read_workbook(source, draft)
        return
    program = shutil.which("soffice")
    if program is None:
        draft.warn("office-not-installed")
        return
    if source.seconds_left < _SECONDS_NEEDED:
        draft.warn("office-no-time")
        return
    target = _TARGETS[source.media_type]
    if source.media_type == media_types.DOC and ole.word_asks_for_password(source.file):
        raise Encrypted
    if not _convert(program, source, target):
        draft.warn("office-could-not-open")
        return
    with (source.temp_dir / f"document.{target}").open("rb") as converted:
        size = os.fstat(converted.fileno()).st_size
        inner = replace(source, file=converted, size_bytes=size)
        (docx if target == "docx" else pptx).read(inner, draft)


def _convert(program: str, source: Source, target: str) -> bool:
    """Whether LibreOffice has written `document.<target>` into the private folder of this file."""
    original = source.temp_dir / "document"
    source.file.seek(0)
    with original.open("wb") as copy:
        shutil.copyfileobj(source.file, copy)
    # The profile lies in the private folder, so that nothing of one file is left for the next.
    command = [
        program, f"-env:UserInstallation=file://{source.temp_dir}/profile", "--headless", "--norestore", "--nologo",
        "--convert-to", target, "--outdir", str(source.temp_dir), str(original),
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
            preexec_fn=_raise_memory_limit,
        )
    except OSError:
        return False
    return (source.temp_dir / f"document.{target}").exists()


def _raise_memory_limit() -> None:
    """LibreOffice maps more memory than it uses: let it have what the hard limit allows."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
