"""What is known of a series: put together from what was read of its parts. Its pages are its parts, in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy.orm import Session

from evidence_app.domain.evidence import SERIES, Item, Part, Version, flag_by_text, parts_of, series_holding
from evidence_app.domain.extraction.limits import MAX_TEXT_BYTES
from evidence_app.domain.extraction.models import PreviewImage, VersionText
from evidence_app.domain.extraction.queries import texts_of, thumbnails_of
from evidence_app.domain.extraction.reading import Reading, ReadingState, ReadingWarning
from evidence_app.domain.guarding import Signs, both, look_at_text
from evidence_app.domain.jobs import JobKind, Urgency, enqueue_all

_WITH_TEXT = (ReadingState.TEXT_FOUND, ReadingState.READ_BY_OCR)


def read_series(session: Session, version: Version) -> Reading:
    """The captions and texts of a series, as far as its parts are read; page n begins where part n does."""
    parts = parts_of(session, version)
    texts = texts_of(session, version.school_id, [part.version.id for part in parts], with_text=True)
    pieces, starts, length, size_bytes, is_cut = [], [], 0, 0, False
    for part in parts:
        piece = _words(part, texts)
        size_bytes += len(piece.encode())
        is_cut = is_cut or size_bytes > MAX_TEXT_BYTES
        piece = "" if is_cut else piece
        starts.append(length)
        pieces.append(piece)
        length += len(piece)
    text = "".join(pieces)
    return Reading(
        media_type=SERIES,
        state=_state(texts, has_text=bool(text.strip())),
        text=text,
        language=_language(texts),
        pages=len(parts),
        headings=tuple(part.caption for part in parts if part.caption),
        page_starts=tuple(starts),
        warnings=(ReadingWarning("text-cut"),) if is_cut else (),
    )


def look_through_parts(session: Session, version: Version) -> Signs:
    """What the guard sees in each file of a series by itself: in its own language, under its own name."""
    parts = parts_of(session, version)
    texts = texts_of(session, version.school_id, [part.version.id for part in parts], with_text=True)
    seen = Signs()
    for part in parts:
        text = texts.get(part.version.id)
        if text is not None:
            title = f"{text.title}\n{part.version.file_name}\n{part.caption}"
            seen = both(seen, look_at_text(text.text, text.language, title=title))
    return seen


def go_on_with_series(
    session: Session, school_id: str, parts: Sequence[Version], signs: Mapping[str, Signs], urgency: Urgency
) -> None:
    """Parts were read: the series that hold them are put together anew, and asked about what is seen in their parts."""
    holding = series_holding(session, school_id, [part.id for part in parts])
    for part in parts:
        for version in holding.get(part.id, ()):
            if signs[part.id]:
                found = session.get_one(Item, (school_id, version.item_id), with_for_update=True)
                flag_by_text(session, found, version, signs[part.id], urgency=urgency)
    again = sorted({version.id for versions in holding.values() for version in versions})
    enqueue_all(session, JobKind.READ_VERSION, school_id, again, urgency=urgency)


def show_first_parts(session: Session, school_id: str, series: Collection[Version]) -> None:
    """The thumbnail of each of these series is that of its first part, where there is one by now."""
    first = {version.id: parts_of(session, version)[0].version.id for version in series}
    there = thumbnails_of(session, school_id, first.values())
    for version_id, part_id in first.items():
        if part_id in there:
            session.merge(_copied(there[part_id], version_id))


def _copied(image: PreviewImage, version_id: str) -> PreviewImage:
    return PreviewImage(
        school_id=image.school_id,
        version_id=version_id,
        page=image.page,
        sha256=image.sha256,
        media_type=image.media_type,
        width_px=image.width_px,
        height_px=image.height_px,
    )


def _words(part: Part, texts: Mapping[str, VersionText]) -> str:
    """The caption and the text of one part, each with a line break after it."""
    text = texts.get(part.version.id)
    return "".join(f"{words}\n" for words in (part.caption, text.text.strip() if text else "") if words)


def _state(texts: Mapping[str, VersionText], *, has_text: bool) -> ReadingState:
    """How the reading went for the whole: its words where there are some, else what its parts wait for."""
    states = [ReadingState(text.state) for text in texts.values()]
    if has_text:
        is_by_ocr = states.count(ReadingState.READ_BY_OCR) > states.count(ReadingState.TEXT_FOUND)
        return ReadingState.READ_BY_OCR if is_by_ocr else ReadingState.TEXT_FOUND
    others = [state for state in states if state not in _WITH_TEXT]
    return Counter(others).most_common(1)[0][0] if others else ReadingState.NO_TEXT


def _language(texts: Mapping[str, VersionText]) -> str:
    """The language most of the parts are in; "" where none says."""
    named = Counter(text.language for _, text in sorted(texts.items()) if text.language)
    return named.most_common(1)[0][0] if named else ""
