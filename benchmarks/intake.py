"""Documents a second from a folder to found by their words, against reading them alone.

    python benchmarks/intake.py DIR [--readers N]

`evidence import` files every document of DIR in a new installation and returns when all are read, indexed and have
suggestions. The reference, measured in the same run, is the same readers in as many child processes, reading the files
and doing nothing else; thumbnails and OCR come later in both. Memory is the highest sum over the import and all its
children; what several share counts once.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
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
    parser.add_argument("directory", type=Path)
    parser.add_argument("--readers", type=int, default=2)
    options = parser.parse_args()
    files = sorted(path for path in options.directory.rglob("*") if path.is_file())
    reference = seconds_of_reading(files, options.readers)
    with tempfile.TemporaryDirectory() as folder:
        seconds, memory_mb, answer = imported(options.directory, Path(folder) / "home", options.readers)
    count = answer["added"]
    print(f"{len(files)} files, {count} filed, {answer['duplicates']} known, {len(answer['refused'])} refused")
    print(f"readers alone   {len(files) / reference:6.2f} documents/s   (reference, {options.readers} processes)")
    print(f"import          {count / seconds:6.2f} documents/s   {reference / seconds:.2f} of the reference")
    print(f"at most {memory_mb:.0f} MB in all processes together")


def seconds_of_reading(files: list[Path], readers: int) -> float:
    """Seconds for the text of all files, the start of the children included."""

    def read(path: Path) -> None:
        pool.read(path, file_name=path.name, with_ocr=False)

    start = time.perf_counter()
    with ReaderPool(size=readers) as pool, ThreadPoolExecutor(readers) as threads:
        list(threads.map(read, files))
    return time.perf_counter() - start


def imported(directory: Path, home: Path, readers: int) -> tuple[float, float, dict[str, Any]]:
    """Seconds the import took, megabytes it and its children held at most, and what it answered."""
    environment = os.environ | {"EVIDENCE_HOME": str(home), "EVIDENCE_READERS": str(readers)}
    evidence = [sys.executable, "-m", "evidence_app.cli"]
    for words in (
        ["init"],
        ["school", "add", "school", "School", "--programmes", "PYP,MYP,DP,CP"],
        ["person", "add", TEACHER, "--school", "school", "--role", "teacher"],
    ):
        subprocess.run([*evidence, *words], env=environment, check=True, capture_output=True)
    most = 0.0
    command = [*evidence, "import", str(directory), "--as", TEACHER, "--json"]
    # A file and no pipe: the answer for thousands of documents fills a pipe that nobody empties meanwhile.
    with (home.parent / "answer.json").open("w+", encoding="utf-8") as said:
        with subprocess.Popen(command, env=environment, stdout=said, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None:
                most = max(most, memory_mb_of(process.pid))
                time.sleep(LOOK_EVERY_SECONDS)
        said.seek(0)
        answer = json.load(said)
    return answer["seconds"], most, answer


def memory_mb_of(pid: int) -> float:
    """The memory of a process and all below it; a page shared by several counts in each for its part."""
    total = 0
    try:
        process = psutil.Process(pid)
        for each in [process, *process.children(recursive=True)]:
            total += each.memory_full_info().pss
    except psutil.NoSuchProcess:
        return 0.0
    return total / 1e6


if __name__ == "__main__":
    main()
