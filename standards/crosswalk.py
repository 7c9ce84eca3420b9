"""From the codes of an older edition to the nodes of a framework that ask for the same, as data."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from types import MappingProxyType

from standards.loader import DATA, ENDING, load
from standards.yaml_text import parse


@functools.cache
def crosswalk(key: str) -> Mapping[str, tuple[str, ...]]:
    """Code of the older edition, such as "C3.10" -> codes of this framework, the nearest first.

    Empty where the framework has no such file; raises CatalogueError if the file is not sound.
    """
    file = DATA / f"{key}.crosswalk{ENDING}"
    if not file.is_file():
        return MappingProxyType({})
    return read_crosswalk(file.read_text("utf-8"), file.name, key, {node.code for node in load(key)})


def read_crosswalk(text: str, file: str, key: str, codes: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """The same, from the text of such a file; `codes` are those of the framework. Raises CatalogueError."""
    known = ("format", "framework", "edition", "codes")
    fields = parse(text, file).fields("The file", known, known)
    fields["format"].chosen("The format", ("crosswalk/1",))
    fields["framework"].chosen("The framework", (key,))
    fields["edition"].text("The edition")
    found: dict[str, tuple[str, ...]] = {}
    for older, entry in fields["codes"].entries("Codes").items():
        named = entry.within(older)
        newer = named.texts("A code")
        for code in newer:
            if code not in codes:
                raise named.place.error(f"The framework has no node {code!r}.", "Correct the code.")
        if not newer:
            raise named.place.error("It leads nowhere.", "Name at least one code, or leave the line out.")
        found[older] = newer
    return MappingProxyType(found)
