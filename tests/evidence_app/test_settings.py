"""Settings that cannot be used are told without the secrets in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence_app.settings import SettingsError, load_settings, without_secrets
from storage_adapters import BadStoreUrl, open_store

SECRET = "hunter2"


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://amara:{SECRET}@db.example/evidence",
        f"amara:{SECRET}@db.example/evidence//x:{SECRET}@y",
        f"mysql://amara:p@{SECRET}@db.example/evidence",
        f"postgresql://amara:{SECRET}@db.example:port{SECRET}@db/evidence",
        f"oracle://db.example/evidence?user=amara&password={SECRET}&sslmode=require",
    ],
)
def test_a_database_address_that_cannot_be_used_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings({"EVIDENCE_HOME": str(tmp_path / "home"), "EVIDENCE_DATABASE_URL": url}, create_home=True)
    assert SECRET not in str(error.value)
    assert error.value.__cause__ is None
    assert "EVIDENCE_DATABASE_URL" in str(error.value)


def test_a_store_s_address_with_a_password_in_it_is_not_repeated() -> None:
    for scheme in ("s3", "https", "S4"):
        with pytest.raises(BadStoreUrl) as error:
            open_store(f"{scheme}://amara:{SECRET}@bucket/prefix")
        assert SECRET not in str(error.value)


def test_what_is_no_secret_stays_readable() -> None:
    assert without_secrets("postgresql://amara:x@db.example:5432/evidence") == (
        "postgresql://amara:***@db.example:5432/evidence"
    )
    assert without_secrets("sqlite:////srv/evidence/evidence.db") == "sqlite:////srv/evidence/evidence.db"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://évidence.école.example/", "https://xn--vidence-9xa.xn--cole-9oa.example"),
        ("http://[fd00::7]:8080", "http://[fd00::7]:8080"),
        ("https://Evidence.School.example:443", "https://evidence.school.example:443"),
        ("", ""),
    ],
)
def test_the_base_url_is_kept_as_browsers_send_it(tmp_path: Path, written: str, kept: str) -> None:
    values = {"EVIDENCE_HOME": str(tmp_path / "home"), "EVIDENCE_BASE_URL": written}
    assert load_settings(values, create_home=True).base_url == kept
