"""Sentences for people as rows keep them, so that they are said in the language of whoever reads them later."""

from __future__ import annotations

from typing import Any

from evidence_app.i18n import Message


def as_kept(words: Message | None) -> dict[str, Any] | None:
    """A sentence as a row keeps it; `words_of` gives it back."""
    if words is None:
        return None
    params = {name: as_kept(value) if isinstance(value, Message) else value for name, value in words.params.items()}
    return {"msgid": words.msgid, "params": params}


def words_of(kept: dict[str, object] | None) -> Message | None:
    """A sentence as a row keeps it, ready to be said in any language."""
    if kept is None:
        return None
    params = kept["params"]
    assert isinstance(params, dict)
    said = {name: words_of(value) if isinstance(value, dict) else value for name, value in params.items()}
    return Message(str(kept["msgid"]), said)
