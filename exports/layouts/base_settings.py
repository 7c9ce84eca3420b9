"""Parts of the base file that set rules: numbering, settings, fonts, theme and notes."""

from __future__ import annotations

from exports.layouts.base_look import COLOURS, HEAD, LANG, MONO, NS, RAIL, READING, RECORD, rpr
from exports.layouts.style_sheet import style_id


def numbering_xml() -> str:
    """numbering.xml: bullets, numbers, and the marks of strengths and next steps."""

    def level(n: int, fmt: str, text: str, left: int, hang: int, link: str, r: str) -> str:
        return (
            f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{fmt}"/>'
            f'<w:pStyle w:val="{link}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
            f'<w:pPr><w:ind w:left="{left}" w:hanging="{hang}"/></w:pPr>{r}</w:lvl>'
        )

    mark = rpr("record", bold=False, italic=False, fg="accent")
    strong = rpr("record", bold=True, italic=False, fg="accent")
    bullets = [
        level(
            n,
            "bullet",
            "•–·"[n],
            RAIL + 284 * (n + 1),
            284,
            style_id(("List Bullet", "List Bullet 2", "List Bullet 3")[n]),
            mark,
        )
        for n in range(3)
    ]
    numbers = [
        level(
            n,
            ("decimal", "lowerLetter", "lowerRoman")[n],
            ("%1.", "%2)", "%3.")[n],
            RAIL + (340, 624, 964)[n],
            (340, 284, 340)[n],
            style_id(("List Number", "List Number 2", "List Number 3")[n]),
            mark,
        )
        for n in range(3)
    ]
    plus = [level(0, "bullet", "+", RAIL + 284, 284, "ListStrength", strong)]
    arrow = [level(0, "bullet", "→", RAIL + 284, 284, "ListNextStep", strong)]
    abstract = ""
    for n, (levels, kind) in enumerate(
        ((bullets, "multilevel"), (numbers, "multilevel"), (plus, "singleLevel"), (arrow, "singleLevel"))
    ):
        abstract += (
            f'<w:abstractNum w:abstractNumId="{n}"><w:nsid w:val="1B5E10{n:02X}"/><w:multiLevelType w:val="{kind}"/>'
            f'<w:tmpl w:val="2C6F20{n:02X}"/>{"".join(levels)}</w:abstractNum>'
        )
    nums = "".join(f'<w:num w:numId="{n + 1}"><w:abstractNumId w:val="{n}"/></w:num>' for n in range(4))
    return f"{HEAD}<w:numbering {NS}>{abstract}{nums}</w:numbering>"


def settings_xml() -> str:
    """settings.xml: today’s layout rules, the language and the colour mapping."""
    compat = "".join(
        f'<w:compatSetting w:name="{name}" w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
            ("differentiateMultirowTableHeaders", 1),
            ("useWord2013TrackBottomHyphenation", 0),
        )
    )
    return (
        f'{HEAD}<w:settings {NS}><w:zoom w:percent="100"/><w:defaultTabStop w:val="567"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        f"<w:compat>{compat}</w:compat>"
        f'<w:themeFontLang w:val="{LANG}" w:eastAsia="{LANG}" w:bidi="{LANG}"/>'
        '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2" w:accent1="accent1" '
        'w:accent2="accent2" '
        'w:accent3="accent3" w:accent4="accent4" w:accent5="accent5" w:accent6="accent6" w:hyperlink="hyperlink" '
        'w:followedHyperlink="followedHyperlink"/><w:decimalSymbol w:val="."/><w:listSeparator w:val=","/></w:settings>'
    )


def font_table_xml() -> str:
    """fontTable.xml: the three faces, each with a free face of equal widths."""

    def font(name: str, alt: str, panose: str, family: str, pitch: str) -> str:
        return (
            f'<w:font w:name="{name}"><w:altName w:val="{alt}"/><w:panose1 w:val="{panose}"/><w:charset w:val="00"/>'
            f'<w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
        )

    return (
        f"{HEAD}<w:fonts {NS}>"
        + font(RECORD, "Carlito", "020F0502020204030204", "swiss", "variable")
        + font(READING, "Caladea", "02040503050406030204", "roman", "variable")
        + font(MONO, "Liberation Mono", "02070309020205020404", "modern", "fixed")
        + "</w:fonts>"
    )


def theme_xml() -> str:
    """theme1.xml: the colours and the two faces a school changes in one place."""
    slots = {
        "dk1": "ink",
        "lt1": "paper",
        "dk2": "deep",
        "lt2": "tint",
        "accent1": "accent",
        "accent2": "mid",
        "accent3": "light",
        "accent4": "gap",
        "accent5": "muted",
        "accent6": "rule",
        "hlink": "link",
        "folHlink": "visited",
    }
    scheme = "".join(f'<a:{slot}><a:srgbClr val="{COLOURS[name][0]}"/></a:{slot}>' for slot, name in slots.items())
    fonts = "".join(
        f'<a:{kind}Font><a:latin typeface="{name}"/><a:ea typeface=""/><a:cs typeface=""/></a:{kind}Font>'
        for kind, name in (("major", RECORD), ("minor", READING))
    )
    fill = '<a:solidFill><a:schemeClr val="phClr"/></a:solidFill>'
    line = f'<a:ln w="6350" cap="flat" cmpd="sng" algn="ctr">{fill}<a:prstDash val="solid"/></a:ln>'
    effect = "<a:effectStyle><a:effectLst/></a:effectStyle>"
    return (
        f'{HEAD}<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" name="Self-study">'
        "<a:themeElements>"
        f'<a:clrScheme name="Self-study">{scheme}</a:clrScheme><a:fontScheme name="Self-study">{fonts}</a:fontScheme>'
        f'<a:fmtScheme name="Self-study"><a:fillStyleLst>{fill * 3}</a:fillStyleLst>'
        f"<a:lnStyleLst>{line * 3}</a:lnStyleLst>"
        f"<a:effectStyleLst>{effect * 3}</a:effectStyleLst><a:bgFillStyleLst>{fill * 3}</a:bgFillStyleLst>"
        "</a:fmtScheme>"
        "</a:themeElements></a:theme>"
    )


def footnotes_xml() -> str:
    """footnotes.xml: the two separators and no note yet."""

    def note(n: int, kind: str, what: str) -> str:
        return (
            f'<w:footnote w:type="{kind}" w:id="{n}"><w:p><w:pPr><w:spacing w:after="60" w:line="240" '
            'w:lineRule="auto"/>'
            f"</w:pPr><w:r><w:{what}/></w:r></w:p></w:footnote>"
        )

    return (
        f"{HEAD}<w:footnotes {NS}>"
        + note(-1, "separator", "separator")
        + note(0, "continuationSeparator", "continuationSeparator")
        + "</w:footnotes>"
    )
