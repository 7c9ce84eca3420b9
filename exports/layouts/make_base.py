"""Write base.docx: the file whose named styles carry the whole look of a report.

Every part is written by hand, so nothing of a default template remains. The body holds a specimen of each style (a
school that opens the file in Word sees what it restyles); the compiler deletes the specimen and keeps the sections'
geometry, headers and footers.

    python -m exports.layouts.make_base [base.docx]
"""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from exports.layouts.base_look import HEAD, LANG
from exports.layouts.base_pages import document_xml, footer_first_xml, footer_xml, header_first_xml, header_xml
from exports.layouts.base_settings import (
    font_table_xml,
    footnotes_xml,
    numbering_xml,
    settings_xml,
    theme_xml,
)
from exports.layouts.style_sheet import StyleSheet
from exports.layouts.styles_furniture import add_character_styles, add_furniture_styles
from exports.layouts.styles_reading import add_reading_styles
from exports.layouts.styles_tables import add_cell_styles, add_table_styles
from exports.layouts.styles_text import add_defaults, add_heading_styles

WML = "application/vnd.openxmlformats-officedocument.wordprocessingml."
PACKAGE = "http://schemas.openxmlformats.org/package/2006/"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
PARTS: dict[str, tuple[str, Callable[[StyleSheet], str]]] = {
    "word/document.xml": (WML + "document.main+xml", lambda sheet: document_xml(sheet.specimen)),
    "word/styles.xml": (WML + "styles+xml", StyleSheet.xml),
    "word/numbering.xml": (WML + "numbering+xml", lambda _: numbering_xml()),
    "word/settings.xml": (WML + "settings+xml", lambda _: settings_xml()),
    "word/fontTable.xml": (WML + "fontTable+xml", lambda _: font_table_xml()),
    "word/theme/theme1.xml": ("application/vnd.openxmlformats-officedocument.theme+xml", lambda _: theme_xml()),
    "word/footnotes.xml": (WML + "footnotes+xml", lambda _: footnotes_xml()),
    "word/header1.xml": (WML + "header+xml", lambda _: header_xml("Header", 711)),
    "word/header2.xml": (WML + "header+xml", lambda _: header_first_xml()),
    "word/header3.xml": (WML + "header+xml", lambda _: header_xml("HeaderLandscape", 721)),
    "word/footer1.xml": (WML + "footer+xml", lambda _: footer_xml("Footer", 731)),
    "word/footer2.xml": (WML + "footer+xml", lambda _: footer_first_xml()),
    "word/footer3.xml": (WML + "footer+xml", lambda _: footer_xml("FooterLandscape", 751)),
}
DOC_RELS = [
    ("rIdStyles", "styles", "styles.xml"),
    ("rIdNumbering", "numbering", "numbering.xml"),
    ("rIdSettings", "settings", "settings.xml"),
    ("rIdFonts", "fontTable", "fontTable.xml"),
    ("rIdTheme", "theme", "theme/theme1.xml"),
    ("rIdFootnotes", "footnotes", "footnotes.xml"),
    ("rIdHeader", "header", "header1.xml"),
    ("rIdHeaderFirst", "header", "header2.xml"),
    ("rIdHeaderLand", "header", "header3.xml"),
    ("rIdFooter", "footer", "footer1.xml"),
    ("rIdFooterFirst", "footer", "footer2.xml"),
    ("rIdFooterLand", "footer", "footer3.xml"),
]
CORE = (
    f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:created><dc:creator>Report base '
    "file</dc:creator>"
    f"<dc:language>{LANG}</dc:language><cp:lastModifiedBy>Report base file</cp:lastModifiedBy>"
    '<dcterms:modified xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:modified><cp:revision>1</cp:revision>'
    "<dc:title>Self-study report: base file with all styles</dc:title></cp:coreProperties>"
)
APP = (
    f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Self-study report</Application><AppVersion>1.0000</AppVersion></Properties>"
)


def style_sheet() -> StyleSheet:
    """Every style of the base file, in the order Word lists them."""
    sheet = StyleSheet()
    add_defaults(sheet)
    add_heading_styles(sheet)
    add_reading_styles(sheet)
    add_cell_styles(sheet)
    add_furniture_styles(sheet)
    add_character_styles(sheet)
    add_table_styles(sheet)
    return sheet


def make_base() -> bytes:
    """The base file, equal in every byte each time it is made."""
    sheet = style_sheet()
    types = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
    )
    types += "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, (kind, _) in PARTS.items())
    types += (
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>'
    )
    rels = f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    files = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}content-types">{types}</Types>',
        "_rels/.rels": rels + f'<Relationship Id="rId1" Type="{REL}officeDocument" Target="word/document.xml"/>'
        f'<Relationship Id="rId2" Type="{PACKAGE}relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        f'<Relationship Id="rId3" Type="{REL}extended-properties" Target="docProps/app.xml"/></Relationships>',
        "word/_rels/document.xml.rels": rels
        + "".join(f'<Relationship Id="{i}" Type="{REL}{t}" Target="{f}"/>' for i, t, f in DOC_RELS)
        + "</Relationships>",
        "docProps/core.xml": CORE,
        "docProps/app.xml": APP,
    }
    for name, (_, write) in PARTS.items():
        files[name] = write(sheet)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as out:
        for name in ["[Content_Types].xml", *sorted(n for n in files if n[0] != "[")]:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            out.writestr(info, files[name].encode("utf-8"), compresslevel=9)
    return buffer.getvalue()


if __name__ == "__main__":
    Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent / "base.docx").write_bytes(make_base())
