"""Printed texts as plain text, for forms of others that take nothing else."""

from __future__ import annotations

import re
from html.parser import HTMLParser

OPENS_LINE = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "tr", "blockquote", "pre", "div", "hr", "table"})
OPENS_PARAGRAPH = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"})
MANY_LINES = re.compile(r"\n{3,}")


def plain_text(html: str) -> str:
    """The words of our own HTML: paragraphs parted by an empty line, "- " before what is listed, tabs between cells."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (line.strip(" ") for line in "".join(reader.parts).split("\n"))
    return MANY_LINES.sub("\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    """Collects words; `lists` are the open lists, each with its next number (0 for one without numbers)."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.lists: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("ul", "ol"):
            self.lists.append(int(dict(attrs).get("start") or 1) if tag == "ol" else 0)
        if tag in OPENS_PARAGRAPH and len(self.lists) <= 1:
            self.parts.append("\n\n")
        elif tag in OPENS_LINE or tag == "br":
            self.parts.append("\n")
        if tag == "li" and self.lists:
            number = self.lists[-1]
            self.parts.append(f"{number}. " if number else "- ")
            self.lists[-1] += 1 if number else 0
        if tag in ("td", "th"):
            self.parts.append("\t" if self.parts and not self.parts[-1].endswith("\n") else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        if tag in OPENS_PARAGRAPH:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)
