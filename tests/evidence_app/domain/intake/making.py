"""ZIP files for tests: ordinary ones, and those that no ordinary program writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from evidence_app.domain.intake import Found, gathered, zip_of


def zip_bytes(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of these files: path -> content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return made.getvalue()


def found_in(content: bytes) -> dict[str, Found]:
    """What a ZIP is found to hold, by path."""
    with zip_of(io.BytesIO(content)) as source:
        return {one.path: one for one in gathered(source.files)}


def refusal(content: bytes, path: str) -> str:
    """Why a file in a ZIP is refused, in English; "" when it is not."""
    refused = found_in(content)[path].refused
    return str(refused) if refused else ""
