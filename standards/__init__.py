"""Framework catalogues as data. `load("ib-psp-2020").node("0301-02").label("fr")` is the whole idea."""

from standards.loader import available, catalogue_from_yaml, load
from standards.model import (
    LANGUAGES,
    Catalogue,
    CatalogueError,
    Level,
    Node,
    NodeNotFound,
    OwnText,
    RatingLevel,
    Scale,
)

__all__ = [
    "LANGUAGES",
    "Catalogue",
    "CatalogueError",
    "Level",
    "Node",
    "NodeNotFound",
    "OwnText",
    "RatingLevel",
    "Scale",
    "available",
    "catalogue_from_yaml",
    "load",
]
