"""Building the living demo school, step by step, and what it says of itself when it is there."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.demo.asking import ask_for_evidence
from evidence_app.demo.cast import LEAD_COORDINATOR, MEMBERS, SCHOOL_KEY
from evidence_app.demo.drive import make_drive
from evidence_app.demo.filing import bring_in, bring_new_versions, file_by_hand, file_series
from evidence_app.demo.giving import publish_and_share
from evidence_app.demo.guarding import answer_some, file_about_pupils
from evidence_app.demo.looking_back import date_back
from evidence_app.demo.people import new_password, open_school
from evidence_app.demo.plans import write_plans
from evidence_app.demo.stage import Filed, Stage, Tell, WorkUntil
from evidence_app.demo.study import open_evaluation, write_study
from evidence_app.demo.tags import decline_some, tag_items
from evidence_app.domain import jobs
from evidence_app.domain.access import Role
from evidence_app.domain.evidence import Item, Visibility
from evidence_app.domain.jobs import JobKind

CARD, SIGN_IN, DRIVE, TRUTH = "demo-school.json", "demo-sign-in.txt", "demo-drive", "demo-truth.csv"
WORK_OF_INTAKE = (JobKind.READ_VERSION, JobKind.INDEX_ITEM, JobKind.SUGGEST_ITEM)
WORK_OF_SEARCH = (JobKind.READ_VERSION, JobKind.INDEX_ITEM, JobKind.REMAKE_SHARE_INDEX)
SHOWN_FIRST = (LEAD_COORDINATOR, "Noor Haddad")
"""Who stands for a role that several people have."""


@dataclass(frozen=True, slots=True)
class DemoSchool:
    """What one needs to walk in: who signs in how, and what there is to see. `share_path` stands after the address."""

    school: str
    evaluation: str
    password: str
    documents: int
    items: int
    share_path: str
    passcodes: tuple[tuple[str, str], ...]
    share_expires: str
    seconds: float

    @property
    def email_of_role(self) -> dict[str, str]:
        """Role -> the address of somebody who has it."""
        found: dict[str, str] = {}
        for member in sorted(MEMBERS, key=lambda member: member.name not in SHOWN_FIRST):
            found.setdefault(member.role, member.email)
        return {role.value: found[role] for role in Role if role in found}

    def as_json(self, address: str, home: Path) -> dict[str, Any]:
        """What `evidence demo --json` answers; `address` is where the pages are, without a slash at its end."""
        people = {role: {"email": email, "password": self.password} for role, email in self.email_of_role.items()}
        share = {
            "url": f"{address}{self.share_path}",
            "passcodes": [{"name": name, "passcode": passcode} for name, passcode in self.passcodes],
            "expires": self.share_expires,
        }
        return {
            "school": self.school,
            "evaluation": self.evaluation,
            "address": f"{address}/",
            "people": people,
            "documents": self.documents,
            "items": self.items,
            "share": share,
            "truth": str(home / TRUTH),
            "drive": str(home / DRIVE),
            "seconds": self.seconds,
        }


def demo_in(home: Path) -> DemoSchool | None:
    """The demo school of this home, or None where none was finished."""
    card = home / CARD
    if not card.is_file():
        return None
    known = json.loads(card.read_text("utf-8"))
    known["passcodes"] = tuple((name, passcode) for name, passcode in known["passcodes"])
    return DemoSchool(**known)


def build_demo(
    backends: Backends, *, documents: int, today: date, work_until: WorkUntil, tell: Tell = lambda _line: None
) -> DemoSchool:
    """The demo school, built with the actions everybody uses; Conflict where the installation is in use already."""
    start = time.perf_counter()
    home = backends.settings.home
    stage = open_school(backends, password=(password := new_password()), today=today, tell=tell, work_until=work_until)
    with ThreadPoolExecutor(1) as beside:
        writing = beside.submit(make_drive, home / DRIVE, documents=documents, today=today, truth=home / TRUTH)
        by_hand = file_by_hand(stage)
        guarded = file_about_pupils(stage)
        drive = writing.result()
    tell(f"{documents} documents are written")
    by_hand |= file_series(stage, drive)
    filed = bring_in(stage, drive)
    bring_new_versions(stage, filed)
    tag_items(stage, filed)
    work_until(lambda: _is_done(stage, WORK_OF_INTAKE), WORK_OF_INTAKE)
    tell("All documents are read and indexed")
    answer_some(stage, guarded)
    decline_some(stage, filed)
    evaluation_id = open_evaluation(stage)
    known = _fit_to_cite(stage, filed)
    write_study(stage, evaluation_id, known, by_hand)
    write_plans(stage, evaluation_id, known)
    ask_for_evidence(stage, known)
    date_back(stage)
    given = publish_and_share(stage, evaluation_id)
    # What is looked at again because of all these decisions can wait until somebody looks.
    work_until(lambda: _is_done(stage, WORK_OF_SEARCH), WORK_OF_SEARCH)
    made = DemoSchool(
        school=SCHOOL_KEY,
        evaluation=evaluation_id,
        password=password,
        documents=documents,
        items=len(filed),
        share_path=given.path,
        passcodes=given.passcodes,
        share_expires=given.expires_at.isoformat(timespec="seconds"),
        seconds=round(time.perf_counter() - start, 1),
    )
    _keep(home, made)
    return made


def _is_done(stage: Stage, kinds: tuple[JobKind, ...]) -> bool:
    with stage.backends.database.reading() as session:
        return not jobs.is_work_left(session, stage.school_id, kinds)


def _keep(home: Path, made: DemoSchool) -> None:
    """The card is written last: where it lies, a whole demo is there."""
    people = "\n".join(f"{m.email:40} {m.role.value:18} {m.name}, {m.part}" for m in MEMBERS)
    visitors = "\n".join(f"{name}: {passcode}" for name, passcode in made.passcodes)
    _write_own(home / SIGN_IN, f"Password of everybody: {made.password}\n\n{people}\n\n{made.share_path}\n{visitors}\n")
    _write_own(home / CARD, json.dumps(asdict(made), ensure_ascii=False, indent=1))


def _write_own(path: Path, text: str) -> None:
    """The file, readable by its owner alone from its first byte on."""
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _fit_to_cite(stage: Stage, filed: Sequence[Filed]) -> list[Filed]:
    """Those that colleagues may open, what was flagged when it was read is private to whoever filed it; and no scans.

    An edition waits until the words of all its exhibits are recognised, for a scan a second; the worker does that while
    somebody looks at the demo already.
    """
    with stage.backends.database.reading() as session:
        is_open = select(Item.id).where(Item.school_id == stage.school_id, Item.visibility != Visibility.PRIVATE)
        ids = set(session.scalars(is_open))
    return [one for one in filed if one.item_id in ids and not one.sketch.is_scan]
