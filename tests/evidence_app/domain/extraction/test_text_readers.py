"""HTML, Markdown, plain text, CSV, RTF, XML and messages."""

from __future__ import annotations

import pytest

from evidence_app.domain.extraction.decode import decode
from evidence_app.domain.extraction.reading import ReadingState
from tests.evidence_app.domain.extraction.making import ENGLISH, SENTENCES, read_here

PAGE = """<!DOCTYPE html><html lang="fr"><head><title>MYP | Our school</title><style>p {color: red}</style></head><body>
<nav>Home Contact</nav><div hidden>secret</div><div aria-hidden="true">icon</div><div role="navigation">menu</div>
<h1>Assessment <em>rules</em></h1><p>First <b>bold</b>
words</p><script>alert(1)</script><ul><li>one</li><li>two</li></ul>
<h2>Details</h2><table><tr><th>Grade</th><th>Unit</th></tr><tr><td>5</td><td>Water</td></tr></table>
<form><button>Send</button><select><option>Pick</option></select></form>last words</body></html>"""


def test_page_gives_what_a_person_reads() -> None:
    reading = read_here(PAGE.encode(), "page.html")

    assert reading.text == ("Assessment rules\nFirst bold words\none\ntwo\nDetails\nGrade\tUnit\n5\tWater\nlast words")
    assert reading.title == "Assessment rules"
    assert reading.headings == ("Assessment rules", "Details")


def test_page_title_stands_where_there_is_no_heading() -> None:
    assert read_here(b"<html><title>Unit planning</title><p>words</p>", "x.html").title == "Unit planning"
    assert read_here(b"<html><title>index</title><h2>Real heading</h2>", "x.html").title == "Real heading"
    assert read_here(b"<html><title>index</title><p>Only a line</p>", "x.html").title == "Only a line"


def test_declared_language_of_a_page_counts_where_the_text_is_short() -> None:
    assert read_here(b'<html lang="fr"><p>Bonjour</p>', "x.html").language == "fr"


@pytest.mark.parametrize("raw", [b"<html></html>", b"<!DOCTYPE html>", b"<html><script>only</script>"])
def test_page_without_words_has_no_text(raw: bytes) -> None:
    assert read_here(raw, "x.html").state is ReadingState.NO_TEXT


def test_markdown_is_read_without_its_marks() -> None:
    text = '---\ntitle: "Role description"\n---\n'
    text += "# Coordinator\n\nLeads **the team** and [plans](https://x.org).\n\n- one\n"

    reading = read_here(text.encode(), "role.md")

    assert reading.title == "Role description"
    assert reading.headings == ("Coordinator",)
    assert reading.text == "Coordinator\nLeads the team and plans.\none"


def test_first_heading_is_the_title_of_markdown_without_front_matter() -> None:
    assert read_here(b"# Tronc commun\n\ntexte", "x.md").title == "Tronc commun"


def test_very_long_markdown_is_read_as_it_stands() -> None:
    text = "# Long\n\n" + "*word* " * 200_000

    assert read_here(text.encode(), "x.md").text.startswith("# Long\n\n*word* *word*")


def test_plain_text_gives_title_and_headings() -> None:
    text = f"Complaints procedure\n\n{ENGLISH}\n\nWho answers\n\n{ENGLISH}\n"

    reading = read_here(text.encode(), "x.txt")

    assert reading.title == "Complaints procedure"
    assert reading.headings == ("Complaints procedure", "Who answers")
    assert reading.language == "en"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
def test_text_is_read_in_any_usual_encoding(encoding: str) -> None:
    assert read_here(SENTENCES["fr"].encode(encoding), "x.txt").text == SENTENCES["fr"]


def test_declared_encoding_is_used_where_the_bytes_do_not_say() -> None:
    assert decode("Привет, школа".encode("cp1251"), "windows-1251") == "Привет, школа"
    assert decode("déjà".encode("latin-1"), "iso-8859-1") == "déjà"
    assert decode("déjà".encode("cp1252"), "rot13") == "déjà"
    assert decode("déjà".encode("cp1252"), "no such") == "déjà"
    assert decode("déjà".encode("cp1252"), "x\x00y") == "déjà"


def test_one_bad_byte_far_inside_does_not_change_the_encoding() -> None:
    raw = "é".encode() * 8000 + b"\xff" + "é".encode()

    assert decode(raw) == "é" * 8000 + "\ufffd" + "é"
    assert decode("école é".encode()[:-1]) == "école \ufffd"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_table_is_read_by_rows_whatever_divides_its_cells(delimiter: str) -> None:
    rows = [["Name", "Role"], ["Ana", "teacher"], ["Bo", "head"]]
    raw = "\n".join(delimiter.join(row) for row in rows)

    reading = read_here(raw.encode(), "x.csv")

    assert reading.text == "Name\tRole\nAna\tteacher\nBo\thead"
    assert reading.headings == ("Name", "Role")
    assert reading.title == ""


def test_quoted_cells_and_nul_bytes_do_not_stop_a_table() -> None:
    assert read_here(b'a,"b ""c"", d"\n1,2\x00\n', "x.csv").text == 'a\tb "c", d\n1\t2'
    assert read_here(b"one\ntwo;three\n", "x.csv").text == "one\ntwo\tthree"


def test_rich_text_gives_words_title_and_date() -> None:
    raw = (
        rb"{\rtf1\ansi\ansicpg1252{\info{\title Politique d'\'e9valuation}{\creatim\yr2025\mo3\dy4}}"
        rb"{\pict " + b"0a" * 3000 + rb"}\b Assessment\b0\par Words with \'e9 and \u8364?.\par}"
    )

    reading = read_here(raw, "x.rtf")

    assert reading.title == "Politique d'évaluation"
    assert reading.facts == {"created": "2025-03-04"}
    assert "Words with é and €." in reading.text
    assert "0a0a" not in reading.text


def test_rich_text_without_title_takes_its_first_line() -> None:
    assert read_here(rb"{\rtf1 Minutes of June\par and the rest.}", "x.rtf").title == "Minutes of June"


def test_words_of_xml_and_drawings_are_read() -> None:
    assert (
        read_here(b"<?xml version='1.0'?><a><title>T</title>one<b>two</b>three</a>", "x.xml").text
        == "T\none\ntwo\nthree"
    )
    drawing = read_here(b"<svg xmlns='x'><title>Plan</title><style>s</style><text>Library</text></svg>", "x.svg")
    assert (drawing.title, drawing.text) == ("Plan", "Plan\nLibrary")


def test_broken_xml_is_read_as_text_with_a_warning() -> None:
    reading = read_here(b"<?xml version='1.0'?><a>words &undeclared; <b>more</a>", "x.xml")

    assert reading.state is ReadingState.TEXT_FOUND
    assert [warning.code for warning in reading.warnings] == ["xml-broken"]
    assert "words &undeclared; more" in reading.text


def test_empty_file_says_so() -> None:
    reading = read_here(b"", "x.txt")

    assert reading.state is ReadingState.NO_TEXT
    assert [warning.code for warning in reading.warnings] == ["empty"]


def test_text_past_the_limit_is_cut_with_a_warning() -> None:
    reading = read_here(b"word " * 2_000_000, "x.txt")

    assert len(reading.text.encode()) <= 5 * 1024 * 1024
    assert [warning.code for warning in reading.warnings] == ["text-cut"]
    assert reading.state is ReadingState.TEXT_FOUND
