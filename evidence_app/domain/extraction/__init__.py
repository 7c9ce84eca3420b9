"""Reading of files: version -> text, facts, language, preview, in a limited child process."""

from evidence_app.domain.extraction.actions import (
    PAGES_AT_ONCE,
    StoredPicture,
    ask_for_pages,
    keep_pages,
    keep_readings,
    keep_recognition,
    keep_thumbnails,
)
from evidence_app.domain.extraction.confinement import Layer
from evidence_app.domain.extraction.limits import ChildLimits
from evidence_app.domain.extraction.media_types import directory_bytes, sniff
from evidence_app.domain.extraction.models import PreviewImage, VersionText
from evidence_app.domain.extraction.pictures import Picture, Preview
from evidence_app.domain.extraction.pool import ReaderPool
from evidence_app.domain.extraction.queries import previews_of, text_of, texts_of, thumbnails_of
from evidence_app.domain.extraction.reading import Reading, ReadingState, ReadingWarning
from evidence_app.domain.extraction.words import state_words, warning_sentence

__all__ = [
    "PAGES_AT_ONCE",
    "ChildLimits",
    "Layer",
    "Picture",
    "Preview",
    "PreviewImage",
    "ReaderPool",
    "Reading",
    "ReadingState",
    "ReadingWarning",
    "StoredPicture",
    "VersionText",
    "ask_for_pages",
    "directory_bytes",
    "keep_pages",
    "keep_readings",
    "keep_recognition",
    "keep_thumbnails",
    "previews_of",
    "sniff",
    "state_words",
    "text_of",
    "texts_of",
    "thumbnails_of",
    "warning_sentence",
]
