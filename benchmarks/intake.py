"""Documents a second from a folder to found by their words, against reading them alone.

    python benchmarks/intake.py DIR [DIR...] [--readers N] [--curve FILE]

`evidence import` files every document of DIR in a new installation and returns when all are read, indexed and have
suggestions. The reference, measured in the same run, is the same readers in as many child processes, reading the files
and doing nothing else; thumbnails and OCR come later in both. Memory is the highest sum over the import and all its
children; what several share counts once. With several folders, of 700, 7,000 and 70,000 documents say, `--curve` draws
into an SVG what one document costs of the processor's time: it should not grow with how many there are.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil

from evidence_app.domain.extraction import ReaderPool

TEACHER = "teacher@example.org"
LOOK_EVERY_SECONDS = 0.1


def main() -> None:
    """Print the two speeds, their ratio, and the memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, nargs="+")
    parser.add_argument("--readers", type=int, default=2)
    parser.add_argument("--curve", type=Path, help="an SVG file to draw into")
    options = parser.parse_args()
    points = [measured(directory, options.readers) for directory in options.directory]
    if options.curve:
        options.curve.write_text(curve(points), encoding="utf-8")


def measured(directory: Path, readers: int) -> tuple[int, float, float]:
    """How many were filed, and the milliseconds of processor a document took: by the import, by the readers alone."""
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    with Watch() as watch:
        reference = seconds_of_reading(files, readers)
    alone = watch.processor_seconds * 1000 / len(files)
    with tempfile.TemporaryDirectory() as folder, Watch() as watch:
        answer = imported(directory, Path(folder) / "home", readers)
    count, seconds = answer["added"], answer["seconds"]
    whole = watch.processor_seconds * 1000 / count
    print(f"{len(files)} files, {count} filed, {answer['duplicates']} known, {len(answer['refused'])} refused")
    print(f"readers alone {len(files) / reference:6.2f} documents/s, {alone:.1f} ms of processor each (reference)")
    print(f"import        {count / seconds:6.2f} documents/s, {whole:.1f} ms of processor each,", end=" ")
    print(
        f"{reference / seconds:.2f} of the reference's speed\nat most {watch.memory_mb:.0f} MB together\n", flush=True
    )
    return count, whole, alone


class Watch:
    """What this process and all below it used while the block ran: megabytes at most, and seconds of processor.

    It looks ten times a second; what a process did after the last look, and one that lived shorter, is not seen.
    """

    def __init__(self) -> None:
        self.memory_mb = 0.0
        self._seconds: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    @property
    def processor_seconds(self) -> float:
        """Of all processes together."""
        return sum(self._seconds.values())

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        own = psutil.Process()
        before = sum(own.cpu_times()[:2])
        while not self._over.wait(LOOK_EVERY_SECONDS):
            memory = 0
            for each in [own, *own.children(recursive=True)]:
                try:
                    # A page shared by several counts in each for its part.
                    memory += each.memory_full_info().pss
                    self._seconds[each.pid] = sum(each.cpu_times()[:2])
                except psutil.NoSuchProcess:
                    continue
            self._seconds[own.pid] -= before
            self.memory_mb = max(self.memory_mb, memory / 1e6)


def curve(points: list[tuple[int, float, float]]) -> str:
    """Milliseconds of processor a document over the number of documents, which is logarithmic, as an SVG."""
    most = max(max(whole, alone) for _count, whole, alone in points) * 1.1
    first, last = math.log10(points[0][0]), math.log10(points[-1][0]) + 1e-9

    def place(count: int, cost: float) -> tuple[float, float]:
        return 70 + 430 * (math.log10(count) - first) / max(last - first, 1e-6), 330 - 300 * cost / most

    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 370" font-family="sans-serif" font-size="12">']
    parts += [f'<text x="{place(count, 0)[0]:.0f}" y="352">{count:,}</text>' for count, _whole, _alone in points]
    for name, colour, of in (("import", "#0d5c56", 1), ("readers alone", "#777777", 2)):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(point[0], point[of]) for point in points))
        x, y = place(points[-1][0], points[-1][of])
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{name}, {points[-1][of]:.0f} ms</text>')
    return "\n".join([*parts, "</svg>\n"])


def seconds_of_reading(files: list[Path], readers: int) -> float:
    """Seconds for the text of all files, the start of the children included."""

    def read(path: Path) -> None:
        pool.read(path, file_name=path.name, with_ocr=False)

    start = time.perf_counter()
    with ReaderPool(size=readers) as pool, ThreadPoolExecutor(readers) as threads:
        list(threads.map(read, files))
    return time.perf_counter() - start


def imported(directory: Path, home: Path, readers: int) -> dict[str, Any]:
    """What the import answered."""
    environment = os.environ | {"EVIDENCE_HOME": str(home), "EVIDENCE_READERS": str(readers)}
    evidence = [sys.executable, "-m", "evidence_app.cli"]
    for words in (
        ["init"],
        ["school", "add", "school", "School", "--programmes", "PYP,MYP,DP,CP"],
        ["person", "add", TEACHER, "--school", "school", "--role", "teacher"],
    ):
        subprocess.run([*evidence, *words], env=environment, check=True, capture_output=True)
    command = [*evidence, "import", str(directory), "--as", TEACHER, "--json"]
    # A file and no pipe: the answer for thousands of documents fills a pipe that nobody empties meanwhile.
    with (home.parent / "answer.json").open("w+", encoding="utf-8") as said:
        subprocess.run(command, env=environment, stdout=said, stderr=subprocess.DEVNULL, check=False)
        said.seek(0)
        answer: dict[str, Any] = json.load(said)
    return answer


if __name__ == "__main__":
    main()
