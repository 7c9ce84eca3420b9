"""What the room keeps."""

from evidence_app.domain.evidence.models.flags import Flag
from evidence_app.domain.evidence.models.items import (
    HELD_BACK,
    FilingKey,
    Item,
    ItemAccess,
    ItemProgramme,
    SeriesPart,
    Version,
)
from evidence_app.domain.evidence.models.states import (
    ADDRESS_ONLY,
    SERIES,
    Hold,
    ItemKind,
    Settled,
    Visibility,
)

__all__ = [
    "ADDRESS_ONLY",
    "HELD_BACK",
    "SERIES",
    "FilingKey",
    "Flag",
    "Hold",
    "Item",
    "ItemAccess",
    "ItemKind",
    "ItemProgramme",
    "SeriesPart",
    "Settled",
    "Version",
    "Visibility",
]
