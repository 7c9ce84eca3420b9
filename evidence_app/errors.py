"""Errors a person can act on. Each has a stable code; delivery maps the code to a status, once."""

from __future__ import annotations

from evidence_app.i18n import Message


class AppError(Exception):
    """Something the asker can understand and mend. `message` says what happened, with the bad value, and what to do."""

    code = "error"

    def __init__(self, message: Message, *, field: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class NotFound(AppError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "not_found"


class NotAllowed(AppError):
    """The actor's role does not include this action."""

    code = "not_allowed"


class Invalid(AppError):
    """A value cannot be accepted; `field` names which."""

    code = "invalid"


class Conflict(AppError):
    """Somebody else changed the same thing first. Nothing was overwritten."""

    code = "conflict"


class Unavailable(AppError):
    """A part the product needs (storage, database, index) does not answer now. Try again later."""

    code = "unavailable"


class NoRoom(Unavailable):
    """The disk, or the school's quota, has no room for what was sent. Nothing of it was kept."""

    code = "no_room"
