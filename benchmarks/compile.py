"""What a compile costs: `python benchmarks/compile.py` prints a table in Markdown.

An invented report of 41 practices in 3 programmes, 300 citations and 2,000 exhibits (`--exhibits 7000` for more) is
written in each format, each in a process of its own so that its peak memory is its own. The reference, measured in the
same run, puts the rows of the exhibit index alone into a table with python-docx's own `add_row`.
"""

from __future__ import annotations

import argparse
import io
import resource
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from docx import Document

from exports import WRITERS, Report, check_docx
from tests.exports.factory import edition, picture
from tests.exports.large import large_report

COLUMNS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exhibits", type=int, default=2000)
    parser.add_argument("--only", choices=["reference", "docx", "html", "zip"])
    arguments = parser.parse_args()
    if arguments.only:
        print(*one(arguments.only, arguments.exhibits))
        return
    print(f"| 41 practices x 3, {arguments.exhibits} exhibits | seconds | ratio | peak MB | size MB |")
    print("|---|---|---|---|---|")
    reference = 0.0
    for name in ("reference", "docx", "html", "zip"):
        command = [sys.executable, __file__, "--only", name, "--exhibits", str(arguments.exhibits)]
        seconds, peak, size = map(
            float, subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        )
        reference = reference or seconds
        print(f"| {name} | {seconds:.2f} | {seconds / reference:.2f} | {peak:.0f} | {size / 1e6:.2f} |")


def one(name: str, exhibits: int) -> tuple[float, float, int]:
    """Seconds, peak megabytes of this process, and bytes written."""
    report = large_report(exhibits=exhibits)
    started = time.perf_counter()
    data = rows_alone(report) if name == "reference" else written(name, report)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if name == "docx" and (faults := check_docx(data)):
        raise SystemExit("\n".join(faults))
    return seconds, peak, len(data)


def written(name: str, report: Report) -> bytes:
    """The document; the bundle holds the exhibits' numbers as their bytes, and the school has its mark."""
    held = {e.sha256: e.number.encode() for e in report.exhibits}
    if report.cover.logo:
        held[report.cover.logo.sha256] = picture(200, 200)
    out = io.BytesIO()
    WRITERS[name].write(report, edition(report), out, open_exhibit=lambda sha256: io.BytesIO(held[sha256]))
    return out.getvalue()


def rows_alone(report: Report) -> bytes:
    """The exhibit index and nothing else, the way python-docx offers."""
    document = Document()
    table = document.add_table(rows=0, cols=COLUMNS)
    for exhibit in report.exhibits:
        texts = (exhibit.number, exhibit.title, exhibit.kind, exhibit.version, exhibit.shown)
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
