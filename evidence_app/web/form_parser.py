"""Takes forms with files apart, to the byte, wherever the network happened to cut them.

Not with Werkzeug's own parser: up to 3.1.9 at least it adds a byte to a file whose form is cut within its last line
(docs/decisions/0022-forms-with-files.md), and nobody would ever know which of a school's files that was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from math import inf
from typing import IO

from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

# Names of files come as long as senders like; what is too long is told by those who look at names, in a sentence.
LONGEST_HEADER_BYTES = 32 * 1024
MOST_FILES = 250
"""Each is held in memory or open until the request is over. Scripts send files one by one."""

Fields = MultiDict[str, str]
Files = MultiDict[str, FileStorage]


class FormParser(FormDataParser):
    """Stands where Werkzeug has its parser, and leaves it all forms but those with files.

    Files go to the request's streams as they come; what bounds them is the length of the request. BadRequest for a form
    that is none, or was cut short; RequestEntityTooLarge for more parts, files or bytes of fields than are allowed.
    """

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> tuple[IO[bytes], Fields, Files]:
        """The stream, read to its end; the fields; the files, each at its beginning."""
        if mimetype != "multipart/form-data":
            return super().parse(stream, mimetype, content_length, options)
        try:
            fields, files = self._take_apart(stream, (options or {}).get("boundary", ""), content_length)
        except ParserLimitReached as error:
            raise RequestEntityTooLarge from error
        except MultipartError as error:
            raise BadRequest from error
        return stream, fields, files

    def _take_apart(self, stream: IO[bytes], boundary: str, content_length: int | None) -> tuple[Fields, Files]:
        fields: list[tuple[str, str]] = []
        files: list[tuple[str, FileStorage]] = []
        left = inf if self.max_form_memory_size is None else self.max_form_memory_size
        parser = PushMultipartParser(
            boundary,
            max_header_size=LONGEST_HEADER_BYTES,
            max_segment_count=inf if self.max_form_parts is None else self.max_form_parts,
        )
        events = parser.parse_blocking(stream.read)
        with ExitStack() as if_it_fails:
            for part in events:
                pieces = iter(events.__next__, None)
                if part.filename is None:
                    value = _joined(pieces, left)
                    left -= len(value)
                    fields.append((part.name, value.decode("utf-8", "replace")))
                elif len(files) == MOST_FILES:
                    raise ParserLimitReached
                else:
                    file = self._opened(part, content_length)
                    if_it_fails.callback(file.close)
                    for piece in pieces:
                        file.stream.write(piece)
                    file.stream.seek(0)
                    files.append((part.name, file))
            if_it_fails.pop_all()
        return self.cls(fields), self.cls(files)

    def _opened(self, part: MultipartSegment, content_length: int | None) -> FileStorage:
        stream = self.stream_factory(content_length, part.content_type, part.filename)
        return FileStorage(stream, part.filename, part.name, content_type=part.content_type)


def _joined(pieces: Iterator[bytes], most: float) -> bytes:
    """The bytes of a field; ParserLimitReached as soon as they are more than `most`."""
    joined = bytearray()
    for piece in pieces:
        joined += piece
        if len(joined) > most:
            raise ParserLimitReached
    return bytes(joined)
