"""S22: a request goes to the address that was looked at, and takes no more than it was allowed."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import pytest

from evidence_app.outside import (
    BadAddress,
    Limits,
    NoAnswer,
    NotPublic,
    Stranger,
    TooManyRedirects,
    public_addresses,
)
from tests.evidence_app.outside.conftest import SecureServer, Server, Sink

SHORT = Limits(body_bytes=100_000, seconds=0.6, seconds_each=0.4)


class Resolver:
    """Says where names are: the addresses of each in turn, the last one from then on."""

    def __init__(self, **names: Sequence[str]) -> None:
        self.names = {name: list(addresses) for name, addresses in names.items()}
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        turns = self.names[host.partition(".")[0]]
        return [turns.pop(0) if len(turns) > 1 else turns[0]]


def stranger(resolver: Resolver, *ports: int) -> Stranger:
    """Somebody for whom 127.0.0.2 is the public internet, and every other address of this machine is not."""
    return Stranger(
        addresses=lambda host, port: public_addresses(
            host, port, lookup=resolver, allowed=lambda address: address == "127.0.0.2"
        ),
        ports=frozenset(ports),
    )


@pytest.fixture
def visitor(site: Server) -> Stranger:
    return stranger(Resolver(school=["127.0.0.2"]), site.port)


def test_a_page_is_asked_for_as_a_stranger(visitor: Stranger, site: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.asked.clear()
    answer = visitor.ask(f"http://school.example:{site.port}/über uns?q=a&b=%20#top".replace(" ", "%20"))
    assert (answer.status, answer.media_type, answer.is_whole) == (200, "text/html", True)
    [(path, headers)] = site.asked
    assert path == "/%C3%BCber%20uns?q=a&b=%20"
    assert headers["Host"] == f"school.example:{site.port}"
    assert "evidence-app link check" in headers["User-Agent"]
    assert not {"Cookie", "Authorization", "Referer"} & set(headers)


def test_s22_a_name_is_looked_up_once_and_connected_to_as_it_was_then(site: Server, sink: Sink) -> None:
    rebinding = Resolver(school=["127.0.0.2", "127.0.0.1"])
    answer = stranger(rebinding, site.port).ask(f"http://school.example:{site.port}/first")
    assert (answer.status, rebinding.asked) == (200, ["school.example"])
    with pytest.raises(NotPublic):
        stranger(rebinding, site.port).ask(f"http://school.example:{site.port}/second")
    assert sink.visitors() == 0


@pytest.mark.parametrize(
    ("to", "error"),
    [
        ("http://127.0.0.1:{sink}/", NotPublic),
        ("//inside.example:{sink}/", NotPublic),
        ("http://school.example:22/", BadAddress),
        ("file:///etc/passwd", BadAddress),
        ("gopher://127.0.0.1:{sink}/", BadAddress),
        ("http://user:pw@school.example:{site}/", BadAddress),
    ],
)
def test_s22_each_redirect_is_looked_at_as_if_it_were_the_first(
    to: str, error: type[Exception], site: Server, sink: Sink
) -> None:
    site.sends_to["away"] = to.format(sink=sink.port, site=site.port)
    names = Resolver(school=["127.0.0.2"], inside=["127.0.0.3"], **{"127": ["127.0.0.1"]})
    with pytest.raises(error):
        stranger(names, site.port, sink.port).ask(f"http://school.example:{site.port}/away")
    assert sink.visitors() == 0


def test_redirects_are_followed_five_times_without_cookies(visitor: Stranger, site: Server) -> None:
    site.sends_to.update({"r1": "r2", "r2": "r3", "r3": "r4", "r4": "r5", "r5": "/there", "r0": "/r1"})
    answer = visitor.ask(f"http://school.example:{site.port}/r1")
    assert (answer.redirects, answer.url) == (5, f"http://school.example:{site.port}/there")
    with pytest.raises(TooManyRedirects):
        visitor.ask(f"http://school.example:{site.port}/r0")
    site.sends_to["nowhere"] = "http://[x"
    with pytest.raises((NoAnswer, BadAddress)):
        visitor.ask(f"http://school.example:{site.port}/nowhere")
    site.sends_to["odd"] = "/caf\u00c3\u00a9 of the week "
    assert visitor.ask(f"http://school.example:{site.port}/odd").url.endswith("/café%20of%20the%20week")
    site.asked.clear()
    visitor.ask(f"http://school.example:{site.port}/cookie")
    assert [path for path, headers in site.asked if "Cookie" not in headers] == ["/cookie", "/cookie-seen"]


@pytest.mark.parametrize("page", ["slow-head", "slow-body", "silent"])
def test_s22_an_answer_that_drips_ends_at_its_time(page: str, visitor: Stranger, site: Server) -> None:
    began = time.monotonic()
    with pytest.raises(NoAnswer, match="too slow"):
        visitor.ask(f"http://school.example:{site.port}/{page}", SHORT)
    assert time.monotonic() - began < 0.8


@pytest.mark.parametrize("page", ["huge", "bomb"])
def test_s22_no_more_is_taken_than_allowed(page: str, visitor: Stranger, site: Server) -> None:
    answer = visitor.ask(f"http://school.example:{site.port}/{page}", Limits(body_bytes=100_000))
    assert (len(answer.body), answer.is_whole) == (100_000, False)


def test_a_packed_answer_is_unpacked_and_endless_headers_are_refused(visitor: Stranger, site: Server) -> None:
    assert visitor.ask(f"http://school.example:{site.port}/packed").body == b"<p>unpacked</p>"
    with pytest.raises(NoAnswer):
        visitor.ask(f"http://school.example:{site.port}/heads")


def test_s22_a_certificate_must_be_for_the_name_in_the_address(secure_site: SecureServer) -> None:
    names = Resolver(school=["127.0.0.2"], other=["127.0.0.2"])
    trusting = replace(stranger(names, secure_site.port), trust=lambda: secure_site.trust)
    assert trusting.ask(f"https://school.example:{secure_site.port}/safe").status == 200
    with pytest.raises(NoAnswer, match="certificate"):
        trusting.ask(f"https://other.example:{secure_site.port}/")
    with pytest.raises(NoAnswer, match="certificate"):
        stranger(names, secure_site.port).ask(f"https://school.example:{secure_site.port}/")
