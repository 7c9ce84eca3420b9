"""Text in pictures, by the `tesseract` program where it is installed."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

from PIL import Image

from evidence_app.domain.extraction.draft import Source
from evidence_app.domain.extraction.language import detect
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
_ENOUGH_WORDS: Final = 12
"""From this many words on, none of them sure, there may be text in another language than the one that was tried."""
_PICTURE: Final = "page.png"
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

    A known `language` (ISO 639-1, or "") is read alone, which is faster and better. Else one language, the source's
    likely one, shows whether there is any text, and what it is written in: most pictures have none, and four at once
    take four times as long.
    """
    if max(picture.size) > _MAX_SIDE_PX:
        picture.thumbnail((_MAX_SIDE_PX, _MAX_SIDE_PX))
    picture.convert("L").save(source.temp_dir / _PICTURE, compress_level=1)
    if known := _code_of(language):
        return "\n".join(_trusted_lines(_words_in(source, known)))
    usual = [code for code in _FIRST_GUESS if code in _installed_languages()] or _installed_languages()
    guesses = list(dict.fromkeys(filter(None, (_code_of(source.likely_language), *usual))))
    words = _words_in(source, guesses[0])
    text = "\n".join(_trusted_lines(words))
    if not text and len(words) < _ENOUGH_WORDS:
        return ""
    found = _code_of(detect(text))
    if found == guesses[0]:
        return text
    return "\n".join(_trusted_lines(_words_in(source, found or "+".join(guesses))))


def _code_of(language: str) -> str:
    """What tesseract calls a language, "" for one that it cannot read here."""
    code = _TESSERACT_CODES.get(language.split("-")[0].lower(), "")
    return code if code in _installed_languages() else ""


def _words_in(source: Source, languages: str) -> list[list[str]]:
    """The rows of tesseract's table that are words, sure or not; none where it fails or has no time left.

    Columns: level, page, block, paragraph, line, word, left, top, width, height, confidence (0 to 100), text.
    """
    try:
        done = subprocess.run(  # noqa: S603 -- fixed program, our own file name
            [str(shutil.which("tesseract")), _PICTURE, "stdout", "-l", languages, "--psm", "3", "tsv"],
            cwd=source.temp_dir,
            capture_output=True,
            timeout=max(1.0, source.seconds_left),
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return []
    table = done.stdout[: MAX_TEXT_BYTES * 4].decode("utf-8", "replace") if done.returncode == 0 else ""
    rows = [row.split("\t") for row in table.split("\n")[1:]]
    return [row for row in rows if len(row) == _COLUMNS and row[0] == _WORD_LEVEL and row[11].strip()]


def _trusted_lines(words: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of these words, without those tesseract is not sure of: a photograph gives only such words."""
    sure = [row for row in words if float(row[10]) >= _LEAST_CONFIDENCE]
    if len(sure) * 2 < len(words) or sum(len(row[11]) for row in sure) < _LEAST_LETTERS:
        return
    paragraph = None
    for place, line in itertools.groupby(sure, key=lambda row: row[1:5]):
        if paragraph is not None and paragraph != place[:3]:
            yield ""
        paragraph = place[:3]
        yield " ".join(row[11] for row in line)
