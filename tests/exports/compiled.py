"""A report compiled to DOCX, and what stands in it."""

from __future__ import annotations

import io

from exports import (
    WRITERS,
    Report,
)
from exports.docx_writer.package import open_package
from tests.exports.factory import Bytes, edition

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def compiled(report: Report, store: Bytes | None = None, document: str = "self-study", **more: object) -> bytes:
    out = io.BytesIO()
    opener = store.open if store else None
    made = more.pop("edition", None) or edition(report)
    WRITERS["docx"].write(report, made, out, open_exhibit=opener, document=document, **more)  # type: ignore[arg-type]
    return out.getvalue()


def words(data: bytes) -> str:
    root = open_package(data).xml["word/document.xml"]
    lines = []
    for paragraph in root.iter(W + "p"):
        parts = {W + "t": lambda e: e.text or "", W + "noBreakHyphen": lambda _: "-", W + "tab": lambda _: "\t"}
        lines.append("".join(parts[str(e.tag)](e) for e in paragraph.iter() if e.tag in parts))
    return "\n".join(lines).replace("\u00a0", " ")


def styles(data: bytes) -> list[str]:
    root = open_package(data).xml["word/document.xml"]
    return [str(e.get(W + "val")) for e in root.iter(W + "pStyle")]
