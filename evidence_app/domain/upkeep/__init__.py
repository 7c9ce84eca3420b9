"""Upkeep: checking that all that was promised is there and whole, mending it, restoring, erasing for good."""

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
from evidence_app.domain.upkeep.disk import (
    Largest,
    SchoolUse,
    Use,
    count_page_pictures,
    free_page_pictures,
    growth,
    largest_items,
    use_of,
)
from evidence_app.domain.upkeep.erased_list import FILE_NAME as LIST_NAME
from evidence_app.domain.upkeep.erased_list import Line, erase_again, keep_list, lines_of, read_list
from evidence_app.domain.upkeep.erasing import (
    KEPT_IN_BIN,
    SUBJECT,
    Consequences,
    ask_again,
    consequences,
    erase,
    erase_what_is_due,
    is_being_erased,
    may_erase,
)
from evidence_app.domain.upkeep.models import Damage, DamagedFile, Erasure, ErasureState, LeavingBlob, Rereading
from evidence_app.domain.upkeep.orphans import collect_orphans
from evidence_app.domain.upkeep.references import is_named
from evidence_app.domain.upkeep.removing import (
    emptied_snapshots,
    finish_erasures,
    items_leaving,
    let_leave,
    may_be_over,
    remove_bytes,
    remove_rows,
    under_way,
)
from evidence_app.domain.upkeep.repairing import Remedy, Repair, repair
from evidence_app.domain.upkeep.rereading import Rereader, look_again, rereading_of
from evidence_app.domain.upkeep.restoring import Closed, close_doors
from evidence_app.domain.upkeep.verify import Finding, Verdict, verify

__all__ = [
    "KEPT_IN_BIN",
    "LIST_NAME",
    "SUBJECT",
    "Closed",
    "Consequences",
    "Damage",
    "DamagedFile",
    "DamagedVersion",
    "Damages",
    "Erasure",
    "ErasureState",
    "Finding",
    "Largest",
    "LeavingBlob",
    "Line",
    "Remedy",
    "Repair",
    "Rereader",
    "Rereading",
    "SchoolUse",
    "Use",
    "Verdict",
    "ask_again",
    "close_doors",
    "collect_orphans",
    "consequences",
    "count_page_pictures",
    "damaged_among",
    "damages",
    "damages_by_school",
    "emptied_snapshots",
    "erase",
    "erase_again",
    "erase_what_is_due",
    "finish_erasures",
    "free_page_pictures",
    "growth",
    "is_being_erased",
    "is_known_damaged",
    "is_named",
    "items_leaving",
    "keep_list",
    "largest_items",
    "let_leave",
    "lines_of",
    "look_again",
    "may_be_over",
    "may_erase",
    "note_damage",
    "note_sound",
    "read_list",
    "remove_bytes",
    "remove_rows",
    "repair",
    "rereading_of",
    "under_way",
    "use_of",
    "verify",
]
