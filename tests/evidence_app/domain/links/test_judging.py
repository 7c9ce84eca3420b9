"""What a page's answer to a stranger means for visitors."""

from __future__ import annotations

import pytest

from evidence_app.domain.links import LinkState, judge
from evidence_app.outside import Answer

FILE = "https://drive.school.example/file"
LOGIN = b"<form><input name=user><input class=x type='password'></form>"
MUCH = b"<p>" + b"Our school is a place of learning. " * 100 + b"</p>"


@pytest.mark.parametrize(
    ("url", "status", "body", "redirects", "state"),
    [
        (FILE, 200, b"<p>Welcome</p>", 0, LinkState.OPENS),
        (FILE, 206, b"", 0, LinkState.OPENS),
        (FILE, 401, b"", 0, LinkState.SIGN_IN),
        (FILE, 403, b"", 0, LinkState.SIGN_IN),
        (FILE, 404, b"", 0, LinkState.NOT_FOUND),
        (FILE, 410, b"", 0, LinkState.NOT_FOUND),
        (FILE, 429, b"", 0, LinkState.UNCLEAR),
        (FILE, 503, b"", 0, LinkState.UNCLEAR),
        ("https://accounts.google.com/v3/signin/identifier?continue=x", 200, b"", 2, LinkState.SIGN_IN),
        ("https://login.microsoftonline.com/common/oauth2", 200, b"", 1, LinkState.SIGN_IN),
        ("https://alder.okta.com/app", 200, b"", 1, LinkState.SIGN_IN),
        ("https://alder.school.example/login?to=file", 200, b"", 1, LinkState.SIGN_IN),
        ("https://alder.school.example/adfs/ls/", 200, b"", 1, LinkState.SIGN_IN),
        ("https://alder.school.example/logins-of-the-past", 200, b"", 1, LinkState.OPENS),
        (FILE, 200, LOGIN, 0, LinkState.SIGN_IN),
        (FILE, 200, b"<script>" + MUCH + b"</script>" + LOGIN, 0, LinkState.SIGN_IN),
        (FILE, 200, MUCH + LOGIN, 0, LinkState.OPENS),
    ],
)
def test_an_answer_says_what_a_visitor_finds(
    url: str, status: int, body: bytes, redirects: int, state: LinkState
) -> None:
    assert judge(FILE, Answer(url, status, "text/html", body, True, redirects)) == state


def test_a_password_field_in_a_document_is_no_door() -> None:
    assert judge(FILE, Answer(FILE, 200, "application/pdf", LOGIN, True)) == LinkState.OPENS
