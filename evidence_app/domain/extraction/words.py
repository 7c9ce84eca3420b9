"""The sentences for states and warnings of a reading: what happened, what was kept, what to do."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from evidence_app.domain.extraction.models import VersionText
from evidence_app.domain.extraction.reading import ReadingState, ReadingWarning
from evidence_app.i18n import Message, msg

STATES: Final = MappingProxyType(
    {
        ReadingState.TEXT_FOUND: msg("Text found"),
        ReadingState.READ_BY_OCR: msg("Read by text recognition"),
        ReadingState.WAITS_FOR_OCR: msg("Waits for text recognition"),
        ReadingState.NO_TEXT: msg("No text in it"),
        ReadingState.NO_READER: msg("Kept, cannot be searched"),
        ReadingState.TOOL_MISSING: msg("Needs a program that is not installed"),
        ReadingState.ENCRYPTED: msg("Needs a password"),
        ReadingState.DAMAGED: msg("Damaged"),
        ReadingState.TOO_LARGE: msg("Too large to read"),
        ReadingState.FAILED: msg("Could not be read"),
    }
)
"""A word or two for each state, as lists and chips show it."""

STEPS: Final = MappingProxyType(
    {
        ReadingState.WAITS_FOR_OCR: msg("The words in its pictures are read as soon as nothing else waits."),
        ReadingState.NO_TEXT: msg(
            "There are no words in it to search for. Say in its description what it shows, so that it is found."
        ),
        ReadingState.NO_READER: msg("Say in its description what it shows, so that it is found."),
        ReadingState.DAMAGED: msg(
            "Its words cannot be found. Ask for the document again and file that as a new version, or say in its "
            "description what it shows."
        ),
        ReadingState.TOO_LARGE: msg("Its words cannot be found. Say in its description what it shows."),
    }
)
"""What to do, or that nothing needs doing; of a file that was read only where it came without a warning."""

WARNINGS: Final = MappingProxyType(
    {
        "attachments-not-read": msg(
            "The message is read; its attachments (%(count)s: %(names)s) are kept inside it but not read. File those "
            "that matter by themselves."
        ),
        "apple-document": msg(
            "The words of this document of Pages, Numbers or Keynote are in a format of Apple's own. It is kept; "
            "export it as PDF or Word and file that as a new version to make it searchable."
        ),
        "cells": msg(
            "The sheets span %(cells)s cells, more than the %(limit)s that are read, mostly empty ones. The file is "
            "kept. Delete unused rows and columns and file it again to make it searchable."
        ),
        "child-crash": msg(
            "The reader stopped on this file (%(reason)s). The file is kept, its text is not searchable."
        ),
        "child-memory": msg(
            "Reading this file takes more than %(limit_mb)s MB of memory and was stopped. The file is kept, its text "
            "is not searchable."
        ),
        "child-reply-too-long": msg("The text of this file is longer than can be kept. The file itself is kept."),
        "child-talked-nonsense": msg("The reader's answer could not be trusted and was dropped. The file is kept."),
        "child-time": msg(
            "Reading this file took more than %(seconds)s seconds and was stopped. The file is kept, its text "
            "is not searchable."
        ),
        "damaged": msg("The file is damaged or cut off. It is kept as it came."),
        "empty": msg("The file is empty. Check the original and file it again."),
        "encrypted": msg(
            "The file asks for a password. It is kept. Give the password on its page, or save it without one and file "
            "that as a new version, to make it searchable."
        ),
        "encrypted-otherwise": msg(
            "The file is locked in a way that no password given here can open. It is kept; save it without a password "
            "and file that as a new version to make it searchable."
        ),
        "film-tells-place": msg(
            "The film itself tells where it was taken. Who gets the file can read that; leave the place out when you "
            "export it, and file that as a new version."
        ),
        "heic-not-installed": msg(
            "Photographs of iPhones (HEIC) are opened by a library that is not installed here. It is kept; an "
            "administrator can install it, or save it as JPEG and file that as a new version."
        ),
        "input-size": msg(
            "The file is larger than the %(limit_mb)s MB that are read. It is kept, and can be downloaded."
        ),
        "macros": msg(
            "The file holds macros, small programs of its own. They are never run here; take care when you open a copy."
        ),
        "name-differs": msg("The name ends in %(suffix)s but the file is %(media_type)s; it was read as what it is."),
        "no-reader": msg("Files of this kind (%(media_type)s) are kept and can be downloaded, but not searched."),
        "not-listened-to": msg(
            "What is said in it cannot be searched. Say in its description what it shows, so that it is found."
        ),
        "nothing-to-show": msg("There is no text in the file to draw a page from."),
        "ocr-cut": msg(
            "Text was recognised on %(read)s of %(pages)s scanned pages; the others are kept as pictures only."
        ),
        "ocr-not-installed": msg(
            "This is a scan or a picture, and text recognition is not installed here. An administrator can install the "
            "program tesseract."
        ),
        "office-could-not-open": msg(
            "LibreOffice could not open this old file. It is kept; save it in a current format and file it again."
        ),
        "office-no-time": msg("There was no time left to convert this old file. It is kept; read it again later."),
        "office-not-installed": msg(
            "Old kinds of files are read through LibreOffice, which is not installed here. The file is kept; save it "
            "in a current format to make it searchable."
        ),
        "page-damaged": msg("Page %(page)s is damaged and was left out of the text."),
        "pages-cut": msg("Only the first %(read)s of %(pages)s pages were read. The file is kept whole."),
        "part-missing": msg("A part of the file is missing (%(part)s): it is damaged. It is kept as it came."),
        "part-size": msg("A part of the file (%(part)s) unpacks to more than %(limit_mb)s MB and was not read."),
        "pixels": msg(
            "The picture has %(width)s by %(height)s pixels, more than the %(limit)s that are opened. It is kept as it "
            "came."
        ),
        "properties-damaged": msg("The properties of the file (dates, title) are damaged; its text was read."),
        "reader-gave-up": msg("The file is not quite what its type promises (%(error)s). It is kept as it came."),
        "sheet-damaged": msg("The sheet %(sheet)s is damaged and was left out of the text."),
        "text-cut": msg("The text is longer than can be searched; its beginning is. The file is kept whole."),
        "wrong-password": msg("This password does not open the file. Nothing was changed; try again."),
        "xml-broken": msg("The file holds broken XML (%(part)s). It is kept as it came."),
        "xml-entities": msg(
            "The file defines XML entities of its own (%(part)s), which documents do not need and attacks use. It was "
            "not read that way, and is kept as it came."
        ),
        "zip-entries": msg("The file holds %(entries)s parts, more than the %(limit)s that are opened. It is kept."),
        "zip-same-name-twice": msg(
            "The file holds two parts of the same name: programs would disagree about its text."
        ),
        "zip-size": msg("The file unpacks to more than %(limit_mb)s MB and was not read. It is kept as it came."),
        "zip-sizes-lie": msg("The file lies about the size of its parts (%(part)s) and was not read. It is kept."),
    }
)
"""A sentence for each code of a ReadingWarning."""


def state_words(state: ReadingState) -> Message:
    """The state in a word or two."""
    return STATES[state]


def next_steps(text: VersionText) -> list[Message]:
    """What is amiss with what was read and what to do about it; nothing where nothing is."""
    warnings = [warning_sentence(warning) for warning in text.reading_warnings]
    step = STEPS.get(ReadingState(text.state))
    return [*warnings, step] if step and (text.is_unread or not warnings) else warnings


def warning_sentence(warning: ReadingWarning) -> Message:
    """The sentence of a warning with its parameters; a plain one if the child invented a code."""
    known = WARNINGS.get(warning.code)
    if known is None:
        return WARNINGS["child-talked-nonsense"]
    try:
        message = Message(known.msgid, dict(warning.params))
        str(message)
    except (KeyError, TypeError, ValueError):
        return WARNINGS["child-talked-nonsense"]
    return message
