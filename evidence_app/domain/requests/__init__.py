"""Requests for evidence: what is needed, by when, from whom, and what came."""

from evidence_app.domain.requests.actions import (
    answer,
    ask,
    change,
    close,
    reopen,
    take_answer_back,
)
from evidence_app.domain.requests.models import EvidenceRequest, RequestAnswer, RequestState
from evidence_app.domain.requests.queries import (
    GivenAnswer,
    RequestLine,
    able_to_answer,
    answerable,
    asked_for,
    asked_names,
    asked_of,
    asked_of_people,
    is_asked,
    open_requests,
    request_line,
    request_titles,
    requests_board,
    requests_for,
)

__all__ = [
    "EvidenceRequest",
    "GivenAnswer",
    "RequestAnswer",
    "RequestLine",
    "RequestState",
    "able_to_answer",
    "answer",
    "answerable",
    "ask",
    "asked_for",
    "asked_names",
    "asked_of",
    "asked_of_people",
    "change",
    "close",
    "is_asked",
    "open_requests",
    "reopen",
    "request_line",
    "request_titles",
    "requests_board",
    "requests_for",
    "take_answer_back",
]
