"""Films and sound: how long, how large, when. What is said in them is not read, nor who made them."""

from __future__ import annotations

import contextlib

from evidence_app.domain.extraction import iso_media
from evidence_app.domain.extraction.draft import Draft, Source
from evidence_app.domain.extraction.plain_text import one_line
from evidence_app.domain.extraction.titles import is_meaningful_title

_ISO = frozenset({"audio/mp4", "video/3gpp", "video/mp4", "video/quicktime"})
_ENDINGS = {
    "audio/aac": ".aac",
    "audio/aiff": ".aiff",
    "audio/flac": ".flac",
    "audio/mpeg": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
}
"""What the library is told, because it goes by names and the name of the file is not to be believed."""
_LONGEST_SECONDS = 7 * 24 * 3600


def read(source: Source, draft: Draft) -> None:
    """Fill the draft with the facts, as far as the file tells them."""
    if source.media_type in _ISO:
        film = iso_media.read(source.file)
        draft.facts.update(film.facts())
        if film.tells_place:
            draft.warn("film-tells-place")
    elif source.media_type.startswith("audio/"):
        _read_sound(source, draft)
    draft.warn("not-listened-to")


def _read_sound(source: Source, draft: Draft) -> None:
    from tinytag import TinyTag, TinyTagException

    source.file.seek(0)
    # Whatever is wrong with its tags, the sound is kept and can be heard.
    with contextlib.suppress(TinyTagException, ValueError, OSError, IndexError, KeyError, TypeError, ArithmeticError):
        tag = TinyTag.get(filename=f"sound{_ENDINGS[source.media_type]}", file_obj=source.file)
        if tag.duration and 0 < tag.duration < _LONGEST_SECONDS:
            draft.facts["seconds"] = round(tag.duration, 1)
        title = one_line(tag.title or "")
        draft.title = title if is_meaningful_title(title) else ""
