"""Passwords: how they are checked for strength, hashed and verified (NIST SP 800-63B-4, argon2id)."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from evidence_app.errors import Invalid
from evidence_app.i18n import msg

SHORTEST, LONGEST = 15, 256
COMMON = (
    "password",
    "passwort",
    "motdepasse",
    "contraseña",
    "evidence",
    "baccalaureate",
    "worldschool",
    "learnerprofile",
    "qwerty",
    "123456789",
)

HASHER = PasswordHasher()
NOBODYS_HASH = "$argon2id$v=19$m=65536,t=3,p=4$fr5Dx0JBCvW7TVPMzrY/Qw$t+hpXf5P+uw7i5/gSFIjeX8ak2EP1jJFa6WyU6275SY"
"""Of a password nobody has, so that an unknown address takes as long as a wrong password; written down, since making it
would slow every start. Made with the parameters that the library uses for new ones."""


def hash_password(password: str) -> str:
    """The argon2id hash of a password that is long enough and not among the usual ones; Invalid otherwise."""
    password = unicodedata.normalize("NFC", password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            msg(
                "A password has %(least)d to %(most)d characters. Four or five words in a row are good.",
                least=SHORTEST,
                most=LONGEST,
            ),
            field="password",
        )
    bare = "".join(c for c in password.casefold() if c.isalnum())
    for word in COMMON:
        bare = bare.replace(word, "")
    if len(set(bare)) < 5:
        raise Invalid(
            msg("This password is among those that are tried first. Use words that have nothing to do with school."),
            field="password",
        )
    return HASHER.hash(password)


def is_password(password: str, password_hash: str) -> bool:
    """Whether the password is the one that was hashed. Takes as long when there is no hash to compare with."""
    try:
        HASHER.verify(password_hash or NOBODYS_HASH, unicodedata.normalize("NFC", password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return bool(password_hash)
