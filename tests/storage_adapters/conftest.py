"""The stores that keep the contract, each on its own, and the real servers these tests use."""

from collections.abc import Iterator

import pytest

from storage_adapters import BlobStore
from tests.servers.fixtures import postgres_server, postgres_url, s3_server, s3_url
from tests.storage_adapters.harness import Harness, fresh_school, local_harness, memory_harness, s3_harness

__all__ = ["postgres_server", "postgres_url", "s3_server", "s3_url"]


@pytest.fixture(scope="module", params=["local", "memory", pytest.param("s3", marks=pytest.mark.s3)])
def harness(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harness]:
    if request.param == "local":
        with local_harness(tmp_path_factory.mktemp("local")) as made:
            yield made
    elif request.param == "memory":
        with memory_harness() as made:
            yield made
    else:
        server = request.getfixturevalue("s3_server")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in server.environment.items():
                patch.setenv(name, value)
            with s3_harness(server) as made:
                yield made


@pytest.fixture
def store(harness: Harness) -> BlobStore:
    return harness.store


@pytest.fixture
def school() -> str:
    """A prefix no other test uses."""
    return fresh_school()
