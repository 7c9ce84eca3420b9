"""What a running process takes of memory and disk, looked at ten times a second."""

from __future__ import annotations

import threading
from pathlib import Path

import psutil

MIB = 1024 * 1024


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
