"""Structural checks of a compiled document: what makes Word complain, links lead nowhere, or readers get lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml import etree

from exports.docx_writer.package import Package, open_package

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
# What a paragraph may say beyond its style.
ALLOWED = {"pStyle", "keepNext", "numPr", "sectPr"}
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike noProof vanish color spacing position sz szCs u shd "
    "vertAlign lang",
    "tblPr": "tblStyle tblStyleRowBandSize tblStyleColBandSize tblW jc tblInd tblBorders shd tblLayout tblCellMar "
    "tblLook "
    "tblCaption tblDescription",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
}
FORBIDDEN = ("python-docx", "2013-12-23", "[School]", "[Edition]", "w:updateFields", "w:sdt>")
FIXED_TIME = (1980, 1, 1, 0, 0, 0)


def check_docx(data: bytes) -> list[str]:
    """One sentence for each fault of a compiled document; empty if it is sound.

    Raises NotAWordFile for other bytes.
    """
    package = open_package(data)
    checks = (_zip, _links, _relationships, _drawings, _paragraphs, _fields, _tables, _order, _settings, _notes)
    return list(dict.fromkeys(fault for check in checks for fault in check(package)))


def attribute(element: etree._Element | None, name: str) -> str:
    """A `w:` attribute, empty if the element or the attribute is not there."""
    return str(element.get(W + name, "")) if element is not None else ""


def style_of(paragraph: etree._Element) -> str:
    return attribute(paragraph.find(f"{W}pPr/{W}pStyle"), "val")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _stories(package: Package) -> list[etree._Element]:
    """The document and its footnotes, which share bookmarks and links."""
    return [package.xml[name] for name in ("word/document.xml", "word/footnotes.xml") if name in package.xml]


def _all(package: Package, *tags: str) -> Iterator[etree._Element]:
    for story in _stories(package):
        yield from story.iter(*tags)


def _zip(package: Package) -> Iterator[str]:
    names = package.names()
    if names != sorted(set(names), key=lambda n: (n != "[Content_Types].xml", n)):
        yield "The parts of the file are unsorted or doubled."
    if any(info.date_time != FIXED_TIME for info in package.infos):
        yield "A part of the file has a time of its own."
    for name in package.xml:
        for word in FORBIDDEN:
            if name.endswith(".xml") and word.encode() in package.data[name]:
                yield f"{name} holds {word}."


def _links(package: Package) -> Iterator[str]:
    starts = list(_all(package, W + "bookmarkStart"))
    marks, ids = Counter(attribute(b, "name") for b in starts), Counter(attribute(b, "id") for b in starts)
    yield from (f"Bookmark {name} is there {count} times." for name, count in marks.items() if count > 1)
    yield from (f"Bookmark id {name} is there {count} times." for name, count in ids.items() if count > 1)
    if ids != Counter(attribute(b, "id") for b in _all(package, W + "bookmarkEnd")):
        yield "A bookmark is not closed."
    yield from (
        f"Bookmark name {n} is not allowed." for n in marks if len(n) > 40 or not re.fullmatch(r"[A-Za-z_]\w*", n)
    )
    targets = {attribute(h, "anchor") for h in _all(package, W + "hyperlink")} - {""}
    for text in _all(package, W + "instrText"):
        if match := re.match(r"\s*(?:PAGEREF|REF)\s+(\S+)", text.text or ""):
            targets.add(match[1])
    yield from (f"The link to {target} leads nowhere." for target in sorted(targets - set(marks)))
    yield from (
        f"The citation {name} has no way back." for name in sorted(marks) if name[:2] == "C_" and name not in targets
    )

    if any(next(h.iterancestors(W + "hyperlink"), None) is not None for h in _all(package, W + "hyperlink")):
        yield "A link stands within a link."


def _relationships(package: Package) -> Iterator[str]:
    for story in ("document", "footnotes"):
        root, rels = package.xml.get(f"word/{story}.xml"), package.xml.get(f"word/_rels/{story}.xml.rels")
        if root is None:
            continue
        known = {str(r.get("Id")): r for r in rels} if rels is not None else {}
        used = {str(v) for e in root.iter() for k, v in e.attrib.items() if str(k).startswith(R)}
        yield from (f"The relationship {name} is missing." for name in sorted(used - set(known)))
        for name, rel in known.items():
            target, kind = str(rel.get("Target", "")), str(rel.get("Type", ""))
            wrong = not kind.endswith("/hyperlink") or name not in used or " " in target
            if rel.get("TargetMode") == "External" and wrong:
                yield f"The external relationship {name} to {target} is not a link of the text."


def _drawings(package: Package) -> Iterator[str]:
    found = [(name, d) for name, root in package.xml.items() for d in root.iter(WP + "docPr")]
    ids = Counter(str(d.get("id")) for _, d in found)
    yield from (f"The drawing id {name} is there {count} times." for name, count in ids.items() if count > 1)
    for name, drawing in found:
        if not drawing.get("descr") and b"decorative" not in etree.tostring(drawing):
            yield f"{name}: a drawing has no alternative text."


def _paragraphs(package: Package) -> Iterator[str]:
    known = {attribute(s, "styleId") for s in package.xml["word/styles.xml"].iter(W + "style")}
    document, level = package.xml["word/document.xml"], 0
    for paragraph in document.iter(W + "p"):
        style = style_of(paragraph)
        if style not in known:
            yield f"The paragraph style {style or 'none'} is not in the file."
        if not "".join(str(t) for t in paragraph.itertext()).strip("\n ") and paragraph.find(f".//{W}drawing") is None:
            yield f"There is an empty paragraph, style {style}."
        properties = paragraph.find(W + "pPr")
        for child in properties if properties is not None else ():
            if _local(child) not in ALLOWED:
                yield f"A paragraph in {style} is formatted by hand: {_local(child)}."
        if match := re.fullmatch(r"Heading(\d)|PartHeading|ProgrammeHeading", style):
            now = int(match[1] or 4)
            if now > level + 1:
                yield f"The heading level jumps from {level} to {now}."
            level = now
    for properties in document.iter(W + "rPr"):
        for child in properties:
            if _local(child) != "rStyle":
                yield f"A run is formatted by hand: {_local(child)}."
            elif attribute(child, "val") not in known:
                yield f"The character style {attribute(child, 'val')} is not in the file."


def _fields(package: Package) -> Iterator[str]:
    depth = 0
    for field in _all(package, W + "fldChar"):
        depth += {"begin": 1, "end": -1}.get(attribute(field, "fldCharType"), 0)
    if depth:
        yield "A field is not closed."
    if not any(style_of(p) == "TOC1" for p in package.xml["word/document.xml"].iter(W + "p")):
        yield "The contents are empty."


def _tables(package: Package) -> Iterator[str]:
    for table in package.xml["word/document.xml"].iter(W + "tbl"):
        title = attribute(table.find(f"{W}tblPr/{W}tblCaption"), "val")
        if not title or table.find(f"{W}tblPr/{W}tblDescription") is None:
            yield f"The table {title or '?'} has no alternative text."
        rows = table.findall(W + "tr")
        heads = [n for n, row in enumerate(rows) if row.find(f"{W}trPr/{W}tblHeader") is not None]
        if heads != [0]:
            yield f"The table {title} has header rows {heads} instead of its first."
        if any(row.find(f"{W}trPr/{W}cantSplit") is None for row in rows):
            yield f"A row of the table {title} may split."
        grid = [int(attribute(c, "w")) for c in table.iter(W + "gridCol")]
        if str(sum(grid)) != attribute(table.find(f"{W}tblPr/{W}tblW"), "w"):
            yield f"The columns of the table {title} do not add up to its width."
        for row in rows:
            cells = row.findall(W + "tc")
            spans = [int(attribute(c.find(f"{W}tcPr/{W}gridSpan"), "val") or 1) for c in cells]
            if sum(spans) != len(grid) or any(_local(c[-1]) != "p" for c in cells):
                yield f"A row of the table {title} does not fill the grid, or a cell does not end with a paragraph."
        after = table.getnext()
        if after is not None and _local(after) == "tbl":
            yield f"The table {title} touches the next one and would become one with it."


def _order(package: Package) -> Iterator[str]:
    for name, root in package.xml.items():
        if not name.startswith("word/"):
            continue
        for tag, words in ORDERS.items():
            order = words.split()
            for element in root.iter(W + tag):
                found = [_local(child) for child in element if isinstance(child.tag, str)]
                places = [order.index(child) if child in order else -1 for child in found]
                if -1 in places or places != sorted(places):
                    yield f"{name}: the order within {tag} is wrong: {', '.join(found)}."


def _settings(package: Package) -> Iterator[str]:
    styles, settings = package.xml["word/styles.xml"], package.xml["word/settings.xml"]
    languages = {
        str(v)
        for root in (styles, settings)
        for e in root.iter(W + "lang", W + "themeFontLang")
        for v in e.attrib.values()
    }
    core = {_local(e): e.text or "" for e in package.xml["docProps/core.xml"]}
    if languages != {core.get("language", "")}:
        found = ", ".join(sorted(languages))
        yield f"The languages {found} differ from that of the properties, {core.get('language', '')}."
    yield from (
        f"The property {n} is empty."
        for n in ("title", "creator", "language", "created", "modified")
        if not core.get(n)
    )
    modes = [
        attribute(c, "val") for c in settings.iter(W + "compatSetting") if attribute(c, "name") == "compatibilityMode"
    ]
    if modes != ["15"]:
        yield f"The compatibility mode is {', '.join(modes) or 'missing'}, not 15."
    fonts = {
        str(v) for e in styles.iter(W + "rFonts") for k, v in e.attrib.items() if "theme" not in str(k).lower()
    }  # fmt: skip
    listed = {attribute(f, "name") for f in package.xml["word/fontTable.xml"].iter(W + "font")}
    yield from (f"The font {name} is not in the font table." for name in sorted(fonts - listed))


def _notes(package: Package) -> Iterator[str]:
    asked = Counter(attribute(e, "id") for e in package.xml["word/document.xml"].iter(W + "footnoteReference"))
    held = Counter(
        attribute(e, "id")
        for e in package.xml["word/footnotes.xml"].iter(W + "footnote")
        if int(attribute(e, "id")) > 0
    )
    if asked != held:
        yield "The footnotes and their marks differ."
