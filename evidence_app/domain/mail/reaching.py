"""Which mail servers may be connected to: public ones on the ports of mail, and those the operator allows by name."""

from __future__ import annotations

import socket
from collections.abc import Collection
from ipaddress import IPv6Address, ip_address, ip_network

from evidence_app.domain.mail.models import Trouble

PORTS_OF_MAIL = frozenset({143, 993})

PUBLIC_IPV6 = ip_network("2000::/3")
"""All of IPv6 that is given out to be reached from everywhere; what maps or translates to IPv4 lies outside."""


class CannotReach(Exception):
    """The mailbox cannot be read; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def addresses_of(host: str, port: int, *, allowed: Collection[str]) -> tuple[str, ...]:
    """The addresses to connect to, looked up once: connect to these, never to the name again. Raises CannotReach.

    `allowed` names servers of the operator's own, as HOST or HOST:PORT in small letters.
    """
    is_own = is_allowed(host, port, allowed)
    if not is_own and port not in PORTS_OF_MAIL:
        raise CannotReach(Trouble.HOST_NOT_ALLOWED)
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise CannotReach(Trouble.UNKNOWN_HOST) from None
    found = tuple(dict.fromkeys(str(entry[4][0]) for entry in entries))
    # A name that means a public server and one of our own network at once is a trap.
    if not found or not (is_own or all(map(is_public, found))):
        raise CannotReach(Trouble.HOST_NOT_ALLOWED)
    return found


def is_allowed(host: str, port: int, allowed: Collection[str]) -> bool:
    """Whether the operator has named this server."""
    name = host.lower()
    return name in allowed or f"{name}:{port}" in allowed


def is_public(address: str) -> bool:
    """Whether an address is one of the public internet, and leads nowhere else."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and (found not in PUBLIC_IPV6 or found.sixtofour or found.teredo):
        return False
    return found.is_global and not found.is_multicast
