"""An Office Open XML package (DOCX, PPTX, XLSX): its parts, relations and properties, read with suspicion."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any

from evidence_app.domain.extraction import safe_xml
from evidence_app.domain.extraction.draft import Damaged, Draft, Source
from evidence_app.domain.extraction.limits import MAX_XML_BYTES
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.safe_xml import local_name
from evidence_app.domain.extraction.zip_guard import GuardedZip

_DATES = frozenset({"created", "modified"})
_MAX_PAGES_CLAIMED = 100_000


def attribute(element: Any, name: str) -> str:
    """Value of an attribute by its local name, whatever its namespace; "" where it is missing."""
    for key, value in element.attrib.items():
        if key == name or key.endswith("}" + name):
            return str(value)
    return ""


@dataclass(frozen=True, slots=True)
class Relation:
    """One part refers to another; `kind` is the last word of its type."""

    id: str
    kind: str
    part: str


class Package:
    """The parts of one Office file. Raises Damaged, Encrypted or TooLarge like GuardedZip."""

    def __init__(self, source: Source) -> None:
        self._zip = GuardedZip(source.file)
        self.names = self._zip.names

    def read(self, part: str, limit: int = MAX_XML_BYTES) -> bytes:
        """The bytes of a part."""
        return self._zip.read(part, limit)

    def xml(self, part: str) -> Any:
        """The root element of a part."""
        return safe_xml.parse(self.read(part), part)

    def relations(self, part: str) -> list[Relation]:
        """The internal relations of a part; "" stands for the package itself.

        Relations that point outside the package (links, remote templates, pictures) are left out: nothing is fetched.
        """
        folder, _, name = part.rpartition("/")
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self._zip:
            return []
        found = []
        for relation in self.xml(rels):
            target = attribute(relation, "Target").split("#")[0]
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if attribute(relation, "TargetMode") != "External" and path in self._zip:
                kind = attribute(relation, "Type").rpartition("/")[2]
                found.append(Relation(attribute(relation, "Id"), kind, path))
        return found

    def main_part(self) -> str | None:
        """Name of the document, presentation or workbook part."""
        return next((relation.part for relation in self.relations("") if relation.kind == "officeDocument"), None)

    def read_properties(self, draft: Draft) -> None:
        """Dates and title as the file declares them. Names of authors are not read."""
        for relation in self.relations(""):
            if relation.kind not in {"core-properties", "extended-properties"}:
                continue
            try:
                root = self.xml(relation.part)
            except Damaged:
                draft.warn("properties-damaged")
                continue
            for element in root:
                self._read_property(local_name(element), (element.text or "").strip(), draft)

    @staticmethod
    def _read_property(name: str, value: str, draft: Draft) -> None:
        if name in _DATES and value[:4].isdecimal():
            draft.facts[name] = one_line(value, 30)
        elif name == "title":
            draft.title = one_line(value)
        elif name == "Pages" and value.isdecimal() and 0 < int(value[:9]) < _MAX_PAGES_CLAIMED:
            draft.pages = int(value)
