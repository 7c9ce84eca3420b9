"""Going outside: requests to addresses that somebody else wrote down, made so that they reach public servers only.

Whoever connects to a host a user named asks `public_addresses` first and connects to the addresses it gave.
"""

from evidence_app.outside.addresses import BadAddress, Lookup, NotPublic, NotResolved, is_public, public_addresses
from evidence_app.outside.fetching import (
    Answer,
    Limits,
    NoAnswer,
    Stranger,
    TooManyRedirects,
)

__all__ = [
    "Answer",
    "BadAddress",
    "Limits",
    "Lookup",
    "NoAnswer",
    "NotPublic",
    "NotResolved",
    "Stranger",
    "TooManyRedirects",
    "is_public",
    "public_addresses",
]
