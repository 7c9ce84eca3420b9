"""Every act that is recorded anywhere in the code has words that people know."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import evidence_app
from evidence_app.domain.audit.words import ACTS, SUBJECTS, act_words

RECORDS = {"record", "record_all"}


def recorded() -> Iterator[tuple[list[str], list[str]]]:
    """The actions and the kinds of subjects that each call of `record` in the code may write."""
    for file in Path(evidence_app.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or file.parent.name == "audit":
                continue
            called = ast.unparse(call.func)
            if called.removeprefix("audit.") in RECORDS:
                yield strings(call.args[2]), strings(call.args[3])


def strings(argument: ast.expr) -> list[str]:
    found = [one.value for one in ast.walk(argument) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    assert found, "an act is written out where it is recorded, so that it can be found here"
    return found


def test_every_act_in_the_code_has_words_and_no_words_are_of_none() -> None:
    calls = list(recorded())
    assert {action for actions, _ in calls for action in actions} == set(ACTS)
    assert {kind for _, kinds in calls for kind in kinds} == set(SUBJECTS)


def test_an_act_of_another_version_is_named_by_its_code() -> None:
    assert str(act_words("someday.do_100%")) == "someday.do_100%"
