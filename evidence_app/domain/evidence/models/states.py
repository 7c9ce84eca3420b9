"""What an item is, who may see it, and how a question about it was settled."""

from __future__ import annotations

from enum import StrEnum

from evidence_app.i18n import Labelled, msg

ADDRESS_ONLY = "text/uri-list"
"""The media type of a version of a link that holds its address and nothing else."""
SERIES = "application/x-evidence-series+json"
"""The media type of a version that is several files in an order, see `parts`."""


class ItemKind(StrEnum):
    """What was filed."""

    FILE = "file"
    LINK = "link"
    NOTE = "note"


class Visibility(Labelled):
    """Who may see an item, from the fewest to the most."""

    PRIVATE = "private", msg("Private: named people")
    STAFF = "staff", msg("Staff")
    SHAREABLE = "shareable", msg("Shareable with visitors")
    PUBLIC = "public", msg("Public")


class Hold(StrEnum):
    """How far an item may be opened: freely, to the staff and no further, or, while a question waits, not at all."""

    NONE = ""
    RELEASE = "release"
    PRIVATE = "private"


class Settled(Labelled):
    """How a question about pupils' data was answered, by somebody who looked."""

    HARMLESS = "harmless", msg("It is about no single pupil")
    CONSENT = "consent", msg("The families have agreed")
    REDACTED = "redacted", msg("A redacted copy takes its place")
    INTERNAL = "internal", msg("It names pupils and is for colleagues alone")

    @property
    def lifts(self) -> bool:
        """Whether the paper itself may leave the school by this answer."""
        return self in (Settled.HARMLESS, Settled.CONSENT)
