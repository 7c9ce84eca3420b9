"""XML and SVG: the words between the marks."""

from __future__ import annotations

import re

from evidence_app.domain.extraction import safe_xml
from evidence_app.domain.extraction.decode import decode
from evidence_app.domain.extraction.draft import Damaged, Draft, Source
from evidence_app.domain.extraction.limits import MAX_TEXT_BYTES, MAX_XML_BYTES
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.safe_xml import local_name

_MARKS = re.compile(r"<[^<>]*>")
_NOISE = frozenset({"style", "script"})


def read(source: Source, draft: Draft) -> None:
    """Fill the draft; broken XML, or one with entities of its own, is read as text with its marks taken out."""
    try:
        root = safe_xml.parse(source.read_bytes(MAX_XML_BYTES), "xml")
    except Damaged as error:
        draft.warnings.append(error.warning)
        draft.text.add(_MARKS.sub(" ", decode(source.read_bytes(MAX_TEXT_BYTES))))
        return
    for element in root.iter():
        name = local_name(element)
        if name not in _NOISE and name:
            if name == "title" and not draft.title:
                draft.title = one_line(element.text or "")
            draft.text.add(element.text or "")
        draft.text.add(element.tail or "")
