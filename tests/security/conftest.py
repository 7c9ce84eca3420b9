"""The browsers and backends of the page tests, for tests that try to get in."""

from __future__ import annotations

from tests.evidence_app.pages.conftest import app, backends, client_for, filed, kept_apps, work

__all__ = ["app", "backends", "client_for", "filed", "kept_apps", "work"]
