"""The frameworks a school follows, and its own wording over them."""

from evidence_app.domain.frameworks.actions import EVERY_IB_SCHOOL, follow
from evidence_app.domain.frameworks.models import OverlayText
from evidence_app.domain.frameworks.queries import catalogue_for, followed, require_node
from evidence_app.domain.frameworks.wording import (
    count_own_wording,
    import_wording,
    own_wording,
    remove_wording,
    rows_of_table,
)

__all__ = [
    "EVERY_IB_SCHOOL",
    "OverlayText",
    "catalogue_for",
    "count_own_wording",
    "follow",
    "followed",
    "import_wording",
    "own_wording",
    "remove_wording",
    "require_node",
    "rows_of_table",
]
