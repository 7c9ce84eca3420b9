"""What durable uploads cost: `python benchmarks/storage.py [URL...]` prints a table in Markdown.

For each store (by default a folder and memory): files of 20 kB put one after the other, the same put again, and one
file of 200 MB; beside them the reference measured in the same run, which writes the same bytes to plain files without
hashing or flushing. Peak memory is that of the whole process while it puts the large file in pieces of 256 kB.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from storage_adapters import open_store

SMALL_FILES = 500
SMALL_BYTES = 20_000
LARGE_PIECES = 800
PIECE_BYTES = 250_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("urls", nargs="*")
    with tempfile.TemporaryDirectory() as folder:
        plain_ms, plain_large = plain_files(Path(folder) / "plain")
        print("| store | ms a small file | ratio | the same again, ms | 200 MB, s | ratio | memory grew MB |")
        print("|---|---|---|---|---|---|---|")
        print(f"| plain files, not durable | {plain_ms:.2f} | 1 | | {plain_large:.2f} | 1 | |")
        for url in parser.parse_args().urls or [(Path(folder) / "store").as_uri(), "memory:benchmark"]:
            store = open_store(url)
            small = [os.urandom(SMALL_BYTES) for _ in range(SMALL_FILES)]
            first = seconds(lambda: [store.put("benchmark", [data]) for data in small]) * 1000 / SMALL_FILES  # noqa: B023
            again = seconds(lambda: [store.put("benchmark", [data]) for data in small]) * 1000 / SMALL_FILES  # noqa: B023
            before = peak_megabytes()
            large = seconds(lambda: store.put("benchmark", pieces()))  # noqa: B023
            grown = peak_megabytes() - before
            kind = url.partition(":")[0]
            print(
                f"| {kind} | {first:.2f} | {first / plain_ms:.1f} | {again:.2f} | {large:.2f} "
                f"| {large / plain_large:.1f} | {grown:.0f} |"
            )
            for prefix, blob, _ in store.iter_blobs("benchmark"):
                store.delete(prefix, blob.sha256)
            store.close()


def plain_files(folder: Path) -> tuple[float, float]:
    """Return the milliseconds of a small file and the seconds of the large one, written the simplest way."""
    folder.mkdir()
    small = [os.urandom(SMALL_BYTES) for _ in range(SMALL_FILES)]
    took = seconds(lambda: [(folder / str(n)).write_bytes(data) for n, data in enumerate(small)])

    def large() -> None:
        with (folder / "large").open("wb") as file:
            for piece in pieces():
                file.write(piece)

    return took * 1000 / SMALL_FILES, seconds(large)


def pieces() -> Iterator[bytes]:
    """Yield 200 MB, different in each run."""
    piece = os.urandom(PIECE_BYTES)
    for _ in range(LARGE_PIECES):
        yield piece


def seconds(work: Callable[[], object]) -> float:
    started = time.monotonic()
    work()
    return time.monotonic() - started


def peak_megabytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
