"""Tables as workbooks and as CSV."""

from __future__ import annotations

import csv
import io
from html import escape

from evidence_app.demo.documents.packing import packed
from evidence_app.demo.draft import Bullets, Draft, Heading, Paragraph, Table
from evidence_app.demo.sketch import Sketch

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Rows = list[tuple[str, ...]]


def write_xlsx(_sketch: Sketch, draft: Draft) -> bytes:
    """The tables of the draft as a workbook, one sheet a table."""
    sheets = _sheets(draft)
    names = [f"xl/worksheets/sheet{number}.xml" for number in range(1, len(sheets) + 1)]
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{_TYPES}.worksheet+xml"/>' for name in names)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, (name, _) in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>{overrides}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        "</Relationships>",
    }
    parts |= {name: _worksheet(rows) for name, (_, rows) in zip(names, sheets, strict=True)}
    return packed(parts)


def write_csv(_sketch: Sketch, draft: Draft) -> bytes:
    """The first table of the draft as CSV, with semicolons as half of Europe has them."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerows(_sheets(draft)[0][1])
    return target.getvalue().encode("utf-8-sig")


def _sheets(draft: Draft) -> list[tuple[str, Rows]]:
    """Each table under its name; title, byline and whatever is no table stand above the first one."""
    above: Rows = [(draft.title,), (draft.byline,)]
    sheets: list[tuple[str, Rows]] = []
    for block in draft.blocks:
        if isinstance(block, Table):
            sheets.append((block.name[:30], [block.head, *block.rows]))
        elif isinstance(block, (Paragraph, Heading)):
            above.append((block.text,))
        elif isinstance(block, Bullets):
            above += [(line,) for line in block.lines]
    if not sheets:
        return [(draft.title[:30], above)]
    first_name, first_rows = sheets[0]
    return [(first_name, [*above, *first_rows]), *sheets[1:]]


def _worksheet(rows: Rows) -> str:
    lines = "".join("<row>" + "".join(_cell(cell) for cell in row) + "</row>" for row in rows)
    return f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _cell(text: str) -> str:
    if text.isdigit():
        return f"<c><v>{text}</v></c>"
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
