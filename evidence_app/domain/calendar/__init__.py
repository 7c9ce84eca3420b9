"""The calendar: everything due that one may know of, and the address under which one's own calendar reads it."""

from evidence_app.domain.calendar.actions import (
    end_all_feeds,
    end_feed,
    end_feeds_of,
    is_due_to_be_noted,
    make_feed,
    note_read,
)
from evidence_app.domain.calendar.icalendar_file import Appointment, icalendar_file
from evidence_app.domain.calendar.models import CalendarFeed
from evidence_app.domain.calendar.queries import (
    MOST_REVIEWS,
    NO_FEED,
    Due,
    DueKind,
    actor_of_feed,
    everything_due,
    feed_of,
)

__all__ = [
    "MOST_REVIEWS",
    "NO_FEED",
    "Appointment",
    "CalendarFeed",
    "Due",
    "DueKind",
    "actor_of_feed",
    "end_all_feeds",
    "end_feed",
    "end_feeds_of",
    "everything_due",
    "feed_of",
    "icalendar_file",
    "is_due_to_be_noted",
    "make_feed",
    "note_read",
]
