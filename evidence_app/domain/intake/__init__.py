"""Intake: documents in bulk, from folders, and the batch a person is in the middle of filing."""

from evidence_app.domain.intake.batch import (
    Shown,
    StoredFile,
    add_file_to_batch,
    add_link_to_batch,
    add_note_to_batch,
    keep_both,
    leave_out,
    next_facts,
    put_new_version,
    save_batch,
    store_file,
    use_known,
)
from evidence_app.domain.intake.cards import Card, CardState, card_of, cards_of, count_in_batch
from evidence_app.domain.intake.folder import Described, Entry, Intake, import_path
from evidence_app.domain.intake.models import BatchEntry, EntryState
from evidence_app.domain.intake.pieces import Arriving, OutOfStep, Pieces
from evidence_app.domain.intake.tables import read_table

__all__ = [
    "Arriving",
    "BatchEntry",
    "Card",
    "CardState",
    "Described",
    "Entry",
    "EntryState",
    "Intake",
    "OutOfStep",
    "Pieces",
    "Shown",
    "StoredFile",
    "add_file_to_batch",
    "add_link_to_batch",
    "add_note_to_batch",
    "card_of",
    "cards_of",
    "count_in_batch",
    "import_path",
    "keep_both",
    "leave_out",
    "next_facts",
    "put_new_version",
    "read_table",
    "save_batch",
    "store_file",
    "use_known",
]
