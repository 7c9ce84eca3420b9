"""The frameworks a school follows, and its own wording over them."""

from evidence_app.domain.frameworks.actions import EVERY_IB_SCHOOL, follow
from evidence_app.domain.frameworks.queries import catalogue_for, followed, require_node
from evidence_app.domain.frameworks.wording import import_wording, rows_of_table

__all__ = [
    "EVERY_IB_SCHOOL",
    "catalogue_for",
    "follow",
    "followed",
    "import_wording",
    "require_node",
    "rows_of_table",
]
