"""Snapshot -> document. No clock, no database: the same snapshot and edition always give the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

import exports
from evidence_app.domain.reports.problems import Problem, from_writer
from evidence_app.i18n import Message, msg

OpenBlob = Callable[[str], BinaryIO]


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A document that can be compiled: the writer it takes, which document it is, and its file's name and label."""

    writer: str
    document: str
    stem: str
    label: Message
    has_page_numbers: bool = False

    @property
    def extension(self) -> str:
        """The ending of its file, with the dot."""
        return f".{exports.WRITERS[self.writer].extension}"

    @property
    def media_type(self) -> str:
        """Its media type."""
        return exports.WRITERS[self.writer].media_type


KINDS: Mapping[str, DocumentKind] = MappingProxyType(
    {
        "docx": DocumentKind("docx", "self-study", "self-study", msg("Word document")),
        "html": DocumentKind("html", "self-study", "self-study", msg("Web page")),
        "zip": DocumentKind("zip", "self-study", "self-study-bundle", msg("Bundle with every exhibit")),
        "plan": DocumentKind("docx", "action-plan", "action-plan", msg("Action plan alone")),
        "paginated": DocumentKind(
            "docx", "self-study", "self-study-paginated", msg("Word document with page numbers"), has_page_numbers=True
        ),
    }
)


def compile(
    report: exports.Report,
    edition: exports.Edition,
    kind: DocumentKind,
    out: BinaryIO,
    *,
    open_blob: OpenBlob,
    base_file: bytes | None = None,
) -> tuple[Problem, ...]:
    """Write one document into `out`; what could not be printed as it was meant comes back as problems.

    `base_file` is the school's own Word base file. Page numbers are found by LibreOffice and take many seconds; every
    other document needs nothing but this process. Raises ExhibitMissing, before the first byte, when the bundle lacks
    an exhibit.
    """
    write = exports.write_paginated if kind.has_page_numbers else exports.WRITERS[kind.writer].write
    result = write(report, edition, out, base=base_file, open_exhibit=open_blob, document=kind.document)
    return tuple(from_writer(problem) for problem in result.problems)


def kinds_here() -> dict[str, DocumentKind]:
    """The documents that can be made on this machine; page numbers need LibreOffice."""
    return {key: kind for key, kind in KINDS.items() if exports.can_paginate() or not kind.has_page_numbers}


def file_name(report: exports.Report, edition: exports.Edition, kind: DocumentKind) -> str:
    """What the file is called when it is taken home: "alder-bay-self-study-edition-2.docx" """
    school = "-".join("".join(c if c.isalnum() else " " for c in report.cover.school.casefold()).split())[:60]
    which = f"edition-{edition.number}" if edition.number else f"draft-{edition.snapshot_sha256[:8]}"
    return f"{school or 'school'}-{kind.stem}-{which}{kind.extension}"
