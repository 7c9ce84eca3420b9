"""Acts that are struck at one system call each: killed before it, or told that it failed.

    strace … python -m tests.reliability.striking FOLDER ACT kill KIND...

A parent under strace imports the program once and forks one child for each call, each with a copy of the installation
in FOLDER/template. strace counts the calls of each kind in each process, and strikes at the same number everywhere;
the child for the k-th write (say) first makes as many writes that do nothing as bring its own k-th one to that number.
"""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from evidence_app.backends import Backends
from evidence_app.domain import evidence, intake
from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import Item
from tests.reliability.installation import Installation, teacher

STRIKES_AT = 300
MOST_OF_A_KIND = 100
NAME, CONTENT, KEY = "plan.txt", b"What the teacher files. " * 50, "one key"
PAST_THE_END = 7


def upload(backends: Backends, actor: Actor) -> str:
    """File a document; the id of its item."""
    stored = _stored(backends, actor)
    with backends.database.unit_of_work() as session:
        return intake.add_file_to_batch(session, actor=actor, file=stored, filing_key=KEY).id


def upload_in_pieces(backends: Backends, actor: Actor) -> str:
    """File a document that comes in two pieces, going on with what has arrived of it; the id of its item."""
    pieces = intake.Pieces(backends.blobs, backends.settings.home)
    upload = pieces.begin(actor=actor, name=NAME, size_bytes=len(CONTENT), mark="Monday", max_bytes=10_000)
    while (at := upload.arrived_bytes) < len(CONTENT):
        piece = io.BytesIO(CONTENT[at : at + 700])
        upload = pieces.append(actor=actor, upload_id=upload.id, offset=at, source=piece)
    stored = pieces.finish(actor=actor, upload_id=upload.id)
    with backends.database.unit_of_work() as session:
        return intake.add_file_to_batch(session, actor=actor, file=stored, filing_key=KEY).id


def replace(backends: Backends, actor: Actor) -> str:
    """Give the school's only item a new version; its id."""
    stored = _stored(backends, actor)
    with backends.database.unit_of_work() as session:
        item_id = session.scalars(select(Item.id)).one()
        intake.put_new_version(session, actor=actor, item_id=item_id, file=stored)
    return item_id


def withdraw(backends: Backends, actor: Actor) -> str:
    """Put the school's only item into the bin; its id."""
    with backends.database.unit_of_work() as session:
        item_id = session.scalars(select(Item.id)).one()
        evidence.withdraw(session, actor=actor, item_ids=[item_id])
    return item_id


ACTS: dict[str, Callable[[Backends, Actor], str]] = {
    "upload": upload,
    "upload in pieces": upload_in_pieces,
    "replace": replace,
    "withdraw": withdraw,
}


def _stored(backends: Backends, actor: Actor) -> intake.StoredFile:
    stream = io.BytesIO(CONTENT)
    return intake.store_file(
        backends.blobs, actor=actor, stream=stream, name=NAME, max_bytes=10_000, size_bytes=len(CONTENT)
    )


def _of_no_effect(nowhere: int) -> dict[str, Callable[[], object]]:
    """For each kind of call that changes a disk, one that changes nothing; most of them fail, which counts as well."""
    return {
        "mkdir": lambda: os.mkdir("/dev/null"),  # noqa: PTH102 - the bare call is what counts
        "write": lambda: os.write(nowhere, b"."),
        "pwrite64": lambda: os.pwrite(nowhere, b".", 0),
        "fsync": lambda: os.fsync(nowhere),
        "fdatasync": lambda: os.fdatasync(nowhere),
        "ftruncate": lambda: os.ftruncate(nowhere, 0),
        "link": lambda: os.link("/dev/null/a", "/dev/null/b"),
        "unlink": lambda: os.unlink("/dev/null/a"),  # noqa: PTH108
        "rename": lambda: os.rename("/dev/null/a", "/dev/null/b"),  # noqa: PTH104
        "utimensat": lambda: os.utime("/dev/null/a"),
    }


KINDS = tuple(_of_no_effect(0))


def main(folder: Path, act: str, kinds: Sequence[str], *, is_kill: bool) -> None:
    """For each of these kinds of call, fork a child for each of them until one gets past the end of the act."""
    nowhere = os.open("/dev/null", os.O_WRONLY)
    for kind in kinds:
        call = _of_no_effect(nowhere)[kind]
        for k in range(1, MOST_OF_A_KIND + 1):
            home = folder / f"{kind}-{k}"
            # Copied by another process: the copy's calls are not this one's, nor the child's.
            subprocess.run(["cp", "-r", str(folder / "template"), str(home)], check=True)
            child = os.fork()
            if child == 0:
                os._exit(_be_struck(home, ACTS[act], call, k))
            status = os.waitpid(child, 0)[1]
            if os.WIFEXITED(status) and (is_kill or os.WEXITSTATUS(status) == PAST_THE_END):
                break
        else:
            os._exit(1)
    os._exit(0)


def _be_struck(home: Path, act: Callable[[Backends, Actor], str], call: Callable[[], object], k: int) -> int:
    """Do the act, its k-th call of a kind struck; say its result in the home's file `acknowledged`; the exit code."""
    with Installation(home).opened() as backends:
        actor = teacher(backends)
        acknowledged = os.open(home / "acknowledged", os.O_WRONLY | os.O_CREAT)
        for _ in range(STRIKES_AT - k):
            with suppress(OSError):
                call()
        try:
            os.write(acknowledged, act(backends, actor).encode())
        except Exception:
            return 0
    try:
        call()
    except OSError as error:
        return PAST_THE_END if error.errno in (errno.EIO, errno.ENOSPC) else 0
    return 0


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[4:], is_kill=sys.argv[3] == "kill")
