"""Passcodes: easy to read out on the telephone, hard to guess, kept as argon2id digests."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64encode

from argon2.low_level import Type, hash_secret_raw

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without the signs people confuse: i, l, o, 0 and 1."""

GROUPS, GROUP_LENGTH = 3, 4
MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
"""The least that OWASP advises for argon2id; a passcode has 59 random bits besides."""


def new_passcode() -> str:
    """A fresh passcode such as "k7mf-2xqp-9hrt": 59 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))


def new_salt() -> str:
    """The salt that all passcodes of one share have in common, so that a guess is hashed once, not once a visitor."""
    return secrets.token_hex(16)


def digest(passcode: str, salt: str) -> str:
    """The digest of what somebody typed, whatever its case, spaces and hyphens. Takes some hundredths of a second."""
    bare = "".join(c for c in passcode.casefold() if c.isalnum())[:100]
    raw = hash_secret_raw(
        bare.encode(),
        bytes.fromhex(salt),
        time_cost=PASSES,
        memory_cost=MEMORY_KIB,
        parallelism=LANES,
        hash_len=32,
        type=Type.ID,
    )
    return b64encode(raw).decode()


def is_same(one: str, other: str) -> bool:
    """Whether two digests are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)
