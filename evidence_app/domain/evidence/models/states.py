"""What an item is, who may see it, and how a question about it was settled."""

from __future__ import annotations

from enum import StrEnum

from evidence_app.i18n import Message, msg

ADDRESS_ONLY = "text/uri-list"
"""The media type of a version of a link that holds its address and nothing else."""
SERIES = "application/x-evidence-series+json"
"""The media type of a version that is several files in an order, see `parts`."""


class ItemKind(StrEnum):
    """What was filed."""

    FILE = "file"
    LINK = "link"
    NOTE = "note"


class Visibility(StrEnum):
    """Who may see an item, from the fewest to the most."""

    PRIVATE = "private"
    STAFF = "staff"
    SHAREABLE = "shareable"
    PUBLIC = "public"

    @property
    def label(self) -> Message:
        """The visibility in plain words."""
        return VISIBILITY_LABELS[self]


class Hold(StrEnum):
    """How far an item may be opened: freely, to the staff and no further, or, while a question waits, not at all."""

    NONE = ""
    RELEASE = "release"
    PRIVATE = "private"


class Settled(StrEnum):
    """How a question about pupils' data was answered, by somebody who looked."""

    HARMLESS = "harmless"
    CONSENT = "consent"
    REDACTED = "redacted"
    INTERNAL = "internal"

    @property
    def label(self) -> Message:
        """The answer in plain words."""
        return SETTLED_LABELS[self]

    @property
    def lifts(self) -> bool:
        """Whether the paper itself may leave the school by this answer."""
        return self in (Settled.HARMLESS, Settled.CONSENT)


SETTLED_LABELS = {
    Settled.HARMLESS: msg("It is about no single pupil"),
    Settled.CONSENT: msg("The families have agreed"),
    Settled.REDACTED: msg("A redacted copy takes its place"),
    Settled.INTERNAL: msg("It names pupils and is for colleagues alone"),
}

VISIBILITY_LABELS = {
    Visibility.PRIVATE: msg("Private: named people"),
    Visibility.STAFF: msg("Staff"),
    Visibility.SHAREABLE: msg("Shareable with visitors"),
    Visibility.PUBLIC: msg("Public"),
}
