"""Which function does which kind of job. A new kind of work is one line here and one function."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy.orm import Session

from evidence_app.domain.jobs import Job, JobKind
from evidence_app.worker.bringing import bring_in_drive, let_go_of_drive, look_into_drive
from evidence_app.worker.compiling import compile_edition
from evidence_app.worker.drawing import draw_pages, draw_thumbnails
from evidence_app.worker.erasing import clear_traces, erase_items
from evidence_app.worker.indexing import index_items, index_people, rebuild_index
from evidence_app.worker.links import check_links, keep_page
from evidence_app.worker.mail import read_mailbox
from evidence_app.worker.reading import read_versions, recognise_text
from evidence_app.worker.scanning import scan_versions
from evidence_app.worker.sharing import prepare_share, remake_share_index
from evidence_app.worker.suggesting import learn_from_items, suggest_items
from evidence_app.worker.tools import Tools

Results = Callable[[Session], None]
"""Writes what the work gave; called in the unit of work that also finishes the jobs."""


class Lane(StrEnum):
    """Work that goes on beside the work of the other lanes, so that what takes seconds holds up nothing short."""

    READING = "reading"
    DRAWING = "drawing"
    OUTSIDE = "outside"
    """Waiting for the servers of others."""
    MAILBOXES = "mailboxes"
    """Waiting for mail servers, of which a slow one may take minutes."""
    LEARNING = "learning"
    """Comparing with all a school has: seconds among 100,000 items, in which a changed tag is to be found."""
    COMPILING = "compiling"
    """Writing reports and what goes out with them: minutes, where a bundle holds thousands of exhibits."""
    OWN = "own"
    """What this process does itself, without limited children. It alone writes the index."""


ALL_READERS_BUT_ONE = 0
"""A batch that keeps all readers busy but one, which is left to whoever files something; one at least."""


class Handler(NamedTuple):
    """The function for a kind of job, how many jobs of one school it is given at once, and beside what it is done."""

    work: Callable[[Tools, Sequence[Job]], Results]
    batch: int
    lane: Lane = Lane.OWN

    def batch_for(self, readers: int) -> int:
        """How many jobs it is given at once where there are so many readers."""
        return max(1, readers - 1) if self.batch == ALL_READERS_BUT_ONE else self.batch


HANDLERS: Mapping[JobKind, Handler] = MappingProxyType(
    {
        JobKind.ERASE: Handler(erase_items, 1),
        JobKind.COMPILE_EDITION: Handler(compile_edition, 1, Lane.COMPILING),
        JobKind.LOOK_INTO_DRIVE: Handler(look_into_drive, 1),
        JobKind.DRAW_PAGES: Handler(draw_pages, 4, Lane.DRAWING),
        JobKind.READ_VERSION: Handler(read_versions, 40, Lane.READING),
        JobKind.INDEX_ITEM: Handler(index_items, 150),
        JobKind.INDEX_PERSON: Handler(index_people, 1),
        JobKind.LEARN_FROM_ITEM: Handler(learn_from_items, 200, Lane.LEARNING),
        JobKind.SUGGEST_ITEM: Handler(suggest_items, 100),
        JobKind.REBUILD_INDEX: Handler(rebuild_index, 1),
        JobKind.REMAKE_SHARE_INDEX: Handler(remake_share_index, 1, Lane.COMPILING),
        JobKind.PREPARE_SHARE: Handler(prepare_share, 1, Lane.COMPILING),
        # After the reading of what came in before, so that a drive is found as it comes and its backlog stays short.
        JobKind.BRING_IN_DRIVE: Handler(bring_in_drive, 1),
        JobKind.SCAN_VERSION: Handler(scan_versions, 20, Lane.OUTSIDE),
        JobKind.KEEP_PAGE: Handler(keep_page, 1, Lane.OUTSIDE),
        JobKind.CHECK_LINK: Handler(check_links, 8, Lane.OUTSIDE),
        JobKind.LET_GO_OF_DRIVE: Handler(let_go_of_drive, 1),
        JobKind.READ_MAILBOX: Handler(read_mailbox, 1, Lane.MAILBOXES),
        JobKind.CLEAR_TRACES: Handler(clear_traces, 1),
        JobKind.DRAW_THUMBNAIL: Handler(draw_thumbnails, 4, Lane.DRAWING),
        JobKind.RECOGNISE_TEXT: Handler(recognise_text, ALL_READERS_BUT_ONE, Lane.DRAWING),
    }
)
