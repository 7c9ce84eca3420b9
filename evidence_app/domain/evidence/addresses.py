"""Addresses of the web, as links keep them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from evidence_app.errors import Invalid
from evidence_app.i18n import msg
from evidence_app.texts import clean_text

WITHOUT_SCHEME = re.compile(r"[\w-]+(\.[\w-]+)+(/|$)")
"""An address as people write it on paper: "www.school.example/policies"."""


def checked_url(url: str) -> str:
    """The address, when it is one a browser can open safely, with https:// where it was left out; Invalid otherwise."""
    url = re.sub(r"\s", "", clean_text(url))
    if WITHOUT_SCHEME.match(url):
        url = f"https://{url}"
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if host is None or parts.scheme.lower() not in ("http", "https") or parts.username is not None:
        raise Invalid(
            msg(
                "'%(url)s' is not a web address. It must begin with https:// or http:// and hold no password.",
                url=url[:200],
            ),
            field="url",
        )
    return url
