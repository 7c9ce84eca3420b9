"""LibreOffice opens what we write, and tells the page numbers."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest

from exports import can_paginate, check_docx, paginate, write_paginated
from exports.docx_writer import write_docx
from exports.docx_writer.package import open_package
from exports.docx_writer.pagination import to_pdf
from tests.exports.factory import Bytes, edition
from tests.exports.sample import sample_report

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
office = pytest.mark.office


def docx(language: str = "en", document: str = "self-study") -> bytes:
    store = Bytes()
    report = sample_report(store, language)
    out = io.BytesIO()
    write_docx(report, edition(report), out, open_exhibit=store.open, document=document)
    return out.getvalue()


def ask(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@office
@pytest.mark.parametrize(("language", "document"), [("en", "self-study"), ("fr", "self-study"), ("it", "action-plan")])
def test_libreoffice_opens_it_with_language_and_links(tmp_path: Path, language: str, document: str) -> None:
    pdf = to_pdf(docx(language, document), tmp_path)
    assert pdf is not None
    text = ask("pdftotext", str(pdf), "-")
    assert "Valdoria International School" in text
    assert "E-P-01" in text
    assert "\ufffd" not in text
    assert b"/Link" in pdf.read_bytes()


@office
def test_the_paginated_edition_has_the_numbers_a_reader_finds() -> None:
    store = Bytes()
    report = sample_report(store)
    out = io.BytesIO()
    write_paginated(report, edition(report), out, open_exhibit=store.open)
    assert check_docx(out.getvalue()) == []
    pages = paginate(out.getvalue())
    assert pages
    root = open_package(out.getvalue()).xml["word/document.xml"]
    entry = next(p for p in root.iter(W + "p") if "PAGEREF _Toc00004" in "".join(str(t) for t in p.itertext()))
    assert "".join(t.text or "" for t in entry.iter(W + "t")).endswith(str(pages["_Toc00004"]))


def test_without_libreoffice_there_are_no_page_numbers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not can_paginate()
    assert paginate(b"x") is None
    store = Bytes()
    report = sample_report(store)
    out, plain = io.BytesIO(), io.BytesIO()
    write_paginated(report, edition(report), out, open_exhibit=store.open)
    write_docx(report, edition(report), plain, open_exhibit=store.open)
    assert out.getvalue() == plain.getvalue()


@pytest.mark.parametrize("soffice", ["#!/bin/sh\nexit 1\n", "#!/bin/sh\nexit 0\n"], ids=["fails", "writes nothing"])
def test_a_libreoffice_that_does_not_work_is_as_good_as_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, soffice: str
) -> None:
    (tmp_path / "soffice").write_text(soffice)
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert paginate(docx()) is None


def test_a_pdf_nobody_can_read_gives_no_numbers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = '#!/bin/sh\nfor last; do :; done\necho x > "${last%.docx}.pdf"\n'
    (tmp_path / "soffice").write_text(script)
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    assert paginate(docx()) is None
