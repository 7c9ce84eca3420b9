"""Bytes to text where nothing says for sure which encoding they are in."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TEXT_CODECS = frozenset(
    {"utf-8", "utf-16", "utf-32", "ascii", "big5", "gbk", "gb2312", "gb18030", "shift_jis", "euc_jp", "euc_kr"}
)


def decode(raw: bytes, declared: str = "") -> str:
    """The text of `raw`: by its byte order mark, as UTF-16 if every other byte is zero, as UTF-8 if it is that, as
    `declared`, and else as Windows-1252, in which most old files of Western Europe are. Never raises."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return raw[len(mark) :].decode(encoding, "replace")
    if encoding := _utf_16_without_mark(raw[:400]):
        return raw.decode(encoding, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        # A text cut off, or with one bad byte far inside, is still UTF-8; other encodings fail at the first letters.
        is_cut_off = error.reason == "unexpected end of data" and not raw[: error.start].isascii()
        if error.start > 10_000 or is_cut_off:
            return raw.decode("utf-8", "replace")
    return raw.decode(_known(declared) or "cp1252", "replace")


def _known(declared: str) -> str:
    """`declared` if it names an encoding of text: codecs like zlib or rot13 are not for strangers to choose."""
    try:
        name = codecs.lookup(declared).name if declared else ""
    except (LookupError, ValueError):
        return ""
    if name in _TEXT_CODECS or name.startswith(("iso8859", "cp", "koi8", "mac")):
        return "cp1252" if name == "iso8859-1" else name
    return ""


def _utf_16_without_mark(head: bytes) -> str:
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half < 8:
        return ""
    if odd > half * 0.7 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.7 and odd < half * 0.1 else ""
