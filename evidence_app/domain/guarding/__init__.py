"""The student-data guard: what in a name or a text looks as if it was about single pupils. It keeps nothing itself."""

from evidence_app.domain.guarding.paths import look_at_path
from evidence_app.domain.guarding.signs import (
    NOTHING,
    Looks,
    Passage,
    Place,
    Sign,
    SignKind,
    Signs,
    Weight,
    both,
    signs_from_plain,
)
from evidence_app.domain.guarding.texts import look_at_text, passages_in

__all__ = [
    "NOTHING",
    "Looks",
    "Passage",
    "Place",
    "Sign",
    "SignKind",
    "Signs",
    "Weight",
    "both",
    "look_at_path",
    "look_at_text",
    "passages_in",
    "signs_from_plain",
]
