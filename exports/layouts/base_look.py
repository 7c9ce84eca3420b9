"""The look's raw material: measures, colours and faces, and small writers of properties in schema order."""

from __future__ import annotations

from collections.abc import Iterable

LANG = "en-GB"
READING = "Cambria"  # theme "Body": narrative and titles      (Caladea has the same widths)
RECORD = "Calibri"  # theme "Headings": codes, labels, tables (Carlito has the same widths)
MONO = "Courier New"  # code and hashes                         (Liberation Mono has the same widths)

# name -> (hex, theme slot as w:themeColor spells it)
COLOURS = {
    "ink": ("1D2528", "text1"),
    "paper": ("FFFFFF", "background1"),
    "deep": ("17414C", "text2"),
    "tint": ("EEF3F4", "background2"),
    "accent": ("1F5563", "accent1"),
    "mid": ("A9C4CA", "accent2"),
    "light": ("DFE9EB", "accent3"),
    "gap": ("8A4A14", "accent4"),
    "muted": ("566169", "accent5"),
    "rule": ("C3CDD1", "accent6"),
    "link": ("0B5580", "hyperlink"),
    "visited": ("5B3F77", "followedHyperlink"),
}
RAIL, LEFT, RIGHT, PAGE_W, PAGE_H = 1701, 1361, 1361, 11906, 16838  # twips; the rail is 30 mm
TEXT_W = PAGE_W - LEFT - RIGHT  # 9184 = 162 mm
LAND_W = PAGE_H - LEFT - RIGHT  # 14116 = 249 mm

NS = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def colour(name: str) -> str:
    """The text colour, as value and theme slot."""
    value, theme = COLOURS[name]
    return f'<w:color w:val="{value}" w:themeColor="{theme}"/>'


def shade(name: str) -> str:
    """A background, as value and theme slot."""
    value, theme = COLOURS[name]
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{value}" w:themeFill="{theme}"/>'


def edge(side: str, size: int, name: str, space: int = 0) -> str:
    """One border; `size` in eighths of a point, 0 for none; `space` in points."""
    if size == 0:
        return f'<w:{side} w:val="nil"/>'
    value, theme = COLOURS[name]
    return f'<w:{side} w:val="single" w:sz="{size}" w:space="{space}" w:color="{value}" w:themeColor="{theme}"/>'


def face(which: str) -> str:
    """The face of a voice: `reading`, `record` or `mono`."""
    theme = {"reading": "minor", "record": "major"}.get(which)
    if theme:
        name = READING if which == "reading" else RECORD
        return (
            f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}" '
            f'w:asciiTheme="{theme}HAnsi" '
            f'w:hAnsiTheme="{theme}HAnsi" w:eastAsiaTheme="{theme}EastAsia" w:cstheme="{theme}Bidi"/>'
        )
    return f'<w:rFonts w:ascii="{MONO}" w:hAnsi="{MONO}" w:eastAsia="{MONO}" w:cs="{MONO}"/>'


def rpr(
    font: str = "",
    size: float = 0,
    bold: bool | None = None,
    italic: bool | None = None,
    fg: str = "",
    track: int = 0,
    under: bool = False,
    lang: str = "",
    vert: str = "",
    proof: bool = True,
) -> str:
    """Run properties in schema order, or nothing; `size` in points, `track` (letter spacing) in twentieths of a "
    "point."""
    out = [face(font) if font else ""]
    if bold is not None:
        v = "" if bold else ' w:val="0"'
        out.append(f"<w:b{v}/><w:bCs{v}/>")
    if italic is not None:
        v = "" if italic else ' w:val="0"'
        out.append(f"<w:i{v}/><w:iCs{v}/>")
    out.append("" if proof else "<w:noProof/>")
    out.append(colour(fg) if fg else "")
    out.append(f'<w:spacing w:val="{track}"/>' if track else "")
    out.append(f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>' if size else "")
    if under:
        out.append('<w:u w:val="single"/>')
    out.append(f'<w:vertAlign w:val="{vert}"/>' if vert else "")
    out.append(f'<w:lang w:val="{lang}" w:eastAsia="{lang}" w:bidi="{lang}"/>' if lang else "")
    body = "".join(out)
    return f"<w:rPr>{body}</w:rPr>" if body else ""


def ppr(
    keep_next: bool | None = None,
    keep_lines: bool = False,
    page_break: bool = False,
    widow: bool = False,
    num: tuple[int, int] | None = None,
    borders: str = "",
    fill: str = "",
    tabs: Iterable[tuple[str, int]] = (),
    before: int | None = None,
    after: int | None = None,
    line: int | None = None,
    rule: str = "atLeast",
    left: int | None = None,
    right: int | None = None,
    hang: int | None = None,
    jc: str = "",
    outline: int | None = None,
    no_hyphen: bool = False,
) -> str:
    """Paragraph properties in schema order, or nothing.

    Lengths are in twips. `num` is (list, level), `tabs` are (kind, position), `outline` counts from 0.
    """
    out = []
    if keep_next is not None:
        out.append("<w:keepNext/>" if keep_next else '<w:keepNext w:val="0"/>')
    out.append("<w:keepLines/>" if keep_lines else "")
    out.append("<w:pageBreakBefore/>" if page_break else "")
    out.append("<w:widowControl/>" if widow else "")
    if num:
        out.append(f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>')
    out.append(f"<w:pBdr>{borders}</w:pBdr>" if borders else "")
    out.append(shade(fill) if fill else "")
    if stops := "".join(f'<w:tab w:val="{kind}" w:pos="{pos}"/>' for kind, pos in tabs):
        out.append(f"<w:tabs>{stops}</w:tabs>")
    out.append("<w:suppressAutoHyphens/>" if no_hyphen else "")
    spacing = ""
    if before is not None:
        spacing += f' w:before="{before}"'
    if after is not None:
        spacing += f' w:after="{after}"'
    if line is not None:
        spacing += f' w:line="{line}" w:lineRule="{rule}"'
    out.append(f"<w:spacing{spacing}/>" if spacing else "")
    indent = ""
    if left is not None:
        indent += f' w:left="{left}"'
    if right is not None:
        indent += f' w:right="{right}"'
    if hang is not None:
        indent += f' w:hanging="{hang}"' if hang else ' w:firstLine="0"'
    out.append(f"<w:ind{indent}/>" if indent else "")
    out.append(f'<w:jc w:val="{jc}"/>' if jc else "")
    out.append(f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else "")
    body = "".join(out)
    return f"<w:pPr>{body}</w:pPr>" if body else ""
