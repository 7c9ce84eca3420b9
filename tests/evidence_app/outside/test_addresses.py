"""S22: addresses that lead into a network of our own are never connected to, however they are written."""

from __future__ import annotations

import socket

import pytest

from evidence_app.outside import BadAddress, NotPublic, NotResolved, Stranger, is_public, public_addresses
from tests.evidence_app.outside.conftest import Sink

NAMES = {
    "metadata.google.internal": ["169.254.169.254"],
    "loop.example": ["127.0.0.1"],
    "both.example": ["93.184.216.34", "127.0.0.1"],
    "inside.example": ["10.1.2.3"],
    "six.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "nowhere.example": [],
}
"""What the resolver says of names; numbers it takes apart itself."""

TARGETS = [
    "http://127.0.0.1",
    "http://127.0.0.3",
    "http://127.1",
    "http://127.0.1",
    "http://127.255.255.254",
    "http://2130706433",
    "http://0x7f000001",
    "http://0x7f.0.0.1",
    "http://0177.0.0.1",
    "http://017700000001",
    "http://0x7f.1",
    "http://0",
    "http://0.0.0.0",
    "http://localhost",
    "http://LOCALHOST.",
    "http://loop.example",
    "http://loop.example.",
    "http://both.example",
    "http://inside.example",
    "http://six.example",
    "http://mapped.example",
    "http://10.0.0.1",
    "http://10.255.255.255",
    "http://172.16.0.1",
    "http://172.31.255.255",
    "http://192.168.0.1",
    "http://100.64.0.1",
    "http://100.100.100.200",
    "http://169.254.169.254",
    "http://169.254.170.2",
    "http://2852039166",
    "http://0xa9fea9fe",
    "http://metadata.google.internal",
    "http://168.63.129.16",
    "http://192.0.0.192",
    "http://192.0.2.1",
    "http://198.18.0.1",
    "http://198.51.100.7",
    "http://203.0.113.9",
    "http://224.0.0.1",
    "http://239.255.255.250",
    "http://240.0.0.1",
    "http://255.255.255.255",
    "http://[::1]",
    "http://[::]",
    "http://[0:0:0:0:0:0:0:1]",
    "http://[::ffff:127.0.0.1]",
    "http://[::ffff:7f00:1]",
    "http://[::127.0.0.1]",
    "http://[64:ff9b::7f00:1]",
    "http://[64:ff9b:1::a00:1]",
    "http://[2002:7f00:1::]",
    "http://[2001::1]",
    "http://[fe80::1]",
    "http://[fe80::1%25lo]",
    "http://[fc00::1]",
    "http://[fd00:ec2::254]",
    "http://[fec0::1]",
    "http://[ff02::1]",
    "http://[2001:db8::1]",
    "http://[100::1]",
    "http://[5f00::1]",
    "http://nowhere.example",
    "http://user:pw@127.0.0.1",
    "http://93.184.216.34@127.0.0.1",
    "https://127.0.0.1",
    "https://[::1]",
    "gopher://127.0.0.1",
    "file://127.0.0.1/etc/passwd",
    "ftp://127.0.0.1",
    "dict://127.0.0.1",
    "javascript:alert(1)",
    "//127.0.0.1",
    "http:///127.0.0.1",
    "http://127.0.0.1",
    "http://①②⑦.⓪.⓪.①",
]


def resolver(host: str, port: int) -> list[str]:
    if host.rstrip(".").lower() in NAMES:
        return NAMES[host.rstrip(".").lower()]
    numbers = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    return list(dict.fromkeys(numbers))


def at_port(target: str, port: int) -> str:
    """The target, asking for this port where it names a host."""
    scheme, slashes, host = target.partition("://")
    if not slashes or not host or host.startswith("/"):
        return target
    name, slash, path = host.partition("/")
    return f"{scheme}://{name}:{port}{slash}{path}"


def test_there_are_sixty_targets() -> None:
    assert len(set(TARGETS)) >= 60


@pytest.mark.parametrize("target", TARGETS)
def test_s22_nothing_of_ours_is_connected_to(target: str, sink: Sink) -> None:
    stranger = Stranger(
        addresses=lambda host, port: public_addresses(host, port, lookup=resolver), ports=frozenset({sink.port})
    )
    with pytest.raises((BadAddress, NotPublic, NotResolved)):
        stranger.ask(at_port(target, sink.port))
    assert sink.visitors() == 0


@pytest.mark.parametrize("port", [22, 25, 3306, 5432, 6379, 8080, 11211, 65535])
def test_s22_only_the_ports_of_the_web_are_asked(port: int) -> None:
    with pytest.raises(BadAddress):
        Stranger(addresses=lambda _host, _port: pytest.fail("it was looked up")).ask(f"http://93.184.216.34:{port}/")


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:80e::200e"])
def test_addresses_of_the_public_internet_are_public(address: str) -> None:
    assert is_public(address)
    assert public_addresses("school.example", 443, lookup=lambda _host, _port: [address]) == (address,)


def test_one_address_of_ours_spoils_a_name() -> None:
    with pytest.raises(NotPublic):
        public_addresses("both.example", 443, lookup=resolver)
