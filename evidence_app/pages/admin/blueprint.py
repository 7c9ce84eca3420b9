"""Where the pages of a school's administration hang."""

from __future__ import annotations

from flask import Blueprint

pages = Blueprint("admin", __name__, url_prefix="/<school_key>/admin")
