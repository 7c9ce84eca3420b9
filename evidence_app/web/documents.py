"""What a document is, in a word and a sign: "PDF, 9 pages", "Excel", "Photo"."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask_babel import gettext, ngettext

from evidence_app.domain.evidence import SERIES, Item, ItemKind, Version
from evidence_app.domain.extraction import VersionText
from evidence_app.domain.schools import PROGRAMMES
from evidence_app.domain.suggesting import load_kinds
from evidence_app.i18n import Message, msg
from evidence_app.web.templating import language, say

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml."
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml."
OPEN = "application/vnd.oasis.opendocument."

SIGNS: tuple[tuple[str, str], ...] = (
    (SERIES, "series"),
    ("application/pdf", "pdf"),
    (WORD, "word"),
    ("application/msword", "word"),
    ("application/vnd.ms-word", "word"),
    (f"{OPEN}text", "document"),
    ("application/rtf", "document"),
    ("application/vnd.wordperfect", "document"),
    ("application/vnd.ms-works", "document"),
    ("application/vnd.ms-publisher", "document"),
    (EXCEL, "sheet"),
    ("application/vnd.ms-excel", "sheet"),
    (f"{OPEN}spreadsheet", "sheet"),
    ("text/csv", "sheet"),
    (SLIDES, "slides"),
    ("application/vnd.ms-powerpoint", "slides"),
    (f"{OPEN}presentation", "slides"),
    ("text/uri-list", "link"),
    ("image/", "image"),
    ("video/", "video"),
    ("audio/", "sound"),
    ("message/rfc822", "mail"),
    ("application/mbox", "mail"),
    ("application/vnd.ms-outlook", "mail"),
    ("application/epub+zip", "document"),
    ("application/vnd.apple.iwork", "document"),
    ("application/zip", "archive"),
    ("text/", "document"),
)
"""Beginning of a media type -> the kind whose sign stands for it; the first that fits."""


def sign_of(item: Item, media_type: str) -> str:
    """The kind of a document, as `thumb` of the parts knows it."""
    if item.kind == ItemKind.NOTE:
        return "note"
    return next((kind for beginning, kind in SIGNS if media_type.startswith(beginning)), "file")


def has_pages(media_type: str, url: str) -> bool:
    """Whether a document is shown by pictures of its pages.

    Notes, other Markdown, and the words of a page that a link leads to have none: they are read as text, at any width.
    """
    return media_type != "text/markdown" and not (url and media_type == "text/plain")


def kind_words(item: Item, version: Version, text: VersionText | None) -> str:
    """The kind of a document in words, with its length where it has one: "PDF, 9 pages"."""
    sign = sign_of(item, version.media_type)
    name = str(say(NAMES.get(sign, "")))
    if sign == "document":
        name = str(say(DOCUMENT_NAMES.get(version.media_type, msg("Text"))))
    if not name:
        name = version.file_name.rpartition(".")[2].upper()[:5] if "." in version.file_name else gettext("File")
    length = _length(sign, text)
    return f"{name}, {length}" if length else name


def programme_words(item: Item) -> str:
    """The programmes an item is about, in their usual order; the whole school where none is named."""
    return ", ".join(p for p in PROGRAMMES if p in item.programmes) or str(gettext("Whole school"))


def document_kind_words(kind: str) -> str:
    """What a kind of document is called; a school's own word stays as it is."""
    known = load_kinds().by_key.get(kind)
    return _capital(known.label(language())) if known else kind


def document_kinds() -> list[tuple[str, str]]:
    """Every kind of document that is recognised, with its name, by name."""
    named = [(kind.key, _capital(kind.label(language()))) for kind in load_kinds().kinds]
    return sorted(named, key=lambda row: row[1].lower())


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


NAMES: Mapping[str, Message | str] = MappingProxyType(
    {
        "pdf": "PDF",
        "word": "Word",
        "sheet": "Excel",
        "slides": "PowerPoint",
        "image": msg("Picture"),
        "video": msg("Film"),
        "sound": msg("Sound"),
        "link": msg("Link"),
        "note": msg("Note"),
        "mail": msg("E-mail"),
        "archive": msg("Archive"),
        "series": msg("Series"),
    }
)
"""What the kinds that `sign_of` tells apart are called."""
DOCUMENT_NAMES: Mapping[str, Message | str] = MappingProxyType(
    {
        f"{OPEN}text": "OpenDocument",
        "text/html": msg("Web page"),
        "text/markdown": "Markdown",
        "application/epub+zip": msg("Book"),
        "application/vnd.apple.iwork": "Apple iWork",
        "application/vnd.ms-publisher": "Publisher",
        "application/vnd.wordperfect": "WordPerfect",
    }
)
"""Media type -> what documents of it are called, where that is not simply a text."""


def _length(sign: str, text: VersionText | None) -> str:
    pages = text.pages if text else None
    if sign in ("video", "sound"):
        return _duration(text.facts.get("seconds") if text else None)
    if not pages:
        return ""
    if sign == "series":
        return str(ngettext("%(num)d file", "%(num)d files", pages))
    if sign == "slides":
        return str(ngettext("%(num)d slide", "%(num)d slides", pages))
    if sign == "sheet":
        return str(ngettext("%(num)d sheet", "%(num)d sheets", pages))
    if sign in ("pdf", "word", "document"):
        return str(ngettext("%(num)d page", "%(num)d pages", pages))
    return ""


def _duration(seconds: float | None) -> str:
    """How long a film or a sound is, as clocks write it: "1:30", "1:02:05"."""
    if not seconds:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
