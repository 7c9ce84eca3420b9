"""A school's administration: its people and groups, its facts, the frameworks it follows, and how all is doing."""

from evidence_app.pages.admin import disk, frameworks, groups, handover, health, mail, people, school
from evidence_app.pages.admin.blueprint import pages

__all__ = ["disk", "frameworks", "groups", "handover", "health", "mail", "pages", "people", "school"]
