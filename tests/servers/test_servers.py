"""The servers other tests rely on are real, have what we need, and are fresh for each test."""

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.servers.postgres import PostgresServer
from tests.servers.seaweed import S3Server


@pytest.mark.postgres
@pytest.mark.parametrize("extension", ["unaccent", "pg_trgm"])
def test_postgres_has_the_extensions_our_search_needs(postgres_url: str, extension: str) -> None:
    engine = create_engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE EXTENSION {extension}"))
        assert connection.scalar(text("SELECT count(*) FROM pg_extension WHERE extname = :n"), {"n": extension}) == 1
    engine.dispose()


@pytest.mark.postgres
def test_template_is_built_once_and_copied_for_each_test(postgres_server: PostgresServer) -> None:
    built: list[str] = []

    def build(url: str) -> None:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE word (text text)"))
        engine.dispose()
        built.append(url)

    for _ in range(2):
        template = postgres_server.template("servers_test", build)
        with postgres_server.fresh_database(template=template) as url:
            engine = create_engine(url)
            with engine.begin() as connection:
                assert connection.scalar(text("SELECT count(*) FROM word")) == 0
                connection.execute(text("INSERT INTO word VALUES ('left behind')"))
            engine.dispose()
    assert len(built) == 1


@pytest.mark.postgres
def test_fresh_database_is_gone_afterwards_even_with_a_connection_open(postgres_server: PostgresServer) -> None:
    with postgres_server.fresh_database() as url:
        name = url.split("?", 1)[0].rpartition("/")[2]
        still_open = postgres_server.connect(name)
    with pytest.raises(psycopg.OperationalError):
        still_open.execute("SELECT 1")
    still_open.close()


@pytest.mark.s3
def test_s3_service_keeps_a_checked_object_and_refuses_strangers(s3_server: S3Server) -> None:
    client = s3_server.client()
    client.put_object(Bucket=s3_server.bucket, Key="servers/kept", Body=b"kept", ChecksumAlgorithm="SHA256")
    answer = client.get_object(Bucket=s3_server.bucket, Key="servers/kept")
    assert answer["Body"].read() == b"kept"
    client.close()
