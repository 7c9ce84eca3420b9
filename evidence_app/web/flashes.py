"""Words that stand on the next page: what was done, with a way back where there is one, or what went wrong."""

from __future__ import annotations

from typing import Literal

from flask import flash


def say_done(words: str, *, undo_url: str = "", undo_key: str = "", **fields: str) -> None:
    """Show `words` as a toast; with `undo_url` it carries a button, pressed by `undo_key` too, that posts `fields`."""
    message = {"text": words, "undo_url": undo_url, "undo_key": undo_key, "fields": fields}
    flash(message, "done")  # type: ignore[arg-type]  # the session keeps any JSON, and the template reads a mapping


def say_trouble(words: str, *, tone: Literal["stop", "wait", "note"] = "stop") -> None:
    """Show `words` at the top of the next page: stop for failed, wait for a warning, note for something to know."""
    flash(words, tone)
