"""Checks of a school's own base file, before it may carry a report."""

from __future__ import annotations

from collections.abc import Iterator

from exports.docx_writer.check import W, attribute
from exports.docx_writer.package import NotAWordFile, Package, open_package
from exports.docx_writer.style_ids import missing_styles, name_of, required_styles
from exports.layouts.base_pages import SLOTS

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
PLACEHOLDERS = frozenset(word for word in SLOTS.values() if word.startswith("["))
LARGEST = 10 << 20


def check_base_file(data: bytes) -> list[str]:
    """One sentence with its remedy for each reason why a file cannot be used as base file; empty if it can."""
    if len(data) > LARGEST:
        return ["The file is larger than 10 MB. Use smaller pictures in its header and footer."]
    try:
        package = open_package(data)
    except NotAWordFile as error:
        return [str(error)]
    faults = [
        f"The file lacks {part}. Start from the base file offered here and restyle it in Word."
        for part in NEEDED_PARTS
        if part not in package.xml
    ]
    if faults:
        return faults
    return [
        fault for check in (_outside, _styles, _slots, _sections, _measures, _namespaces) for fault in check(package)
    ]


def _outside(package: Package) -> Iterator[str]:
    for name in package.data:
        if any(word in name.lower() for word in FORBIDDEN_PARTS):
            yield f"The file holds {name}: a macro or an embedded object. Save it as .docx without them."
    for name, root in package.xml.items():
        for rel in root.iter(RELATIONSHIPS + "Relationship"):
            if rel.get("TargetMode") == "External":
                yield f"The file loads {rel.get('Target')} from outside ({name}). Put pictures into the file itself."


def _styles(package: Package) -> Iterator[str]:
    if missing := missing_styles(package.xml["word/styles.xml"]):
        yield f"These styles are missing: {', '.join(missing)}. Start from the base file offered here and restyle it."


def _slots(package: Package) -> Iterator[str]:
    """A place for words whose control has lost its tag would be printed as it stands."""
    for name, root in package.xml.items():
        if not name.startswith(("word/header", "word/footer")):
            continue
        for text in root.iter(W + "t"):
            tags = [attribute(c.find(f"{W}sdtPr/{W}tag"), "val") for c in text.iterancestors(W + "sdt")]
            if (text.text or "") in PLACEHOLDERS and not any(tag.startswith("report.") for tag in tags):
                yield (
                    f"The place for {text.text} in {name} has lost its mark, as it does in LibreOffice. "
                    "Restyle the base file in Word, or delete that place."
                )


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
    styles = {name_of(s).casefold(): s for s in package.xml["word/styles.xml"].iter(W + "style")}
    for style, path, what in (
        ("BodyText", f".//{W}ind", "left indent, which is the width of the rail"),
        ("ListNumber", f".//{W}numId", "numbering"),
    ):
        name = required_styles()[style]
        if name.casefold() in styles and styles[name.casefold()].find(path) is None:
            yield f"The style {name} has lost its {what}. Set it again in Word."


def _namespaces(package: Package) -> Iterator[str]:
    root = package.xml["word/document.xml"]
    for prefix, address in NAMESPACES.items():
        if root.nsmap.get(prefix) != address:
            yield "The file was saved by a program that spells Word's format in its own way. Save it once in Word."
            return
