"""Which addresses of a host may be connected to: those of the public internet, looked up once."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final

Lookup = Callable[[str, int], Sequence[str]]
"""Host and port -> the addresses the resolver gives, as text."""

MOST_HOST_CHARS: Final = 253

_PUBLIC_IPV6: Final = ip_network("2000::/3")
"""All that is given out of IPv6 to be reached from everywhere. Mapped, translated, local and multicast lie outside."""

_NOT_PUBLIC: Final = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by customers of a provider (CGNAT); a cloud's metadata too
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # a cloud's host, from within its machines
            "169.254.0.0/16",  # link-local; a cloud's metadata
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; a cloud's metadata
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # automatic multicast tunnelling
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, broadcast
            "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which leads to any IPv4 address
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
        ),
    )
)


class NotPublic(Exception):
    """The host has an address that only some can reach, or that leads into a network of our own."""


class NotResolved(Exception):
    """Nobody knows the host."""


class BadAddress(Exception):
    """The address is none that may be asked: another scheme or port, a name and password in it, no host."""


def is_public(address: str) -> bool:
    """Whether an address, as text, is one of the public internet. One with a zone (`fe80::1%eth0`) never is."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and (found not in _PUBLIC_IPV6 or found.scope_id is not None):
        return False
    return not any(found.version == network.version and found in network for network in _NOT_PUBLIC)


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses the resolver of this machine gives. It takes numbers in all their spellings for what they are."""
    found: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def public_addresses(
    host: str, port: int, *, lookup: Lookup = look_up, allowed: Callable[[str], bool] = is_public
) -> tuple[str, ...]:
    """The addresses of a host, looked up once, all of them public: connect to these, never to the name again.

    Raises NotResolved where there are none, and NotPublic as soon as one of them is not public: a name that means both
    is a trap. `allowed` says which count as such: also others, for servers that the operator has named.
    """
    if not host or len(host) > MOST_HOST_CHARS:
        raise NotResolved(host)
    try:
        found = lookup(host, port)
    except (OSError, UnicodeError):
        raise NotResolved(host) from None
    if not found:
        raise NotResolved(host)
    if not all(allowed(address) for address in found):
        raise NotPublic(host)
    return tuple(found)
