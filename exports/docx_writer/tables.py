"""Tables as WordprocessingML: one header row, rows that do not split, fixed widths, alternative text."""

from __future__ import annotations

from collections.abc import Callable

from exports.blocks import Cell, Paragraph, Table
from exports.docx_writer.base_file import BaseFile
from exports.docx_writer.wml import attribute, keep_next, paragraph, run


def table_xml(base: BaseFile, table: Table, cell_text: Callable[[Cell], str]) -> str:
    """One table; `cell_text` prints the paragraphs of a cell."""
    widths = column_widths(base, table)
    total = sum(widths)
    indent = base.rail if table.inset else 0
    first = int(table.first_label)
    out = [
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{table.look}"/><w:tblW w:w="{total}" w:type="dxa"/>'
        f'<w:tblInd w:w="{indent}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="{"06A0" if first else "0620"}" w:firstRow="1" w:lastRow="0" w:firstColumn="{first}" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val={attribute(table.title)}/>'
        f"<w:tblDescription w:val={attribute(table.about)}/></w:tblPr><w:tblGrid>"
        + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        + "</w:tblGrid>"
    ]
    heads = "".join(
        _cell_xml(width, 1, "", paragraph(column.look, run(column.head)))
        for width, column in zip(widths, table.columns, strict=True)
    )
    out.append(
        f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{keep_next(heads) if table.together else heads}</w:tr>"
    )
    last = len(table.rows) - 1
    for n, row in enumerate(table.rows):
        keep = table.with_next if n == last else table.together
        out.append("<w:tr><w:trPr><w:cantSplit/></w:trPr>")
        at = 0
        for cell in row:
            content = cell_text(cell)
            shade = base.fill(cell.shade) if cell.shade else ""
            width = sum(widths[at : at + cell.span])
            out.append(_cell_xml(width, cell.span, shade, keep_next(content) if keep else content))
            at += cell.span
        out.append("</w:tr>")
    return "".join(out) + "</w:tbl>"


def _cell_xml(width: int, span: int, shade: str, content: str) -> str:
    spans = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spans}{shade}</w:tcPr>{content}</w:tc>'


def column_widths(base: BaseFile, table: Table) -> list[int]:
    """Widths in twips from the columns' shares, stretched to the width the base file gives; the rail keeps its own."""
    total = base.text_width(1 if table.wide else 0) - (base.rail if table.inset else 0)
    fixed = [base.rail] if table.rail else []
    shares = [column.share for column in table.columns][len(fixed) :]
    rest = total - sum(fixed)
    widths = [rest * share // sum(shares) for share in shares]
    if widths:
        widths[-1] += rest - sum(widths)
    return fixed + widths


def cell_paragraphs(cell: Cell, render: Callable[[Paragraph], str]) -> str:
    """The paragraphs of a cell; one that comes out empty is left out, but a cell always ends with a paragraph."""
    printed = "".join(render(line) for line in cell.content)
    look = cell.content[-1].look if cell.content else "TableText"
    return printed or paragraph(look, run("\u00a0"))
