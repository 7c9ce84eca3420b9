"""S52: a scanner over a real socket, up and down."""

from __future__ import annotations

import io
import socket
from pathlib import Path

import pytest

from evidence_app.domain.scanning import Clamd, ScannerDown, ScanState, Verdict
from tests.servers.clamd import EICAR, clamd


def test_s52_what_is_sent_whole_is_judged_over_tcp_and_over_a_socket_file(tmp_path: Path) -> None:
    large = b"a paper " * 40_000
    for at in (0, tmp_path / "clamd.ctl"):
        with clamd(at) as service:
            scanner = Clamd(service.url)
            assert scanner.answers()
            assert scanner.scan(io.BytesIO(large)) == Verdict(ScanState.CLEAN)
            assert scanner.scan(io.BytesIO(b"")) == Verdict(ScanState.CLEAN)
            assert service.seen == [large, b""]
            bad = scanner.scan(io.BytesIO(b"see: " + EICAR.encode()))
            assert bad == Verdict(ScanState.INFECTED, "Eicar-Test-Signature")


def test_a_file_larger_than_the_scanner_takes_is_told_apart() -> None:
    with clamd() as service:
        service.most_bytes = 1000
        assert Clamd(service.url).scan(io.BytesIO(b"x" * 4_000_000)).state == ScanState.TOO_LARGE


def test_s52_a_scanner_that_is_down_or_talks_nonsense_is_never_taken_for_a_verdict(tmp_path: Path) -> None:
    with clamd() as service:
        url = service.url
    for gone in (url, f"unix://{tmp_path}/nobody.ctl"):
        assert not Clamd(gone).answers()
        with pytest.raises(ScannerDown):
            Clamd(gone).scan(io.BytesIO(b"x"))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        scanner = Clamd(f"tcp://127.0.0.1:{silent.getsockname()[1]}")
        silent.listen()
        silent.close()
        with pytest.raises(ScannerDown):
            scanner.scan(io.BytesIO(b"x"))
