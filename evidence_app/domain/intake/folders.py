"""Which practice a folder of a drive shows, and with it all below it until another folder says otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from evidence_app.domain.intake.models import Drive
from evidence_app.domain.intake.naming import nodes_of_folder


def nodes_in(drive: Drive, path: str) -> tuple[str, ...]:
    """The practices a file of the drive is tagged to: those its own name says, else that of its innermost folder."""
    own = nodes_of_folder(path.rpartition("/")[2])
    if own:
        return own
    said = drive.folders.get(deciding_folder(drive, path), "")
    return (said,) if said else ()


def deciding_folder(drive: Drive, path: str) -> str:
    """The innermost folder of a file for which it is said, in the drive's `folders`, what it shows; "" for none."""
    folder = path.rpartition("/")[0]
    while folder and folder not in drive.folders:
        folder = folder.rpartition("/")[0]
    return folder


def folders_that_decide(folders: Iterable[str]) -> dict[str, str]:
    """Each folder at the top, and each below it that shows another practice than what it lies in -> that practice."""
    shows: dict[str, str] = {}
    for folder in set(folders):
        here = ""
        for name in folder.split("/") if folder else ():
            above, here = here, f"{here}/{name}" if here else name
            if here not in shows:
                shows[here] = next(iter(nodes_of_folder(name)), "") or shows.get(above, "")
    return {folder: key for folder, key in sorted(shows.items()) if key != shows.get(folder.rpartition("/")[0])}
