"""Looking at what could come in, before any of it does: what would be refused, and what is a copy of something."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from evidence_app.database import Database
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import items_by_bytes, sizes_held
from evidence_app.domain.intake.bringing import too_large
from evidence_app.domain.intake.sources import Found
from evidence_app.i18n import Message

HASHED_AT_ONCE = 1024 * 1024
ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Look:
    """What can be said of one file: why it will be refused, the number of the first one it is a copy of, or the item
    that it is already ("" for none)."""

    refused: Message | None = None
    copy_of: int | None = None
    known_id: str = ""


def look_at(database: Database, actor: Actor, found: Sequence[Found], max_bytes: int) -> list[Look]:
    """A look at each file. Only items the actor may see count as known, so that looking tells nothing about others.

    Few files are opened: those that have the size of an item, or of another file where there are no checksums. The
    database is not kept waiting meanwhile.
    """
    with database.reading() as session:
        held = sizes_held(session, actor)
    sizes = Counter(one.size_bytes for one in found)
    first: dict[tuple[int, str], int] = {}
    looks, hashes = list[Look](), dict[int, str]()
    for number, one in enumerate(found):
        refused = one.refused or (too_large(max_bytes) if one.size_bytes > max_bytes else None)
        if refused:
            looks.append(Look(refused=refused))
            continue
        needs_hash = one.size_bytes in held or (not one.checksum and sizes[one.size_bytes] > 1)
        sha256 = _hash(one) if needs_hash else ""
        if sha256:
            hashes[number] = sha256
        mark = one.checksum or sha256 or str(number)
        earlier = first.setdefault((one.size_bytes, mark), number)
        looks.append(Look(copy_of=earlier if earlier != number else None))
    known = _known(database, actor, list(dict.fromkeys(hashes.values())))
    return [replace(look, known_id=known.get(hashes.get(number, ""), "")) for number, look in enumerate(looks)]


def _known(database: Database, actor: Actor, sha256s: Sequence[str]) -> dict[str, str]:
    """SHA-256 -> the oldest item the actor may see that has these bytes."""
    known: dict[str, str] = {}
    for start in range(0, len(sha256s), ASKED_AT_ONCE):
        with database.reading() as session:
            there = items_by_bytes(session, actor, sha256s[start : start + ASKED_AT_ONCE])
        known |= {sha256: items[0].id for sha256, items in there.items()}
    return known


def _hash(found: Found) -> str:
    """The SHA-256 of a file; "" for one that cannot be read, which is met again when it comes in."""
    digest = hashlib.sha256()
    try:
        with found.opened() as stream:
            while chunk := stream.read(HASHED_AT_ONCE):
                digest.update(chunk)
    except found.troubles:
        return ""
    return digest.hexdigest()
