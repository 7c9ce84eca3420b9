"""Shortcuts become links: the address is taken from each kind of them, and nothing else is."""

from __future__ import annotations

import io
import plistlib

import pytest

from evidence_app.domain.intake.shortcuts import MOST_BYTES, address_in, is_shortcut

PAGE = "https://docs.google.com/document/d/1a_B-c/edit"


@pytest.mark.parametrize(
    ("name", "content", "address"),
    [
        (
            "a.url",
            b"[InternetShortcut]\r\nURL=https://school.example/a?b=c\r\nIconIndex=0\r\n",
            "https://school.example/a?b=c",
        ),
        ("a.URL", "\ufeff[InternetShortcut]\nurl = http://school.example/\n".encode(), "http://school.example/"),
        ("a.desktop", b"[Desktop Entry]\nType=Link\nURL=https://school.example/d\n", "https://school.example/d"),
        ("a.webloc", plistlib.dumps({"URL": PAGE}), PAGE),
        ("a.webloc", plistlib.dumps({"URL": PAGE}, fmt=plistlib.FMT_BINARY), PAGE),
        ("Plan.gdoc", b'{"url": "https://docs.google.com/document/d/1a_B-c/edit", "doc_id": "x"}', PAGE),
        (
            "Plan.gsheet",
            b'{"doc_id": "1a_B-c", "email": "a@school.example"}',
            "https://drive.google.com/open?id=1a_B-c",
        ),
    ],
)
def test_the_address_is_found(name: str, content: bytes, address: str) -> None:
    assert is_shortcut(name, len(content))
    assert address_in(name, io.BytesIO(content)) == address


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.url", b"[InternetShortcut]\nURL=file:///C:/Users/anna/plan.docx\n"),
        ("a.url", b"[InternetShortcut]\nURL=javascript:alert(1)\n"),
        ("a.url", b"\x00\xff\x00nothing"),
        ("a.webloc", b"not a list of properties"),
        ("a.webloc", b'<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY x "https://e.example">]><plist><dict><key>URL</key>'
                     b"<string>&x;</string></dict></plist>"),
        ("a.webloc", plistlib.dumps(["https://school.example"])),
        ("a.webloc", b"<plist><date>abc</date></plist>"),
        ("a.webloc", b"<plist><key>a</key></plist>"),
        ("a.webloc", plistlib.dumps({"URL": ["https://school.example"]}, fmt=plistlib.FMT_BINARY)),
        ("a.url", b"\n" * MOST_BYTES),
        ("a.gdoc", b"{"),
        ("a.gdoc", b'{"url": ["https://school.example"]}'),
        ("a.gdoc", b"[1]"),
        ("a.gdoc", b'{"doc_id": "../x"}'),
        ("a.gdoc", b"{}"),
    ],
)  # fmt: skip
def test_what_leads_to_no_page_gives_nothing(name: str, content: bytes) -> None:
    assert address_in(name, io.BytesIO(content)) == ""


def test_only_small_files_with_such_an_ending_are_shortcuts() -> None:
    assert not is_shortcut("a.txt", 10)
    assert not is_shortcut("a.url", MOST_BYTES + 1)
