"""The blueprint all pages of evidence belong to."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("evidence", __name__, url_prefix="/<school_key>/evidence")
