"""What one large upload costs the server: `python benchmarks/upload.py [--mib N] [--at-once N] [--whole]` (Linux).

A file of N MiB (1,024 unless told) is sent to `evidence serve` over loopback: in pieces, as the script of the pages
sends it, or as a whole, as a form without scripts does. Memory is that of the web server's process, above what it held
before; disk is what all its files hold, those without a name included, above the same. The reference, measured in the
same run, is writing and flushing as many bytes to the same disk.
"""

from __future__ import annotations

import argparse
import http.client
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.reliability.installation import SCHOOL, Installation
from tests.reliability.uploading import Browser, sign_in
from tests.reliability.watching import Watch

MIB = 1024 * 1024
PIECE_MIB = 8
PATIENCE_SECONDS = 1800


def main() -> None:
    """Print seconds, memory and disk."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--at-once", type=int, default=1)
    parser.add_argument("--whole", action="store_true")
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
                send = send_whole if options.whole else send_in_pieces
                answers = list(pool.map(lambda _: send(browser, options.mib), range(options.at_once)))
                seconds = time.perf_counter() - start
        finally:
            serving.end()
    sent = options.mib * options.at_once
    print(
        f"{options.at_once} x {options.mib} MiB {'as a whole' if options.whole else 'in pieces'}: {'; '.join(answers)}"
    )
    print(f"{seconds:.1f} s, {sent / seconds:.0f} MiB/s; writing alone {options.mib / reference:.0f} MiB/s (reference)")
    print(f"memory +{watch.memory_mib:.0f} MiB; disk {watch.disk_mib / sent:.2f} x what was sent at the peak")


def seconds_of_writing(path: Path, mib: int) -> float:
    """Seconds until so many bytes are on the disk."""
    start = time.perf_counter()
    with path.open("wb") as file:
        for block in blocks(mib):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    return time.perf_counter() - start


def blocks(mib: int) -> Iterator[bytes]:
    """So many MiB that differ from each other, one at a time."""
    filling = secrets.token_bytes(MIB - 32)
    for _ in range(mib):
        yield secrets.token_bytes(32) + filling


def send_in_pieces(browser: Browser, mib: int) -> str:
    """What was answered in the end, and how long that took."""
    begun = browser.begin_in_pieces(f"{secrets.token_hex(4)}.bin", mib * MIB)
    source, arrived = blocks(mib), 0
    while piece := b"".join(islice(source, PIECE_MIB)):
        arrived = browser.send_piece(begun, arrived, piece)
    start = time.perf_counter()
    browser.finish_in_pieces(begun, key=begun)
    return f"filed, the last answer after {time.perf_counter() - start:.1f} s"


def send_whole(browser: Browser, mib: int) -> str:
    """The status of the answer to one upload, streamed."""
    edge = secrets.token_hex(12)
    disposition = f'form-data; name="files"; filename="{secrets.token_hex(4)}.bin"'
    head = f"--{edge}\r\nContent-Disposition: {disposition}\r\n\r\n".encode()
    tail = f"\r\n--{edge}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head
        yield from blocks(mib)
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
    return str(status)


if __name__ == "__main__":
    main()
