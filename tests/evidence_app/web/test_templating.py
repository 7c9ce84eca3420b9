"""Dates, sizes and addresses as templates write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale

from evidence_app.i18n import msg
from evidence_app.web.templating import ago, day, exactly, prepare_templates, say, size

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def app() -> Iterator[Flask]:
    app = Flask("evidence_app")
    Babel(app)
    prepare_templates(app)
    with app.test_request_context("/"):
        yield app


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (412_345, "412 kB"), (1_249_000, "1.2 MB"), (2_147_483_648, "2.1 GB")],
)
def test_sizes_are_written_like_a_file_manager_does(size_bytes: int, words: str) -> None:
    assert size(size_bytes) == words.replace(" ", NBSP)


def test_a_french_reader_sees_french_sizes_and_dates() -> None:
    with force_locale("fr"):
        assert size(1_249_000) == f"1,2{NBSP}MB"
        assert day(date(2027, 5, 12)) == f"12{NBSP}mai{NBSP}2027"


def test_days_are_written_in_the_order_of_the_language() -> None:
    assert day(date(2027, 5, 12)) == f"12{NBSP}May{NBSP}2027"
    assert day(None) == ""


def test_a_day_in_a_message_is_said_as_days_are() -> None:
    words = msg("until %(day)s", day=date(2027, 5, 21))
    assert say(words) == f"until 21{NBSP}May{NBSP}2027"
    assert words.in_language("es") == f"until 21{NBSP}de{NBSP}mayo{NBSP}de{NBSP}2027"


def test_texts_of_templates_keep_their_markup_and_nobody_elses() -> None:
    said = '{{ _("<b>%(name)s</b> 100%%", name=name) }} {{ ngettext("%(num)d file", "%(num)d files", count) }}'
    assert render_template_string(said, name="<i>", count=1) == "<b>&lt;i&gt;</b> 100% 1 file"
    assert render_template_string(said, name="A", count=2) == "<b>A</b> 100% 2 files"
    assert render_template_string("{{ _('Nobody') }}") == "Nobody"


def test_near_days_have_names_and_far_ones_a_distance() -> None:
    today = datetime.now(UTC).date()
    assert ago(today) == "today"
    assert ago(today + timedelta(days=1)) == "tomorrow"
    assert ago(today - timedelta(days=1)) == "yesterday"
    assert ago(today + timedelta(days=9)) == "in 9 days"


def test_moments_are_relative_and_exact_on_demand() -> None:
    moment = datetime.now(UTC) - timedelta(hours=3)
    assert ago(moment) == "3 hours ago"
    assert ago(moment.replace(tzinfo=None)) == "3 hours ago"
    assert str(moment.year) in exactly(moment)
    assert exactly(datetime(2026, 11, 5, 8, 30, tzinfo=UTC)).replace("\xa0", " ") == "5 November 2026, 08:30 UTC"
    assert ago(None) == exactly(None) == ""


def test_messages_are_said_in_the_readers_language_and_other_words_left_alone() -> None:
    assert say(msg("%(first)s to %(last)s", first=1, last=5)) == "1 to 5"
    assert say("plain") == "plain"
