"""What a check of a password says, and that it tells nobody which addresses are known."""

from __future__ import annotations

from argon2 import PasswordHasher, extract_parameters

from evidence_app.domain.accounts.passwords import NOBODYS_HASH, hash_password, is_password


def test_the_right_password_is_known_and_another_is_not() -> None:
    kept = hash_password("marble silver pocket rain")
    assert is_password("marble silver pocket rain", kept)
    assert not is_password("marble silver pocket snow", kept)


def test_without_a_hash_no_password_is_right_and_the_work_is_that_of_a_real_one() -> None:
    assert not is_password("a password nobody has, so that an unknown address takes as long as a wrong password", "")
    assert extract_parameters(NOBODYS_HASH) == extract_parameters(hash_password("marble silver pocket rain"))
    assert not PasswordHasher().check_needs_rehash(NOBODYS_HASH)
