"""Old kinds of files through LibreOffice where it is installed; XLS through calamine, which knows it."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Final

from evidence_app.domain.extraction import media_types, office, ole
from evidence_app.domain.extraction.draft import CannotRead, Draft, Encrypted, Reader, Source
from evidence_app.domain.extraction.readers import docx, pdf, pptx, xlsx
from evidence_app.domain.extraction.reading import ReadingState

_TARGETS: Final = {
    media_types.DOC: "docx",
    media_types.PPT: "pptx",
    media_types.WORDPERFECT: "docx",
    media_types.WORKS: "docx",
    media_types.PUBLISHER: "pdf",
    media_types.VISIO: "pdf",
}
_READERS: Final[dict[str, Reader]] = {"docx": docx.read, "pptx": pptx.read, "pdf": pdf.read}


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
        raise CannotRead(ReadingState.FAILED, "office-no-time")
    target = _TARGETS[source.media_type]
    converted = office.convert(source, target)
    if converted is None:
        raise CannotRead(ReadingState.FAILED, "office-could-not-open")
    with converted.open("rb") as file:
        inner = replace(source, file=file, size_bytes=os.fstat(file.fileno()).st_size)
        _READERS[target](inner, draft)
