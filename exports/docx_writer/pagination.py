"""Page numbers for the contents, found by laying the document out in LibreOffice. For background work only: it "
"takes seconds."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

OPTIONS = {"ExportBookmarksToPDFDestination": {"type": "boolean", "value": "true"}}
DESTINATION = re.compile(r'^\s*(\d+)\s+\[.*\]\s+"(.+)"$', re.MULTILINE)
PAGES = re.compile(r"^Pages:\s+(\d+)", re.MULTILINE)
TIMEOUT_SECONDS = 180


def can_paginate() -> bool:
    """Whether LibreOffice and pdfinfo are here."""
    return all(shutil.which(name) for name in ("soffice", "pdfinfo"))


def paginate(docx: bytes, timeout_seconds: int = TIMEOUT_SECONDS) -> dict[str, int] | None:
    """Bookmark -> page, and "" -> number of pages; None where LibreOffice is missing or fails."""
    with tempfile.TemporaryDirectory() as folder:
        pdf = to_pdf(docx, Path(folder), timeout_seconds)
        if pdf is None:
            return None
        places, facts = _ask(["pdfinfo", "-dests", str(pdf)]), _ask(["pdfinfo", str(pdf)])
    count = PAGES.search(facts)
    if count is None:
        return None
    # LibreOffice spells every character of a name other than a letter or digit as its hexadecimal value: _ is 5F.
    pages = {name.replace("5F", "_"): int(page) for page, name in DESTINATION.findall(places)}
    return {**pages, "": int(count[1])}


def to_pdf(docx: bytes, folder: Path, timeout_seconds: int = TIMEOUT_SECONDS) -> Path | None:
    """The document as PDF in the folder, by LibreOffice with a profile of its own; None where that does not work."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return None
    source = folder / "report.docx"
    source.write_bytes(docx)
    profile = (folder / "profile").as_uri()
    command = [soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to"]
    command += [f"pdf:writer_pdf_Export:{json.dumps(OPTIONS)}", "--outdir", str(folder), str(source)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=timeout_seconds)  # noqa: S603 - our own words only
    except (OSError, subprocess.SubprocessError):
        return None
    pdf = source.with_suffix(".pdf")
    return pdf if pdf.exists() else None


def _ask(command: list[str]) -> str:
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
