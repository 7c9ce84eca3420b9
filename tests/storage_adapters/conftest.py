"""The real servers these tests use."""

from tests.servers.fixtures import postgres_server, postgres_url, s3_server, s3_url

__all__ = ["postgres_server", "postgres_url", "s3_server", "s3_url"]
