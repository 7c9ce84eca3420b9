"""The limited process that opens strangers' files. Started by `pool.py` as a script, never imported by the application.

It gets its limits on the command line, each file as an open descriptor over a local socket, and answers over the same
socket. It cannot reach the network, the store, the database, nor any file but programs and a private folder.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import types
from pathlib import Path
from time import monotonic
from typing import Any

_HERE = Path(__file__).resolve().parent


def _enter_room_by_the_window() -> None:
    """Make the modules of this room importable without the doors of its packages.

    The doors import the database and half the application; a process that may be killed at any time needs neither, and
    starts many times as fast without.
    """
    for levels, name in ((2, "evidence_app"), (1, "evidence_app.domain"), (0, "evidence_app.domain.extraction")):
        package = types.ModuleType(name)
        package.__path__ = [str(_HERE.parents[levels - 1] if levels else _HERE)]
        sys.modules[name] = package


def serve(connection: socket.socket, limits_given: dict[str, Any], own_folder: Path) -> None:
    """Confine this process, say which layers hold, then answer requests until the other side closes."""
    from evidence_app.domain.extraction import confinement, wire
    from evidence_app.domain.extraction.limits import ChildLimits

    limits = ChildLimits(**limits_given)
    os.umask(0o077)
    held = confinement.limit_resources(limits)
    layers, own_folder = confinement.enter_namespaces(_HERE.parents[1], own_folder)
    held |= layers
    os.environ["TMPDIR"] = os.environ["HOME"] = str(own_folder)
    held |= confinement.drop_privileges(limits)
    held |= confinement.close_doors(_HERE.parents[1], own_folder)
    wire.send_reply(connection, {"layers": sorted(held)}, [])
    while request := wire.receive_request(connection):
        confinement.limit_time(limits)
        header, blobs = _answer(*request, own_folder, limits)
        wire.send_reply(connection, header, blobs)


def _answer(request: dict[str, Any], handle: int, own_folder: Path, limits: Any) -> tuple[dict[str, Any], list[bytes]]:
    from evidence_app.domain.extraction.draft import Source
    from evidence_app.domain.extraction.extract import read_source

    temp_dir = own_folder / request["folder"]
    os.chdir(temp_dir)
    with os.fdopen(handle, "rb") as file:
        source = Source(
            file=file,
            size_bytes=os.fstat(handle).st_size,
            name=request["name"],
            media_type=request["media_type"],
            temp_dir=temp_dir,
            deadline=monotonic() + limits.wall_seconds * 0.8,
            with_ocr=request.get("with_ocr", False),
            likely_language=request.get("likely_language", ""),
            password=request.get("password", ""),
        )
        try:
            if request["kind"] == "read":
                return {}, [read_source(source).to_json().encode("utf-8")]
            if request["kind"] == "unpack":
                return _unpacked(source)
            from evidence_app.domain.extraction.preview import make_copy_without_place, make_preview

            if request["kind"] == "copy":
                preview = make_copy_without_place(source)
            else:
                asked = {name: request[name] for name in ("first_page", "page_count", "true_look")}
                preview = make_preview(source, **asked)
            return preview.header(), preview.blobs()
        except MemoryError:
            return {"fault": "memory"}, []


def _unpacked(source: Any) -> tuple[dict[str, Any], list[bytes]]:
    from evidence_app.domain.extraction.unpacking import unpack

    try:
        mail = unpack(source)
    except MemoryError:
        raise
    except Exception:  # whatever the standard library raises on a broken mail
        return {"broken": True}, []
    return mail.header(), [attachment.content for attachment in mail.attachments]


if __name__ == "__main__":
    _enter_room_by_the_window()
    _options = json.loads(sys.argv[1])
    with socket.socket(fileno=_options["socket"]) as _connection:
        serve(_connection, _options["limits"], Path(_options["own_folder"]))
