from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from exports import (
    LANGUAGES,
    WRITERS,
    Category,
    Cover,
    Edition,
    Exhibit,
    Practice,
    Report,
    Response,
    Standard,
    narrative_html,
    report_fragments,
)
from tests.exports.awkward import TEXTS
from tests.exports.factory import Bytes, edition
from tests.exports.large import large_report
from tests.exports.sample import sample_report

VOID = {"meta", "img", "br", "hr"}


class Page(HTMLParser):
    """Reads a page strictly: every element closed in order, ids and links noted, all text kept."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.links: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.levels: list[int] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        for name, value in attrs:
            self.attributes.add(name)
            if name == "id":
                self.ids[value or ""] += 1
            if name in ("href", "src"):
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.words.append(data)


def page(report: Report, store: Bytes | None = None, **more: object) -> tuple[Page, str]:
    out = io.BytesIO()
    opener = store.open if store else None
    WRITERS["html"].write(report, edition(report), out, open_exhibit=opener, **more)  # type: ignore[arg-type]
    html = out.getvalue().decode()
    return Page(html), html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", ["self-study", "action-plan"])
def test_the_page_is_well_formed_and_every_link_in_it_leads_somewhere(
    store: Bytes, language: str, document: str
) -> None:
    read, html = page(sample_report(store, language), store, document=document)
    assert [name for name, count in read.ids.items() if count > 1] == []
    assert [link for link in read.links if link.startswith("#") and link[1:] not in read.ids] == []
    assert f'<html lang="{language}-' in html


def test_the_page_needs_nothing_else_and_runs_nothing(report: Report, store: Bytes) -> None:
    read, html = page(report, store)
    assert "default-src 'none'" in html
    assert read.tags["script"] == 0
    assert not {name for name in read.attributes if name == "style" or name.startswith("on")}
    assert [src for src in read.links if src.startswith(("//", "http://"))] == []
    assert html.count("data:image/png;base64,") == 2


def test_headings_never_jump(report: Report, store: Bytes) -> None:
    read, _ = page(report, store)
    levels = read.levels
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_page_says_what_the_document_says(report: Report, store: Bytes) -> None:
    read, _ = page(report, store)
    text = " ".join(" ".join(read.words).split())
    for part in ("Children helped to write two policies.", "signed this edition in the system", "Asked of T. Okafor"):
        assert part in text


@pytest.mark.parametrize("name", TEXTS)
def test_awkward_text_is_escaped_everywhere(store: Bytes, name: str) -> None:
    text = TEXTS[name]
    response = Response(programme="DP", narrative=text, strengths=text, lead=text)
    practice = Practice(code="0301-02", name=text, summary=text, responses=(response,))
    standard = Standard(code="0301", name=text, practices=(practice,))
    report = replace(
        sample_report(store),
        cover=Cover(school=text, title=text, place=text),
        categories=(Category(code="03", name=text, lead=text, standards=(standard,)),),
        exhibits=(Exhibit(number="E-0301-02-01", title=text, kind=text, url=f"javascript:{text}"),),
    )
    read, html = page(report)
    assert read.tags["b"] == 0
    assert "javascript:" not in "".join(read.links)
    html.encode()


def test_an_exhibit_with_a_harmful_address_is_printed_without_it(store: Bytes) -> None:
    report = sample_report(store)
    bad = replace(report, exhibits=(Exhibit(number="E-0404-01-02", title="t", url="javascript:alert(1)"),))
    read, _ = page(bad)
    assert not [link for link in read.links if "javascript" in link]


def test_the_same_input_gives_the_same_bytes(report: Report, store: Bytes) -> None:
    assert page(report, store)[1] == page(report, store)[1]


def test_a_picture_nobody_can_open_is_told(report: Report) -> None:
    out = io.BytesIO()
    result = WRITERS["html"].write(report, edition(report), out)
    assert {p.code for p in result.problems} == {"picture-unreadable"}
    assert "Ground floor: the support room lies in the middle" in out.getvalue().decode()


# -- fragments
def test_fragments_are_one_for_each_chapter_standard_and_practice(report: Report) -> None:
    found = [(f.level, f.anchor, f.code, f.title) for f in report_fragments(report, edition(report))]
    assert found[:2] == [(1, "control", "", "Document control"), (1, "how-to-read", "", "How to read this report")]
    assert (1, "P_03", "Category 03", "Culture") in found
    assert (2, "P_0301", "Standard 0301", "Culture through policy implementation") in found
    assert (3, "P_0301_02", "0301-02", "Inclusion policy") in found
    assert found[-1] == (1, "words", "Appendix D", "Words and abbreviations")


def test_fragments_are_well_formed_and_lead_to_each_other(report: Report) -> None:
    fragments = report_fragments(report, edition(report), section_url=lambda anchor: f"/s/x/{anchor}")
    home = {anchor: f.anchor for f in fragments for anchor in f.anchors}
    for fragment in fragments:
        read = Page(fragment.html)
        assert read.levels[:1] in ([], [2])
        assert {i for i in read.ids if i.startswith(("E_", "X_", "C_", "P_", "A_"))} <= set(fragment.anchors)
        for link in read.links:
            if link.startswith("/s/x/"):
                section, _, anchor = link.removeprefix("/s/x/").partition("#")
                assert home[anchor] == section
            else:
                assert link.startswith(("https://", "exhibits/", "#fn"))


def test_citations_in_a_fragment_open_the_exhibit_beside_the_text(report: Report) -> None:
    fragments = report_fragments(report, exhibit_url=lambda number: f"?exhibit={number}")
    practice = next(f for f in fragments if f.anchor == "P_0301_02")
    assert 'class="cite" id="C_0301_02_01_1" href="?exhibit=E-0301-02-01" data-exhibit="E-0301-02-01"' in practice.html
    assert practice.exhibits[:2] == ("E-0301-02-01", "E-0301-02-02")


def test_pictures_in_a_fragment_come_from_the_address_given(report: Report) -> None:
    with_pictures = report_fragments(report, picture_url=lambda sha256: f"/p/{sha256}")
    practice = next(f for f in with_pictures if f.anchor == "P_0301_02")
    assert '<img src="/p/' in practice.html
    without = next(f for f in report_fragments(report) if f.anchor == "P_0301_02")
    assert "<img" not in without.html


def test_footnote_numbers_go_on_through_the_fragments(report: Report) -> None:
    ids = Counter(i for f in report_fragments(report) for i in Page(f.html).ids if i.startswith("fn"))
    assert ids
    assert set(ids.values()) == {1}


def test_a_large_report_has_fragments_for_all_its_practices() -> None:
    report = large_report(practices=41, exhibits=200, citations=60)
    assert sum(f.level == 3 for f in report_fragments(report, Edition())) == 41


def test_templates_print_a_fragment_as_it_is(report: Report) -> None:
    from markupsafe import escape

    fragment = report_fragments(report)[0]
    assert escape(fragment.html) == fragment.html
    assert escape(narrative_html("*a* <b>", {})[0]) == "<p><em>a</em> &lt;b&gt;</p>"


# -- preview
def test_the_preview_is_safe_html_with_problems() -> None:
    known = {"E-0301-02-01": Exhibit(number="E-0301-02-01", title="t")}
    html, problems = narrative_html(
        "# A\n\n<script>x</script> [[E-0301-02-01]] [[E-0301-02-09]]\n\n## B", known, where="0301-02", programme="DP",
        exhibit_url=lambda number: f"/e/{number}",
    )  # fmt: skip
    read = Page(html)
    assert read.levels == [2, 3]
    assert read.tags["script"] == 0
    assert "/e/E-0301-02-01" in read.links
    assert [(p.code, p.line, p.where, p.programme) for p in problems] == [
        ("raw-html", 3, "0301-02", "DP"),
        ("raw-html", 3, "0301-02", "DP"),
        ("unknown-exhibit", 3, "0301-02", "DP"),
    ]


def test_the_preview_shows_every_kind_of_block() -> None:
    known = {"E-0301-02-04": Exhibit(number="E-0301-02-04", title="Plan", media_type="image/png", sha256="ab")}
    text = "> q\n>\n> — s\n\n---\n\n```\nc\n```\n\n3. a\n    - b\n\n        c\n\n![x](E-0301-02-04)\n\n"
    text += "a[^1]  \nb\n\n[^1]: n\n"
    text += "\n|a|b|\n|-|-|\n|1|2|\n\n- # head\n- ```\n  code\n  ```\n\n***both*** [l](https://a.example) 0301-02\n"
    html, problems = narrative_html(text, known, picture_url=lambda sha256: f"/p/{sha256}")
    assert problems == ()
    read = Page(html)
    for tag in ("blockquote", "footer", "hr", "pre", "ol", "ul", "img", "figcaption", "sup", "table", "strong", "em"):
        assert read.tags[tag], tag
    assert '<ol start="3">' in html
