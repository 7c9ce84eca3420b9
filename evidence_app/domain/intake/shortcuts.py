"""Shortcuts: small files that hold nothing but the address of something else. They are filed as links."""

from __future__ import annotations

import json
import plistlib
import re
from pathlib import PurePath
from typing import IO, Final

MOST_BYTES: Final = 64 * 1024
_OF_DRIVES: Final = frozenset({".gdoc", ".gsheet", ".gslides", ".gform", ".gdraw", ".gsite", ".gmap", ".gjam"})
_OF_DESKTOPS: Final = frozenset({".url", ".desktop"})
_ADDRESS: Final = re.compile(r"^[ \t]*URL[ \t]*=[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)


def is_shortcut(name: str, size_bytes: int) -> bool:
    """Whether a file of this name and size may be one."""
    return size_bytes <= MOST_BYTES and PurePath(name).suffix.lower() in {*_OF_DRIVES, *_OF_DESKTOPS, ".webloc"}


def address_in(name: str, file: IO[bytes]) -> str:
    """The web address a shortcut leads to; "" where it holds none, as one of a file on somebody's own disk."""
    content, suffix = file.read(MOST_BYTES), PurePath(name).suffix.lower()
    found = ""
    if suffix == ".webloc":
        found = _address_of_plist(content)
    elif suffix in _OF_DRIVES:
        found = _address_of_drive(content)
    elif match := _ADDRESS.search(content.decode("utf-8-sig", "replace")):
        found = match[1]
    return found if found.lower().startswith(("https://", "http://")) else ""


def _address_of_plist(content: bytes) -> str:
    try:
        # plistlib refuses entity declarations, and with them what an XML file can do to its reader. What it raises over
        # other oddities is anything from IndexError to AttributeError.
        kept = plistlib.loads(content)
    except Exception:
        return ""
    url = kept.get("URL") if isinstance(kept, dict) else None
    return url if isinstance(url, str) else ""


def _address_of_drive(content: bytes) -> str:
    try:
        kept = json.loads(content)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(kept, dict):
        return ""
    if isinstance(url := kept.get("url"), str) and url:
        return url
    document = kept.get("doc_id")
    is_id = isinstance(document, str) and re.fullmatch(r"[\w-]+", document)
    return f"https://drive.google.com/open?id={document}" if is_id else ""
