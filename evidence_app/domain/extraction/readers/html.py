"""HTML through lxml: what a person reads, without scripts, styles, menus and form controls."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from evidence_app.domain.extraction.decode import decode
from evidence_app.domain.extraction.draft import Draft, Source
from evidence_app.domain.extraction.limits import MAX_XML_BYTES
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.safe_xml import local_name
from evidence_app.domain.extraction.titles import first_strong_line, is_meaningful_title

_NOISE = frozenset(
    {
        "audio", "button", "canvas", "embed", "head", "iframe", "input", "label", "math", "nav", "noscript", "object",
        "option", "script", "select", "style", "svg", "template", "textarea", "video",
    }
)  # fmt: skip
_BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "details", "dialog",
        "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
        "header", "hr", "html", "legend", "li", "main", "ol", "p", "pre", "section", "summary", "table", "tbody",
        "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CELLS = frozenset({"td", "th"})
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:-]{2,40})""", re.IGNORECASE)


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the page; the title is its first h1, else the title of the page."""
    read_markup(source.read_bytes(MAX_XML_BYTES), draft)


def read_markup(raw: bytes, draft: Draft) -> None:
    """The same for markup that stands inside another document."""
    match = _META_CHARSET.search(raw[:4096])
    read_text(decode(raw, match.group(1).decode("ascii") if match else ""), draft)


def read_text(markup: str, draft: Draft) -> None:
    """The same for markup that is decoded already."""
    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    # The text goes in as UTF-8 whatever the page declares, and a lone surrogate has no bytes.
    root = etree.fromstring(markup.encode("utf-8", "replace") or b"<html/>", parser)
    if root is None:
        return
    draft.declared_language = draft.declared_language or str(root.get("lang") or "")[:20]
    page_title = next((one_line("".join(map(str, e.itertext()))) for e in root.iter("title")), "")
    writer = _Writer(draft)
    try:
        writer.write(root)
    finally:
        heading = writer.first_h1 or (page_title if is_meaningful_title(page_title) else "")
        draft.title = draft.title or heading or next(iter(draft.headings), "") or first_strong_line(draft.text.text())


class _Writer:
    """Writes the text of elements, a line for a block, a tab between the cells of a table."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._line: list[str] = []
        self.first_h1 = ""

    def write(self, root: Any) -> None:
        """Write everything below `root`, without recursion: pages nest deeper than Python likes."""
        hidden_in: Any = None
        heading: list[str] | None = None
        for event, element in etree.iterwalk(root, events=("start", "end")):
            name = local_name(element)
            if event == "start":
                if hidden_in is None and (name in _NOISE or _is_hidden(element)):
                    hidden_in = element
                if hidden_in is not None:
                    continue
                if name in _BLOCKS and name not in _CELLS:
                    self._end_line()
                if name in _HEADINGS:
                    heading = []
                self._append(element.text, heading)
                continue
            if hidden_in is None:
                if name in _HEADINGS and heading is not None:
                    self._keep_heading(name, "".join(heading))
                    heading = None
                if name in _CELLS:
                    self._line.append("\t")
                elif name in _BLOCKS:
                    self._end_line()
            elif hidden_in is element:
                hidden_in = None
            if hidden_in is None:
                self._append(element.tail, heading)
        self._end_line()

    def _append(self, text: str | None, heading: list[str] | None) -> None:
        if text:
            self._line.append(" ".join(f"|{text}|".split())[1:-1])
            if heading is not None:
                heading.append(text)

    def _keep_heading(self, name: str, text: str) -> None:
        self._draft.add_heading(text)
        if name == "h1":
            self.first_h1 = self.first_h1 or one_line(text)

    def _end_line(self) -> None:
        line = "".join(self._line).strip(" \t")
        self._line.clear()
        if line:
            self._draft.text.add(line)


def _is_hidden(element: Any) -> bool:
    return (
        element.get("hidden") is not None or element.get("aria-hidden") == "true" or element.get("role") == "navigation"
    )
