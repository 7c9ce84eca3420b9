"""Markdown becomes blocks that hold no markup of their own, whatever was written (S21, S28)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports import Exhibit
from exports.blocks import (
    Block,
    Break,
    Cite,
    Code,
    CodeBlock,
    Divider,
    Figure,
    Heading,
    ItemList,
    Link,
    Note,
    Paragraph,
    Quote,
    Table,
    Text,
)
from exports.composition import pieces_of
from exports.narrative import Fault, Narrative, parse_narrative, plain_text
from tests.exports.awkward import TEXTS
from tests.exports.factory import NARRATIVE

KNOWN = {
    "E-0301-02-01": Exhibit(number="E-0301-02-01", title="Inclusion policy", media_type="application/pdf", sha256="a"),
    "E-0301-02-04": Exhibit(number="E-0301-02-04", title="Plan", media_type="image/png", sha256="b"),
}


def read(text: str, top_level: int = 4) -> Narrative:
    return parse_narrative(text, KNOWN, top_level=top_level)


def words(blocks: tuple[Block, ...]) -> str:
    """Everything a reader sees, in order."""
    out = []
    for block in blocks:
        if isinstance(block, Heading):
            out.append(block.title)
        elif isinstance(block, CodeBlock):
            out.append(block.text)
        out += [p.text for p in pieces_of(block) if isinstance(p, Text | Code)]
        if isinstance(block, ItemList):
            out += [b.text for item in block.items for b in item if isinstance(b, CodeBlock)]
    return " ".join(out)


def test_a_paragraph_keeps_emphasis_links_code_and_citations() -> None:
    (block,) = read("A *b* **c** ***d*** `e < f` [g](https://a.example) [[E-0301-02-01]] 0301-02.").blocks
    assert isinstance(block, Paragraph)
    assert Text("b", "Emphasis") in block.content
    assert Text("c", "Strong") in block.content
    assert Text("d", "StrongEmphasis") in block.content
    assert Text("e < f", "InlineCode") in block.content
    assert Link("https://a.example", (Text("g"),)) in block.content
    assert Cite("E-0301-02-01") in block.content
    assert Code("0301-02") in block.content


def test_bare_addresses_and_hard_line_ends() -> None:
    (block,) = read("See https://a.example/x.  \nNext <https://b.example>").blocks
    assert isinstance(block, Paragraph)
    assert [p.url for p in block.content if isinstance(p, Link)] == ["https://a.example/x", "https://b.example"]
    assert Break() in block.content


def test_headings_begin_at_the_level_given_and_never_jump() -> None:
    levels = [b.level for b in read("### a\n\n###### b\n\n# c\n\n## d\n\n### e").blocks if isinstance(b, Heading)]
    assert levels == [4, 5, 4, 5, 5]
    levels = [b.level for b in read("# a\n\n### b\n\ntext\n\n## c", top_level=2).blocks if isinstance(b, Heading)]
    assert levels == [2, 3, 3]


def test_lists_nest_and_keep_their_beginning() -> None:
    (block,) = read("3. a\n4. b\n    - c\n\n        more of c\n\n    - d\n").blocks
    assert isinstance(block, ItemList)
    assert (block.ordered, block.start) == (True, 3)
    inner = block.items[1][1]
    assert isinstance(inner, ItemList)
    assert not inner.ordered
    assert [len(item) for item in inner.items] == [2, 1]


def test_a_heading_in_a_list_becomes_a_strong_line() -> None:
    (block,) = read("- # a\n- b").blocks
    assert isinstance(block, ItemList)
    assert block.items[0] == (Paragraph("BodyText", (Text("a", "Strong"),)),)


def test_a_table_has_heads_and_padded_rows() -> None:
    (block,) = read("| a | b |\n| --- | ---: |\n| 1 | 2 [[E-0301-02-01]] |\n| 3 |").blocks
    assert isinstance(block, Table)
    assert [c.head for c in block.columns] == ["a", "b"]
    assert [c.look for c in block.columns] == ["TableHead", "TableFigureHead"]
    assert [len(row) for row in block.rows] == [2, 2]
    assert block.inset
    assert block.title == "a, b"


def test_a_table_too_wide_for_a_page_keeps_its_words() -> None:
    head, rule, row = (f"|{'|'.join(cell.format(n) for n in range(20))}|" for cell in ("h{}", "---", "c{}"))
    (block,) = read(f"{head}\n{rule}\n{row}").blocks
    assert isinstance(block, Table)
    assert len(block.columns) == 12
    assert block.columns[-1].head.endswith("| h19")
    assert "c19" in words((block,))


def test_a_quotation_may_name_its_source() -> None:
    (block,) = read("> Said *so*.\n>\n> — Student in year 8").blocks
    assert isinstance(block, Quote)
    assert block.source == (Text("Student in year 8"),)
    (block,) = read("> — alone").blocks
    assert isinstance(block, Quote)
    assert block.source == ()


def test_code_is_kept_as_it_was_written() -> None:
    blocks = read("```python\nif a < b & c:\n\n    *x* [[E-1]]\n```\n\n    <indented>\n").blocks
    assert [b.text for b in blocks if isinstance(b, CodeBlock)] == ["if a < b & c:\n\n    *x* [[E-1]]", "<indented>"]
    assert read("```\nnever closed").blocks == (CodeBlock("never closed"),)
    (block,) = read("- item\n\n    ```\n    in list\n    ```\n").blocks
    assert isinstance(block, ItemList)
    assert CodeBlock("in list") in block.items[0]
    (block,) = read("- ```\n  at once\n  ```\n- b").blocks
    assert isinstance(block, ItemList)
    assert block.items[0] == (CodeBlock("at once"),)


def test_a_rule_is_a_pause() -> None:
    assert read("a\n\n---\n\nb").blocks[1] == Divider()


def test_footnotes_hold_their_words_and_end_even_if_they_name_themselves() -> None:
    blocks = read("a[^1] b[^1] c[^2]\n\n[^1]: One *two*.\n[^2]: See[^2] [[E-0301-02-01]].").blocks
    notes = [p for b in blocks for p in pieces_of(b) if isinstance(p, Note)]
    assert [plain_text(n.content) for n in notes] == ["One two.", "One two.", "See E-0301-02-01."]


def test_a_picture_is_an_exhibit_with_words_and_caption() -> None:
    blocks = read('before ![seen](E-0301-02-04 "Ground floor") after').blocks
    assert [type(b) for b in blocks] == [Paragraph, Figure, Paragraph]
    figure = blocks[1]
    assert isinstance(figure, Figure)
    assert (figure.sha256, figure.alt, figure.number) == ("b", "seen", "E-0301-02-04")
    assert figure.caption == (Text("Ground floor"), Text(" "), Cite("E-0301-02-04"))


def test_a_picture_where_none_can_stand_is_cited() -> None:
    (block,) = read("| a |\n| --- |\n| ![x](E-0301-02-04) |").blocks
    assert Cite("E-0301-02-04") in list(pieces_of(block))


def test_a_link_to_an_exhibit_cites_it() -> None:
    (block,) = read("[the policy](E-0301-02-01)").blocks
    assert list(pieces_of(block)) == [Text("the policy"), Text(" "), Cite("E-0301-02-01")]


def test_every_fault_is_named_with_its_line() -> None:
    text = (
        "fine\n\n[[E-9999-01-01]] and <b>bold</b>\n\n[a](javascript:alert(1))\n\n![x](https://a.example/p.png)\n\n"
        "again [[E-9999-01-01]]\n\n![y](E-0301-02-01)\n\nnote[^gone]\n"
    )
    assert read(text).faults == (
        Fault("raw-html", 3, "<b>"),
        Fault("raw-html", 3, "</b>"),
        Fault("unknown-exhibit", 3, "[[E-9999-01-01]]"),
        Fault("broken-link", 5, "javascript:alert(1)"),
        Fault("not-a-picture", 7, "https://a.example/p.png"),
        Fault("unknown-exhibit", 9, "[[E-9999-01-01]]"),
        Fault("not-a-picture", 11, "E-0301-02-01"),
        Fault("unknown-footnote", 13, "[^gone]"),
    )


def test_raw_html_is_text() -> None:
    blocks = read("<script>alert(1)</script>\n\n<div>\n\n*a*\n\n</div>\n\n&lt;i&gt; &amp; &nbsp;").blocks
    shown = words(blocks)
    assert "<script>alert(1)</script>" in shown
    assert "<div>" in shown
    assert "<i> &" in shown


def test_what_was_written_is_not_lost_when_it_is_too_long_too_deep_or_too_dense() -> None:
    long = read("word " * 100_000)
    assert [f.code for f in long.faults] == ["too-long"]
    assert words(long.blocks).count("word") == 100_000
    dense = read("plain\n\n" + "[x](" * 30_000 + "end")
    assert [(f.code, f.line) for f in dense.faults] == [("too-dense", 3)]
    assert "end" in words(dense.blocks)
    deep = read("\n".join(" " * (4 * n) + f"- level{n}" for n in range(60)))
    assert {f.code for f in deep.faults} == {"too-deep"}
    assert all(f"level{n}" in words(deep.blocks) for n in range(60))
    quoted = read("> " * 50 + "inner")
    assert [f.code for f in quoted.faults] == ["too-deep"]
    assert "inner" in words(quoted.blocks)


def test_mixed_nesting_without_end_becomes_plain_text() -> None:
    narrative = read("\n\n".join("  " * n + "> - " * n + "deep" for n in range(200)))
    assert words(narrative.blocks).count("deep") == 200


HOSTILE = {
    "open brackets": "[" * 200_000,
    "images": "![" * 100_000,
    "quotes": ">" * 200_000,
    "half links": "[a](" * 50_000,
    "whole links": "[a](b) " * 28_000,
    "nested brackets": ("[" * 60 + "]" * 60 + " ") * 1_600,
    "reference links": "[x][" * 50_000,
    "angle": "<a " * 66_000,
    "autolinks": "<http://a" * 22_000,
    "backslashes": "\\" * 200_000,
    "ticks": "`a " * 66_000,
    "tick runs": " ".join("`" * n for n in range(600)),
    "stars": "*a **b " * 28_000,
    "underscores": "_" * 200_000,
    "rules": "---\n" * 50_000,
    "footnotes": "[^a]" * 50_000 + "\n\n[^a]: x",
    "lists": "\n".join(" " * (4 * n) + "- a" for n in range(600)),
    "definitions": "\n".join(f"[{n}]: http://a.example/{n}" for n in range(8000)),
    "table": "|a" * 100_000 + "\n" + "|-" * 100_000,
    "setext": "a\n" * 100_000 + "=" * 100,
    "small dense": "\n\n".join(["[" * 2000] * 100),
    "tabs": "\t" * 200_000,
    "tokens": "\ue000code0\ue001" * 1000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_of_200_kb_neither_hangs_nor_raises(name: str) -> None:
    started = time.process_time()
    read(HOSTILE[name])
    assert time.process_time() - started < 2


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab[]()<>!*_`#|-+>\\ \n\t:^&1.~=\x00\ud800é[[E-")), max_size=400))
def test_any_text_gives_blocks(text: str) -> None:
    narrative = read(text)
    for block in narrative.blocks:
        list(pieces_of(block))
    assert all(f.line <= text.count("\n") + text.count("\r") + 1 for f in narrative.faults)


@pytest.mark.parametrize("name", TEXTS)
def test_awkward_words_come_through(name: str) -> None:
    narrative = read(f"before {TEXTS[name]} after")
    shown = words(narrative.blocks)
    assert shown.startswith("before")
    assert shown.rstrip().endswith("after")


def test_the_sample_has_no_fault() -> None:
    known = {f"E-0301-02-0{n}": KNOWN["E-0301-02-04"] for n in range(1, 5)}
    assert parse_narrative(NARRATIVE, known).faults == ()
