"""ODT, ODS and ODP by walking content.xml; their page headers and footers from styles.xml."""

from __future__ import annotations

from typing import Any

from evidence_app.domain.extraction import safe_xml
from evidence_app.domain.extraction.draft import Draft, Encrypted, Source
from evidence_app.domain.extraction.ooxml import attribute
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.safe_xml import local_name
from evidence_app.domain.extraction.titles import first_strong_line, is_meaningful_title
from evidence_app.domain.extraction.zip_guard import GuardedZip

_SKIPPED = frozenset({"tracked-changes", "sequence-decls", "forms", "font-face-decls", "automatic-styles", "scripts"})
_MARGINS = frozenset({"header", "footer", "header-left", "footer-left", "header-first", "footer-first"})
_MAX_SPACES = 100


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the document; slides of a presentation are its pages, sheets a fact."""
    archive = GuardedZip(source.file)
    if "META-INF/manifest.xml" in archive and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Encrypted("encrypted-otherwise")
    _read_properties(archive, draft)
    declared, draft.title = draft.title, ""
    root = safe_xml.parse(archive.read("content.xml"), "content.xml")
    try:
        _walk(root, draft)
        if "styles.xml" in archive:
            for element in safe_xml.parse(archive.read("styles.xml"), "styles.xml").iter():
                if local_name(element) in _MARGINS:
                    _walk(element, draft)
    finally:
        if draft.page_starts:
            draft.pages = draft.facts["slides"] = len(draft.page_starts)
        first = draft.headings[0] if draft.headings and "sheets" not in draft.facts else ""
        draft.title = draft.title or first or (declared if is_meaningful_title(declared) else "")
        draft.title = draft.title or first_strong_line(draft.text.text().replace("\t", "\n"))


def _walk(element: Any, draft: Draft) -> None:
    for child in element:
        name = local_name(child)
        if name in {"p", "h"}:
            text = _text(child)
            if name == "h":
                draft.text.break_here()
                draft.add_heading(text)
            elif attribute(child, "style-name") == "Title" and text.strip():
                draft.title = draft.title or one_line(text)
                draft.add_heading(text)
            draft.text.add(text)
        elif name == "table-row":
            draft.text.add_all(" ".join(_paragraphs(cell)) for cell in child if local_name(cell) == "table-cell")
        elif name not in _SKIPPED:
            _enter(name, child, draft)
            _walk(child, draft)


def _enter(name: str, element: Any, draft: Draft) -> None:
    """Note the start of a slide, a slide's title or a sheet."""
    if name == "page" and attribute(element, "master-page-name"):
        draft.start_page()
    elif name == "frame" and attribute(element, "class") == "title":
        draft.add_heading(" ".join(_paragraphs(element)))
    elif name == "table" and local_name(element.getparent()) == "spreadsheet":
        draft.text.break_here()
        draft.facts.setdefault("sheets", []).append(attribute(element, "name")[:100])
        draft.add_heading(attribute(element, "name"))


def _paragraphs(element: Any) -> list[str]:
    return [_text(child) for child in element.iter() if local_name(child) in {"p", "h"}]


def _text(element: Any) -> str:
    pieces = [element.text or ""]
    for child in element:
        name = local_name(child)
        if name == "s":
            count = attribute(child, "c")
            pieces.append(" " * (min(int(count), _MAX_SPACES) if count.isdecimal() else 1))
        elif name == "tab":
            pieces.append("\t")
        elif name == "line-break":
            pieces.append("\n")
        elif name in {"p", "h"}:  # in a text box, a note or a comment that stands inside this paragraph
            pieces.append("\n" + _text(child) + "\n")
        elif name != "note-citation":
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)


def _read_properties(archive: GuardedZip, draft: Draft) -> None:
    if "meta.xml" not in archive:
        return
    for element in safe_xml.parse(archive.read("meta.xml"), "meta.xml").iter():
        name, value = local_name(element), (element.text or "").strip()
        if name == "title":
            draft.title = one_line(value)
        elif name in {"creation-date", "date"} and value[:4].isdecimal():
            draft.facts["created" if name == "creation-date" else "modified"] = value[:19]
        elif name == "document-statistic" and attribute(element, "page-count")[:6].isdecimal():
            draft.pages = int(attribute(element, "page-count")[:6])
        elif name == "language":
            draft.declared_language = value[:20]
