"""Exhibits as a report prints them. Only what is released gets here."""

from __future__ import annotations

from collections.abc import Mapping

import exports
from evidence_app.domain.evidence import ItemKind, Part, Version
from evidence_app.domain.extraction import Outgoing
from evidence_app.domain.reports.gathering.rows import ExhibitRow, StudyRows
from evidence_app.domain.suggesting import load_kinds
from evidence_app.i18n import msg

FORMATS = {
    "pdf": "PDF",
    "docx": "Word",
    "doc": "Word",
    "odt": "ODT",
    "xlsx": "Excel",
    "xls": "Excel",
    "ods": "ODS",
    "pptx": "PowerPoint",
    "odp": "ODP",
    "jpg": "JPEG",
}


def printed_exhibit(rows: StudyRows, row: ExhibitRow, text_sha256: Mapping[str, str]) -> exports.Exhibit:
    """One exhibit. A link without a copy has an address and no bytes; all else has the bytes of the version it pins.

    A picture that tells where it was taken has the bytes of its copy that does not.
    """
    item, version = row.item, row.version
    held = row.outgoing if not (version.is_address_only or row.parts) else None
    edition = _edition(version)
    return exports.Exhibit(
        number=row.number,
        title=item.title,
        kind=_kind(rows, row),
        facts=_facts(rows, row),
        version=f"v{version.number}",
        shown=item.shown_from.isoformat() if item.shown_from else "",
        shown_until=item.shown_to.isoformat() if item.shown_to else "",
        purpose=item.purpose,
        language=item.language,
        programmes=item.programmes,
        file_name=exports.tidy_file_name(row.number, item.title, edition, _file_name(version, held)) if held else "",
        media_type=held.media_type if held else "",
        size_bytes=held.size_bytes if held else 0,
        sha256=held.sha256 if held else "",
        url=version.url,
        text_sha256=text_sha256.get(version.id, "") if held or row.parts else "",
        thumbnail_sha256=row.thumbnail_sha256 if held or row.parts else "",
        parts=tuple(_part(row, part, given) for part, given in row.parts),
    )


def _part(row: ExhibitRow, part: Part, given: Outgoing) -> exports.ExhibitFile:
    """One file of a series; its place stands first in its name, so that a folder shows them in order."""
    called = f"{part.place:02d} {part.caption or row.item.title}"
    name = _file_name(part.version, given)
    return exports.ExhibitFile(
        caption=part.caption,
        file_name=exports.tidy_file_name(row.number, called, _edition(row.version), name),
        media_type=given.media_type,
        size_bytes=given.size_bytes,
        sha256=given.sha256,
    )


def _edition(version: Version) -> str:
    return f"v{version.number}" if version.number > 1 else ""


def _file_name(version: Version, held: Outgoing) -> str:
    """The name of the file, ending as what goes out."""
    is_copy = held.sha256 != version.sha256
    return f"{version.file_name.rpartition('.')[0] or version.file_name}.jpg" if is_copy else version.file_name


def _kind(rows: StudyRows, row: ExhibitRow) -> str:
    key = row.item.document_kind
    if not key:
        words = {ItemKind.LINK: msg("Link"), ItemKind.NOTE: msg("Note")}.get(ItemKind(row.item.kind))
        return rows.words(words) if words else ""
    known = load_kinds().by_key.get(key)
    label = known.label(rows.language) if known else key
    return label[:1].upper() + label[1:]


def _facts(rows: StudyRows, row: ExhibitRow) -> str:
    """Format and length, such as "PDF, 9 pages", or how many files it is."""
    if row.parts:
        return rows.words(msg("%(count)s files", count=len(row.parts)))
    ending = row.version.file_name.rpartition(".")[2].lower() if "." in row.version.file_name else ""
    name = FORMATS.get(ending, ending.upper() if 2 <= len(ending) <= 5 else "")
    if row.item.kind == ItemKind.NOTE or row.version.is_address_only:
        return ""
    if not row.pages:
        return name
    pages = msg("1 page") if row.pages == 1 else msg("%(count)s pages", count=row.pages)
    return ", ".join(part for part in (name, rows.words(pages)) if part)
