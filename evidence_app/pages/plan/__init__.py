"""The plan: objectives and actions as table, board and timeline, their evidence, and findings that become actions."""

from evidence_app.pages.plan import acting, changing, findings, table
from evidence_app.pages.plan.blueprint import pages

__all__ = ["acting", "changing", "findings", "pages", "table"]
