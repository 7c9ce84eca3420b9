"""The names this installation answers to, so that a forged Host header never stands in a link that is shown or sent."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.wrappers import Response

from evidence_app.extensions import backends
from evidence_app.i18n import LANGUAGES, msg

NEARBY = (".localhost", ".local", ".lan", ".internal", ".home.arpa")
"""Endings that no name of the public internet has."""


def keep_to_own_hosts(app: Flask) -> None:
    """Have every request for another host refused with 400, before anything else looks at it."""
    app.before_request(_refuse_strange_host)


def own_address() -> str:
    """What links begin with: the address that was set, or the one nearby that this request asked for."""
    return backends().settings.base_url or request.host_url.rstrip("/")


def answers_to(host: str, base_url: str) -> bool:
    """Whether the host of a request is ours: that of the base URL or, where none was set, one nearby."""
    name = _name_of(f"//{host}")
    if not name:
        return False
    return name == _name_of(base_url) if base_url else _is_nearby(name)


def _name_of(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_nearby(name: str) -> bool:
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(NEARBY)
    return address.is_private or address.is_loopback or address.is_link_local


def _refuse_strange_host() -> Response | None:
    base_url = backends().settings.base_url
    if answers_to(request.host, base_url):
        return None
    words = (
        msg("This installation is reached at %(address)s only.", address=base_url)
        if base_url
        else msg(
            "This installation answers on its own network only. To be reached by another name, it needs "
            "EVIDENCE_BASE_URL: the address that people type."
        )
    )
    language = request.accept_languages.best_match(list(LANGUAGES)) or "en"
    return Response(words.in_language(language) + "\n", 400, mimetype="text/plain")
