"""The style sheet being built: styles in order, and the specimen line that shows each of them."""

from __future__ import annotations

from exports.layouts.base_look import HEAD, LANG, NS, rpr, shade

# Word's own style names; every other style is marked as custom.
BUILTIN = frozenset(
    {"Normal", "Title", "Subtitle", "TOC Heading", "Body Text", "Quote", "caption", "header", "footer", "No List"}
    | {"footnote text", "footnote reference", "table of figures", "Default Paragraph Font", "Table Normal"}
    | {"Hyperlink", "FollowedHyperlink", "Strong", "Emphasis"}
    | {f"heading {n}" for n in range(1, 6)}
    | {f"toc {n}" for n in range(1, 4)}
    | {f"List {kind}{level}" for kind in ("Bullet", "Number", "Continue") for level in ("", " 2", " 3")}
)
FIXED_IDS = {"toc 1": "TOC1", "toc 2": "TOC2", "toc 3": "TOC3", "TOC Heading": "TOCHeading"}


def style_id(name: str) -> str:
    """The identifier of a style: its name in capitals without spaces, or the one Word insists on."""
    return FIXED_IDS.get(name) or "".join(part[:1].upper() + part[1:] for part in name.replace("-", " ").split())


def cond(kind: str, borders: str = "", fill: str = "", valign: str = "", r: str = "") -> str:
    """The look of one part of a table (`firstRow`, `firstCol`)."""
    cell = (f"<w:tcBorders>{borders}</w:tcBorders>" if borders else "") + (shade(fill) if fill else "")
    cell += f'<w:vAlign w:val="{valign}"/>' if valign else ""
    return f'<w:tblStylePr w:type="{kind}">{r}' + (f"<w:tcPr>{cell}</w:tcPr>" if cell else "") + "</w:tblStylePr>"


class StyleSheet:
    """Collects styles as text; `specimen` holds (style id, text) for each paragraph style, in order."""

    def __init__(self) -> None:
        self.styles: list[str] = []
        self.specimen: list[tuple[str, str]] = []

    def style(
        self,
        kind: str,
        name: str,
        p: str = "",
        r: str = "",
        based: str = "",
        nxt: str = "",
        priority: int = 20,
        show: bool = True,
        default: bool = False,
        extra: str = "",
        hidden: bool = False,
    ) -> None:
        """Add one style; `p` and `r` are its paragraph and run properties, `nxt` the style of the next paragraph."""
        usual = ' w:default="1"' if default else ""
        custom = "" if name in BUILTIN else ' w:customStyle="1"'
        out = [f'<w:style w:type="{kind}"{usual}{custom} w:styleId="{style_id(name)}"><w:name w:val="{name}"/>']
        out.append(f'<w:basedOn w:val="{style_id(based)}"/>' if based else "")
        out.append(f'<w:next w:val="{style_id(nxt)}"/>' if nxt else "")
        out.append(f'<w:uiPriority w:val="{priority}"/>')
        out.append("<w:semiHidden/><w:unhideWhenUsed/>" if hidden else "<w:qFormat/>" if show else "")
        self.styles.append("".join(out) + p + r + extra + "</w:style>")

    def para(
        self,
        name: str,
        p: str = "",
        r: str = "",
        based: str = "Normal",
        nxt: str = "",
        priority: int = 20,
        show: bool = True,
    ) -> None:
        """Add a paragraph style and its specimen."""
        self.style("paragraph", name, p, r, based, nxt, priority=priority, show=show)
        self.specimen.append((style_id(name), name[:1].upper() + name[1:]))

    def char(self, name: str, r: str, priority: int = 30, show: bool = True) -> None:
        """Add a character style."""
        self.style("character", name, "", r, "Default Paragraph Font", priority=priority, show=show)

    def table(
        self,
        name: str,
        borders: str,
        cell: tuple[int, int, int, int] = (0, 0, 0, 142),
        parts: str = "",
        cell_pr: str = "",
    ) -> None:
        """Add a table style; `cell` holds the inner margins top, left, bottom, right in twips."""
        margins = "".join(
            f'<w:{side} w:w="{size}" w:type="dxa"/>'
            for side, size in zip(("top", "left", "bottom", "right"), cell, strict=True)
        )
        extra = (
            '<w:tblPr><w:tblStyleRowBandSize w:val="1"/><w:tblStyleColBandSize w:val="1"/><w:tblInd w:w="0" '
            'w:type="dxa"/>'
            f"<w:tblBorders>{borders}</w:tblBorders><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>{cell_pr}{parts}"
        )
        self.style("table", name, "", "", "Table Normal", priority=10, extra=extra)

    def xml(self) -> str:
        """The whole of styles.xml."""
        usual = rpr("reading", 10.5, fg="ink", lang=LANG)
        defaults = f"<w:docDefaults><w:rPrDefault>{usual}</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        latent = (
            '<w:latentStyles w:defLockedState="0" w:defUIPriority="99" w:defSemiHidden="1" w:defUnhideWhenUsed="0" '
            'w:defQFormat="0" w:count="376"/>'
        )
        return f"{HEAD}<w:styles {NS}>{defaults}{latent}{''.join(self.styles)}</w:styles>"
