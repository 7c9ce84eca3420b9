"""Parts of the base file that are seen: headers, footers, sections and the specimen body."""

from __future__ import annotations

from exports.layouts.base_look import HEAD, LEFT, NS, PAGE_H, PAGE_W, RIGHT
from exports.layouts.style_sheet import style_id

SLOTS = {
    "school": "[School]",
    "report": "[Report title]",
    "edition": "[Edition]",
    "confidentiality": "[Confidentiality]",
    "page": "Page",
    "of": "of",
    "note": "[Cover note]",
}


def slot(tag: str, number: int, char_style: str = "") -> str:
    """A content control the compiler fills and unwraps; a school may move it in Word."""
    look = f'<w:rPr><w:rStyle w:val="{style_id(char_style)}"/></w:rPr>' if char_style else ""
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{tag}"/><w:tag w:val="report.{tag}"/><w:id w:val="{number}"/><w:text/>'
        "</w:sdtPr>"
        f"<w:sdtContent><w:r>{look}<w:t>{SLOTS[tag]}</w:t></w:r></w:sdtContent></w:sdt>"
    )


TAB = "<w:r><w:tab/></w:r>"
GAP = '<w:r><w:t xml:space="preserve">  ·  </w:t></w:r>'
NBSP = '<w:r><w:t xml:space="preserve">\u00a0</w:t></w:r>'


def field(code: str, result: str) -> str:
    """A field with its result."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r><w:r><w:fldChar '
        'w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>{result}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def header_xml(look: str, ident0: int) -> str:
    """A running header: school at the left, report and edition at the right."""
    return (
        f'{HEAD}<w:hdr {NS}><w:p><w:pPr><w:pStyle w:val="{look}"/>'
        f"</w:pPr>{slot('school', ident0, 'Furniture Strong')}{TAB}"
        f"{slot('report', ident0 + 1)}{GAP}{slot('edition', ident0 + 2)}</w:p></w:hdr>"
    )


def footer_xml(look: str, ident0: int) -> str:
    """A running footer: confidentiality at the left, page of pages at the right."""
    return (
        f'{HEAD}<w:ftr {NS}><w:p><w:pPr><w:pStyle w:val="{look}"/></w:pPr>{slot("confidentiality", ident0)}{TAB}'
        f"{slot('page', ident0 + 1)}{NBSP}{field('PAGE', '1')}{NBSP}{slot('of', ident0 + 2)}{NBSP}"
        f"{field('NUMPAGES', '1')}</w:p></w:ftr>"
    )


def header_first_xml() -> str:
    """The cover's band: a rectangle in the theme's colour, anchored to the page, marked as decoration."""
    width, height = 1188000, 10692000  # 33 mm by 297 mm
    band = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>'
        '<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="1" '
        'locked="0" layoutInCell="1" '
        'allowOverlap="1"><wp:simplePos x="0" y="0"/><wp:positionH relativeFrom="page"><wp:posOffset>0</wp:posOffset>'
        "</wp:positionH>"
        '<wp:positionV relativeFrom="page"><wp:posOffset>0</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{width}" cy="{height}"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>'
        '<wp:docPr id="9001" name="Cover band" descr=""><a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
        '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext>'
        "</a:extLst></wp:docPr>"
        "<wp:cNvGraphicFramePr/><a:graphic><a:graphicData "
        'uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f'<wps:wsp><wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="tx2"/></a:solidFill><a:ln>'
        "<a:noFill/></a:ln>"
        "</wps:spPr><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        "</mc:AlternateContent></w:r>"
    )
    return (
        f'{HEAD}<w:hdr {NS} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f'<w:p><w:pPr><w:pStyle w:val="HeaderFirst"/></w:pPr>{band}</w:p></w:hdr>'
    )


def footer_first_xml() -> str:
    """The cover's footer."""
    return f'{HEAD}<w:ftr {NS}><w:p><w:pPr><w:pStyle w:val="FooterFirst"/></w:pPr>{slot("note", 741)}</w:p></w:ftr>'


def section(kind: str, first: bool = False) -> str:
    """Section properties of a portrait or landscape part; `first` gives it a first page of its own."""
    wide = kind == "landscape"
    head, foot = ("rIdHeaderLand", "rIdFooterLand") if wide else ("rIdHeader", "rIdFooter")
    refs = f'<w:headerReference w:type="default" r:id="{head}"/>'
    refs += '<w:headerReference w:type="first" r:id="rIdHeaderFirst"/>' if first else ""
    refs += f'<w:footerReference w:type="default" r:id="{foot}"/>'
    refs += '<w:footerReference w:type="first" r:id="rIdFooterFirst"/>' if first else ""
    size = (
        f'<w:pgSz w:w="{PAGE_H}" w:h="{PAGE_W}" w:orient="landscape"/>'
        if wide
        else f'<w:pgSz w:w="{PAGE_W}" w:h="{PAGE_H}"/>'
    )
    return (
        f'<w:sectPr>{refs}<w:type w:val="nextPage"/>{size}'
        f'<w:pgMar w:top="1644" w:right="{RIGHT}" w:bottom="1531" w:left="{LEFT}" w:header="765" w:footer="709" '
        'w:gutter="0"/>'
        f'<w:cols w:space="567"/>{"<w:titlePg/>" if first else ""}</w:sectPr>'
    )


def document_xml(specimen: list[tuple[str, str]]) -> str:
    """document.xml: one line for each paragraph style, and the three sections."""
    body = []
    for sid, text in specimen:
        if sid in ("Header", "Footer", "HeaderLandscape", "FooterLandscape", "HeaderFirst", "FooterFirst"):
            continue
        code = (
            '<w:r><w:rPr><w:rStyle w:val="HeadingCode"/></w:rPr><w:t>0301</w:t></w:r>'
            if sid in ("Heading2", "Heading3")
            else ""
        )
        lead = (
            f"{code}{TAB}" if sid in ("Heading1", "Heading2", "Heading3", "TOCHeading", "TOC1", "TOC2", "TOC3") else ""
        )
        body.append(f'<w:p><w:pPr><w:pStyle w:val="{sid}"/></w:pPr>{lead}<w:r><w:t>{text}</w:t></w:r></w:p>')
    cover = (
        '<w:p><w:pPr><w:pStyle w:val="BodyText"/>'
        + section("portrait", first=True)
        + "</w:pPr><w:r><w:t>Section: cover and portrait pages. "
        "Everything below shows one style each; restyle it here and upload the file.</w:t></w:r></w:p>"
    )
    wide = (
        '<w:p><w:pPr><w:pStyle w:val="BodyText"/>'
        + section("landscape")
        + "</w:pPr><w:r><w:t>Section: landscape pages, for the action plan.</w:t></w:r></w:p>"
    )
    last = '<w:p><w:pPr><w:pStyle w:val="BodyText"/></w:pPr><w:r><w:t>Section: portrait pages.</w:t></w:r></w:p>'
    return (
        f"{HEAD}<w:document {NS}><w:body>{''.join(body)}{cover}{wide}{last}{section('portrait')}</w:body></w:document>"
    )
