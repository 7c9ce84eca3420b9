"""Reading of files: version -> text, facts, language, preview, in a limited child process."""

from evidence_app.domain.extraction.confinement import Layer
from evidence_app.domain.extraction.limits import ChildLimits
from evidence_app.domain.extraction.pictures import Picture, Preview
from evidence_app.domain.extraction.pool import ReaderPool
from evidence_app.domain.extraction.reading import Reading, ReadingState, ReadingWarning
from evidence_app.domain.extraction.words import state_words, warning_sentence

__all__ = [
    "ChildLimits",
    "Layer",
    "Picture",
    "Preview",
    "ReaderPool",
    "Reading",
    "ReadingState",
    "ReadingWarning",
    "state_words",
    "warning_sentence",
]
