"""What a page's answer to a stranger means for visitors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from evidence_app.domain.links.models import LinkState
from evidence_app.outside import (
    Answer,
    BadAddress,
    Limits,
    NoAnswer,
    NotPublic,
    NotResolved,
    Stranger,
    TooManyRedirects,
)

SIGN_IN_HOSTS: Final = frozenset(
    {
        "accounts.google.com",
        "appleid.apple.com",
        "auth.managebac.com",
        "clever.com",
        "login.live.com",
        "login.microsoft.com",
        "login.microsoftonline.com",
        "login.windows.net",
        "login.yahoo.com",
        "sts.windows.net",
    }
)
SIGN_IN_DOMAINS: Final = (".auth0.com", ".b2clogin.com", ".okta.com", ".onelogin.com", ".oktapreview.com")
_SIGN_IN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|auth|sso|saml2?|adfs|cas|idp|shibboleth|wp-login\.php|servicelogin)(?:[/.]|$)", re.IGNORECASE
)
_PASSWORD = re.compile(rb"<input\b[^>]*\btype\s*=\s*[\"']?password\b", re.IGNORECASE)
_NOT_SHOWN = re.compile(rb"<(script|style|svg|head)\b.*?</\1\s*>|<!--.*?-->|<[^>]*>", re.IGNORECASE | re.DOTALL)
DOOR_HAS_FEW_CHARS: Final = 2_500
"""A page with a password field and less text than this is a door. One with more has a door in its corner."""
HTML: Final = frozenset({"text/html", "application/xhtml+xml"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What a look at an address found: its state, the status and the host that answered, and the answer if any."""

    state: LinkState
    status: int | None = None
    host: str = ""
    answer: Answer | None = None


def look_at(stranger: Stranger, url: str, limits: Limits | None = None) -> Finding:
    """What a stranger finds at this address. Takes seconds; connects to public addresses only."""
    try:
        answer = stranger.ask(url, limits)
    except BadAddress:
        return Finding(LinkState.NOT_CHECKED)
    except NotPublic:
        return Finding(LinkState.INSIDE)
    except (NoAnswer, NotResolved):
        return Finding(LinkState.GONE)
    except TooManyRedirects:
        # Sites that know their visitors by a cookie send whoever keeps none in circles.
        return Finding(LinkState.UNCLEAR)
    return Finding(judge(url, answer), answer.status, answer.host, answer)


def judge(url: str, answer: Answer) -> LinkState:
    """What the answer to a request for `url` means."""
    if answer.status in (401, 403, 407):
        return LinkState.SIGN_IN
    if answer.status in (404, 410):
        return LinkState.NOT_FOUND
    if answer.status >= 300:
        return LinkState.UNCLEAR
    return LinkState.SIGN_IN if _is_door(url, answer) else LinkState.OPENS


def _is_door(url: str, answer: Answer) -> bool:
    """Whether one stands before a sign-in: sent to one, or at a page that is little more than a password field."""
    host = answer.host.lower()
    if host in SIGN_IN_HOSTS or host.endswith(SIGN_IN_DOMAINS):
        return True
    if answer.redirects and _SIGN_IN_PATH.search(urlsplit(answer.url).path) and not _SIGN_IN_PATH.search(url):
        return True
    if answer.media_type not in HTML or not _PASSWORD.search(answer.body):
        return False
    words = b" ".join(_NOT_SHOWN.sub(b" ", answer.body).split())
    return len(words) < DOOR_HAS_FEW_CHARS
