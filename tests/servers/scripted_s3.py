"""A small S3 service that fails on purpose, as real ones do now and then: tests say at which call and how."""

import base64
import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote


@dataclass(slots=True)
class ScriptedS3:
    """The running service: its objects, the calls it saw ("PUT", "HEAD", ...) and what goes wrong.

    `fault(method, n)` is asked at the n-th call (from 1) of each method and answers "" (all is well), an HTTP status
    with an error code ("503 SlowDown"), "reset" (the connection breaks), "forget" (says 200 and keeps nothing), "cut"
    (half the body, then the end) or "wait" (no answer until `patience` is set). The `checksums` it tells are "whole",
    "none" or "of parts".
    """

    objects: dict[str, bytes] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    fault: Callable[[str, int], str] = lambda method, n: ""
    checksums: str = "whole"
    endpoint: str = ""
    patience: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """The storage address of its only bucket."""
        return f"s3://scripted/base?endpoint={quote(self.endpoint, safe='')}&region=us-east-1"


@contextmanager
def scripted_s3() -> Iterator[ScriptedS3]:
    """Give a running service on a free loopback port."""
    service = ScriptedS3()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(service))
    service.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield service
    finally:
        service.patience.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _handler_for(service: ScriptedS3) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            fault = self._fault()
            if fault == "forget":
                self._answer(200)
            elif not self._failed(fault):
                if self.headers.get("If-None-Match") == "*" and self.path in service.objects:
                    self._error("412", "PreconditionFailed")
                elif "x-amz-copy-source" in self.headers:
                    source = "/" + unquote(self.headers["x-amz-copy-source"]).lstrip("/")
                    if source not in service.objects:
                        self._error("404", "NoSuchKey")
                        return
                    service.objects[self.path] = service.objects[source]
                    self._answer(200, b"<CopyObjectResult><ETag>x</ETag></CopyObjectResult>")
                else:
                    service.objects[self.path] = body
                    self._answer(200)

        def do_GET(self) -> None:
            fault = self._fault()
            if self._failed(fault):
                return
            data = service.objects.get(self.path)
            if data is None:
                self._error("404", "NoSuchKey")
            elif fault == "cut":
                self.send_response(200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data[: len(data) // 2])
                self.close_connection = True
            else:
                self._answer(200, data)

        do_HEAD = do_GET  # noqa: N815

        def do_DELETE(self) -> None:
            if not self._failed(self._fault()):
                service.objects.pop(self.path, None)
                self._answer(204)

        def _fault(self) -> str:
            self.path = self.path.partition("?")[0]
            service.calls.append(self.command)
            return service.fault(self.command, service.calls.count(self.command))

        def _failed(self, fault: str) -> bool:
            if fault == "reset":
                self.close_connection = True
                self.connection.close()
            elif fault == "wait":
                service.patience.wait()
                self.close_connection = True
            elif fault[:1].isdigit():
                self._error(*fault.split())
            return fault not in ("", "cut")

        def _error(self, status: str, code: str) -> None:
            self._answer(int(status), f"<Error><Code>{code}</Code><Message>scripted</Message></Error>".encode())

        def _answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            if self.command in ("GET", "HEAD") and status == 200 and service.checksums != "none":
                checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
                self.send_header("x-amz-checksum-sha256", checksum + "-3" * (service.checksums == "of parts"))
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet: `calls` tells what happened."""

    return Handler
