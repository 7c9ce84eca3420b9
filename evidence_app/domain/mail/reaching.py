"""Which mail servers may be connected to: public ones on the ports of mail, and those the operator allows by name."""

from __future__ import annotations

from collections.abc import Collection

from evidence_app.domain.mail.models import Trouble
from evidence_app.outside import NotPublic, NotResolved, is_public, public_addresses

PORTS_OF_MAIL = frozenset({143, 993})


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
        return public_addresses(host, port, allowed=(lambda _address: True) if is_own else is_public)
    except NotResolved:
        raise CannotReach(Trouble.UNKNOWN_HOST) from None
    except NotPublic:
        raise CannotReach(Trouble.HOST_NOT_ALLOWED) from None


def is_allowed(host: str, port: int, allowed: Collection[str]) -> bool:
    """Whether the operator has named this server."""
    name = host.lower()
    return name in allowed or f"{name}:{port}" in allowed
