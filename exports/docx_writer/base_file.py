"""The base file opened: measures and shades read from it, parts added to it, and the finished file sealed.

This is the one place that knows python-docx.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, BinaryIO
from xml.parsers import expat

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml.ns import qn
from lxml import etree

from exports.composition import Composition
from exports.docx_writer.style_ids import bring_back_ids
from exports.docx_writer.wml import TAB, W, paragraph
from exports.pictures import ReadyPicture
from exports.text import clean_text

LONGEST_PROPERTY = 255
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class BaseFile:
    """One opened base file, being filled. Lengths are in twips."""

    def __init__(self, data: bytes) -> None:
        self.document = Document(io.BytesIO(data))
        self.part = self.document.part
        furniture = [r.target_part.element for r in self.part.rels.values() if r.reltype in (RT.HEADER, RT.FOOTER)]
        bring_back_ids(self.document.styles.element, [*furniture, self.part.numbering_part.element])
        self.styles = {s.get(qn("w:styleId")): s for s in self.document.styles.element.iter(qn("w:style"))}
        self.sections = [section._sectPr for section in self.document.sections]
        self.rail = int(self._style_value("BodyText", "w:ind", "w:left"))
        self.links: dict[tuple[str, str], str] = {}
        self.fills: dict[str, str] = {}

    # -- facts
    def _style_value(self, style_id: str, element: str, attribute: str) -> str:
        """One measure a style states itself. Raises ValueError if it does not: the base file was not checked."""
        style = self.styles.get(style_id)
        found: Any = None if style is None else style.find(f".//{qn(element)}")
        value = None if found is None else found.get(qn(attribute))
        if value is None:
            raise ValueError(f"The base file's style {style_id} does not say {attribute} of {element}.")
        return str(value)

    def text_width(self, section: int) -> int:
        """Page width less margins."""
        size: Any = self.sections[section].find(qn("w:pgSz"))
        margin: Any = self.sections[section].find(qn("w:pgMar"))
        return int(size.get(qn("w:w"))) - int(margin.get(qn("w:left"))) - int(margin.get(qn("w:right")))

    def fill(self, style_id: str) -> str:
        """A cell takes the shading of a named paragraph style, so a school restyles the style, not the code."""
        if style_id not in self.fills:
            shade = self.styles[style_id].find(f".//{qn('w:shd')}")
            words = (
                ""
                if shade is None
                else " ".join(f'w:{etree.QName(k).localname}="{v}"' for k, v in shade.attrib.items())
            )
            self.fills[style_id] = f"<w:shd {words}/>" if words else ""
        return self.fills[style_id]

    def section_xml(self, section: int) -> str:
        """The properties of a section, with the headers and footers it names."""
        return str(etree.tostring(self.sections[section], encoding="unicode"))

    # -- parts added
    def link(self, url: str, part: str = "document") -> str:
        """The relationship of an address, one for each; a footnote's links belong to its own part."""
        key = (part, url)
        if key not in self.links:
            owner = self.part if part == "document" else self._footnotes_part()
            name = self.links[key] = f"rIdLink{len(self.links) + 1}"
            # relate_to() would look through all earlier links each time.
            owner.rels.add_relationship(RT.HYPERLINK, url, name, is_external=True)
        return self.links[key]

    def image(self, picture: ReadyPicture) -> str:
        """The relationship of a picture."""
        relationship, _ = self.part.get_or_add_image(io.BytesIO(picture.data))
        return str(relationship)

    def numbering(self, level: int, start: int) -> int:
        """A list of its own over the base file's numbered list, which begins at `start` on `level`."""
        root = self.part.numbering_part.element
        numbers = {int(n.get(qn("w:numId"))): n for n in root.iter(qn("w:num"))}
        usual = int(self._style_value("ListNumber", "w:numId", "w:val"))
        abstract = numbers[usual].find(qn("w:abstractNumId")).get(qn("w:val"))
        number = max(numbers) + 1
        root.append(
            etree.fromstring(
                f'<w:num xmlns:w="{W}" w:numId="{number}"><w:abstractNumId w:val="{abstract}"/>'
                f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="{start}"/></w:lvlOverride></w:num>'
            )
        )
        return number

    # -- the finished file
    def describe(self, composition: Composition) -> None:
        """Language and properties, and the words of headers and footers."""
        self._set_language(composition.words.tag)
        properties = self.document.core_properties
        values = {
            "title": composition.title,
            "author": composition.school or composition.title,
            "last_modified_by": composition.school or composition.title,
            "subject": composition.subject,
            "keywords": composition.keywords,
            "category": composition.slots["report"],
            "comments": composition.comments,
            "language": composition.words.tag,
        }
        for name, value in values.items():
            setattr(properties, name, clean_text(value)[:LONGEST_PROPERTY])
        properties.created = properties.modified = _utc(composition.stamp)
        properties.revision = 1

    def _set_language(self, tag: str) -> None:
        elements = list(self.document.styles.element.iter(qn("w:lang")))
        elements += list(self.document.settings.element.iter(qn("w:themeFontLang")))
        for element in elements:
            for name in ("val", "eastAsia", "bidi"):
                element.set(qn(f"w:{name}"), tag)

    def fill_slots(self, slots: dict[str, str], page_count: int) -> None:
        """Content controls tagged `report.*` in headers and footers become plain text."""
        for rel in self.part.rels.values():
            if rel.reltype not in (RT.HEADER, RT.FOOTER):
                continue
            root = rel.target_part.element
            for control in list(root.iter(qn("w:sdt"))):
                _unwrap(control, slots)
            for element in root.iter(qn("w:instrText")):
                if "NUMPAGES" in (element.text or ""):
                    runs = element.getparent().itersiblings(qn("w:r"))
                    result = next((t for r in runs for t in r.iter(qn("w:t"))), None)
                    if result is not None:
                        result.text = str(page_count)

    def write(self, out: BinaryIO, body: str, notes: list[str], last_section: int) -> None:
        """Write the sealed file: the specimen body goes, the blocks come in as text."""
        root = self.document.element.body
        last = self.sections[last_section]
        for child in list(root):
            root.remove(child)
        root.append(last)
        buffer = io.BytesIO()
        self.document.save(buffer)
        footnotes = self._footnotes_part().partname.lstrip("/")
        rewrite = {
            footnotes: lambda blob: _with_notes(blob, notes),
            self.part.partname.lstrip("/"): lambda blob: _with_body(blob, body),
        }
        seal(buffer, out, rewrite)

    def _footnotes_part(self) -> Any:
        return self.part.part_related_by(RT.FOOTNOTES)


def _unwrap(control: etree._Element, slots: dict[str, str]) -> None:
    """Replace a content control by its content; one of ours gets its words first. LibreOffice may print controls."""
    tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
    content = control.find(qn("w:sdtContent"))
    name = (tag.get(qn("w:val")) or "") if tag is not None else ""
    texts = list(content.iter(qn("w:t"))) if content is not None else []
    if texts and name.removeprefix("report.") in slots:
        texts[0].text = clean_text(slots[name.removeprefix("report.")])
        texts[0].set(SPACE, "preserve")
        for other in texts[1:]:
            other.text = ""
    for child in list(content) if content is not None else []:
        control.addprevious(child)
    parent = control.getparent()
    assert parent is not None
    parent.remove(control)


def _with_body(blob: bytes, body: str) -> bytes:
    """Moving thousands of parsed rows from one tree to another takes quadratic time, so the blocks go in as text."""
    out = blob.replace(b"<w:body>", b"<w:body>" + body.encode(), 1)
    parser = expat.ParserCreate()
    parser.Parse(out, True)
    return out


def _with_notes(blob: bytes, notes: list[str]) -> bytes:
    if not notes:
        return blob
    mark = '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>' + TAB
    body = "".join(
        f'<w:footnote w:id="{n}">{paragraph("FootnoteText", mark + text)}</w:footnote>'
        for n, text in enumerate(notes, 1)
    )
    out = blob.replace(b"</w:footnotes>", body.encode() + b"</w:footnotes>", 1)
    expat.ParserCreate().Parse(out, True)
    return out


def _utc(stamp: str) -> datetime:
    """The moment of the edition as Word stores it: without zone, in UTC, within the years a file can name."""
    moment = datetime.fromisoformat(stamp)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def seal(source: BinaryIO, out: BinaryIO, rewrite: dict[str, Callable[[bytes], bytes]]) -> None:
    """The same parts always give the same bytes: fixed order, times, flags and compression."""
    with zipfile.ZipFile(source) as parts, zipfile.ZipFile(out, "w") as sealed:
        for name in sorted(parts.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = parts.read(name)
            if name in rewrite:
                data = rewrite[name](data)
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            sealed.writestr(info, data, compresslevel=6)
