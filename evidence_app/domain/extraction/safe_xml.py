"""XML from strangers: no entities, no network, no document type, no huge trees."""

from __future__ import annotations

from typing import Any

from lxml import etree

from evidence_app.domain.extraction.draft import Damaged

_NAMESPACE_CLOSE = "}"


def parse(raw: bytes, part: str) -> etree._Element:
    """The root element of `raw`. Raises Damaged if it is not XML, or declares entities of its own."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False, recover=False
    )
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Damaged("xml-broken", part=part) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Damaged("xml-entities", part=part)
    return root


def local_name(element: Any) -> str:
    """Name of an element without its namespace; "" for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition(_NAMESPACE_CLOSE)[2] if isinstance(tag, str) else ""
