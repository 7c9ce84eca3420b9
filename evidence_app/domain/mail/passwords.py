"""The passwords of mailboxes: each in a file of its own in the installation's home, for its owner's eyes only."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = "mail-passwords"


class Passwords:
    """Where the installation keeps what it signs in to mailboxes with: beside its secret key, not in the database."""

    def __init__(self, home: Path) -> None:
        self._folder = home / FOLDER

    def keep(self, school_id: str, password: str) -> None:
        """This is now the password of the school's mailbox; a reader sees the old one or the new one, whole."""
        self._folder.mkdir(mode=0o700, exist_ok=True)
        new = self._folder / f".{school_id}"
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(password)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._folder / school_id)

    def of(self, school_id: str) -> str:
        """The password; empty where none is kept."""
        path = self._folder / school_id
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def forget(self, school_id: str) -> None:
        """There is none any more."""
        (self._folder / school_id).unlink(missing_ok=True)
