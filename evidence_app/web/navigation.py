"""The places one can go to, once, as data: the rail, the phone's tabs and the menu are all drawn from here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from evidence_app.i18n import Message, msg

EVALUATION = msg("Evaluation")
GIVE_OUT = msg("Give out")

MOST_COUNTED = 99
"""What waits beyond this is not counted: every page would wait for a number that nobody reads."""


@dataclass(frozen=True, slots=True)
class Place:
    """One page of the main navigation. `address` stands below the school's."""

    key: str
    label: Message
    icon: str
    address: str
    group: Message | None = None
    foot: bool = False


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A place as one person sees it now: `count` is what waits there, `tab` puts it among the phone's tabs."""

    key: str
    label: Message
    icon: str
    url: str
    group: Message | None
    foot: bool
    current: bool
    tab: bool
    count: int

    @property
    def count_words(self) -> str:
        """The count as it is shown: "99+" where nobody reads the number any more."""
        return str(self.count) if self.count <= MOST_COUNTED else f"{MOST_COUNTED}+"


@dataclass(frozen=True, slots=True)
class Link:
    """One line of the menu under the person's initials."""

    label: Message
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class Links:
    """Addresses the layouts need; an empty one is not drawn."""

    home: str
    search: str = ""
    complete: str = ""
    file: str = ""
    sign_out: str = ""
    offline: str = ""
    larger: str = ""
    account: tuple[Link, ...] = field(default=())


PLACES = (
    Place("home", msg("Home"), "home", ""),
    Place("evidence", msg("Evidence"), "files", "evidence"),
    Place("coverage", msg("Coverage"), "layout-grid", "coverage"),
    Place("review", msg("Review"), "checklist", "review"),
    Place("requests", msg("Requests"), "message-question", "requests"),
    Place("calendar", msg("Calendar"), "calendar-event", "calendar"),
    Place("study", msg("Self-study"), "book-2", "study", EVALUATION),
    Place("plan", msg("Plan"), "target-arrow", "plan", EVALUATION),
    Place("milestones", msg("Milestones"), "route", "milestones", EVALUATION),
    Place("policies", msg("Policies"), "shield-check", "policies", EVALUATION),
    Place("insight", msg("Insight"), "chart-line", "insight", EVALUATION),
    Place("reports", msg("Reports"), "file-export", "reports", GIVE_OUT),
    Place("shares", msg("Shares"), "share", "shares", GIVE_OUT),
    Place("admin", msg("Admin"), "settings", "admin", foot=True),
    Place("help", msg("Help"), "help-circle", "help", foot=True),
)
TABS = ("home", "evidence", "review", "requests")
"""What a phone shows at the bottom, first three that this person has; filing stands in the middle of them."""


def navigation(
    school_url: str, *, shown: Collection[str], here: str, counts: Mapping[str, int] | None = None
) -> list[NavEntry]:
    """The entries of the places named in `shown`, in order, below `school_url` ("/alder-bay"); `here` is a key too."""
    base = school_url.rstrip("/")
    tabs = [key for key in TABS if key in shown][:3]
    return [
        NavEntry(
            key=place.key,
            label=place.label,
            icon=place.icon,
            url=f"{base}/{place.address}",
            group=place.group,
            foot=place.foot,
            current=place.key == here,
            tab=place.key in tabs,
            count=(counts or {}).get(place.key, 0),
        )
        for place in PLACES
        if place.key in shown
    ]
