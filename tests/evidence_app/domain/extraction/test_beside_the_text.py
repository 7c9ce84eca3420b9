"""What stands beside the text of office files is read too: notes, comments, changes, boxes, captions, charts."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pptx
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from pptx.util import Inches

from tests.evidence_app.domain.extraction.making import (
    W,
    odf_file,
    read_here,
    saved,
    word_body,
    word_package,
    zip_file,
)


def word_part(kind: str, inner: str, text: str) -> str:
    return f"<w:{kind} {W}><w:{inner}><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:{inner}></w:{kind}>"


def test_notes_and_comments_of_a_word_document_are_read() -> None:
    content = word_package(
        word_body("<w:p><w:r><w:t>The body</w:t></w:r></w:p>"),
        {
            "word/footnotes.xml": word_part("footnotes", "footnote", "A footnote"),
            "word/endnotes.xml": word_part("endnotes", "endnote", "An endnote"),
            "word/comments.xml": word_part("comments", "comment", "A comment"),
            "word/header2.xml": f"<w:hdr {W}><w:p><w:r><w:t>A header</w:t></w:r></w:p></w:hdr>",
            "word/footer1.xml": f"<w:ftr {W}><w:p><w:r><w:t>A footer</w:t></w:r></w:p></w:ftr>",
        },
    )

    lines = read_here(content, "x.docx").text.split("\n")

    assert lines[0] == "The body"
    assert {"A footnote", "An endnote", "A comment", "A header", "A footer"} <= set(lines)


def test_what_was_inserted_is_read_and_what_was_deleted_is_not() -> None:
    changes = (
        "<w:p><w:r><w:t>We </w:t></w:r><w:ins><w:r><w:t>always </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>never </w:delText></w:r></w:del><w:r><w:t>plan together</w:t></w:r></w:p>"
        "<w:moveFrom><w:r><w:delText>from here</w:delText></w:r></w:moveFrom>"
        "<w:tbl><w:tr><w:trPr><w:ins/></w:trPr><w:tc><w:p><w:ins><w:r><w:t>new row</w:t></w:r></w:ins></w:p></w:tc>"
        "</w:tr></w:tbl>"
    )

    assert read_here(word_package(word_body(changes)), "x.docx").text == "We always plan together\nnew row"


def test_boxes_captions_links_and_fields_of_a_word_document_are_read() -> None:
    body = (
        "<w:p><w:r><mc:AlternateContent xmlns:mc='m'><mc:Choice><wps:txbx xmlns:wps='s'><w:txbxContent><w:p><w:r>"
        "<w:t>In a box</w:t></w:r></w:p></w:txbxContent></wps:txbx></mc:Choice><mc:Fallback><w:pict><w:t>twice</w:t>"
        "</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:p><w:pPr><w:pStyle w:val='Caption'/></w:pPr><w:r><w:t>Figure </w:t></w:r><w:fldSimple w:instr='SEQ'>"
        "<w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t>: our garden</w:t></w:r></w:p>"
        "<w:p><w:hyperlink><w:r><w:t>A link</w:t></w:r></w:hyperlink></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>A form field</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )

    text = read_here(word_package(word_body(body)), "x.docx").text

    assert text == "In a box\nFigure 1: our garden\nA link\nA form field"


def test_smart_art_and_charts_of_a_word_document_are_read() -> None:
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    content = word_package(
        word_body("<w:p/>"),
        {
            "word/diagrams/data1.xml": f"<d {a}><a:p><a:r><a:t>Inquiry cycle</a:t></a:r></a:p></d>",
            "word/charts/chart1.xml": "<c><v>Grade 5</v><v>12.5</v></c>",
        },
    )

    assert read_here(content, "x.docx").text == "Inquiry cycle\nGrade 5"


def test_notes_groups_tables_and_comments_of_slides_are_read() -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(2), Inches(1))
    box.text_frame.text = "In a text box"
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 100, 100).text_frame.text = "In a group"
    slide.notes_slide.notes_text_frame.text = "What the speaker says"

    text = read_here(saved(presentation.save), "x.pptx").text

    assert text.split("\n") == ["In a text box", "In a group", "What the speaker says"]


def test_comments_charts_and_margins_of_a_workbook_are_read() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    for row in (["Grade", "Hours"], ["Five", 3]):
        sheet.append(row)
    sheet["B2"].comment = Comment("Counted in May", "Ana Person")
    sheet.oddHeader.left.text = "Our school & yours"
    sheet.oddFooter.center.text = "Page &P of &N"
    chart = BarChart()
    chart.title = "Hours of service"
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2), titles_from_data=True)
    sheet.add_chart(chart, "D2")

    lines = read_here(saved(workbook.save), "x.xlsx").text.split("\n")

    assert lines[:2] == ["Grade\tHours", "Five\t3"]
    assert "Our school & yours" in lines
    assert any("Counted in May" in line for line in lines)
    assert "Hours of service" in lines
    assert "Page of" in lines


def test_text_boxes_and_threads_of_a_workbook_are_read() -> None:
    a = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    plain = saved(openpyxl.Workbook().save)
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    members["xl/drawings/drawing1.xml"] = f"<d {a}><sp><a:p><a:r><a:t>In a box</a:t></a:r></a:p></sp></d>"
    members["xl/threadedComments/threadedComment1.xml"] = (
        "<T><threadedComment><text>Who checks this?</text></threadedComment></T>"
    )

    text = read_here(zip_file(members), "x.xlsx").text

    assert "In a box" in text
    assert "Who checks this?" in text


def test_comments_boxes_and_notes_of_open_documents_are_read() -> None:
    text = (
        "<text:p>Plan<office:annotation><text:p>A comment</text:p></office:annotation> and do"
        "<draw:frame><draw:text-box><text:p>In a box</text:p></draw:text-box></draw:frame></text:p>"
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
    )
    slides = (
        '<draw:page draw:master-page-name="m"><draw:frame><draw:text-box><text:p>Shown</text:p></draw:text-box>'
        "</draw:frame><presentation:notes><draw:frame><draw:text-box><text:p>Said</text:p></draw:text-box></draw:frame>"
        "</presentation:notes></draw:page>"
    )
    sheet = (
        '<table:table table:name="A"><table:table-row><table:table-cell><office:annotation><text:p>A comment</text:p>'
        "</office:annotation><text:p>value</text:p></table:table-cell></table:table-row></table:table>"
    )
    styles = "<style:footer><text:p>In the footer</text:p></style:footer>"

    words = read_here(odf_file("text", text, styles=styles), "x.odt").text

    assert all(part in words for part in ("A comment", "In a box", "and do", "In the footer"))
    assert "deleted" not in words
    assert read_here(odf_file("presentation", slides), "x.odp").text == "Shown\nSaid"
    assert "A comment" in read_here(odf_file("spreadsheet", sheet), "x.ods").text
