"""Links as a stranger finds them: looked at now and then, with a copy for visitors where the page does not open."""

from evidence_app.domain.links.actions import (
    ask_for_check,
    ask_for_due,
    ask_to_keep_page,
    attach_copy,
    keep_findings,
    keep_page,
    say_how_keeping_went,
)
from evidence_app.domain.links.judging import Finding, judge, look_at
from evidence_app.domain.links.models import LinkCheck, LinkState, PageState
from evidence_app.domain.links.queries import (
    LinkToLookAt,
    check_of,
    checks_of,
    closed,
    closed_among,
    count_links_to_look_at,
    links_to_look_at,
    needs_copy,
)

__all__ = [
    "Finding",
    "LinkCheck",
    "LinkState",
    "LinkToLookAt",
    "PageState",
    "ask_for_check",
    "ask_for_due",
    "ask_to_keep_page",
    "attach_copy",
    "check_of",
    "checks_of",
    "closed",
    "closed_among",
    "count_links_to_look_at",
    "judge",
    "keep_findings",
    "keep_page",
    "links_to_look_at",
    "look_at",
    "needs_copy",
    "say_how_keeping_went",
]
