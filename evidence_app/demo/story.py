"""The story of the demo school beyond its documents, as written down in story.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from evidence_app.demo.bank import read_yaml

FRAMEWORK = "ib-psp-2020"


@cache
def story() -> Mapping[str, Any]:
    """The whole story; what each part holds can be read at its top in story.yaml."""
    text = (resources.files("evidence_app.demo") / "story.yaml").read_text("utf-8")
    loaded: dict[str, Any] = read_yaml(text)
    return loaded


def key_of(code: str) -> str:
    """The node key of a practice, standard or category of the demo's framework."""
    return f"{FRAMEWORK}/{code}"
