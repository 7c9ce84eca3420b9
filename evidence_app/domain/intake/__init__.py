"""Intake: documents in bulk, from folders."""

from evidence_app.domain.intake.folder import Entry, Intake, import_path

__all__ = ["Entry", "Intake", "import_path"]
