"""Codes and short names found in names."""

from __future__ import annotations

import pytest

from evidence_app.domain.suggesting import model_for, named_nodes
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


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("C3.10 Differentiation", {"C3.10": "0403-05"}),
        ("Evidence C4.9 EE", {"C4.9": "0404-04"}),
        ("C1 1a Art Tok lesson planning", {"C1 1a": "0401-02"}),
        ("B1.5c SEN policy", {"B1.5c": "0301-02"}),
        ("B1.5 Policies", {"B1.5": "0301-06"}),
        ("B1-4 coordinator", {"B1-4": "0201-02"}),
        ("C2 - 11 profile", {"C2 - 11": "0402-02"}),
        ("c1_3 map", {"c1_3": "0401-01"}),
        ("A.4 learner profile", {"A.4": "0101-03"}),
        ("Standard C3.4 honesty", {"Standard C3.4": "0301-03"}),
        ("Old folders\nB2.3 PD", {"B2.3": "0203-02"}),
        ("English B2.1 test", {}),
        ("Italiano C1.2", {}),
        ("A4 poster", {}),
        ("A 4 poster", {}),
        ("A. Purpose", {}),
        ("B1 2024 exam", {}),
        ("C1 10 list", {}),
        ("C3.99", {}),
        ("C3.10.2", {}),
        ("C4", {}),
        ("2014 standards", {}),
    ],
)
def test_codes_of_2014_lead_to_what_asks_for_the_same_now(codes: CodeBook, name: str, found: dict[str, str]) -> None:
    assert {words: nodes[0].code for words, nodes in codes.find_older(name).items()} == found


def test_a_name_with_both_means_the_present_code() -> None:
    assert [node.code for node in named_nodes("0301-02 (was C3.10)")] == ["0301-02"]
    assert [node.code for node in named_nodes("C3.10, B2.8")] == ["0403-05"]


def test_a_framework_without_an_older_edition_knows_no_such_codes() -> None:
    assert model_for("ib-learner-profile").codes.find_older("C3.10") == {}
