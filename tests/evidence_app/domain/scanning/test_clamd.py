"""S52: a scanner over a real socket, up and down."""

from __future__ import annotations

import io
import socket
import time
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


def test_s52_a_scanner_that_hangs_is_waited_for_once_and_then_left_alone_for_a_while() -> None:
    with clamd() as service:
        scanner = Clamd(service.url, most_seconds=0.2, pause_seconds=0.6)
        service.is_asleep = True
        for _again in range(3):
            with pytest.raises(ScannerDown):
                scanner.scan(io.BytesIO(b"x"))
        assert not scanner.answers()
        assert service.questions == 2, "the first file, and whether it is there at all"
        service.is_asleep = False
        time.sleep(0.6)
        assert scanner.answers()
        assert scanner.scan(io.BytesIO(b"x")).state == ScanState.CLEAN


def test_s52_one_file_that_takes_too_long_is_cut_off_and_holds_up_no_other() -> None:
    with clamd() as service:
        scanner = Clamd(service.url, most_seconds=0.2)
        service.seconds_a_byte = 0.05
        begun = time.monotonic()
        with pytest.raises(ScannerDown):
            scanner.scan(io.BytesIO(b"x"))
        assert time.monotonic() - begun < 0.5, "each byte came in time, and all of them together did not"
        service.seconds_a_byte = 0.0
        assert scanner.scan(io.BytesIO(b"x")).state == ScanState.CLEAN
        service.seconds_a_byte = 0.05
        for _again in range(3):
            with pytest.raises(ScannerDown):
                scanner.scan(io.BytesIO(b"x"))
        service.seconds_a_byte = 0.0
        assert not scanner.answers(), "two in a row are the scanner's own fault"
