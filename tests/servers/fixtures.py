"""Fixtures over the real servers; tests/conftest.py imports them by name. One server a run, also under xdist."""

import os
import secrets
from collections.abc import Iterator

import pytest

from tests.servers import postgres, seaweed
from tests.servers.postgres import PostgresServer
from tests.servers.seaweed import S3Server
from tests.servers.shared import shared_server

_RUN_ID = os.environ.get("PYTEST_XDIST_TESTRUNUID") or secrets.token_hex(6)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A running PostgreSQL, shared by the whole run."""
    with shared_server(_RUN_ID, postgres.KIND) as facts:
        yield PostgresServer(facts["socket_folder"])


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The SQLAlchemy address of an empty database of the test's own."""
    with postgres_server.fresh_database() as url:
        yield url


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """A running S3 service, shared by the whole run."""
    with shared_server(_RUN_ID, seaweed.KIND) as facts:
        yield S3Server(facts["endpoint"], facts["bucket"])


@pytest.fixture
def s3_url(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> str:
    """The storage address of an empty part of the bucket, its credentials in the environment for this test."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return s3_server.url(f"test-{secrets.token_hex(6)}")
