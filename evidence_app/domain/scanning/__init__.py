"""Looking for malware, where a scanner is set up: what it said of each version, and what that holds back."""

from evidence_app.domain.scanning.actions import (
    ask_for_waiting,
    await_all,
    keep_verdicts,
    look_once_more,
    wait_no_more,
)
from evidence_app.domain.scanning.clamd import Clamd, Scanner, ScannerDown, Verdict
from evidence_app.domain.scanning.models import Scan, ScanState
from evidence_app.domain.scanning.queries import (
    count_by_state,
    count_infected,
    holding,
    infected_among,
    infected_bytes,
    scan_of,
    scans_of,
    verdict_of_parts,
)

__all__ = [
    "Clamd",
    "Scan",
    "ScanState",
    "Scanner",
    "ScannerDown",
    "Verdict",
    "ask_for_waiting",
    "await_all",
    "count_by_state",
    "count_infected",
    "holding",
    "infected_among",
    "infected_bytes",
    "keep_verdicts",
    "look_once_more",
    "scan_of",
    "scans_of",
    "verdict_of_parts",
    "wait_no_more",
]
