"""Seconds from an upload to being found by its words, while a folder comes in.

    python benchmarks/searchable.py DIR [--uploads N] [--readers N]

`evidence serve` runs, `evidence import` brings in every document of DIR beside it, and meanwhile a teacher's browser
uploads one small text after the other and asks the search page's index for it until it is found. The reference,
measured in the same run before the import begins, is the same uploads on a server that has nothing else to do.
"""

from __future__ import annotations

import argparse
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from evidence_app.backends import Backends
from tests.reliability.installation import TEACHER, Installation, ids_found, teacher, wait_until
from tests.reliability.uploading import Browser, Document, sign_in

PAUSE_SECONDS = 0.3
"""Between two uploads: a teacher files one thing after the other."""


def main() -> None:
    """Print median, 95th percentile and longest, of both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--uploads", type=int, default=60, help="on the server at rest; as many as fit in the import")
    parser.add_argument("--readers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        installation = Installation(Path(folder) / "home", {"EVIDENCE_READERS": str(options.readers)})
        installation.create()
        serving = installation.serve()
        try:
            with installation.opened() as backends:
                browser = sign_in(backends, serving.port)
                (first,) = uploads(backends, browser, rounds(1))
                print(f"the first after the start, which starts the readers: {first:.2f} s")
                report("at rest (reference)", uploads(backends, browser, rounds(options.uploads)))
                importing = installation.begin("import", str(options.directory), "--as", TEACHER, "--json")
                report("during the import", uploads(backends, browser, lambda: importing.poll() is None))
        finally:
            serving.end()


def rounds(count: int) -> Callable[[], bool]:
    """Says yes so many times."""
    left = iter(range(count))
    return lambda: next(left, None) is not None


def uploads(backends: Backends, browser: Browser, goes_on: Callable[[], bool]) -> list[float]:
    """Seconds until each of them was found, from the moment its upload began."""
    seconds = []
    while goes_on():
        word = "q" + secrets.token_hex(7)
        document = Document(word, f"Minutes of the meeting on {word}.".encode(), f"{word}.txt", secrets.token_hex(8))
        start = time.perf_counter()
        item_id = browser.upload(document).item_id
        wait_until(lambda: item_id in ids_found(backends, teacher(backends), word), "it is found")  # noqa: B023 - called at once
        seconds.append(time.perf_counter() - start)
        time.sleep(PAUSE_SECONDS)
    return seconds


def report(what: str, seconds: list[float]) -> None:
    """One line."""
    p95 = statistics.quantiles(seconds, n=20)[-1]
    print(f"{what:20} {len(seconds):4} uploads: median {statistics.median(seconds):.2f} s, ", end="")
    print(f"95 % within {p95:.2f} s, longest {max(seconds):.2f} s", flush=True)


if __name__ == "__main__":
    main()
