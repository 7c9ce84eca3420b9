"""One file -> one Reading, in this process. Only a limited child calls it on files of strangers; see `pool.py`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from evidence_app.domain.extraction import media_types, ole
from evidence_app.domain.extraction.draft import CannotRead, Damaged, Draft, Encrypted, Source
from evidence_app.domain.extraction.language import detect
from evidence_app.domain.extraction.plain_text import TextFull, one_line
from evidence_app.domain.extraction.readers import reader_for
from evidence_app.domain.extraction.reading import NEEDS_TOOL, UNLOCKED, Reading, ReadingState, ReadingWarning
from evidence_app.domain.extraction.unlocking import unlocked

_PROMISES: Final = {
    ".pdf": {media_types.PDF},
    ".docx": {media_types.DOCX, media_types.DOCM, media_types.ENCRYPTED_OOXML},
    ".pptx": {media_types.PPTX, media_types.PPTM, media_types.ENCRYPTED_OOXML},
    ".xlsx": {media_types.XLSX, media_types.XLSM, media_types.ENCRYPTED_OOXML},
    ".odt": {media_types.ODT},
    ".ods": {media_types.ODS},
    ".odp": {media_types.ODP},
    ".doc": {media_types.DOC, media_types.RTF, media_types.ENCRYPTED_OOXML},
    ".xls": {media_types.XLS, media_types.ENCRYPTED_OOXML},
    ".ppt": {media_types.PPT, media_types.ENCRYPTED_OOXML},
    ".rtf": {media_types.RTF},
    ".msg": {media_types.MSG},
    ".epub": {media_types.EPUB},
    ".jpg": {"image/jpeg"},
    ".jpeg": {"image/jpeg"},
    ".png": {"image/png"},
}
"""What a name promises; a file that is something else is read as what it is, with a warning."""

_WITH_MACROS: Final = frozenset({media_types.DOCM, media_types.PPTM, media_types.XLSM})
_OLD_OFFICE: Final = frozenset({media_types.DOC, media_types.XLS, media_types.PPT})
_MACRO_FOLDERS: Final = frozenset({"Macros", "VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR"})
_BROKEN_CONTAINERS: Final = frozenset({media_types.ZIP, media_types.OLE, media_types.UNKNOWN})


def read_source(source: Source) -> Reading:
    """The reading of an open file; never raises but MemoryError, which ends the child process that reads."""
    media_type = source.media_type or media_types.sniff(source.file, source.name)
    source = replace(source, media_type=media_type)
    draft = Draft()
    _compare_with_name(source, draft)
    if _holds_macros(source):
        draft.warn("macros")
    state: ReadingState | None = None
    try:
        source = unlocked(source)
        media_type = source.media_type
        if media_type == media_types.ENCRYPTED_OOXML:
            raise Encrypted
        reader = reader_for(media_type)
        if reader is None:
            return _without_reader(source, draft)
        if source.size_bytes == 0:
            draft.warn("empty")
        else:
            reader(source, draft)
    except TextFull:
        draft.warn("text-cut")
    except CannotRead as error:
        draft.warnings.append(error.warning)
        state = error.state
    except BaseException as error:  # whatever a library raises on a broken file, the file is kept
        if not _is_of_a_library(error):
            raise
        draft.warnings.append(ReadingWarning("reader-gave-up", {"error": one_line(f"{type(error).__name__}: {error}")}))
        state = ReadingState.DAMAGED
    if source.password and state is not ReadingState.ENCRYPTED:
        draft.facts[UNLOCKED] = True
    return _finish(media_type, draft, state)


def _is_of_a_library(error: BaseException) -> bool:
    """Whether a reader raised it because of the file; a panic of a Rust library counts, though it is no Exception."""
    return type(error).__name__ == "PanicException" or (
        isinstance(error, Exception) and not isinstance(error, MemoryError)
    )


def _finish(media_type: str, draft: Draft, state: ReadingState | None) -> Reading:
    text = draft.text.text()
    if draft.text.is_full:
        draft.warn("text-cut")
    if text.strip() and state in {None, ReadingState.DAMAGED, ReadingState.TOO_LARGE, ReadingState.TOOL_MISSING}:
        # What was found before the fault is worth keeping; the warning says that something is missing.
        state = ReadingState.READ_BY_OCR if draft.chars_by_ocr * 2 > len(text) else ReadingState.TEXT_FOUND
    elif state is None and draft.ocr_waits:
        state = ReadingState.WAITS_FOR_OCR
    elif state is None:
        is_missing = any(warning.code in NEEDS_TOOL for warning in draft.warnings)
        state = ReadingState.TOOL_MISSING if is_missing else ReadingState.NO_TEXT
    return Reading(
        media_type=media_type,
        state=state,
        text=text,
        language=detect(text) or _declared(draft, text),
        pages=draft.pages,
        title=one_line(draft.title),
        headings=tuple(draft.headings),
        page_starts=tuple(min(start, len(text)) for start in draft.page_starts),
        warnings=tuple(draft.warnings),
        facts=draft.facts,
        ocr_waits=draft.ocr_waits,
    )


def _declared(draft: Draft, text: str) -> str:
    """The language the file names, where its own text is too short to tell."""
    code = draft.declared_language.replace("_", "-").split("-")[0].lower()
    return code if text.strip() and len(code) == 2 and code.isascii() and code.isalpha() else ""


def _compare_with_name(source: Source, draft: Draft) -> None:
    suffix = PurePosixPath(source.name.replace("\x00", "")).suffix.lower()
    if source.size_bytes and suffix in _PROMISES and source.media_type not in _PROMISES[suffix]:
        draft.warn("name-differs", suffix=suffix, media_type=source.media_type)


def _holds_macros(source: Source) -> bool:
    """Whether an Office file carries programs of its own; they are never run here, but may be where it is opened."""
    if source.media_type in _OLD_OFFICE:
        return not _MACRO_FOLDERS.isdisjoint(ole.entry_names(source.file))
    return source.media_type in _WITH_MACROS


def _without_reader(source: Source, draft: Draft) -> Reading:
    """Nothing can be read; a broken container under the name of a document is that document, damaged."""
    suffix = PurePosixPath(source.name.replace("\x00", "")).suffix.lower()
    if source.media_type in _BROKEN_CONTAINERS and suffix in _PROMISES:
        state, why = ReadingState.DAMAGED, Damaged().warning
    else:
        state, why = ReadingState.NO_READER, ReadingWarning("no-reader", {"media_type": source.media_type})
    return Reading(media_type=source.media_type, state=state, warnings=(*draft.warnings, why))
