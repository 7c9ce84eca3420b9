"""The catalogues of a school, with its own wording laid over them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import standards
from evidence_app.domain.frameworks.models import OverlayText, SchoolFramework
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
    """The catalogue with the school's own wording, made once for each state of that wording."""
    return _LAID_OVER.get(session, row)


class _LaidOver:
    """The last laid-over catalogue of each school and framework, kept until the wording changes."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], tuple[datetime, standards.Catalogue]] = {}

    def get(self, session: Session, row: SchoolFramework) -> standards.Catalogue:
        key = (row.school_id, row.framework_key)
        kept = self._kept.get(key)
        if kept is None or kept[0] != row.overlay_changed_at:
            kept = self._kept[key] = (row.overlay_changed_at, _with_wording(session, row))
        return kept[1]


_LAID_OVER = _LaidOver()


def _with_wording(session: Session, row: SchoolFramework) -> standards.Catalogue:
    chosen = select(OverlayText).where(
        OverlayText.school_id == row.school_id, OverlayText.framework_key == row.framework_key
    )
    texts = [
        standards.OverlayRow(
            line=text.line,
            code=text.code,
            text=text.text,
            language=text.language,
            programmes=tuple(p for p in text.programmes.split(",") if p),
        )
        for text in session.scalars(chosen.order_by(OverlayText.line))
    ]
    catalogue = standards.load(row.framework_key)
    return standards.apply(catalogue, texts) if texts else catalogue
