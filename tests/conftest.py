"""Fixtures everybody uses: real databases in temporary folders, and factories that call the product's own actions."""

from __future__ import annotations

pytest_plugins = ["tests.fixtures"]
