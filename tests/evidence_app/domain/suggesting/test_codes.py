"""Codes and short names found in names."""

from __future__ import annotations

import pytest

from evidence_app.domain.suggesting import model_for
from evidence_app.domain.suggesting.codes import CodeBook


@pytest.fixture(scope="module")
def codes() -> CodeBook:
    return model_for("ib-psp-2020").codes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0301-02 evidence", ["0301-02"]),
        ("0301_02_0200", ["0301-02-0200"]),
        ("(0301-02-0200)", ["0301-02-0200"]),
        ("0301 Culture", ["0301"]),
        ("Culture 2.2", ["0301-02-0200"]),
        ("leadership 4", ["0201-04"]),
        ("Student support 1.6 library", ["0202-01-0600"]),
        ("Approaches to teaching 5", ["0403-05"]),
        ("0301-02, Leadership 4", ["0301-02", "0201-04"]),
        ("2024-03-01", []),
        ("2025-0301-02", []),
        ("0301-99", []),
        ("Culture 2024", []),
        ("Culture 99", []),
        ("Culture week", []),
        ("10301-02", []),
    ],
)
def test_nodes_are_named_by_code_or_short_name(codes: CodeBook, text: str, found: list[str]) -> None:
    assert [node.code for node in codes.find(text).values()] == found


def test_a_framework_without_numbered_names_has_codes_alone() -> None:
    codes = model_for("ib-learner-profile").codes
    assert codes.find("Culture 2") == {}
