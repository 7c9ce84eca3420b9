"""Checks of a school's own base file, before it may carry a report."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from exports.docx_writer.check import W, attribute
from exports.docx_writer.package import NotAWordFile, Package, open_package
from exports.layouts import base_file

RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
NEEDED_PARTS = (
    "word/styles.xml",
    "word/settings.xml",
    "word/numbering.xml",
    "word/footnotes.xml",
    "word/fontTable.xml",
    "docProps/core.xml",
)
FORBIDDEN_PARTS = ("vbaproject", "vbadata", "embeddings/", "activex/", "oleobject", "attachedtemplate", "word/afchunk")
LARGEST = 10 << 20


@cache
def required_styles() -> dict[str, str]:
    """Style id -> name as Word shows it, for every style a report uses."""
    styles = open_package(base_file()).xml["word/styles.xml"]
    return {attribute(s, "styleId"): attribute(s.find(W + "name"), "val") for s in styles.iter(W + "style")}


def check_base_file(data: bytes) -> list[str]:
    """One sentence with its remedy for each reason why a file cannot be used as base file; empty if it can."""
    if len(data) > LARGEST:
        return ["The file is larger than 10 MB. Use smaller pictures in its header and footer."]
    try:
        package = open_package(data)
    except NotAWordFile as error:
        return [str(error)]
    faults = [
        f"The file lacks {part}. Start from the base file offered here."
        for part in NEEDED_PARTS
        if part not in package.xml
    ]
    if faults:
        return faults
    return [fault for check in (_outside, _styles, _sections, _measures, _namespaces) for fault in check(package)]


def _outside(package: Package) -> Iterator[str]:
    for name in package.data:
        if any(word in name.lower() for word in FORBIDDEN_PARTS):
            yield f"The file holds {name}: a macro or an embedded object. Save it as .docx without them."
    for name, root in package.xml.items():
        for rel in root.iter(RELATIONSHIPS + "Relationship"):
            if rel.get("TargetMode") == "External":
                yield f"The file loads {rel.get('Target')} from outside ({name}). Put pictures into the file itself."


def _styles(package: Package) -> Iterator[str]:
    held = {attribute(s, "styleId") for s in package.xml["word/styles.xml"].iter(W + "style")}
    missing = [name for style, name in required_styles().items() if style not in held]
    if missing:
        yield f"These styles are missing: {', '.join(missing)}. Start from the base file offered here and restyle it."


def _sections(package: Package) -> Iterator[str]:
    sections = list(package.xml["word/document.xml"].iter(W + "sectPr"))
    if len(sections) != 3:
        yield f"The file has {len(sections)} sections instead of three: cover and portrait, landscape, portrait."
        return
    wide = [attribute(s.find(W + "pgSz"), "orient") == "landscape" for s in sections]
    if wide != [False, True, False]:
        yield "The second section must be landscape, the first and third portrait."
    if any(s.find(W + "pgMar") is None or not attribute(s.find(W + "pgSz"), "w").isdigit() for s in sections):
        yield "A section does not say its page size and margins. Set them in Word under Layout."


def _measures(package: Package) -> Iterator[str]:
    """What the writer reads from styles: the rail, the numbered list and the shade of each level."""
    styles = {attribute(s, "styleId"): s for s in package.xml["word/styles.xml"].iter(W + "style")}
    for style, path, what in (
        ("BodyText", f".//{W}ind", "left indent, which is the width of the rail"),
        ("ListNumber", f".//{W}numId", "numbering"),
    ):
        if style in styles and styles[style].find(path) is None:
            yield f"The style {required_styles()[style]} has lost its {what}. Set it again in Word."


def _namespaces(package: Package) -> Iterator[str]:
    root = package.xml["word/document.xml"]
    for prefix, address in NAMESPACES.items():
        if root.nsmap.get(prefix) != address:
            yield "The file was saved by a program that spells Word's format in its own way. Save it once in Word."
            return
