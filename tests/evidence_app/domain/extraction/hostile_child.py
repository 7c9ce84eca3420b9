"""A child whose reader has been taken over: it obeys the file, which names what to try. Run as a script by the pool."""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

ANSWER_NONSENSE = 1048577
"""A limit of written bytes that stands for the wish to be answered with nonsense."""


def load_child() -> Any:
    """The module of the real child, whose path is the only thing this script is told by its name."""
    path = Path(__file__).resolve().parents[4] / "evidence_app" / "domain" / "extraction" / "child.py"
    spec = importlib.util.spec_from_file_location("real_child", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def attempt(order: dict[str, Any]) -> object:
    """Do what the file says, and tell what came of it."""
    match order["do"]:
        case "open":
            return Path(order["path"]).read_bytes()[:20].decode("latin-1")
        case "list":
            return [path.name for path in Path(order["path"]).iterdir()]
        case "write":
            return Path(order["path"]).write_text("taken over")
        case "connect":
            return socket.create_connection(("127.0.0.1", order["port"]), timeout=2).getpeername()[0]
        case "connect v6":
            socket.socket(socket.AF_INET6).connect(("::1", order["port"]))
        case "packet":
            return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", order["port"]))
        case "local socket":
            socket.socket(socket.AF_UNIX).connect(order["path"])
        case "kill":
            os.kill(order["pid"], signal.SIGTERM)
        case "trace":
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.ptrace(16, order["pid"], 0, 0) != 0:
                raise OSError(ctypes.get_errno(), "ptrace")
            return "attached"
        case "namespace":
            libc = ctypes.CDLL(None, use_errno=True)
            if libc.unshare(0x10000000) != 0:
                raise OSError(ctypes.get_errno(), "unshare")
            return "entered"
        case "become root":
            os.setuid(0)
        case "environment":
            return sorted(os.environ)
        case "identity":
            return [os.getuid(), os.umask(0o077)]
        case "program":
            return subprocess.run(order["command"], capture_output=True, text=True, check=True).stdout
        case "memory":
            return len(bytearray(order["megabytes"] << 20))
        case "file":
            with Path("big").open("wb") as file:
                for _ in range(order["megabytes"]):
                    file.write(b"x" * (1 << 20))
            return "written"
        case "files":
            return len([Path("/dev/null").open("rb") for _ in range(10_000)])
        case "fork":
            count = 0
            while count < 2_000:
                if os.fork() == 0:
                    time.sleep(60)
                count += 1
            return count
        case "escape":
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(60)
                os._exit(0)
            os.wait()
            return "left behind"
        case "spin":
            while True:
                pass
        case "sleep":
            time.sleep(3600)
        case "signal":
            os.kill(os.getpid(), order["number"])
        case "exit":
            os._exit(3)
        case "talk":
            return "x" * (order["megabytes"] << 20)
        case "leave a file":
            Path("left").write_text("for the next")
            return [path.name for path in Path("..").iterdir()]
    return None


class Nonsense:
    """Answers like a reading, and is none."""

    def __init__(self, **parts: Any) -> None:
        self.parts = parts

    def to_json(self) -> str:
        """What the pool must not believe."""
        return '{"state": "splendid"}'


def obey(source: Any, draft: Any) -> None:
    """A reader that does what the file says."""
    try:
        draft.title = json.dumps({"done": attempt(json.loads(source.read_bytes(10_000)))})
    except OSError as error:
        draft.title = json.dumps({"refused": type(error).__name__})


def main(without: Collection[str] = ()) -> None:
    """Take the place of the child, with some layers of its confinement left out to see that the others hold."""
    child = load_child()
    child._enter_room_by_the_window()
    from evidence_app.domain.extraction import confinement, extract, landlock, system_call_filter

    vars(extract).update(reader_for=lambda media_type: obey, one_line=lambda text: text)
    options = json.loads(sys.argv[1])
    if options["limits"]["written_bytes"] == ANSWER_NONSENSE:
        vars(extract)["Reading"] = Nonsense
    if "namespaces" in without:
        vars(confinement)["enter_namespaces"] = lambda package, own_folder: (set(), own_folder)
    if "landlock" in without:
        vars(landlock)["restrict"] = lambda **paths: 0
    if "filter" in without:
        vars(system_call_filter)["install"] = lambda: False
    with socket.socket(fileno=options["socket"]) as connection:
        child.serve(connection, options["limits"], Path(options["own_folder"]))


if __name__ == "__main__":
    main()
