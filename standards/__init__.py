"""Framework catalogues as data. `load("ib-psp-2020").node("0301-02").label("fr")` is the whole idea."""

from standards.crosswalk import crosswalk, read_crosswalk
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
    split_key,
)
from standards.overlay import OverlayResult, OverlayRow, apply, check_rows
from standards.own import OwnResult, catalogue_from_rows
from standards.sheet import NumberedRow, OverlayError, Problem, read_rows

__all__ = [
    "LANGUAGES",
    "Catalogue",
    "CatalogueError",
    "Level",
    "Node",
    "NodeNotFound",
    "NumberedRow",
    "OverlayError",
    "OverlayResult",
    "OverlayRow",
    "OwnResult",
    "OwnText",
    "Problem",
    "RatingLevel",
    "Scale",
    "apply",
    "available",
    "catalogue_from_rows",
    "catalogue_from_yaml",
    "check_rows",
    "crosswalk",
    "load",
    "read_crosswalk",
    "read_rows",
    "split_key",
]
