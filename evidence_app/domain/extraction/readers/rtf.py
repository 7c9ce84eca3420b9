"""RTF through striprtf; dates and title from its information group."""

from __future__ import annotations

import re
from collections.abc import Callable

from evidence_app.domain.extraction.draft import Damaged, Draft, Source
from evidence_app.domain.extraction.limits import MIB
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.readers import plain
from evidence_app.domain.extraction.titles import is_meaningful_title

_MAX_RTF_BYTES = 24 * MIB
_TITLE = re.compile(r"\{\\title\s+((?:[^{}\\]|\\'[0-9a-fA-F]{2}|\\u-?\d+ ?\??){1,300})\}")
_CREATED = re.compile(r"\{\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
_PICTURE = re.compile(r"(?<=[\s\\])[0-9a-fA-F\r\n]{2000,}")


def read(source: Source, draft: Draft) -> None:
    """Fill the draft. Pictures, which RTF writes as long hexadecimal numbers, are dropped before reading."""

    markup = _PICTURE.sub("", source.read_bytes(_MAX_RTF_BYTES).decode("latin-1"))
    if source.size_bytes > _MAX_RTF_BYTES:
        draft.warn("text-cut")
    if match := _CREATED.search(markup):
        year, month, day = (int(part) for part in match.groups())
        draft.facts["created"] = f"{year:04}-{month:02}-{day:02}"
    text = _words(markup)
    match = _TITLE.search(markup)
    title = one_line(_words("{\\rtf1 " + match.group(1) + "}")) if match else ""
    draft.title = title if is_meaningful_title(title) else ""
    plain.read_text(text, draft)


def _words(markup: str) -> str:
    from striprtf import striprtf

    convert: Callable[..., str] = striprtf.rtf_to_text
    try:
        return convert(markup, errors="ignore")
    except (ValueError, KeyError, IndexError, LookupError, AttributeError) as error:
        raise Damaged from error
