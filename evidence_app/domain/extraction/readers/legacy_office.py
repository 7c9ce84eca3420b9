"""DOC and PPT through LibreOffice where it is installed; XLS through calamine, which knows it."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Final

from evidence_app.domain.extraction import media_types, office, ole
from evidence_app.domain.extraction.draft import Draft, Encrypted, Source
from evidence_app.domain.extraction.readers import docx, pptx, xlsx

_TARGETS: Final = {media_types.DOC: "docx", media_types.PPT: "pptx"}


def read(source: Source, draft: Draft) -> None:
    """Fill the draft, or leave it empty with a warning that says what is missing."""
    if source.media_type == media_types.XLS:
        xlsx.read_workbook(source, draft)
        return
    if source.media_type == media_types.DOC and ole.word_asks_for_password(source.file):
        raise Encrypted
    if not office.is_available():
        draft.warn("office-not-installed")
        return
    if source.seconds_left < office.SECONDS_NEEDED:
        draft.warn("office-no-time")
        return
    target = _TARGETS[source.media_type]
    converted = office.convert(source, target)
    if converted is None:
        draft.warn("office-could-not-open")
        return
    with converted.open("rb") as file:
        inner = replace(source, file=file, size_bytes=os.fstat(file.fileno()).st_size)
        (docx if target == "docx" else pptx).read(inner, draft)
