"""A Word file taken apart without trusting it: sizes are bounded, and no entity or outside part is ever loaded."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from lxml import etree

MOST_PARTS = 2000
MOST_BYTES = 200 << 20


class NotAWordFile(ValueError):
    """The bytes are not a readable Word file; the message says why."""


@dataclass(frozen=True, slots=True)
class Package:
    """The parts of a file: XML parts parsed, the names in the order of the file, and all raw bytes."""

    infos: tuple[zipfile.ZipInfo, ...]
    data: dict[str, bytes]
    xml: dict[str, etree._Element]

    def names(self) -> list[str]:
        return [info.filename for info in self.infos]


def open_package(data: bytes) -> Package:
    """The parts of a Word file. Raises NotAWordFile, with a sentence for people, for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = tuple(archive.infolist())
            if len(infos) > MOST_PARTS or sum(info.file_size for info in infos) > MOST_BYTES:
                raise NotAWordFile("The file unpacks to more than a Word file should. Save it again in Word.")
            raw = {info.filename: archive.read(info) for info in infos}
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise NotAWordFile(
            "The file is not a Word document (.docx). Save it as Word document and try again."
        ) from error
    if "word/document.xml" not in raw:
        raise NotAWordFile("The file holds no Word document. Save it as Word document (.docx) and try again.")
    return Package(infos, raw, {n: _parse(n, d) for n, d in raw.items() if n.endswith((".xml", ".rels"))})


def _parse(name: str, data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotAWordFile(f"The part {name} of the file is damaged: {error}. Save it again in Word.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotAWordFile(f"The part {name} declares a document type, which Word never writes. The file is refused.")
    return root
