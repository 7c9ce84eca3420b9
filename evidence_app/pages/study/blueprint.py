"""The blueprint all pages of the self-study belong to."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("study", __name__, url_prefix="/<school_key>/study")
