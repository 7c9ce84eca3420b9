"""Colours of the style sheets: which one a token has in a theme, and how far two stand apart."""

from __future__ import annotations

import re
from pathlib import Path


def declarations(sheet: str, selector: str) -> dict[str, str]:
    """The custom properties of the first rule with exactly this selector."""
    found = re.search(rf"^\s*{re.escape(selector)} \{{(.*?)\}}", sheet, flags=re.DOTALL | re.MULTILINE)
    assert found, selector
    body = re.sub(r"/\*.*?\*/", "", found.group(1), flags=re.DOTALL)
    return {name: value.strip() for name, value in re.findall(r"(--[\w-]+):\s*([^;]+);", body)}


def tokens_of(folder: Path, theme: str, accent: str) -> dict[str, str]:
    """All tokens as a page of this theme and school colour has them."""
    tokens_sheet, accents_sheet = (folder / "tokens.css").read_text(), (folder / "accents.css").read_text()
    tokens = declarations(tokens_sheet, ':root, [data-bs-theme="light"]')
    if theme == "dark":
        tokens |= declarations(tokens_sheet, '[data-bs-theme="dark"]')
    if accent != "teal":
        before = '[data-bs-theme="dark"]' if theme == "dark" else ""
        tokens |= declarations(accents_sheet, f'{before}[data-accent="{accent}"]')
    return tokens


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (#rrggbb), 1 to 21, as WCAG 2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
