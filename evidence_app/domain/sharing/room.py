"""The reading room: everything a visitor reads, made from one snapshot's report and nothing else."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Literal

import exports
from evidence_app.domain.reports import ReadableStore, Snapshot, TextPack, report_of
from evidence_app.domain.sharing.answers import PracticeAnswers, answers_of, numbers_in, pictures_in

KEPT_ROOMS = 4
TAGS = re.compile(r"<[^>]+>")
OWN_PAGES = ("exhibits", "manifest", "control")
"""Chapters a room does not print: it lists its exhibits itself, and hashes of files say nothing on a screen."""

Kind = Literal["chapter", "category", "standard", "practice"]


@dataclass(frozen=True, slots=True)
class Part:
    """One page of the room. `html` is safe markup; a practice has its answers instead, a standard is only listed."""

    anchor: str
    kind: Kind
    title: str
    code: str
    html: str = ""
    lead: str = ""
    category: str = ""
    standard: str = ""
    answers: PracticeAnswers | None = None

    @property
    def plain_text(self) -> str:
        """What it says, for searching."""
        html = self.answers.html if self.answers else self.html
        return " ".join(unescape(TAGS.sub(" ", html)).split())


@dataclass(frozen=True)
class Room:
    """A snapshot made ready to be read. `parts` stand in reading order, `homes` lead from any anchor to its part."""

    snapshot_sha256: str
    report: exports.Report
    parts: Mapping[str, Part]
    homes: Mapping[str, str]
    exhibits: Mapping[str, exports.Exhibit]
    texts: TextPack
    uses: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @property
    def pages(self) -> tuple[Part, ...]:
        """The parts that are pages of their own, in reading order."""
        return tuple(part for part in self.parts.values() if part.kind != "standard")

    def part(self, anchor: str) -> Part | None:
        """The page an anchor stands on; None for an anchor the report does not have."""
        found = self.parts.get(self.homes.get(anchor, anchor))
        return self.parts.get(found.category) if found is not None and found.kind == "standard" else found

    def neighbours(self, part: Part) -> tuple[Part | None, Part | None]:
        """The pages before and after this one."""
        pages = self.pages
        at = next(n for n, one in enumerate(pages) if one.anchor == part.anchor)
        return (pages[at - 1] if at else None, pages[at + 1] if at + 1 < len(pages) else None)

    def practices(self, category: str) -> tuple[Part, ...]:
        """The practices of a category, by its anchor."""
        return tuple(p for p in self.parts.values() if p.kind == "practice" and p.category == category)

    def standards(self, category: str) -> tuple[Part, ...]:
        """The standards of a category, by its anchor."""
        return tuple(p for p in self.parts.values() if p.kind == "standard" and p.category == category)

    def text_of(self, exhibit: exports.Exhibit) -> str:
        """The text of an exhibit; empty where nothing could be read from it."""
        return self.texts.text(exhibit.text_sha256) if exhibit.text_sha256 in self.texts else ""


class Rooms:
    """The rooms that were read last, kept in memory: a snapshot never changes, so neither does its room."""

    def __init__(self, store: ReadableStore) -> None:
        self._store = store
        self._kept: OrderedDict[tuple[str, str], Room] = OrderedDict()
        self._lock = threading.Lock()

    def room(self, snapshot: Snapshot) -> Room:
        """The room of a snapshot; made within a second or two when it was not read lately."""
        key = (snapshot.school_id, snapshot.sha256)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make_room(self._store, snapshot)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > KEPT_ROOMS:
                self._kept.popitem(last=False)
        return made


def make_room(store: ReadableStore, snapshot: Snapshot) -> Room:
    """The room of a snapshot, read from the store."""
    report = report_of(store, snapshot)
    exhibits = {e.number: e for e in report.exhibits}
    pictures = pictures_in(report.exhibits)
    fragments = exports.report_fragments(
        _around_answers(report),
        section_url=lambda anchor: anchor,
        exhibit_url=exhibit_url,
        picture_url=lambda sha256: picture_url(*pictures[sha256]) if sha256 in pictures else "",
    )
    return Room(
        snapshot_sha256=snapshot.sha256,
        report=report,
        parts=_parts(report, fragments, exhibits),
        homes={anchor: f.anchor for f in fragments for anchor in f.anchors},
        exhibits=exhibits,
        texts=TextPack(store, snapshot.school_id, snapshot.texts_sha256),
        uses=_uses(report),
    )


def exhibit_url(number: str) -> str:
    """The address of an exhibit, beside whatever page of the room is open."""
    return f"?exhibit={number}#exhibit"


def picture_url(number: str, place: int) -> str:
    """The address of a picture that stands in a text, from a page of the room; `place` counts from 1 in a series."""
    return f"../exhibit/{number}/file?part={place}" if place else f"../exhibit/{number}/file"


def _around_answers(report: exports.Report) -> exports.Report:
    """The report without the words of its answers, which a room shows in its own way; their exhibits still count.

    What a room says about an exhibit stands beside the text, so that files, dates and hashes are not printed either.
    """
    categories = tuple(
        replace(
            category,
            standards=tuple(
                replace(standard, practices=tuple(_without_words(practice) for practice in standard.practices))
                for standard in category.standards
            ),
        )
        for category in report.categories
    )
    exhibits = tuple(
        replace(
            e,
            file_name="",
            shown="",
            shown_until="",
            sha256=e.sha256 if _is_picture(e) else "",
            parts=tuple(replace(part, file_name="") for part in e.parts if _is_picture(part)),
        )
        for e in report.exhibits
    )
    return replace(report, categories=categories, exhibits=exhibits)


def _is_picture(file: exports.Exhibit | exports.ExhibitFile) -> bool:
    return file.media_type.startswith("image/")


def _without_words(practice: exports.Practice) -> exports.Practice:
    return replace(
        practice,
        responses=tuple(
            replace(
                response,
                narrative="",
                strengths="",
                next_steps="",
                requirements=(),
                exhibits=tuple(exports.Citation(number=number) for number in numbers_in(response)),
            )
            for response in practice.responses
        ),
    )


def _parts(
    report: exports.Report, fragments: tuple[exports.Fragment, ...], exhibits: Mapping[str, exports.Exhibit]
) -> dict[str, Part]:
    practices = {p.code: p for p in report.practices()}
    standards = {s.code: s for c in report.categories for s in c.standards}
    categories = {c.code: c for c in report.categories}
    parts: dict[str, Part] = {}
    category = standard = ""
    for f in fragments:
        code = f.code.rpartition(" ")[2]
        if not f.anchor.startswith("P_"):
            if f.anchor not in OWN_PAGES:
                parts[f.anchor] = Part(f.anchor, "chapter", f.title, "", html=f.html)
        elif f.level == 1:
            category, standard = f.anchor, ""
            parts[f.anchor] = Part(f.anchor, "category", f.title, code, html=f.html, lead=categories[code].lead)
        elif f.level == 2:
            standard = f.anchor
            lead = standards[code].lead if code in standards else ""
            parts[f.anchor] = Part(f.anchor, "standard", f.title, code, html=f.html, lead=lead, category=category)
        else:
            practice = practices[f.code]
            parts[f.anchor] = Part(
                f.anchor,
                "practice",
                f.title,
                f.code,
                lead=practice.summary,
                category=category,
                standard=standard,
                answers=answers_of(report, practice, exhibits, exhibit_url, picture_url),
            )
    return parts


def _uses(report: exports.Report) -> dict[str, tuple[tuple[str, str], ...]]:
    """Number of an exhibit -> (code of a practice that cites it, how it shows it)."""
    found: dict[str, dict[str, str]] = {}
    for practice in report.practices():
        for response in practice.responses:
            for citation in response.exhibits:
                places = found.setdefault(citation.number, {})
                places[practice.code] = places.get(practice.code) or citation.how
    return {number: tuple(places.items()) for number, places in found.items()}
