"""Pictures of a document's pages, as they travel from the child to whoever shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evidence_app.domain.extraction.reading import ReadingWarning

_MAX_SIDE_PX = 20_000
_KINDS = {b"RIF": "image/webp", b"\xff\xd8\xff": "image/jpeg"}
"""First bytes of the pictures we make -> what they are."""


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture without metadata. Sizes in pixels."""

    content: bytes
    width_px: int
    height_px: int
    media_type: str = "image/webp"


@dataclass(frozen=True, slots=True)
class Preview:
    """Pictures of a file: `thumb` is None where nothing can be drawn. `page_total` counts the pages one may ask for.

    It is 0 for a text drawn on paper as long as no page was asked for: counting them takes laying them out.
    `is_true_look` says whether the pages look as the file does, or were drawn from its words.
    """

    thumb: Picture | None = None
    pages: tuple[Picture, ...] = ()
    page_total: int = 0
    failed_because: ReadingWarning | None = None
    is_true_look: bool = True

    def header(self) -> dict[str, Any]:
        """What a reply says about the blobs that follow it."""
        sizes = [[picture.width_px, picture.height_px] for picture in self._all()]
        why = self.failed_because
        return {
            "has_thumb": self.thumb is not None,
            "sizes": sizes,
            "page_total": self.page_total,
            "is_true_look": self.is_true_look,
            "failed_because": {"code": why.code, "params": dict(why.params)} if why else None,
        }

    def blobs(self) -> list[bytes]:
        """The encoded pictures, in the order of `header()`."""
        return [picture.content for picture in self._all()]

    @classmethod
    def from_reply(cls, header: dict[str, Any], blobs: list[bytes]) -> Preview:
        """The preview that `header` and `blobs` describe. Raises ValueError, KeyError or TypeError otherwise."""
        pictures = []
        for (width, height), content in zip(header["sizes"], blobs, strict=True):
            media_type = _KINDS.get(content[:3])
            if media_type is None or not (0 < int(width) <= _MAX_SIDE_PX and 0 < int(height) <= _MAX_SIDE_PX):
                raise ValueError("not a picture of ours")
            pictures.append(Picture(content, int(width), int(height), media_type))
        why = header["failed_because"]
        return cls(
            thumb=pictures.pop(0) if header["has_thumb"] else None,
            pages=tuple(pictures),
            page_total=int(header["page_total"]),
            is_true_look=header["is_true_look"] is True,
            failed_because=None if why is None else ReadingWarning.from_plain(why),
        )

    def _all(self) -> list[Picture]:
        return [*([self.thumb] if self.thumb else []), *self.pages]
