"""Choosing what a school follows."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import standards
from evidence_app.database import now
from evidence_app.domain.frameworks.models import SchoolFramework
from evidence_app.errors import Invalid
from evidence_app.i18n import msg

EVERY_IB_SCHOOL = (
    "ib-psp-2020",
    "ib-programme-development-milestones",
    "ib-learner-profile",
    "ib-approaches-to-learning",
)
"""What a new school follows from its first day."""


def follow(session: Session, *, school_id: str, framework_key: str) -> SchoolFramework:
    """The framework, followed by the school from now on; Invalid when no such catalogue is installed."""
    if framework_key not in standards.available():
        known = ", ".join(standards.available())
        raise Invalid(
            msg("There is no framework '%(key)s' here. Installed are: %(known)s.", key=framework_key, known=known),
            field="framework",
        )
    found = session.get(SchoolFramework, (school_id, framework_key))
    if found is None:
        last = session.scalar(select(func.max(SchoolFramework.position)).where(SchoolFramework.school_id == school_id))
        found = SchoolFramework(
            school_id=school_id, framework_key=framework_key, position=(last or 0) + 1, overlay_changed_at=now()
        )
        session.add(found)
        session.flush()
    return found
