"""What the pool and its children say to each other: a JSON header and blobs, over a local socket, within a limit."""

from __future__ import annotations

import json
import socket
import struct
from typing import Any, Final

_LENGTH: Final = struct.Struct("!Q")
_MAX_REQUEST_BYTES: Final = 64 * 1024
_CHUNK: Final = 1 << 20


class Broken(Exception):
    """The other side is gone, or said something that is not a message."""


class ReplyTooLong(Broken):
    """The other side wants to say more than it may."""


def send_request(connection: socket.socket, request: dict[str, Any], file: int) -> None:
    """Send a small request together with the open file `file` (a descriptor)."""
    raw = json.dumps(request).encode("ascii")
    socket.send_fds(connection, [_LENGTH.pack(len(raw))], [file])
    connection.sendall(raw)


def receive_request(connection: socket.socket) -> tuple[dict[str, Any], int] | None:
    """The next request and its file, or None when the other side has closed."""
    first, files, _, _ = socket.recv_fds(connection, _LENGTH.size, 1)
    if not first:
        return None
    if len(first) < _LENGTH.size or len(files) != 1:
        raise Broken("no file came with the request")
    length = _LENGTH.unpack(first)[0]
    if length > _MAX_REQUEST_BYTES:
        raise Broken("request too long")
    request: dict[str, Any] = json.loads(_exactly(connection, length))
    return request, files[0]


def send_reply(connection: socket.socket, header: dict[str, Any], blobs: list[bytes]) -> None:
    """Send a reply: a JSON header, then `blobs` one after the other."""
    raw = json.dumps({**header, "blobs": [len(blob) for blob in blobs]}).encode("ascii")
    connection.sendall(_LENGTH.pack(len(raw)) + raw)
    for blob in blobs:
        connection.sendall(blob)


def receive_reply(connection: socket.socket, max_bytes: int) -> tuple[dict[str, Any], list[bytes]]:
    """The reply, at most `max_bytes` in all. Raises ReplyTooLong, Broken, or TimeoutError as the connection is set."""
    length = _LENGTH.unpack(_exactly(connection, _LENGTH.size))[0]
    if length > max_bytes:
        raise ReplyTooLong
    try:
        header: dict[str, Any] = json.loads(_exactly(connection, length))
        sizes = [int(size) for size in header["blobs"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Broken("the reply is not JSON of ours") from error
    if any(size < 0 for size in sizes) or length + sum(sizes) > max_bytes:
        raise ReplyTooLong
    return header, [_exactly(connection, size) for size in sizes]


def _exactly(connection: socket.socket, length: int) -> bytes:
    pieces = bytearray()
    while len(pieces) < length:
        piece = connection.recv(min(_CHUNK, length - len(pieces)))
        if not piece:
            raise Broken("the other side is gone")
        pieces += piece
    return bytes(pieces)
