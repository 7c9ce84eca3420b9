"""Documents read per second in limited child processes, with one and with two of them, against reading without a child.

    python benchmarks/reading.py DIR [--rounds N]

Each file of DIR is read N times; the first round, in which the children load their libraries, is not counted. The
reference, measured in the same run, is the same readers inside this process. Memory is the highest of all children.
"""

from __future__ import annotations

import argparse
import queue
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psutil

from evidence_app.domain.extraction import ChildLimits, ReaderPool
from evidence_app.domain.extraction.draft import Source
from evidence_app.domain.extraction.extract import read_source


def main() -> None:
    """Print a line for each way of reading."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    files = sorted(path for path in options.directory.rglob("*") if path.is_file())
    work = files * options.rounds

    read_here(files)
    reference = timed(lambda: read_here(work)) / len(work)
    print(f"{len(files)} files, {options.rounds} rounds; a child starts in {start_seconds() * 1000:.0f} ms")
    print(f"in this process   {1 / reference:8.1f} documents/s   (reference)")
    for size in (1, 2):
        seconds, memory_mb, states = measure(files, work, size)
        speed = len(work) / seconds
        name = f"{size} child process{'es' if size > 1 else ''}"
        print(
            f"{name:17} {speed:8.1f} documents/s  {speed * reference:.2f} of the reference   {memory_mb:.0f} MB at peak"
        )
    print(", ".join(f"{count} {state}" for state, count in states.most_common()))


def measure(files: list[Path], work: list[Path], size: int) -> tuple[float, float, Counter[str]]:
    """Seconds for `work` with `size` children, their highest memory in MB, and the states of `files`."""
    with ReaderPool(size=size, limits=ChildLimits(files_per_child=1_000_000)) as pool:
        states: Counter[str] = Counter()
        for _ in range(2):
            read_in_threads(pool, files, size)
        for path in files:
            states[pool.read(path, file_name=path.name).state.value] += 1
        seconds = timed(lambda: read_in_threads(pool, work, size))
        memory_mb = max(peak_memory_mb(process.pid) for process in psutil.Process().children(recursive=True))
    return seconds, memory_mb, states


def peak_memory_mb(pid: int) -> float:
    """The most memory that a process has held at any time (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def read_in_threads(pool: ReaderPool, work: list[Path], size: int) -> None:
    """Read all of `work` with as many threads as there are children."""
    pending: queue.SimpleQueue[Path] = queue.SimpleQueue()
    for path in work:
        pending.put(path)

    def read() -> None:
        while True:
            try:
                path = pending.get_nowait()
            except queue.Empty:
                return
            pool.read(path, file_name=path.name)

    threads = [threading.Thread(target=read) for _ in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def read_here(work: list[Path]) -> None:
    """Read all of `work` in this process."""
    with tempfile.TemporaryDirectory() as folder:
        for path in work:
            with path.open("rb") as file:
                size = path.stat().st_size
                read_source(Source(file, size, path.name, "", Path(folder), time.monotonic() + 60))


def start_seconds() -> float:
    """Seconds until a fresh child is confined and ready."""
    with ReaderPool() as pool:
        return timed(pool.layers)


def timed(action: object) -> float:
    """Seconds that calling `action` takes."""
    assert callable(action)
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
