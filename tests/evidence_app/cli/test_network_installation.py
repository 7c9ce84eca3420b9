"""The whole way of a document on a network's backends: PostgreSQL, S3 and PostgreSQL's own search."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence_app.cli.conftest import command_for


@pytest.mark.postgres
@pytest.mark.s3
def test_a_document_is_filed_found_tagged_and_whole(postgres_url: str, s3_url: str, tmp_path: Path) -> None:
    command = command_for(
        tmp_path / "home",
        EVIDENCE_DATABASE_URL=postgres_url.replace("postgresql+psycopg://", "postgresql://"),
        EVIDENCE_STORAGE_URL=s3_url,
    )
    assert [command("init").exit_code for _ in range(2)] == [0, 0]
    for key in ("alder", "birch"):
        command.json("school", "add", key, key.title(), "--programmes", "PYP,DP", "--language", "en")
        command.json("person", "add", f"c@{key}.example", "--school", key, "--role", "coordinator")
    folder = tmp_path / "documents" / "0301-02 Inclusion"
    folder.mkdir(parents=True)
    (folder / "Inclusion policy.md").write_text(
        "# Inclusion policy\n\nHow we take barriers away, term by term: zanzibar.\n"
    )
    (folder / "Bus.txt").write_text("The bus leaves at eight.\n")
    brought = command.json("import", tmp_path / "documents", "--as", "c@alder.example")
    assert (brought["found"], brought["added"], brought["refused"]) == (2, 2, [])
    found = command.json("search", "barrier zanzibar", "--as", "c@alder.example")
    (hit,) = found["hits"]
    assert hit["title"] == "Inclusion policy"
    assert command.json("search", "zanzibar", "--as", "c@birch.example")["total"] == 0
    tag = command.json("tag", hit["item"], "0301-02", "--as", "c@alder.example", "--note", "it says how", "--accept")
    assert tag["state"] == "accepted"
    again = command.json("import", tmp_path / "documents", "--as", "c@alder.example")
    assert (again["added"], again["duplicates"]) == (0, 2)
    assert command.json("search", "node:0301-02", "--as", "c@alder.example")["total"] == 1
    verdict = command.json("verify")
    assert verdict["clean"], verdict["findings"]
    assert verdict["counts"]["indexed_items"] == 2
