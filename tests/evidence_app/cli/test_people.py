"""People on the command line: confirming an account where no colleague can."""

from __future__ import annotations

from pathlib import Path

from evidence_app.backends import build_backends
from evidence_app.domain import accounts
from evidence_app.domain.access import Actor, Role
from evidence_app.settings import load_settings
from tests.evidence_app.cli.conftest import Command

EMAIL = "only.custodian@alder.example"
WORDS = "four plain words here"


def test_whoever_runs_the_machine_confirms_an_account_that_a_link_has_opened(command: Command, tmp_path: Path) -> None:
    command.json(
        "person", "add", EMAIL, "--school", "alder", "--role", "learning_support", "--password-stdin", typed=WORDS
    )
    (tmp_path / "letter.txt").write_text("A letter about quokkas.", encoding="utf-8")
    command.json("import", tmp_path, "--as", EMAIL, "--visibility", "private")
    assert command.json("search", "quokkas", "--as", EMAIL)["total"] == 1
    backends = build_backends(load_settings(command.environment))
    with backends.database.unit_of_work() as session:
        person = accounts.actor_by_email(session, EMAIL)
        boss = Actor(person_id="", school_id=person.school_id, role=Role.ADMINISTRATOR)
        token = accounts.invite(session, actor=boss, person_id=person.person_id)
        accounts.accept_invitation(session, token=token, name="", password=WORDS)
    backends.close()
    assert command.json("search", "quokkas", "--as", EMAIL)["total"] == 0
    assert command.json("person", "confirm", EMAIL)["confirmed"] == 1
    assert command.json("search", "quokkas", "--as", EMAIL)["total"] == 1
