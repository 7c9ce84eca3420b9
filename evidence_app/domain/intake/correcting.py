"""Putting right what the names of a drive's folders say, before it is started."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from evidence_app.domain.access import Actor
from evidence_app.domain.evidence import ItemFacts, check_facts
from evidence_app.domain.frameworks import require_node
from evidence_app.domain.intake.drives import locked
from evidence_app.domain.intake.folders import PathReader
from evidence_app.domain.intake.models import Drive, DriveState
from evidence_app.domain.intake.naming import Named, NameReader
from evidence_app.domain.intake.plans import folder_of
from evidence_app.errors import Conflict, Invalid
from evidence_app.i18n import msg


def say_of_folder(
    session: Session, *, actor: Actor, drive_id: str, folder: str, named: Named, shown: str = ""
) -> Drive:
    """The drive; the files of this folder and all below get what is said here, until another name says otherwise.

    `named` holds the practices by key or code, and empty what the files shall not get. What the folder says anyway is
    not kept. `shown` is the mark of the plan it was said to.

    Conflict when the drive was started already; Invalid for what the school has not, and where the folder gets
    something else by now; NotFound for no folder.
    """
    drive = locked(session, actor, drive_id)
    if drive.state_now is not DriveState.PLANNED:
        raise Conflict(msg("This was started already. Load the page again."))
    plan = folder_of(session, actor, drive, folder)
    keys = dict.fromkeys(require_node(session, actor.school_id, code).key for code in named.node_keys)
    wanted = replace(named, node_keys=tuple(keys))
    check_facts(session, actor, wanted.on(ItemFacts()))
    if wanted != plan.named and shown not in ("", plan.mark):
        raise Invalid(
            msg(
                "Since you began, this was changed: here, or for a folder that this one lies in. Load the page again "
                "to see it, or use what you wrote all the same."
            )
        )
    others = {one: said for one, said in drive.folders.items() if one != folder}
    said = PathReader(NameReader(session, actor), others).put_right(folder, wanted)
    drive.folders = {**others, folder: said} if said else others
    return drive
