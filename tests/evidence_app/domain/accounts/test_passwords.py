"""What a check of a password says, and that it tells nobody which addresses are known."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters

from evidence_app.domain.accounts import passwords
from evidence_app.domain.accounts.passwords import hash_password, is_password
from tests.fixtures import THE_PRODUCTS_HASHER, THE_PRODUCTS_NOBODYS_HASH


@pytest.fixture(autouse=True)
def _as_the_product_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", THE_PRODUCTS_HASHER)
    monkeypatch.setattr(passwords, "NOBODYS_HASH", THE_PRODUCTS_NOBODYS_HASH)


def test_the_right_password_is_known_and_another_is_not() -> None:
    kept = hash_password("marble silver pocket rain")
    assert is_password("marble silver pocket rain", kept)
    assert not is_password("marble silver pocket snow", kept)


def test_without_a_hash_no_password_is_right_and_the_work_is_that_of_a_real_one() -> None:
    assert not is_password("a password nobody has, so that an unknown address takes as long as a wrong password", "")
    assert extract_parameters(passwords.NOBODYS_HASH) == extract_parameters(hash_password("marble silver pocket rain"))
    assert not PasswordHasher().check_needs_rehash(passwords.NOBODYS_HASH)
