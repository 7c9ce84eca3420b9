"""Putting right what the names of a drive's folders say, before it is started."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import ItemFacts, check_facts
from evidence_app.domain.frameworks import require_node
from evidence_app.domain.intake.drives import locked
from evidence_app.domain.intake.folders import PathReader
from evidence_app.domain.intake.models import Drive, DriveFile, DriveState
from evidence_app.domain.intake.naming import Named, NameReader
from evidence_app.errors import Conflict, NotFound
from evidence_app.i18n import msg


def say_of_folder(session: Session, *, actor: Actor, drive_id: str, folder: str, named: Named) -> Drive:
    """The drive; the files of this folder and all below get what is said here, until another name says otherwise.

    `named` holds the practices by key or code, and empty what the files shall not get. What the folder says anyway is
    not kept. Conflict when the drive was started already; Invalid for what the school has not; NotFound for no folder.
    """
    drive = locked(session, actor, drive_id)
    if drive.state_now is not DriveState.PLANNED:
        raise Conflict(msg("This was started already. Load the page again."))
    of_folder = (DriveFile.drive_id == drive.id) & DriveFile.path.startswith(f"{folder}/", autoescape=True)
    mine = select(DriveFile.number).where(DriveFile.school_id == drive.school_id, of_folder)
    if not folder or session.scalar(mine.limit(1)) is None:
        raise NotFound(msg("There is no such folder in it. Load the page again."))
    keys = dict.fromkeys(require_node(session, actor.school_id, code).key for code in named.node_keys)
    wanted = replace(named, node_keys=tuple(keys))
    check_facts(session, actor, wanted.on(ItemFacts()))
    others = {one: said for one, said in drive.folders.items() if one != folder}
    said = PathReader(NameReader(session, actor), others).put_right(folder, wanted)
    drive.folders = {**others, folder: said} if said else others
    return drive
