"""Word, PowerPoint, Excel and OpenDocument: all their words, their titles and headings, nothing personal."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import docx
import openpyxl
import pptx
import pytest

from evidence_app.domain.extraction import media_types
from evidence_app.domain.extraction.reading import ReadingState
from tests.evidence_app.domain.extraction.making import (
    ENGLISH,
    SENTENCES,
    docx_file,
    odf_file,
    pptx_file,
    read_here,
    saved,
    word_body,
    word_package,
    xlsx_file,
    zip_file,
)


def test_word_document_gives_text_title_headings_and_language() -> None:
    content = docx_file(
        [("Inclusion policy", "Title"), ("What we believe", "Heading 1"), (ENGLISH, None), ("Who helps", "Heading 2")],
        title="Word document",
    )

    reading = read_here(content, "x.docx")

    assert reading.state is ReadingState.TEXT_FOUND
    assert reading.media_type == media_types.DOCX
    assert reading.title == "Inclusion policy"
    assert reading.headings == ("Inclusion policy", "What we believe", "Who helps")
    assert ENGLISH in reading.text
    assert reading.language == "en"
    assert reading.facts["created"].startswith("20")
    assert "author" not in reading.facts


@pytest.mark.parametrize("language", SENTENCES)
def test_each_language_of_the_product_is_recognised(language: str) -> None:
    assert read_here(docx_file([(SENTENCES[language], None)]), "x.docx").language == language


def test_words_in_margins_notes_tables_and_boxes_are_read() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Words of the header"
    document.sections[0].footer.paragraphs[0].text = "Words of the footer"
    document.add_paragraph("Before the table")
    table = document.add_table(2, 2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ("Role", "Duty", "Teacher", "plans"), strict=True
    ):
        cell.text = text
    document.add_paragraph("After the table")

    text = read_here(saved(document.save), "x.docx").text

    assert "Role\tDuty\nTeacher\tplans" in text
    assert text.index("Before") < text.index("Role") < text.index("After") < text.index("Words of the header")
    assert "Words of the footer" in text


def test_table_used_for_layout_is_read_as_running_text() -> None:
    document = docx.Document()
    left, right = document.add_table(1, 2).rows[0].cells
    left.text = "First"
    left.add_paragraph("Second")
    right.text = "Third"
    document.add_table(1, 1).rows[0].cells[0].text = "Alone"

    assert read_here(saved(document.save), "x.docx").text == "First\nSecond\nThird\nAlone"


def test_marks_inside_paragraphs_become_text() -> None:
    runs = (
        "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t><w:noBreakHyphen/><w:t>four</w:t></w:r>"
        "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del><w:ins><w:r><w:t> added</w:t></w:r></w:ins>"
        "<w:r><w:instrText>HYPERLINK</w:instrText></w:r></w:p>"
    )

    assert read_here(word_package(word_body(runs)), "x.docx").text == "one\ttwo\nthree-four added"


def test_text_box_is_read_once_though_it_is_written_twice() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>in the box</w:t></w:r></w:p></w:txbxContent>"
    xml = (
        '<w:p><w:r><w:t>outside</w:t><mc:AlternateContent xmlns:mc="urn:mc"><mc:Choice>'
        f"{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
        f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t>{box}</w:r></w:p></w:tc><w:sdt><w:sdtContent><w:tc><w:p><w:r>"
        "<w:t>wrapped</w:t></w:r></w:p></w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>"
    )

    assert read_here(word_package(word_body(xml)), "x.docx").text == "outside\nin the box\ncell\twrapped\nin the box"


def test_bold_line_is_a_heading_where_no_styles_are_used() -> None:
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>"
    plain = "<w:r><w:rPr><w:b w:val='0'/></w:rPr><w:t>{}</w:t></w:r>"
    xml = (
        f"<w:p>{plain.format('Alder Bay School')}</w:p><w:p>{bold.format('Language policy')}</w:p>"
        f"<w:p>{bold.format('All')}{plain.format(' languages count')}</w:p>"
    )

    reading = read_here(word_package(word_body(xml)), "x.docx")

    assert reading.title == "Language policy"
    assert reading.headings == ("Language policy",)


def test_outline_level_makes_a_heading() -> None:
    xml = '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>Assessment</w:t></w:r></w:p>'

    assert read_here(word_package(word_body(xml)), "x.docx").headings == ("Assessment",)


def test_title_from_the_properties_stands_only_if_it_says_something() -> None:
    assert read_here(docx_file([(ENGLISH, None)], title="Assessment policy"), "x.docx").title == "Assessment policy"
    for nothing in ("Document1", "Microsoft Word - draft.doc", "final_v2.docx", "2024-11", "Untitled"):
        assert read_here(docx_file([(ENGLISH, None)], title=nothing), "x.docx").title == ""


def test_page_imported_from_html_is_read() -> None:
    content = word_package(word_body(""), {"word/afchunk.htm": "<h1>Imported</h1><p>words</p>"})

    assert read_here(content, "x.docx").text == "Imported\nwords"


def test_pages_of_a_word_document_are_those_it_declares() -> None:
    rels = (
        '<Relationships xmlns="r"><Relationship Id="r1" Type="x/officeDocument" Target="/word/document.xml"/>'
        '<Relationship Id="r2" Type="x/extended-properties" Target="docProps/app.xml"/>'
        '<Relationship Id="r3" Type="x/core-properties" Target="docProps/core.xml"/>'
        '<Relationship Id="r4" Type="x/attachedTemplate" TargetMode="External" Target="http://example.org/t.dotm"/>'
        "</Relationships>"
    )
    content = word_package(
        word_body("<w:p><w:r><w:t>Hello</w:t></w:r></w:p>"),
        {"docProps/app.xml": "<P><Pages>7</Pages></P>", "docProps/core.xml": "<broken"},
    )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()} | {"_rels/.rels": rels.encode()}
    reading = read_here(zip_file(dict(members)), "x.docx")

    assert reading.pages == 7
    assert [warning.code for warning in reading.warnings] == ["properties-damaged"]
    assert reading.text == "Hello"


def test_presentation_gives_slides_in_order_with_notes_and_starts() -> None:
    content = pptx_file(
        [("Guiding statements", "We learn together\nWe care", "Say hello first"), ("Next steps", ENGLISH, "")]
    )

    reading = read_here(content, "x.pptx")

    assert reading.title == "Guiding statements"
    assert reading.headings == ("Guiding statements", "Next steps")
    assert reading.pages == 2
    assert reading.facts["slides"] == 2
    assert reading.text[reading.page_starts[1] :].startswith("Next steps")
    assert reading.text.index("We care") < reading.text.index("Say hello first") < reading.text.index("Next steps")


def test_tables_of_a_slide_are_read_by_rows() -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    table = slide.shapes.add_table(2, 2, 0, 0, 900000, 900000).table
    for index, text in enumerate(("Grade", "Unit", "5", "Sharing the planet")):
        table.cell(index // 2, index % 2).text = text

    assert read_here(saved(presentation.save), "x.pptx").text == "Grade\tUnit\n5\tSharing the planet"


def test_words_of_smart_art_and_charts_are_read() -> None:
    base = {
        "[Content_Types].xml": "presentationml.presentation.main+xml",
        "_rels/.rels": '<R><Rel Id="1" Type="x/officeDocument" Target="ppt/presentation.xml"/></R>',
        "ppt/presentation.xml": '<p><sldIdLst><sldId id="256" rid="s1"/></sldIdLst></p>',
        "ppt/_rels/presentation.xml.rels": '<R><Rel Id="s1" Type="x/slide" Target="slides/slide1.xml"/></R>',
        "ppt/slides/slide1.xml": "<sld><sp><p><r><t>Plain words</t></r><br/><r><t>more</t></r>"
        '<fld type="slidenum"><t>1</t></fld></p></sp></sld>',
        "ppt/slides/_rels/slide1.xml.rels": '<R><Rel Id="d" Type="x/diagramData" Target="../diagrams/data1.xml"/>'
        '<Rel Id="c" Type="x/chart" Target="../charts/chart1.xml"/>'
        '<Rel Id="m" Type="x/comments" Target="../comments/comment1.xml"/></R>',
        "ppt/diagrams/data1.xml": "<data><p><r><t>In the diagram</t></r></p></data>",
        "ppt/charts/chart1.xml": "<chart><v>Grade 5</v><v>12.5</v></chart>",
        "ppt/comments/comment1.xml": "<cm><text>Well said</text></cm>",
    }

    text = read_here(zip_file(dict(base)), "x.pptx").text

    assert text == "Plain words\nmore\nIn the diagram\nGrade 5\nWell said"


def test_workbook_gives_rows_with_tabs_and_values_as_people_read_them() -> None:
    rows: list[list[object]] = [
        ["Programme of inquiry"],
        ["Grade", "Start", "Share", "Done"],
        [5, dt.date(2026, 9, 1), 0.25, True],
        [6, dt.datetime(2026, 9, 1, 8, 30), 3.0, None],  # noqa: DTZ001 -- Excel knows no zones
    ]

    reading = read_here(xlsx_file({"Units 2026": rows, "Empty": []}), "x.xlsx")

    assert reading.title == "Programme of inquiry"
    assert reading.facts["sheets"] == ["Units 2026", "Empty"]
    assert reading.headings == ("Units 2026", "Empty")
    assert reading.text.split("\n")[1:] == [
        "Grade\tStart\tShare\tDone",
        "5\t2026-09-01\t0.25\tTRUE",
        "6\t2026-09-01T08:30:00\t3",
    ]


def test_names_of_columns_are_no_title() -> None:
    assert read_here(xlsx_file({"A": [["Grade", "Unit"], [1, "x"]]}), "x.xlsx").title == ""


def test_title_of_a_workbook_comes_from_its_properties_first() -> None:
    workbook = openpyxl.Workbook()
    workbook.properties.title = "Calendar of deadlines"
    workbook.worksheets[0]["A1"] = "Something"

    assert read_here(saved(workbook.save), "x.xlsx").title == "Calendar of deadlines"


def test_open_document_text_gives_headings_lists_tables_and_margins() -> None:
    body = (
        '<text:h>Why the library matters</text:h><text:p>Two<text:s text:c="2"/>words<text:tab/>and'
        "<text:line-break/>a line<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>noted"
        "</text:p></text:note-body></text:note></text:p><text:tracked-changes><text:p>deleted</text:p>"
        "</text:tracked-changes><table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>"
        "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
    )
    meta = (
        "<dc:title>Ignored</dc:title><dc:creator>Somebody</dc:creator><dc:date>2026-02-03T10:00:00.123</dc:date>"
        "<meta:creation-date>2026-01-02T10:00:00</meta:creation-date><dc:language>fr-FR</dc:language>"
        '<meta:document-statistic meta:page-count="3"/>'
    )
    styles = "<style:header><text:p>In the header</text:p></style:header>"

    reading = read_here(odf_file("text", body, meta=meta, styles=styles), "x.odt")

    assert reading.title == "Why the library matters"
    assert reading.pages == 3
    assert reading.facts == {"modified": "2026-02-03T10:00:00", "created": "2026-01-02T10:00:00"}
    assert "Two words\tand\na line\nnoted" in reading.text
    assert "a\tb" in reading.text
    assert reading.text.endswith("In the header")
    assert "deleted" not in reading.text


def test_title_style_of_open_document_is_the_title() -> None:
    body = '<text:p text:style-name="Title">Our policy</text:p><text:h>First</text:h>'

    assert read_here(odf_file("text", body), "x.odt").title == "Our policy"


def test_declared_language_counts_where_the_text_is_too_short() -> None:
    content = odf_file("text", "<text:p>Bonjour</text:p>", meta="<dc:language>fr-FR</dc:language>")

    assert read_here(content, "x.odt").language == "fr"


def test_open_document_sheets_and_slides() -> None:
    sheet = (
        '<table:table table:name="Units"><table:table-row><table:table-cell><text:p>Grade</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row></table:table>'
    )
    slides = (
        '<draw:page draw:master-page-name="m"><draw:frame presentation:class="title"><draw:text-box><text:p>Welcome'
        "</text:p></draw:text-box></draw:frame></draw:page>"
        '<draw:page draw:master-page-name="m"><text:p>Second</text:p></draw:page>'
    )

    workbook = read_here(odf_file("spreadsheet", sheet), "x.ods")
    presentation = read_here(odf_file("presentation", slides), "x.odp")

    assert workbook.text == "Grade"
    assert workbook.facts["sheets"] == ["Units"]
    assert presentation.pages == 2
    assert presentation.title == "Welcome"
    assert presentation.text[presentation.page_starts[1] :] == "Second"
