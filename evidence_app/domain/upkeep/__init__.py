"""Upkeep: checking that all that was promised to be kept is there and whole; closing doors after a restore."""

from evidence_app.domain.upkeep.damage import (
    DamagedVersion,
    Damages,
    damaged_among,
    damages,
    damages_by_school,
    is_known_damaged,
    note_damage,
    note_sound,
)
from evidence_app.domain.upkeep.models import DamagedFile, Rereading
from evidence_app.domain.upkeep.references import is_named
from evidence_app.domain.upkeep.repairing import Remedy, Repair, repair
from evidence_app.domain.upkeep.rereading import Rereader, look_again, rereading_of
from evidence_app.domain.upkeep.restoring import Closed, close_doors
from evidence_app.domain.upkeep.verify import Finding, Verdict, verify

__all__ = [
    "Closed",
    "DamagedFile",
    "DamagedVersion",
    "Damages",
    "Finding",
    "Remedy",
    "Repair",
    "Rereader",
    "Rereading",
    "Verdict",
    "close_doors",
    "damaged_among",
    "damages",
    "damages_by_school",
    "is_known_damaged",
    "is_named",
    "look_again",
    "note_damage",
    "note_sound",
    "repair",
    "rereading_of",
    "verify",
]
