"""EPUB: the chapters of a book in their order, each a page of HTML in a zip archive."""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

from evidence_app.domain.extraction import safe_xml
from evidence_app.domain.extraction.draft import Damaged, Draft, Encrypted, Source
from evidence_app.domain.extraction.limits import MAX_PAGES
from evidence_app.domain.extraction.ooxml import attribute
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.readers import html
from evidence_app.domain.extraction.safe_xml import local_name
from evidence_app.domain.extraction.titles import is_meaningful_title
from evidence_app.domain.extraction.zip_guard import GuardedZip

_CONTAINER = "META-INF/container.xml"
_LOCKS = "META-INF/encryption.xml"


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the chapters, each beginning a page."""
    archive = GuardedZip(source.file)
    package_name = next(
        (
            attribute(element, "full-path")
            for element in safe_xml.parse(archive.read(_CONTAINER), _CONTAINER).iter()
            if local_name(element) == "rootfile"
        ),
        "",
    )
    package = safe_xml.parse(archive.read(package_name), package_name)
    _read_facts(package, draft)
    chapters = _chapters(package, posixpath.dirname(package_name))
    if _locked(archive) & set(chapters):
        raise Encrypted("encrypted-otherwise")
    title = draft.title if is_meaningful_title(draft.title) else ""
    for name in chapters[:MAX_PAGES]:
        if name not in archive:
            draft.warn("part-missing", part=one_line(name))
            continue
        draft.start_page()
        draft.title = title
        html.read_markup(archive.read(name), draft)
        title = draft.title
    if not draft.page_starts:
        raise Damaged


def _read_facts(package: Any, draft: Draft) -> None:
    for element in package.iter():
        name, value = local_name(element), one_line(element.text or "")
        if name == "title" and not draft.title:
            draft.title = value
        elif name == "language":
            draft.declared_language = draft.declared_language or value[:20]
        elif name == "date" and value[:4].isdecimal():
            draft.facts.setdefault("created", value[:25])


def _chapters(package: Any, folder: str) -> list[str]:
    """Names in the archive of the parts one reads, in order; a part named twice is read once."""
    parts = {
        attribute(element, "id"): posixpath.normpath(posixpath.join(folder, unquote(attribute(element, "href"))))
        for element in package.iter()
        if local_name(element) == "item" and "html" in attribute(element, "media-type")
    }
    order = [attribute(element, "idref") for element in package.iter() if local_name(element) == "itemref"]
    return list(dict.fromkeys(parts[id] for id in order if id in parts))


def _locked(archive: GuardedZip) -> set[str]:
    """Names of the parts that a bookseller has locked; those of fonts are often among them, and do no harm."""
    if _LOCKS not in archive:
        return set()
    return {
        unquote(attribute(element, "URI"))
        for element in safe_xml.parse(archive.read(_LOCKS), _LOCKS).iter()
        if local_name(element) == "CipherReference"
    }
