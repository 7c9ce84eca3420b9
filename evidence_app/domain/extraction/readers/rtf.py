"""RTF through striprtf; dates and title from its information group."""

from __future__ import annotations

import re

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
    from striprtf.striprtf import rtf_to_text

    markup = _PICTURE.sub("", source.read_bytes(_MAX_RTF_BYTES).decode("latin-1"))
    if source.size_bytes > _MAX_RTF_BYTES:
        draft.warn("text-cut")
    if match := _CREATED.search(markup):
        year, month, day = (int(part) for part in match.groups())
        draft.facts["created"] = f"{year:04}-{month:02}-{day:02}"
    try:
        text = rtf_to_text(markup, errors="ignore")
        title = (
            one_line(rtf_to_text("{\\rtf1 " + match.group(1) + "}", errors="ignore"))
            if (match := _TITLE.search(markup))
            else ""
        )
    except (ValueError, KeyError, IndexError, LookupError, AttributeError) as error:
        raise Damaged from error
    draft.title = title if is_meaningful_title(title) else ""
    plain.read_text(text, draft)
