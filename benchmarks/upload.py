"""What one large upload costs the server: `python benchmarks/upload.py [--mib N] [--at-once N]` (Linux).

A file of N MiB (1,024 unless told) is sent to `evidence serve` over loopback. Memory is that of the web server's
process, above what it held before; disk is what all its files hold, those without a name included, above the same. The
reference, measured in the same run, is writing and flushing as many bytes to the same disk.
"""

from __future__ import annotations

import argparse
import http.client
import os
import secrets
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.reliability.installation import SCHOOL, Installation
from tests.reliability.uploading import Browser, sign_in

MIB = 1024 * 1024
PATIENCE_SECONDS = 1800


def main() -> None:
    """Print seconds, memory and disk."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--at-once", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        reference = seconds_of_writing(Path(folder) / "reference", options.mib)
        spool = Path(folder) / "spool"
        spool.mkdir()
        installation = Installation(Path(folder) / "home", {"TMPDIR": str(spool)})
        installation.create()
        serving = installation.serve()
        try:
            with installation.opened() as backends:
                browser = sign_in(backends, serving.port)
            watch = Watch(serving.process.pid, Path(folder))
            with watch, ThreadPoolExecutor(options.at_once) as pool:
                start = time.perf_counter()
                statuses = list(pool.map(lambda _: send(browser, options.mib), range(options.at_once)))
                seconds = time.perf_counter() - start
        finally:
            serving.end()
    sent = options.mib * options.at_once
    print(f"{options.at_once} x {options.mib} MiB, answered {statuses}")
    print(f"{seconds:.1f} s, {sent / seconds:.0f} MiB/s; writing alone {options.mib / reference:.0f} MiB/s (reference)")
    print(f"memory +{watch.memory_mib:.0f} MiB; disk {watch.disk_mib / sent:.2f} x what was sent at the peak")


def seconds_of_writing(path: Path, mib: int) -> float:
    """Seconds until so many bytes are on the disk."""
    start = time.perf_counter()
    with path.open("wb") as file:
        for piece in pieces(mib):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return time.perf_counter() - start


def pieces(mib: int) -> Iterator[bytes]:
    """So many MiB that differ from each other, one at a time."""
    filling = secrets.token_bytes(MIB - 32)
    for _ in range(mib):
        yield secrets.token_bytes(32) + filling


def send(browser: Browser, mib: int) -> int:
    """The status of the answer to one upload, streamed."""
    edge = secrets.token_hex(12)
    disposition = f'form-data; name="files"; filename="{secrets.token_hex(4)}.bin"'
    head = f"--{edge}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
    tail = f"\r\n--{edge}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head
        yield from pieces(mib)
        yield tail

    connection = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=PATIENCE_SECONDS)
    headers = {
        "Cookie": browser.cookies,
        "Content-Type": f"multipart/form-data; boundary={edge}",
        "Content-Length": str(len(head) + mib * MIB + len(tail)),
        "HX-Request": "true",
        "Idempotency-Key": edge,
        "X-CSRFToken": browser.form_token,
    }
    connection.request("POST", f"/{SCHOOL}/evidence/new/files", body(), headers)
    status = connection.getresponse().status
    connection.close()
    return status


class Watch:
    """The most memory and disk a process takes beyond what it took at the start, while the `with` lasts."""

    def __init__(self, pid: int, folder: Path) -> None:
        self.memory_mib = self.disk_mib = 0.0
        self._process, self._folder = psutil.Process(pid), folder
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._before = self._now()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(0.1):
            memory, disk = self._now()
            self.memory_mib = max(self.memory_mib, memory - self._before[0])
            self.disk_mib = max(self.disk_mib, disk - self._before[1])

    def _now(self) -> tuple[float, float]:
        """MiB of memory, and of all files below the folder and those the process has open, each file once."""
        opened = Path(f"/proc/{self._process.pid}/fd").iterdir()
        files: dict[tuple[int, int], int] = {}
        for path in [*self._folder.rglob("*"), *opened]:
            try:
                about = path.stat()
            except OSError:
                continue
            files[about.st_dev, about.st_ino] = about.st_blocks * 512
        return self._process.memory_info().rss / MIB, sum(files.values()) / MIB


if __name__ == "__main__":
    main()
