"""Making items of a mail: its subject is a title, its attachments are files; all waits for its sender to say more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from evidence_app.database import now
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import (
    MOST_DESCRIPTION_CHARS,
    Filing,
    Item,
    ItemFacts,
    PartFile,
    StoredBlob,
    Visibility,
    a_file,
    a_note,
    a_series,
    add_all,
    list_of,
)
from evidence_app.domain.extraction import LeftOut
from evidence_app.domain.intake import EntryState, StoredFile, enter, next_facts
from evidence_app.domain.jobs import Urgency
from evidence_app.texts import clean_line

_PREFIX = re.compile(r"^\s*(?:(?:re|fwd?|aw|wg|tr|rv|rif|i|r)\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that can be filed: everything it holds is in the store. `blob` is of its words, or of a series' list."""

    subject: str
    words: str
    files: tuple[StoredFile, ...]
    blob: StoredBlob | None
    is_vouched_for: bool
    left_before: Mapping[LeftOut, int] = field(default_factory=dict)

    @property
    def left(self) -> Mapping[LeftOut, int]:
        """What is left out of it, with the words that are more than a description holds."""
        too_long = len(self.words) - MOST_DESCRIPTION_CHARS if self.files else 0
        if too_long <= 0:
            return self.left_before
        return {**self.left_before, LeftOut.WORDS: self.left_before.get(LeftOut.WORDS, 0) + too_long}

    @property
    def title(self) -> str:
        """The subject without the signs of having been sent on."""
        return clean_line(_PREFIX.sub("", self.subject))


def is_series(files: Sequence[StoredFile]) -> bool:
    """Whether these attachments belong together: several, and all of them photographs."""
    return len(files) > 1 and all(file.media_type.startswith("image/") for file in files)


def parts_of_files(files: Sequence[StoredFile]) -> list[PartFile]:
    """Attachments as the parts of one item, in the order of the mail."""
    return [
        PartFile(
            sha256=file.blob.sha256, size_bytes=file.blob.size_bytes, media_type=file.media_type, file_name=file.name
        )
        for file in files
    ]


def bytes_beside(words: str, files: Sequence[StoredFile]) -> bytes:
    """What has to be in the store beside the attachments: the list of a series, or the words where that is all."""
    if is_series(files):
        return list_of(parts_of_files(files))
    return b"" if files else words.encode()


def file_letter(session: Session, *, actor: Actor, letter: Letter) -> list[Item]:
    """The items made of a mail, as its sender, in the batch of what they are filing.

    They are private until the sender saves them on the page for filing; where the receiving server has vouched for the
    sender, as open as what they filed last.
    """
    facts = next_facts(session, actor)
    if not letter.is_vouched_for:
        facts = replace(facts, visibility=Visibility.PRIVATE)
    filings = _filings(letter, facts)
    items = add_all(session, actor=actor, filings=filings, urgency=Urgency.NOW)
    for item in items:
        enter(session, actor, item, is_new=True, state=EntryState.MAILED)
    return items


def _filings(letter: Letter, facts: ItemFacts) -> list[Filing]:
    moment = now()
    files, blob = letter.files, letter.blob
    described = replace(facts, title=letter.title, description=letter.words)
    if is_series(files) and blob is not None:
        return [a_series(blob, parts_of_files(files), facts=described, received_at=moment)]
    if not files and blob is not None:
        return [a_note(blob, facts=replace(facts, title=letter.title or clean_line(letter.words, 80)))]
    if len(files) > 1:
        described = replace(described, title="", purpose=letter.title)
    return [
        a_file(file.blob, file_name=file.name, media_type=file.media_type, facts=described, received_at=moment)
        for file in files
    ]
