"""Invented parts of reports: programmes, a scale, a text with everything, exhibits with bytes, an edition."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from typing import BinaryIO

from PIL import Image, ImageDraw

from exports import (
    Category,
    Edition,
    Exhibit,
    Practice,
    Programme,
    RatingLevel,
    Report,
    Response,
    Signature,
    Standard,
    report_to_json,
    tidy_file_name,
)

PROGRAMMES = (
    Programme(
        key="PYP",
        name="Primary Years Programme",
        authorized="2009",
        ages="3 to 11",
        students=248,
        teachers=31,
        trained=26,
    ),
    Programme(
        key="MYP",
        name="Middle Years Programme",
        authorized="2012",
        ages="11 to 16",
        students=236,
        teachers=38,
        trained=33,
    ),
    Programme(
        key="DP", name="Diploma Programme", authorized="2007", ages="16 to 19", students=128, teachers=29, trained=27
    ),
)
SCALE = (
    RatingLevel(
        value=1, word="Developing", meaning="Begun, or in place for some; what comes next is set out with a date."
    ),
    RatingLevel(
        value=2, word="Developed", meaning="In place and reviewed; its effect is seen in part of the programme."
    ),
    RatingLevel(
        value=3, word="Highly developed", meaning="In place for everyone, and shown to change what students can do."
    ),
)
NARRATIVE = """The inclusion policy was rewritten in the spring of 2026 and approved on 21 May [[E-0301-02-01]].
The new text describes what each teacher does, and what a student may expect.

# From concern to support

A teacher who is worried about a student follows four steps, each with a longest wait [[E-0301-02-02]]:

1. **Notice and note.** Two lines in the shared log, on the same day.
2. **Try something.** A change in the lesson, for three weeks:
    1. from the list of first steps, or
    2. agreed with the support teacher of the year group.
3. **Meet.** Student, family, tutor and support teacher, within ten school days.

At the end of 2025-26 there were 27 plans, all reviewed before the end of May [[E-0301-02-03]].[^plans]

[^plans]: Individual plans are kept by the learning support coordinator and are never released [[E-0301-02-03]].

## What changed

| Programme | Inside, 2023 | Inside, 2026 |
| --- | ---: | ---: |
| PYP | 14 | 26 |
| MYP | 11 | 28 |

> Before, somebody came to fetch me. Now she is just there, and half the class asks her things.
>
> — Student in year 8, reading panel of 14 April 2026

![Ground floor: the support room lies in the middle](E-0301-02-04 "Ground floor since August 2025")

- **PYP and MYP:** support teachers plan with year teams once a week.
- **MYP:** access arrangements follow *one* procedure. It covers
    - eAssessment and the personal project;
    - school examinations.
- Short codes look like `Y8-READ-2`.

---

The questions are on the [school's page](https://www.valdoria.example/inclusion), or ask <https://valdoria.example/help>.

```
week  inside  outside
   1      62       27
```
"""


def picture(width: int = 640, height: int = 240) -> bytes:
    """A drawn plan as PNG."""
    image = Image.new("RGB", (width, height), "#FFFFFF")
    draw = ImageDraw.Draw(image)
    draw.rectangle((8, 8, width - 8, height - 8), outline="#17414C", width=6)
    draw.rectangle((width // 3, height // 2, 2 * width // 3, height - 12), fill="#1F5563")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


class Bytes:
    """The bytes of invented exhibits by their hash, as a store would give them."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def put(self, data: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        self.held[name] = data
        return name

    def open(self, sha256: str) -> BinaryIO:
        return io.BytesIO(self.held[sha256])


def exhibit(store: Bytes, number: str, title: str, data: bytes | None = None, **more: object) -> Exhibit:
    """An exhibit with bytes in the store."""
    content = f"{number} {title}".encode(errors="replace") if data is None else data
    name = str(more.pop("original", "scan.PDF"))
    values: dict[str, object] = {
        "kind": "Policy",
        "facts": "PDF, 9 pages",
        "version": "v3",
        "shown": "2026-05-21",
        "media_type": "application/pdf",
        "size_bytes": len(content),
        "sha256": store.put(content),
        "file_name": tidy_file_name(number, title, "v3", name),
        **more,
    }
    return Exhibit(number=number, title=title, **values)  # type: ignore[arg-type]


def edition(report: Report, number: int = 2) -> Edition:
    """A frozen and signed edition of a report."""
    digest = hashlib.sha256(report_to_json(report).encode()).hexdigest()
    signature = Signature(
        name="Dr Ingrid Solvay-Amadi", role="Head of school", signed_at="2026-11-18T17:05:00", snapshot_sha256=digest
    )
    return Edition(
        number=number,
        frozen_at="2026-11-18T16:40:00",
        compiled_by="Tomasz Okafor, MYP coordinator",
        snapshot_id="VIS-2026-11-18-2",
        snapshot_sha256=digest,
        share_url="https://evidence.valdoria.example/s/7c1f",
        signatures=(signature,),
        signers=(("Head of school", "Dr Ingrid Solvay-Amadi"), ("Chair of the board", "Prof. Renzo Abelard-Nkemelu")),
    )


def answering(report: Report, response: Response) -> Report:
    """The report with one practice, answered once."""
    practice = Practice(code="0301-02", name="A", responses=(response,))
    standard = Standard(code="0301", name="B", practices=(practice,))
    return replace(report, categories=(Category(code="03", name="C", standards=(standard,)),))
