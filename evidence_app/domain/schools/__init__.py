"""Schools, and how each is divided into programmes, campuses, subjects and year groups."""

from evidence_app.domain.schools.actions import (
    add_campus,
    add_school,
    add_subject,
    add_year_group,
    set_person_quota,
    set_quota,
    update_school,
)
from evidence_app.domain.schools.models import PROGRAMMES, Campus, School, Subject, YearGroup
from evidence_app.domain.schools.queries import Divisions, all_schools, divisions_of, school_by_key, school_of

__all__ = [
    "PROGRAMMES",
    "Campus",
    "Divisions",
    "School",
    "Subject",
    "YearGroup",
    "add_campus",
    "add_school",
    "add_subject",
    "add_year_group",
    "all_schools",
    "divisions_of",
    "school_by_key",
    "school_of",
    "set_person_quota",
    "set_quota",
    "update_school",
]
