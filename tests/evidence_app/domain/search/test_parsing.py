"""What people type, and what is made of it; nothing typed raises (S28)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_app.domain.search import FIELDS, parse
from evidence_app.domain.search.grammar import And, Between, FieldIs, Not, Or, Phrase, Prefix, Word


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("", And(())),
        ("   ", And(())),
        ("policy", Word("policy")),
        ("student voice", And((Word("student"), Word("voice")))),
        ('"student voice"', Phrase("student voice")),
        ("“student voice”", Phrase("student voice")),
        ("polic*", Prefix("polic*")),
        ("0301-0*", Prefix("0301-0*")),
        ("-draft", Not(Word("draft"))),
        ("NOT draft", Not(Word("draft"))),
        ('-"first draft"', Not(Phrase("first draft"))),
        ("self-study", Word("self-study")),
        ("a - b", And((Word("a"), Word("b")))),
        ("one OR two", Or((Word("one"), Word("two")))),
        ("one two OR three", And((Word("one"), Or((Word("two"), Word("three")))))),
        ("one AND two", And((Word("one"), Word("two")))),
        ("OR one OR", Word("one")),
        ("(one two) OR three", Or((And((Word("one"), Word("two"))), Word("three")))),
        ("-(one OR two)", Not(Or((Word("one"), Word("two"))))),
        ("()", And(())),
        ("& % ...", And(())),
        ("programme:DP", FieldIs(("programme",), ("DP",))),
        ("Programme:DP", FieldIs(("programme",), ("DP",))),
        ("programme:DP,MYP", Or((FieldIs(("programme",), ("DP",)), FieldIs(("programme",), ("MYP",))))),
        ('subject:"Visual arts, grade 9"', FieldIs(FIELDS["subject"], ("Visual arts, grade 9",))),
        ("-language:fr", Not(FieldIs(("language",), ("fr",)))),
        ("by:me", FieldIs(("owner",), ("p1",))),
        ("by:rossi", FieldIs(("owner_name",), ("rossi",))),
        ("by:Anna-Rossi", And((FieldIs(("owner_name",), ("anna",)), FieldIs(("owner_name",), ("rossi",))))),
        ("is:untagged", Not(FieldIs(("has",), ("tags",)))),
        ("has:text", FieldIs(("has",), ("text",))),
        ("before:2024-01-01", Between(None, date(2023, 12, 31))),
        ("after:2023-09", Between(date(2023, 9, 1), None)),
        ("after:2023", Between(date(2023, 1, 1), None)),
    ],
)
def test_query_is_understood_as_the_help_page_says(typed: str, understood: object) -> None:
    query = parse(typed, me="p1")
    assert query.root == understood
    assert not query.problems


@pytest.mark.parametrize(
    ("typed", "understood", "said"),
    [
        ('"student voice', Phrase("student voice"), "quotation mark is missing"),
        ("(one", Word("one"), "closing bracket is missing"),
        ("one)", Word("one"), "has no opening one"),
        ("colour:red", Word("colour:red"), 'no field "colour"'),
        ("before:yesterday", And(()), '"yesterday" after before: is not a date'),
        ("after:2024-02-31", And(()), "is not a date"),
        ("is:nice one", Word("one"), "Known are: accepted, cited"),
        ("has:wings", And(()), '"wings" after has: is unknown'),
        ("p*", Word("p*"), "begins too many words"),
    ],
)
def test_what_could_not_be_used_is_said_and_the_rest_is_searched_for(typed: str, understood: object, said: str) -> None:
    query = parse(typed)
    assert query.root == understood
    assert said in str(query.problems[0].message)
    assert not query.is_refused


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("word " * 65, "more than 64 words"),
        ('"' + "word " * 65 + '"', "more than 64 words"),
        ("programme:" + ",".join("DP" for _ in range(65)), "more than 64 words"),
        ("(" * 10_000, "10000 characters long"),
        ("(" * 1_000 + "a", "more than 8 brackets"),
        ("a" * 2_001, "2001 characters long"),
    ],
)
def test_huge_and_nested_queries_are_refused_with_a_reason(typed: str, said: str) -> None:
    query = parse(typed)
    assert query.is_refused
    assert said in str(query.problems[0].message)


@given(st.text(alphabet=st.sampled_from('ab é"()-*:,ORNT \\\x00\ud800中'), max_size=60) | st.text(max_size=200))
def test_nothing_typed_raises(typed: str) -> None:
    parse(typed)


@given(st.sampled_from(sorted(FIELDS)), st.text(max_size=40))
def test_no_value_of_a_field_raises(name: str, value: str) -> None:
    parse(f"{name}:{value}")
    parse(f'-{name}:"{value}"')
