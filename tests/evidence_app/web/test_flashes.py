"""What was done is said once, with a way back, in words that cannot break the page."""

from __future__ import annotations

from flask.testing import FlaskClient

from evidence_app.web.flashes import say_done, say_trouble
from tests.journeys.styleguide import create_styleguide


def client_that_says(words: str, trouble: str = "") -> FlaskClient:
    app = create_styleguide()

    @app.get("/do-it")
    def do_it() -> str:
        say_done(words, undo_url="/undo", item="7")
        if trouble:
            say_trouble(trouble, tone="wait")
        return ""

    client = app.test_client()
    client.get("/do-it")
    return client


def test_a_toast_says_what_was_done_and_offers_the_way_back_once() -> None:
    client = client_that_says("Withdrawn")
    page = client.get("/empty").text
    assert "<span>Withdrawn</span>" in page
    assert '<form method="post" action="/undo">' in page
    assert '<input type="hidden" name="item" value="7">' in page
    assert "Withdrawn" not in client.get("/empty").text


def test_trouble_stands_at_the_top_as_an_alert() -> None:
    page = client_that_says("Done", trouble="Two files were not read").get("/empty").text
    assert 'role="alert"' in page
    assert page.index("Two files were not read") < page.index("Nothing filed yet") < page.index("<span>Done</span>")


def test_words_of_people_stay_words() -> None:
    page = client_that_says("<script>alert(1)</script>", trouble="<b>x</b>").get("/empty").text
    assert "<script>alert" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
