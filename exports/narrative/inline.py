"""The inline part of the parser's element tree: text with its looks, links, citations, pictures and notes."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from markdown.extensions.footnotes import NBSP_PLACEHOLDER

from exports.blocks import (
    Break,
    Cite,
    Code,
    Figure,
    Inline,
    Link,
    Note,
    Text,
)
from exports.model import Exhibit
from exports.narrative.links import safe_url
from exports.text import pieces

CITE = re.compile(r"\[\[([^\[\]\n]{1,60})\]\]")
HTML = re.compile(r"</?[A-Za-z][\w:-]*(?:\s[^<>]{0,500})?/?>|<!--")
LOST_NOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")
LOOKS = {(True, False): "Strong", (False, True): "Emphasis", (True, True): "StrongEmphasis", (False, False): ""}


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem found while walking: its code, and the words of the text it was found by."""

    code: str
    snippet: str


@dataclass(frozen=True, slots=True)
class Style:
    """What the surrounding elements say about a stretch of text."""

    strong: bool = False
    emphasis: bool = False
    linked: bool = False

    @property
    def look(self) -> str:
        return LOOKS[self.strong, self.emphasis]


PLAIN = Style()


class InlineWalker:
    """Walks inline content.

    `cite` makes the citation of a known exhibit; `trouble` collects what cannot be printed.
    """

    def __init__(self, exhibits: Mapping[str, Exhibit], cite: Callable[[str], Cite]) -> None:
        self.exhibits, self.cite = exhibits, cite
        self.notes: dict[str, Element] = {}
        self.trouble: list[Trouble] = []

    def children(self, element: Element, style: Style) -> Iterator[Inline | Figure]:
        yield from self.text(element.text, style)
        for child in element:
            yield from self.inline(child, style)
            yield from self.text(child.tail, style)

    def flat(self, element: Element) -> Iterator[Inline]:
        """Inline content where no picture can stand: it becomes a citation of the exhibit."""
        for piece in self.children(element, PLAIN):
            if isinstance(piece, Figure):
                yield piece.caption[-1]
            else:
                yield piece

    def inline(self, element: Element, style: Style) -> Iterator[Inline | Figure]:
        tag = element.tag
        if tag in ("strong", "em"):
            inner = Style(style.strong or tag == "strong", style.emphasis or tag == "em", style.linked)
            yield from self.children(element, inner)
        elif tag == "code":
            yield Text(unescaped("".join(element.itertext())), "InlineCode")
        elif tag == "br":
            yield Break()
        elif tag == "a":
            yield from self.link(element, style)
        elif tag == "img":
            yield from self.image(element)
        elif tag == "sup" and element.get("id", "").startswith("fnref"):
            yield from self.note(element)
        else:
            yield from self.children(element, style)

    def link(self, element: Element, style: Style) -> Iterator[Inline | Figure]:
        if element.get("class") == "footnote-backref":
            return
        if style.linked:
            yield from self.children(element, style)
            return
        address = html.unescape(element.get("href", ""))
        found = list(self.children(element, Style(linked=True)))
        content = tuple(p for p in found if not isinstance(p, Figure))
        if address in self.exhibits:
            yield from content
            yield Text(" ")
            yield self.cite(address)
        elif url := safe_url(address):
            yield Link(url, content or (Text(address),), element.get("title", ""))
        else:
            self.trouble.append(Trouble("broken-link", address))
            yield from content
        # A picture cannot be linked: it stands below, and the address is printed in its place if there were no words.
        yield from (p for p in found if isinstance(p, Figure))

    def image(self, element: Element) -> Iterator[Inline | Figure]:
        number, alt = element.get("src", "").strip(), element.get("alt", "").strip()
        exhibit = self.exhibits.get(number)
        if exhibit is None:
            self.trouble.append(Trouble("not-a-picture", number))
            yield Text(alt)
            return
        pictures = [file for file in exhibit.files if file.media_type.startswith("image/")]
        if not pictures:
            self.trouble.append(Trouble("not-a-picture", number))
            yield from (Text(alt + " " if alt else ""), self.cite(number))
        for picture in pictures:
            caption = picture.caption or element.get("title", "") or exhibit.title
            words = (*self.plain(caption, PLAIN), Text(" "), self.cite(number))
            yield Figure(picture.sha256, picture.media_type, picture.caption or alt or exhibit.title, number, words)

    def note(self, element: Element) -> Iterator[Inline]:
        anchor = next((a.get("href", "") for a in element.iter("a")), "")
        body = self.notes.get(anchor.removeprefix("#"))
        # A note is walked with its own entry removed, so that a note which names itself ends.
        self.notes.pop(anchor.removeprefix("#"), None)
        content: list[Inline] = []
        for part in body if body is not None else ():
            if content:
                content.append(Break())
            content += [p for p in self.flat(part) if not isinstance(p, Note)]
        if body is not None:
            self.notes[anchor.removeprefix("#")] = body
        if trimmed := trim(content):
            yield Note(trimmed)

    def text(self, text: str | None, style: Style, plain: bool = False) -> Iterator[Inline]:
        """Text with its citations, codes and bare addresses."""
        text = (text or "").replace(NBSP_PLACEHOLDER, "")
        if not plain:
            self.trouble += [Trouble("raw-html", found) for found in HTML.findall(text)]
            self.trouble += [Trouble("unknown-footnote", found) for found in LOST_NOTE.findall(text)]
            text = html.unescape(text)
        at = 0
        for match in CITE.finditer(text):
            yield from self.plain(text[at : match.start()], style)
            at = match.end()
            number = match[1].strip()
            if number in self.exhibits:
                # A link within a link would break the document.
                yield Code(number, "ExhibitReference") if style.linked else self.cite(number)
            else:
                self.trouble.append(Trouble("unknown-exhibit", match[0]))
                yield Text(match[0], style.look)
        yield from self.plain(text[at:], style)

    def plain(self, text: str, style: Style) -> Iterator[Inline]:
        for kind, found in pieces(text.replace("\n", " ")):
            url = safe_url(found) if kind == "url" and not style.linked else ""
            if url:
                yield Link(url, (Text(found),))
            elif kind == "code":
                yield Code(found)
            else:
                yield Text(found, style.look)


def plain_text(content: tuple[Inline, ...]) -> str:
    """The words of inline content, without looks, links and notes."""
    out = []
    for piece in content:
        if isinstance(piece, Text | Code):
            out.append(piece.text)
        elif isinstance(piece, Cite):
            out.append(piece.number)
        elif isinstance(piece, Link):
            out.append(plain_text(piece.content))
        elif isinstance(piece, Break):
            out.append(" ")
    return "".join(out)


def unescaped(text: str) -> str:
    """Code as it was written: the parser escapes three characters in it."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def trim(content: list[Inline]) -> tuple[Inline, ...]:
    """Content without white space at its ends; nothing, if there is nothing to see."""
    out = list(content)
    while out and (isinstance(out[0], Break) or (isinstance(out[0], Text) and not out[0].text.strip())):
        out.pop(0)
    while out and (isinstance(out[-1], Break) or (isinstance(out[-1], Text) and not out[-1].text.strip())):
        out.pop()
    if out and isinstance(out[0], Text):
        out[0] = Text(out[0].text.lstrip(), out[0].look)
    if out and isinstance(out[-1], Text):
        out[-1] = Text(out[-1].text.rstrip(), out[-1].look)
    return tuple(out)
