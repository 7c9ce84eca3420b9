"""Requests for evidence, and what was filed in answer."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from evidence_app.database import Base, SchoolOwned, school_key
from evidence_app.i18n import Labelled, msg


class RequestState(Labelled):
    """Where a request stands. An answered one waits for the asker to be content and close it."""

    OPEN = "open", msg("Open")
    ANSWERED = "answered", msg("Answered")
    CLOSED = "closed", msg("Closed")


class EvidenceRequest(SchoolOwned, Base):
    """We need evidence for this node by this day from this person or group. No programme means: the whole school."""

    __tablename__ = "evidence_requests"
    __table_args__ = (
        school_key("group_id", "groups"),
        CheckConstraint("(person_id is null) <> (group_id is null)", name="one_asked"),
        Index("ix_evidence_requests_state", "school_id", "state", "due_on"),
        Index("ix_evidence_requests_node", "school_id", "node_key"),
        Index("ix_evidence_requests_person", "school_id", "person_id"),
    )

    node_key: Mapped[str] = mapped_column(String(100))
    programme: Mapped[str] = mapped_column(String(3), default="")
    title: Mapped[str] = mapped_column(String(300))
    message: Mapped[str] = mapped_column(Text, default="")
    due_on: Mapped[date]
    asked_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(String(26), ForeignKey("people.id"))
    group_id: Mapped[str | None] = mapped_column(String(26))
    state: Mapped[RequestState] = mapped_column(String(8), default=RequestState.OPEN)
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    def is_overdue(self, today: date) -> bool:
        """Whether an answer should be here by now."""
        return self.state == RequestState.OPEN and self.due_on < today


class RequestAnswer(SchoolOwned, Base):
    """An item given in answer to a request."""

    __tablename__ = "request_answers"
    __table_args__ = (
        school_key("request_id", "evidence_requests", ondelete="CASCADE"),
        school_key("item_id", "items", ondelete="CASCADE"),
        UniqueConstraint("school_id", "request_id", "item_id"),
        Index("ix_request_answers_item", "school_id", "item_id"),
    )

    request_id: Mapped[str] = mapped_column(String(26))
    item_id: Mapped[str] = mapped_column(String(26))
    answered_by: Mapped[str] = mapped_column(String(26), ForeignKey("people.id"))
    answered_at: Mapped[datetime]
