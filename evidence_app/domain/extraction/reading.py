"""What reading a file gave: its text, what is known about it, and how it went. Travels between processes as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class ReadingState(StrEnum):
    """How the reading of a file went: one visible state for every version of an item."""

    TEXT_FOUND = "text found"
    READ_BY_OCR = "read by OCR"
    WAITS_FOR_OCR = "waits for OCR"
    NO_TEXT = "no text"
    NO_READER = "no reader"
    TOOL_MISSING = "tool missing"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LARGE = "too large"
    FAILED = "failed"

    @property
    def is_unread(self) -> bool:
        """Whether what the file says stays unknown, so that its words cannot be found."""
        return self in _UNREAD


_UNREAD = frozenset(
    {
        ReadingState.NO_READER,
        ReadingState.TOOL_MISSING,
        ReadingState.ENCRYPTED,
        ReadingState.DAMAGED,
        ReadingState.TOO_LARGE,
        ReadingState.FAILED,
    }
)

UNLOCKED = "unlocked"
"""The fact that a password was given for this reading, which nobody has kept."""
TELLS_PLACE = "tells_place"
"""The fact whether the file itself tells where it was taken; missing where that was not asked."""
NEEDS_TOOL = MappingProxyType(
    {"ocr-not-installed": "tesseract", "office-not-installed": "soffice", "heic-not-installed": "pi_heif"}
)
"""Code of a warning -> the program or library that was missing; once it is there, the file can be read again."""


@dataclass(frozen=True, slots=True)
class ReadingWarning:
    """Something the reader of the text should know; `code` is a key of `words.WARNINGS`, which holds the sentence."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_plain(cls, value: Mapping[str, Any]) -> ReadingWarning:
        """The warning in an object of JSON. Raises KeyError or TypeError for anything else."""
        return cls(_text(value["code"]), _params(value["params"]))


@dataclass(frozen=True, slots=True)
class Reading:
    """The outcome of reading one file; there is always one, whatever the file holds.

    `text` is normalised (NFC, no control characters but tab and newline, no lone surrogates) and at most
    `limits.MAX_TEXT_BYTES` long in UTF-8. `language` is an ISO 639-1 code or "". `pages` counts pages or slides,
    None where the format has none. `page_starts` holds the offset in `text` of each page read. `title` and `headings`
    are one line each. `facts` holds strings, numbers and lists of strings: `created`, `modified` (ISO 8601), `sheets`,
    `slides`, `width_px`, `height_px`, `taken`, `seconds`... and never the name of a person or a place; `tells_place`
    says whether the file itself names one. `ocr_waits` says that there
    are pictures of text which this reading left to a second one, with OCR.
    """

    media_type: str
    state: ReadingState
    text: str = ""
    language: str = ""
    pages: int | None = None
    title: str = ""
    headings: tuple[str, ...] = ()
    page_starts: tuple[int, ...] = ()
    warnings: tuple[ReadingWarning, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    ocr_waits: bool = False

    @property
    def has_text(self) -> bool:
        """Whether there is anything to search in."""
        return bool(self.text.strip())

    def with_warning(self, code: str, **params: Any) -> Reading:
        """The same reading with one more warning."""
        return replace(self, warnings=(*self.warnings, ReadingWarning(code, params)))

    def to_json(self) -> str:
        """One JSON object; `from_json` gives an equal reading back."""
        return json.dumps(
            {
                "media_type": self.media_type,
                "state": self.state.value,
                "text": self.text,
                "language": self.language,
                "pages": self.pages,
                "title": self.title,
                "headings": list(self.headings),
                "page_starts": list(self.page_starts),
                "warnings": [{"code": w.code, "params": dict(w.params)} for w in self.warnings],
                "facts": dict(self.facts),
                "ocr_waits": self.ocr_waits,
            },
            ensure_ascii=False,
            sort_keys=True,
        )

    @classmethod
    def from_json(cls, raw: str | bytes) -> Reading:
        """The reading that `to_json` wrote. Raises ValueError for anything else: who sent it is not trusted."""
        try:
            data = json.loads(raw)
            return cls(
                media_type=_text(data["media_type"]),
                state=ReadingState(data["state"]),
                text=_text(data["text"]),
                language=_text(data["language"]),
                pages=None if data["pages"] is None else int(data["pages"]),
                title=_text(data["title"]),
                headings=tuple(_text(heading) for heading in data["headings"]),
                page_starts=tuple(int(start) for start in data["page_starts"]),
                warnings=tuple(ReadingWarning.from_plain(warning) for warning in data["warnings"]),
                facts=_params(data["facts"]),
                ocr_waits=data["ocr_waits"] is True,
            )
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(f"not a reading: {error!r}") from error


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, got {type(value).__name__}")
    value.encode("utf-8")  # a lone surrogate raises UnicodeEncodeError, which is a ValueError
    return value


def _params(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(f"expected an object, got {type(value).__name__}")
    return {_text(name): _plain(inner) for name, inner in value.items()}


def _plain(value: object) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_text(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    raise TypeError(f"expected a plain value, got {type(value).__name__}")
