"""Reading of files: version -> text, facts, language, preview, in a limited child process."""

from evidence_app.domain.extraction.actions import (
    PAGES_AT_ONCE,
    StoredPicture,
    ask_for_pages,
    draw_again,
    hurry,
    keep_pages,
    keep_plain_copy,
    keep_readings,
    keep_recognition,
    keep_thumbnails,
    look_through,
    unready,
)
from evidence_app.domain.extraction.again import Backlog, Unread, backlogs, read_again, read_item_again, unread_counts
from evidence_app.domain.extraction.confinement import Layer
from evidence_app.domain.extraction.limits import MAX_PREVIEW_PAGES, ChildLimits
from evidence_app.domain.extraction.media_types import directory_bytes, sniff
from evidence_app.domain.extraction.models import PlainCopy, PreviewImage, VersionText
from evidence_app.domain.extraction.office import HAVE_PAGES
from evidence_app.domain.extraction.opening import Opened, keep_opened, open_locked
from evidence_app.domain.extraction.pictures import Picture, Preview
from evidence_app.domain.extraction.pool import ReaderPool
from evidence_app.domain.extraction.queries import (
    Outgoing,
    files_given,
    infected_files,
    likely_languages,
    outgoing,
    outgoing_parts,
    pages_of_bytes,
    previews_of,
    text_of,
    texts_of,
    thumbnails_of,
)
from evidence_app.domain.extraction.reading import TELLS_PLACE, UNLOCKED, Reading, ReadingState, ReadingWarning
from evidence_app.domain.extraction.series import look_through_parts, read_series
from evidence_app.domain.extraction.unpacking import Attachment, LeftOut, Unpacked
from evidence_app.domain.extraction.words import next_steps, state_words, warning_sentence

__all__ = [
    "HAVE_PAGES",
    "MAX_PREVIEW_PAGES",
    "PAGES_AT_ONCE",
    "TELLS_PLACE",
    "UNLOCKED",
    "Attachment",
    "Backlog",
    "ChildLimits",
    "Layer",
    "LeftOut",
    "Opened",
    "Outgoing",
    "Picture",
    "PlainCopy",
    "Preview",
    "PreviewImage",
    "ReaderPool",
    "Reading",
    "ReadingState",
    "ReadingWarning",
    "StoredPicture",
    "Unpacked",
    "Unread",
    "VersionText",
    "ask_for_pages",
    "backlogs",
    "directory_bytes",
    "draw_again",
    "files_given",
    "hurry",
    "infected_files",
    "keep_opened",
    "keep_pages",
    "keep_plain_copy",
    "keep_readings",
    "keep_recognition",
    "keep_thumbnails",
    "likely_languages",
    "look_through",
    "look_through_parts",
    "next_steps",
    "open_locked",
    "outgoing",
    "outgoing_parts",
    "pages_of_bytes",
    "previews_of",
    "read_again",
    "read_item_again",
    "read_series",
    "sniff",
    "state_words",
    "text_of",
    "texts_of",
    "thumbnails_of",
    "unread_counts",
    "unready",
    "warning_sentence",
]
