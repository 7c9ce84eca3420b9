"""The self-study: its evaluations, the desk on which answers are written, what is cited, its dates and people."""

from evidence_app.pages.study import (
    answers,
    comparing,
    copying,
    deciding,
    exhibits,
    framing,
    overview,
    people,
    texts,
)
from evidence_app.pages.study.blueprint import pages

__all__ = ["answers", "comparing", "copying", "deciding", "exhibits", "framing", "overview", "pages", "people", "texts"]
