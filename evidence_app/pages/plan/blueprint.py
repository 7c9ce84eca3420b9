"""The blueprint all pages of the plan belong to."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("plan", __name__, url_prefix="/<school_key>/plan")
