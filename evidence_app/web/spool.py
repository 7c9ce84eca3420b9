"""Where uploads wait on their way to the store: in the installation's home, never in memory, however large they are.

The usual place for temporary files is often a small one, or memory itself. Of a file that is sent as a whole three
copies follow each other, each on disk and gone with its request: the server's of the whole request, the form's of each
file, and the store's own. Large files come in pieces where scripts run, and there is one (`intake.Pieces`).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, Any, cast

from flask import Flask, Request, current_app

from evidence_app.web.form_parser import FormParser

IN_MEMORY_BYTES = 256 * 1024
FORM_WITHOUT_FILES = "application/x-www-form-urlencoded"


class SpoolingRequest(Request):
    """A request whose uploaded files wait in the spool folder; small ones in memory.

    A form without files is short: it would be held in memory as a whole, and its fields once more.
    """

    form_data_parser_class = FormParser

    def _load_form_data(self) -> None:
        longest, longest_form = self.max_content_length, self.max_form_memory_size
        if self.mimetype == FORM_WITHOUT_FILES and longest_form is not None:
            self.max_content_length = longest_form if longest is None else min(longest, longest_form)
        super()._load_form_data()

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        folder = current_app.config["SPOOL_FOLDER"]
        return cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES, mode="rb+", dir=folder))


def prepare_spool(app: Flask, home: Path) -> None:
    """Have uploads of this app wait below `home`; a killed process leaves nothing there: the files have no name."""
    folder = home / "spool"
    folder.mkdir(mode=0o700, exist_ok=True)
    app.config["SPOOL_FOLDER"] = str(folder)
    app.request_class = SpoolingRequest


def spool_requests(app: Flask) -> None:
    """Have the server of this process keep its temporary files, one for each large request, in the same folder."""
    folder: Any = app.config.get("SPOOL_FOLDER")
    if folder:
        tempfile.tempdir = folder
