"""A report as a bundle: the documents, every exhibit under a tidy name, an index, and checksums."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO

from exports.docx_writer import write_docx
from exports.html_writer import page_html, write_html
from exports.model import Edition, Exhibit, ExhibitFile, Report
from exports.names import FOLDER, bundle_name, bundle_path, part_words
from exports.narrative import safe_url
from exports.pictures import ExhibitMissing, OpenExhibit, open_stored
from exports.text import number_order, one_line
from exports.words import Words
from exports.writer import WriteResult

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
CHUNK = 1 << 20
IN_MEMORY = 16 << 20
# An entry of more than this needs the large form of the format, which must be known before the first byte.
LARGE = 1 << 31
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("number", "title", "kind", "version", "from", "to", "file", "bytes", "sha256", "link", "note")


def write_zip(
    report: Report,
    edition: Edition,
    out: BinaryIO,
    *,
    base: bytes | None = None,
    open_exhibit: OpenExhibit | None = None,
    document: str = "self-study",
    pages: dict[str, int] | None = None,
) -> WriteResult:
    """Write the bundle, one exhibit at a time; the same input always gives the same bytes.

    Raises ExhibitMissing before the first byte if an exhibit cannot be opened, and while writing if its bytes are not
    those of its checksum; throw the file away then. Raises ValueError as `compose`.
    """
    exhibits = sorted((e for e in report.exhibits if e.files and e.downloadable), key=lambda e: number_order(e.number))
    opener = _check(exhibits, open_exhibit)
    bundle = _Bundle(out)
    with bundle.archive, _document() as docx, _document() as html:
        result = write_docx(report, edition, docx, base=base, open_exhibit=open_exhibit, document=document, pages=pages)
        write_html(report, edition, html, open_exhibit=open_exhibit, document=document)
        bundle.add(f"{document}.docx", docx, stored=True)
        bundle.add(f"{document}.html", html)
        bundle.add("index.csv", io.BytesIO(index_csv(report)))
        bundle.add("index.html", io.BytesIO(index_html(report, document)))
        for exhibit in exhibits:
            for file in exhibit.files:
                bundle.add_exhibit(exhibit.number, file, opener)
        bundle.add_sums()
    return result


def _check(exhibits: list[Exhibit], open_exhibit: OpenExhibit | None) -> OpenExhibit:
    """Open every exhibit once, so that nothing is written if one is missing."""

    def none(_: str) -> BinaryIO:
        raise ExhibitMissing("No store was given.")

    opener = open_exhibit or none
    for exhibit in exhibits:
        for file in exhibit.files:
            open_stored(file.sha256, f"{exhibit.number} ({exhibit.title})", opener).close()
    return opener


@contextmanager
def _document() -> Iterator[BinaryIO]:
    with SpooledTemporaryFile(IN_MEMORY) as spool:
        yield spool  # type: ignore[misc]  # a spooled file has everything a binary file has


class _Bundle:
    """An archive whose entries have fixed times, and whose checksums are kept as they are written."""

    def __init__(self, out: BinaryIO) -> None:
        self.archive = zipfile.ZipFile(out, "w")
        self.sums: list[tuple[str, str]] = []

    def add(self, name: str, stream: IO[bytes], stored: bool = False, large: bool = False) -> str:
        """Add one entry from the beginning of a stream; its SHA-256."""
        if stream.seekable():
            stream.seek(0)
        info = zipfile.ZipInfo(name, FIXED_TIME)
        info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
        info.external_attr, info.create_system = 0o644 << 16, 3
        digest = hashlib.sha256()
        with self.archive.open(info, "w", force_zip64=large) as entry:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                entry.write(chunk)
        self.sums.append((name, digest.hexdigest()))
        return digest.hexdigest()

    def add_exhibit(self, number: str, file: ExhibitFile, opener: OpenExhibit) -> None:
        """Add one file of an exhibit. Raises ExhibitMissing where its bytes are not those of its checksum."""
        with opener(file.sha256) as stream:
            name = f"{FOLDER}/{bundle_name(number, file.file_name)}"
            digest = self.add(name, stream, stored=True, large=file.size_bytes > LARGE)
        if digest != file.sha256:
            raise ExhibitMissing(f"The stored bytes of {number} are not those it was frozen with ({digest}).")

    def add_sums(self) -> None:
        """Add SHA256SUMS, as `sha256sum -c` reads it."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.sums))
        self.add("SHA256SUMS", io.BytesIO(lines.encode()))


def index_csv(report: Report) -> bytes:
    """The exhibits as a table for spreadsheets; a cell that would be taken for a formula begins with an apostrophe."""
    words = Words(report.language)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(words(f"csv.{column}") for column in COLUMNS)
    for exhibit in sorted(report.exhibits, key=lambda e: number_order(e.number)):
        for file in exhibit.files or (ExhibitFile(),):
            writer.writerow(_harmless(cell) for cell in _csv_row(exhibit, file, words))
    return out.getvalue().encode("utf-8-sig")


def _csv_row(exhibit: Exhibit, file: ExhibitFile, words: Words) -> tuple[str, ...]:
    held = bool(file.sha256) and exhibit.downloadable
    notes = [words("exhibit.redacted")] if exhibit.redacted else []
    notes += [words("manifest.kept")] if file.sha256 and not exhibit.downloadable else []
    return (
        exhibit.number,
        f"{exhibit.title}: {file.caption}" if file.caption else exhibit.title,
        exhibit.kind,
        exhibit.version,
        exhibit.shown,
        exhibit.shown_until,
        f"{FOLDER}/{bundle_name(exhibit.number, file.file_name)}" if held else "",
        str(file.size_bytes) if file.sha256 else "",
        file.sha256,
        safe_url(exhibit.url),
        ", ".join(notes),
    )


def _harmless(cell: str) -> str:
    text = one_line(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def index_html(report: Report, document: str) -> bytes:
    """The exhibits as a page of links, to be opened beside the folder."""
    words = Words(report.language)
    rows = "".join(_html_row(e, words) for e in sorted(report.exhibits, key=lambda e: number_order(e.number)))
    heads = "".join(
        f'<th scope="col">{escape(words(f"index.{key}"))}</th>' for key in ("number", "title", "kind", "shown")
    )
    title = escape(f"{one_line(report.cover.school)}: {words('appendix.index')}")
    body = (
        f'<main>\n<section class="chapter"><h2>{title}</h2>\n<p><a href="{document}.html">{document}.html</a> · '
        f'<a href="{document}.docx">{document}.docx</a></p>\n<div class="scroll index-table"><table><thead>'
        f"<tr>{heads}</tr>"
        f"</thead><tbody>{rows}</tbody></table></div></section>\n</main>\n"
    )
    return page_html(words.tag, title, body).encode()


def _html_row(exhibit: Exhibit, words: Words) -> str:
    title = escape(one_line(exhibit.title))
    target = safe_url(exhibit.url)
    if exhibit.sha256 and exhibit.downloadable:
        target = bundle_path(exhibit.number, exhibit.file_name)
    name = f'<a href="{escape(target)}">{title}</a>' if target else title
    if exhibit.parts and exhibit.downloadable:
        name += "".join(
            f'<br><a class="table-detail" href="{escape(bundle_path(exhibit.number, part.file_name))}">'
            f"{escape(part_words(exhibit, place))}</a>"
            for place, part in enumerate(exhibit.parts, 1)
        )
    if exhibit.files and not exhibit.downloadable:
        name += f' <span class="table-detail">{escape(words("manifest.kept"))}</span>'
    shown = ", ".join(p for p in (exhibit.version, words.period(exhibit.shown, exhibit.shown_until, short=True)) if p)
    cells = "".join(f"<td>{escape(one_line(text))}</td>" for text in (exhibit.kind, shown))
    return f"<tr><td>{escape(exhibit.number)}</td><td>{name}</td>{cells}</tr>"
