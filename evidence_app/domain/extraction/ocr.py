"""Text in pictures, by the `tesseract` program where it is installed."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Final

from PIL import Image

from evidence_app.domain.extraction.draft import Source
from evidence_app.domain.extraction.limits import MAX_TEXT_BYTES

SECONDS_A_PAGE: Final = 8.0
"""Time that must be left before another page is begun; a page takes 0.4 to 2 s."""
_DOTS_PER_INCH: Final = 200
_MAX_SIDE_PX: Final = 3_400
_TESSERACT_CODES: Final = {
    "en": "eng",
    "fr": "fra",
    "es": "spa",
    "it": "ita",
    "de": "deu",
    "pt": "por",
    "nl": "nld",
    "ca": "cat",
}
_WORD_LEVEL: Final = "5"
_COLUMNS: Final = 12
_LEAST_CONFIDENCE: Final = 40.0
_LEAST_LETTERS: Final = 6
_FIRST_GUESS: Final = ("eng", "fra", "spa", "ita")


@cache
def is_available() -> bool:
    """Whether the program is installed with at least one language of ours."""
    return bool(_installed_languages())


@cache
def _installed_languages() -> tuple[str, ...]:
    program = shutil.which("tesseract")
    if program is None:
        return ()
    listing = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    found = set(listing.stdout.split())
    return tuple(code for code in _TESSERACT_CODES.values() if code in found)


def scale_for(width_points: float, height_points: float) -> float:
    """Scale at which a page of this size is rendered for reading: 200 dpi, or less for posters."""
    longest = max(width_points, height_points, 1.0)
    return min(_DOTS_PER_INCH / 72, _MAX_SIDE_PX / longest)


def read_picture(picture: Image.Image, source: Source, language: str) -> str:
    """The text of a picture, "" where there is none to be sure of.

    A known `language` (ISO 639-1, or "") is read alone, which is faster and better; else with all that are installed of
    the product's four.
    """
    if max(picture.size) > _MAX_SIDE_PX:
        picture.thumbnail((_MAX_SIDE_PX, _MAX_SIDE_PX))
    path = source.temp_dir / "page.png"
    picture.convert("L").save(path, compress_level=1)
    return _run(path.name, source, _languages_for(language))


def _languages_for(language: str) -> str:
    installed = _installed_languages()
    code = _TESSERACT_CODES.get(language.split("-")[0].lower())
    if code in installed:
        return str(code)
    return "+".join([known for known in _FIRST_GUESS if known in installed] or installed)


def _run(file_name: str, source: Source, languages: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 -- fixed program, our own file name
            [str(shutil.which("tesseract")), file_name, "stdout", "-l", languages, "--psm", "3", "tsv"],
            cwd=source.temp_dir,
            capture_output=True,
            timeout=max(1.0, source.seconds_left),
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return ""
    table = done.stdout[: MAX_TEXT_BYTES * 4].decode("utf-8", "replace") if done.returncode == 0 else ""
    return "\n".join(_trusted_lines(table))


def _trusted_lines(table: str) -> Iterator[str]:
    """The lines of tesseract's table, without the words it is not sure of: a photograph gives only such words.

    Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence (0 to 100), text.
    """
    rows = [row.split("\t") for row in table.split("\n")[1:]]
    words = [row for row in rows if len(row) == _COLUMNS and row[0] == _WORD_LEVEL and row[11].strip()]
    sure = [row for row in words if float(row[10]) >= _LEAST_CONFIDENCE]
    if len(sure) * 2 < len(words) or sum(len(row[11]) for row in sure) < _LEAST_LETTERS:
        return
    paragraph = None
    for place, line in itertools.groupby(sure, key=lambda row: row[1:5]):
        if paragraph is not None and paragraph != place[:3]:
            yield ""
        paragraph = place[:3]
        yield " ".join(row[11] for row in line)
