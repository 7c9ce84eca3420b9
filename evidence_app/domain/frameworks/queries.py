"""The catalogues of a school, with its own wording laid over them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

import standards
from evidence_app.domain.frameworks.models import SchoolFramework
from evidence_app.errors import Invalid, NotFound
from evidence_app.i18n import msg


def followed(session: Session, school_id: str) -> list[standards.Catalogue]:
    """The catalogues a school follows, in its order, with its own wording."""
    rows = session.scalars(
        select(SchoolFramework).where(SchoolFramework.school_id == school_id).order_by(SchoolFramework.position)
    )
    return [_laid_over(session, row) for row in rows]


def catalogue_for(session: Session, school_id: str, framework_key: str) -> standards.Catalogue:
    """One catalogue a school follows, with its own wording; NotFound when it does not follow it."""
    row = session.get(SchoolFramework, (school_id, framework_key))
    if row is None:
        raise NotFound(msg("This school does not follow the framework '%(key)s'.", key=framework_key))
    return _laid_over(session, row)


def require_node(session: Session, school_id: str, key_or_code: str) -> standards.Node:
    """The node with this key, or with this bare code in the first framework that has it; Invalid otherwise."""
    catalogues = followed(session, school_id)
    for catalogue in catalogues:
        if key_or_code in catalogue:
            return catalogue.node(key_or_code)
    near = ""
    for catalogue in catalogues:
        try:
            catalogue.node(key_or_code)
        except standards.NodeNotFound as error:
            near = near or ", ".join(error.near)
    raise Invalid(
        msg(
            "There is no '%(key)s' in the frameworks of this school. Nearest: %(near)s.",
            key=key_or_code,
            near=near or "–",
        ),
        field="node_key",
    )


def _laid_over(session: Session, row: SchoolFramework) -> standards.Catalogue:
    return standards.load(row.framework_key)
