"""The report as a whole, its exhibits, and the edition it is printed as."""

from __future__ import annotations

from dataclasses import dataclass

from exports.model.front import (
    NO_OVERVIEW,
    NO_PROCESS,
    NO_SCHOOL,
    Approval,
    Cover,
    Overview,
    Process,
    Programme,
    RatingLevel,
    School,
)
from exports.model.plans import Finding, Objective, Path, Policy
from exports.model.study import Category, Gap, Practice


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitFile:
    """One file of an exhibit. `caption` is empty where the exhibit is this file alone; else as in `Exhibit`."""

    caption: str = ""
    file_name: str = ""
    media_type: str = ""
    size_bytes: int = 0
    sha256: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One version of an evidence item, numbered.

    `number` is `E-<practice, milestone or P>-<running number>`. `kind` is a word for people ("Policy"); `facts` a
    short addition to it ("PDF, 9 pages"). `shown` (to `shown_until`) is the period it shows. `file_name` is the
    tidy name in the bundle (`exports.tidy_file_name` makes it), never the original one; `sha256` and `size_bytes`
    are those of the bytes a reader gets, so of the redacted copy where `redacted`. A link has a `url` (http, https)
    and no `sha256`. `text_sha256`, `page_sha256` and `thumbnail_sha256` name the extracted text and page pictures
    of those same bytes, for the reading room. `downloadable` false keeps the file out of the bundle and says so in
    its index. An exhibit that is several files in an order has them as `parts`, and no `sha256` of its own.
    """

    number: str
    title: str
    kind: str = ""
    facts: str = ""
    version: str = ""
    shown: str = ""
    shown_until: str = ""
    purpose: str = ""
    language: str = ""
    programmes: tuple[str, ...] = ()
    file_name: str = ""
    media_type: str = ""
    size_bytes: int = 0
    sha256: str = ""
    url: str = ""
    redacted: bool = False
    downloadable: bool = True
    text_sha256: str = ""
    page_sha256: tuple[str, ...] = ()
    thumbnail_sha256: str = ""
    parts: tuple[ExhibitFile, ...] = ()

    @property
    def files(self) -> tuple[ExhibitFile, ...]:
        """Every file a reader gets, in order: its parts, or itself; none of a link."""
        if self.parts or not self.sha256:
            return self.parts
        own = ExhibitFile(
            file_name=self.file_name, media_type=self.media_type, size_bytes=self.size_bytes, sha256=self.sha256
        )
        return (own,)


@dataclass(frozen=True, slots=True, kw_only=True)
class WordMeaning:
    """A word or abbreviation of the school's own for Appendix D.

    The product's usual words are added by the writers.
    """

    word: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One self-study with its exhibits at one moment: what a snapshot holds and every document is made from.

    `language` is `en`, `fr`, `es` or `it`, with a region if wanted (`fr-CA`). `scale` runs from the lowest level up.
    `exhibits` hold each number once, in any order. `framework` is the name printed for the standards and practices.
    """

    language: str
    cover: Cover
    framework: str = ""
    programmes: tuple[Programme, ...] = ()
    scale: tuple[RatingLevel, ...] = ()
    approvals: tuple[Approval, ...] = ()
    school: School = NO_SCHOOL
    process: Process = NO_PROCESS
    overview: Overview = NO_OVERVIEW
    categories: tuple[Category, ...] = ()
    findings: tuple[Finding, ...] = ()
    paths: tuple[Path, ...] = ()
    plan_lead: str = ""
    objectives: tuple[Objective, ...] = ()
    policies: tuple[Policy, ...] = ()
    gaps: tuple[Gap, ...] = ()
    words: tuple[WordMeaning, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()

    def practices(self) -> tuple[Practice, ...]:
        """Every practice, in the order of the chapters."""
        return tuple(p for category in self.categories for standard in category.standards for p in standard.practices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """The head's signature under a frozen edition.

    `signed_at` is an ISO date and time, `snapshot_sha256` what was signed.
    """

    name: str
    role: str
    signed_at: str
    snapshot_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What is known only once a report is frozen, so what cannot stand in the report whose hash it names.

    `number` 0 is a draft. `frozen_at` (ISO date and time) also dates the file's properties; without it the writers
    use
    1980-01-01, never the clock. `snapshot_sha256` is the SHA-256 of `report_to_json(report)`. `share_url` is the
    address of the
    reading room, under which each exhibit is found by its number; empty leaves the "Online" links out. `signers` are
    (role, name) lines for ink.
    """

    number: int = 0
    frozen_at: str = ""
    compiled_by: str = ""
    snapshot_id: str = ""
    snapshot_sha256: str = ""
    share_url: str = ""
    signatures: tuple[Signature, ...] = ()
    signers: tuple[tuple[str, str], ...] = ()
