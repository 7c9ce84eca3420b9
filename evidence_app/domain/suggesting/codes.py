"""Codes and short names of nodes ("0301-02-0200", "Culture 2.2", the folder "0301") found in names and texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from standards import Catalogue, Node

CODE: Final = re.compile(r"(?<![\w.-])(\d{4}(?:[-_]\d{2}(?:[-_]\d{4})?)?)(?!\d|-\d|\.\d)")
NUMBERED: Final = r"(?<!\w)({names})[ _-]*(\d{{1,2}})(?:\.(\d{{1,2}}))?(?![\d.]*\d)"
OLDER: Final = re.compile(
    r"""
    # Anywhere: "C3.10".
    (?<![\w.]) (C[34]) \.[ ]? (\d{1,2}) ([a-f]?) (?![\w.]*\d) (?!\w)
    # At the start: "B1-4", "C1 1a Plan", "A.4".
    | ^(?:standard|practice|std)?\.?\s*
      (?: (A) \.[ ]? | (B[12]|C[1-4]) (?:[.:_-]|[ ]-?[ ]?) [ ]? ) (\d{1,2}) ([a-f]?)
      (?![\w.]*\d) (?![^\W_])
    """,
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
"""The codes of 2014. Elsewhere than at the start of a name "B2.1" is a level of a language, and "A 4" a paper size."""


class CodeBook:
    """What a framework's nodes are called by number, made ready to be found."""

    def __init__(
        self, catalogue: Catalogue, reachable: Iterable[Node], older: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        """`older`: codes of an older edition -> codes of this one, see `standards.crosswalk`."""
        self._older = dict(older or {})
        by_key = {node.key: node for node in catalogue}
        self._by_code = {node.code: node for node in catalogue}
        self._by_name = {
            node.short_name.lower(): node for node in reachable if node.short_name != node.code and node.short_name
        }
        prefixes = {name.rpartition(" ")[0] for name in self._by_name if name.rpartition(" ")[2].isdigit()}
        names = "|".join(re.escape(prefix) for prefix in sorted(prefixes, key=len, reverse=True))
        self._numbered = re.compile(NUMBERED.format(names=names), re.IGNORECASE) if names else None
        self._parents = {node.key: by_key.get(node.parent_key or "") for node in catalogue}

    def find(self, text: str) -> dict[str, Node]:
        """What the text says -> the node it names, in the order of the text; codes first, then short names."""
        found: dict[str, Node] = {}
        for match in CODE.finditer(text):
            node = self._by_code.get(match[1].replace("_", "-"))
            if node is not None:
                found[match[1]] = node
        if self._numbered is not None:
            for match in self._numbered.finditer(text):
                number = f"{int(match[2])}.{int(match[3])}" if match[3] else f"{int(match[2])}"
                node = self._by_name.get(f"{match[1].lower()} {number}")
                if node is not None:
                    found[match[0]] = node
        return found

    def find_older(self, names: str) -> dict[str, tuple[Node, ...]]:
        """What names of files and folders, one a line, say in codes of an older edition -> the nodes, nearest first."""
        found: dict[str, tuple[Node, ...]] = {}
        for match in OLDER.finditer(names) if self._older else ():
            standard, number = match[1] or match[4] or match[5], match[2] or match[6]
            code, letter = f"{standard.upper()}.{int(number)}", match[3] or match[7] or ""
            newer = self._older.get(code + letter.lower()) or self._older.get(code, ())
            if newer:
                found[match[0].strip()] = tuple(self._by_code[one] for one in newer)
        return found

    def line_of(self, node: Node) -> list[Node]:
        """The node and those above it, innermost first."""
        line = [node]
        while (parent := self._parents.get(line[-1].key)) is not None:
            line.append(parent)
        return line
