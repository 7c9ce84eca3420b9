"""Forms made to cost much are refused soon and cheaply (R17)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from flask import Flask

from evidence_app.backends import Backends
from evidence_app.domain import evidence
from evidence_app.domain.access import Actor
from tests.evidence_app.pages.conftest import Browser
from tests.fixtures import World

Open = Callable[[Actor | None], Browser]
EDGE = "edge"
TYPE = f"multipart/form-data; boundary={EDGE}"
CPU_SECONDS = 1.0


def part(name: str, content: str = "x", more: str = "") -> str:
    return f'--{EDGE}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{content}\r\n'


END = f"--{EDGE}--\r\n"
FILE = '; filename="a.txt"'
ABUSES: dict[str, tuple[str, Callable[[], str]]] = {
    "ten thousand parts": (TYPE, lambda: "".join(part(f"a{n}") for n in range(10_000)) + END),
    "ten thousand files": (TYPE, lambda: "".join(part("files", more=FILE) for _ in range(10_000)) + END),
    "a hundred thousand fields": ("application/x-www-form-urlencoded", lambda: "&".join(["a=1"] * 100_000)),
    "a long form without files": ("application/x-www-form-urlencoded", lambda: "a=1&" * 2_000_000),
    "a long text": (TYPE, lambda: part("title", "x" * 5_000_000) + END),
    "a line break to begin with": (TYPE, lambda: part("title", "\r\n" + "\r" * 5_000_000) + END),
    "a long name": (TYPE, lambda: part("n" * 5_000_000) + END),
    "no boundary": ("multipart/form-data", lambda: part("a") + END),
    "a boundary that never comes": ("multipart/form-data; boundary=other", lambda: part("a", "x" * 5_000_000)),
    "forms in forms": (TYPE, lambda: part("a", part("b", part("c") + END) + END) + END),
    "no end": (TYPE, lambda: part("files", "x" * 1000, FILE)),
}


def test_the_limits_are_set(app: Flask) -> None:
    assert app.config["MAX_FORM_PARTS"] == 1000
    assert app.config["MAX_FORM_MEMORY_SIZE"] == 4 * 1024 * 1024
    assert app.config["MAX_CONTENT_LENGTH"] > app.config["MAX_FORM_MEMORY_SIZE"]


# What is refused in the middle leaves its small files to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning")
def test_what_is_made_to_cost_much_is_refused_cheaply(client_for: Open, world: World, backends: Backends) -> None:
    teacher = client_for(world.teacher)
    assert teacher.get("/alder-bay/evidence/new").status_code == 200
    for name, (content_type, make) in ABUSES.items():
        body = make().encode()
        begun = time.process_time()
        answer = teacher.post("/alder-bay/evidence/new/files", data=body, content_type=content_type)
        spent = time.process_time() - begun
        # 302 leads back to the page of filing, which says that there was no file.
        assert answer.status_code in (302, 400, 413, 422), (name, answer.status_code)
        assert spent < CPU_SECONDS, (name, spent)
        answer.close()
        assert (answer.status_code == 413) or name != "a long form without files"
    with backends.database.reading() as session:
        assert evidence.recent_items(session, world.teacher) == []
