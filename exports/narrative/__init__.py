"""Markdown in, blocks out: once for all formats, with every problem named by line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import markdown

from exports.blocks import Block, Cite, Paragraph, Text
from exports.model import Exhibit
from exports.narrative.guard import MAX_LENGTH, guard
from exports.narrative.inline import plain_text
from exports.narrative.links import safe_url
from exports.narrative.walk import Walker
from exports.text import clean_text

__all__ = ["Fault", "Narrative", "parse_narrative", "plain_text", "safe_url"]

MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem of one text: its stable code, its line from 1 (0: unknown), and the words it is about."""

    code: str
    line: int
    snippet: str = ""


@dataclass(frozen=True, slots=True)
class Narrative:
    """A text as blocks, with its faults in the order of their lines, at most fifty."""

    blocks: tuple[Block, ...]
    faults: tuple[Fault, ...]


def parse_narrative(
    text: str,
    exhibits: Mapping[str, Exhibit],
    cite: Callable[[str], Cite] = Cite,
    top_level: int = 4,
    about: str = "",
) -> Narrative:
    """The blocks of a Markdown text; never raises, whatever the text.

    `exhibits` are those that may be cited, `cite` makes the citation of one. The highest heading of the text gets
    `top_level`, deeper ones follow without a jump, down to level 5. `about` describes its tables to who cannot see
    them.
    """
    text = clean_text(text)
    if len(text) > MAX_LENGTH:
        return Narrative(_as_written(text), (Fault("too-long", 0, str(MAX_LENGTH)),))
    guarded = guard(text)
    walker = Walker(exhibits, cite, guarded.stash, top_level, about)
    try:
        blocks = walker.walk(_parse(guarded.text))
    except RecursionError:
        return Narrative(_as_written(text), (Fault("too-deep", 0),))
    faults = [Fault("too-dense", line) for line in guarded.dense[:MOST_FAULTS]]
    faults += [Fault("too-deep", line) for line in guarded.deep[:MOST_FAULTS]]
    places = _Places(text)
    faults += [Fault(t.code, places.line(t.snippet), t.snippet) for t in walker.trouble[:MOST_FAULTS]]
    return Narrative(blocks, tuple(sorted(faults, key=lambda f: (f.line, f.code))[:MOST_FAULTS]))


def _parse(text: str) -> Element:
    """The parser's tree of a text, with raw HTML left as text."""
    md = markdown.Markdown(extensions=["tables", "footnotes", "sane_lists"])
    md.preprocessors.deregister("html_block")
    for name in ("html", "entity", "automail"):
        md.inlinePatterns.deregister(name)
    for name in ("prettify", "footnote-duplicate"):
        md.treeprocessors.deregister(name)
    lines = text.split("\n")
    for preprocessor in md.preprocessors:
        lines = preprocessor.run(lines)
    root = md.parser.parseDocument(lines).getroot()
    assert root is not None
    for processor in md.treeprocessors:
        changed = processor.run(root)
        root = changed if changed is not None else root
    assert isinstance(root, Element)
    return root


def _as_written(text: str) -> tuple[Block, ...]:
    """A text that cannot be parsed, as plain paragraphs: nothing the writer wrote is lost."""
    passages = (" ".join(passage.split()) for passage in text.split("\n\n"))
    return tuple(Paragraph("BodyText", (Text(passage),)) for passage in passages if passage)


class _Places:
    """Finds the line of each snippet: the second time a snippet is asked for, its second place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.after: dict[str, int] = {}

    def line(self, snippet: str) -> int:
        at = self.text.find(snippet, self.after.get(snippet, 0)) if snippet else -1
        if at < 0:
            return 0
        self.after[snippet] = at + len(snippet)
        return self.text.count("\n", 0, at) + 1
