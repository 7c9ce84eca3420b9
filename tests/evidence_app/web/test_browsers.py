"""Browsers in words."""

from __future__ import annotations

import pytest

from evidence_app.web.browsers import browser_words

LIKE = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) {}"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (LIKE.format("X11; Linux x86_64", "Chrome/126.0 Safari/537.36"), "Chrome on Linux"),
        (LIKE.format("Windows NT 10.0; Win64", "Chrome/126.0 Safari/537.36 Edg/126.0"), "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Mac"),
        (
            LIKE.format("iPhone; CPU iPhone OS 17_5 like Mac OS X", "Version/17.5 Mobile Safari/604.1"),
            "Safari on iPhone",
        ),
        (LIKE.format("Linux; Android 14; Pixel 8", "Chrome/126.0 Mobile Safari/537.36"), "Chrome on Android"),
        ("curl/8.5.0", "Another browser"),
        ("", "Another browser"),
    ],
)
def test_a_browser_is_told_as_people_call_it(user_agent: str, words: str) -> None:
    assert browser_words(user_agent).in_language("en") == words
