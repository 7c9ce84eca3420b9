"""What is known of links: how the page answered a stranger when it was last looked at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, school_key
from evidence_app.i18n import Labelled, Message, msg, words_of


class LinkState(Labelled):
    """What somebody finds who opens the address without any sign-in."""

    NOT_CHECKED = "not_checked", msg("Not checked")
    OPENS = "opens", msg("Opens for everybody")
    SIGN_IN = "sign_in", msg("Needs a sign-in")
    NOT_FOUND = "not_found", msg("Page not found")
    GONE = "gone", msg("Server does not answer")
    INSIDE = "inside", msg("Opens only inside the school's network")
    UNCLEAR = "unclear", msg("Answered with an error")

    @property
    def step(self) -> Message | None:
        """What to do about it; None where nothing is amiss."""
        return STATE_STEPS.get(self)

    @property
    def is_closed(self) -> bool:
        """Whether visitors cannot open it, as far as is known."""
        return self in CLOSED


CLOSED = (LinkState.SIGN_IN, LinkState.NOT_FOUND, LinkState.GONE, LinkState.INSIDE)
"""States in which a visitor finds nothing."""


_ATTACH = msg("Visitors cannot open this: attach a file copy.")
STATE_STEPS: Mapping[LinkState, Message] = MappingProxyType(
    {
        LinkState.NOT_CHECKED: msg("An address like this is not looked at. Open it yourself in a private window."),
        LinkState.SIGN_IN: _ATTACH,
        LinkState.INSIDE: _ATTACH,
        LinkState.NOT_FOUND: msg("Visitors cannot open this: give its new address, or attach a file copy."),
        LinkState.GONE: msg("Visitors cannot open this: look whether the address is right, or attach a file copy."),
        LinkState.UNCLEAR: msg("The page may be in trouble just now. It is looked at again tomorrow."),
    }
)


class PageState(StrEnum):
    """How it went when somebody asked to keep the page's text; NONE where nobody did."""

    NONE = ""
    WAITING = "waiting"
    KEPT = "kept"
    SAME = "same"
    EMPTY = "empty"
    CLOSED = "closed"
    NO_ROOM = "no room"

    @property
    def label(self) -> Message | None:
        """The state in plain words."""
        return PAGE_LABELS.get(self)


PAGE_LABELS: Mapping[PageState, Message] = MappingProxyType(
    {
        PageState.WAITING: msg("The page is being fetched to keep its text."),
        PageState.KEPT: msg("The page's text was kept as a version of its own."),
        PageState.SAME: msg("The page still says the same as the text that is kept. Nothing was changed."),
        PageState.EMPTY: msg(
            "The page holds no text that can be read without running it. Print it to PDF and attach that."
        ),
        PageState.NO_ROOM: msg("There was no room for the page's text, and nothing was kept."),
        PageState.CLOSED: msg("The page did not open for a stranger, so no text was kept. Attach a file copy."),
    }
)


class LinkCheck(Base):
    """The last look at the address of an item. It counts while `url` is the address of the newest version.

    `host` is who answered in the end, after all redirects; `failures` counts looks in a row that found it closed.
    """

    __tablename__ = "link_checks"
    __table_args__ = (
        school_key("item_id", "items", ondelete="CASCADE"),
        Index("ix_link_checks_next", "next_at"),
        Index("ix_link_checks_state", "school_id", "state"),
    )

    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[LinkState] = mapped_column(String(11), default=LinkState.NOT_CHECKED)
    status: Mapped[int | None]
    host: Mapped[str] = mapped_column(String(253), default="")
    failures: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None]
    next_at: Mapped[datetime]
    page: Mapped[PageState] = mapped_column(String(7), default=PageState.NONE)
    page_at: Mapped[datetime | None]
    page_why: Mapped[dict[str, Any] | None] = mapped_column(JSON)

    @property
    def state_now(self) -> LinkState:
        """The state, with its words."""
        return LinkState(self.state)

    @property
    def page_words(self) -> Message | None:
        """How keeping the page's text went; where there was no room for it, of what, and who can change that."""
        return words_of(self.page_why) or PageState(self.page).label
