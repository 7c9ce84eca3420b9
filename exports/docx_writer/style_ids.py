"""Style identifiers brought back to ours.

Word in another language writes `Titre1` where English Word writes `Heading1`.

The names of Word's own styles are the same in every language, and custom styles keep the names a school sees, so a
style is known by its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from lxml import etree

from exports.docx_writer.package import open_package
from exports.layouts import base_file

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
POINTERS = ("basedOn", "next", "link", "pStyle", "rStyle", "tblStyle", "numStyleLink", "styleLink")


@cache
def required_styles() -> dict[str, str]:
    """Style id -> name as Word shows it, for every style a report uses."""
    styles = open_package(base_file()).xml["word/styles.xml"]
    return {str(s.get(W + "styleId")): name_of(s) for s in styles.iter(W + "style")}


def name_of(style: etree._Element) -> str:
    """The name of a style, the same in every language of Word."""
    name = style.find(W + "name")
    return str(name.get(W + "val", "")) if name is not None else ""


def missing_styles(styles: etree._Element) -> list[str]:
    """The names of required styles that are not there."""
    held = {name_of(s).casefold() for s in styles.iter(W + "style")}
    return [name for name in required_styles().values() if name.casefold() not in held]


def bring_back_ids(styles: etree._Element, others: Iterable[etree._Element]) -> None:
    """Give every required style the identifier we use, in the style sheet and in all that points at it."""
    by_name = {name_of(s).casefold(): s for s in styles.iter(W + "style")}
    wanted = {
        style: by_name[name.casefold()] for style, name in required_styles().items() if name.casefold() in by_name
    }
    renamed = {str(found.get(W + "styleId")): style for style, found in wanted.items()}
    if all(old == new for old, new in renamed.items()):
        return
    # A style of the school's own may hold an identifier we need; it moves out of the way.
    held = {str(s.get(W + "styleId")) for s in styles.iter(W + "style")} - set(renamed)
    renamed |= {taken: f"{taken}Own" for taken in held & set(wanted)}
    for style in styles.iter(W + "style"):
        old = str(style.get(W + "styleId"))
        style.set(W + "styleId", renamed.get(old, old))
    for root in (styles, *others):
        for pointer in root.iter(*(W + name for name in POINTERS)):
            old = str(pointer.get(W + "val"))
            pointer.set(W + "val", renamed.get(old, old))
