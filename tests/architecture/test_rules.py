"""Rules of the house that a machine can keep and import-linter cannot."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidence_app.database import Base
from evidence_app.domain import tables
from evidence_app.domain.access import Action
from evidence_app.domain.jobs import JobKind
from evidence_app.settings import SETTINGS
from evidence_app.worker import HANDLERS

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("evidence_app", "standards", "exports", "storage_adapters")
ONE_PLACE = {
    "boto3": {"storage_adapters/bucket.py"},
    "tantivy": {
        "evidence_app/domain/search/engines/tantivy_engine.py",
        "evidence_app/domain/search/engines/tantivy_hidden.py",
    },
    "whoosh": {"evidence_app/domain/search/engines/whoosh_engine.py"},
}
WITHOUT_SCHOOL = {
    "people": "a person may belong to several schools",
    "schools": "it is the school",
    "sign_in_sessions": "a browser is signed in as a person, in all their schools",
    "attempts": "guessing is counted against secrets, before anybody knows a school",
    "setup_tokens": "the first administrator comes before the first school",
}
NO_SCHOOL_KEY = {"jobs", "audit_entries", "audit_heads"}  # upstream of schools: the id is plain there


def sources() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")


def test_only_the_database_module_commits() -> None:
    committing = [name for name, text in sources() if re.search(r"\.commit\(", text) and "engines/" not in name]
    assert committing == ["evidence_app/database/sessions.py"]


@pytest.mark.parametrize("module", ONE_PLACE)
def test_what_is_behind_an_adapter_is_imported_in_one_place(module: str) -> None:
    importing = {
        name
        for name, text in sources()
        for node in ast.walk(ast.parse(text))
        if (isinstance(node, ast.Import) and any(a.name.partition(".")[0] == module for a in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == module)
    }
    assert importing <= ONE_PLACE[module]
    assert importing


def test_every_table_belongs_to_a_school_or_says_why_not() -> None:
    for table in tables.ALL_TABLES:
        column = table.columns.get("school_id")
        if column is None:
            assert table.name in WITHOUT_SCHOOL, f"{table.name} has no school_id"
        else:
            assert not column.nullable, f"{table.name}.school_id may be empty"


def test_a_foreign_key_to_a_schools_row_carries_the_school() -> None:
    for table in tables.ALL_TABLES:
        for key in table.foreign_key_constraints:
            target = key.referred_table
            if "school_id" in target.columns and "school_id" in target.primary_key.columns:
                assert "school_id" in key.columns, f"{table.name} -> {target.name} could cross schools"


def test_foreign_keys_point_upstream() -> None:
    order = {room.__name__.split(".")[2]: n for n, room in enumerate(tables.ROOMS)}
    room_of = {mapper.local_table.name: mapper.class_.__module__.split(".")[2] for mapper in Base.registry.mappers}
    for table in tables.ALL_TABLES:
        for key in table.foreign_key_constraints:
            here, there = room_of[table.name], room_of[key.referred_table.name]
            assert order[there] <= order[here], f"{table.name} ({here}) -> {key.referred_table.name} ({there})"


def test_every_table_is_known_to_migrations() -> None:
    assert len(tables.ALL_TABLES) == len(Base.metadata.tables)
    assert set(Base.metadata.tables) >= NO_SCHOOL_KEY


def test_every_kind_of_job_has_a_handler() -> None:
    assert set(HANDLERS) == set(JobKind)


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS])
def test_every_setting_is_documented(name: str) -> None:
    assert name in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")


def test_every_action_is_asked_for_somewhere() -> None:
    asked = "\n".join(text for name, text in sources() if "access/roles.py" not in name)
    assert [a.name for a in Action if f"Action.{a.name}" not in asked] == []


def test_nothing_unsafe_is_used() -> None:
    forbidden = re.compile(r"\bpickle\b(?!s)|yaml\.load\(|\bmarshal\.|\beval\(|\bexec\(|extractall\(")
    found = [
        (name, line.strip())
        for name, text in sources()
        for line in text.splitlines()
        if forbidden.search(line.partition("#")[0]) and '"""' not in line
    ]
    assert [f for f in found if "whoosh" not in f[0] and f[0] not in ("exports/layouts/make_base.py",)] == []


def test_templates_hold_no_inline_style_or_script() -> None:
    bad = re.compile(r"\sstyle\s*=|<script(?![^>]*\bsrc=)|\son[a-z]+\s*=\s*[\"']|\|\s*safe\b", re.IGNORECASE)
    found = []
    for path in sorted((ROOT / "evidence_app" / "templates").rglob("*.html")):
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        found += [f"{path.relative_to(ROOT)}: {m.group(0)}" for m in bad.finditer(text)]
    assert found == []
