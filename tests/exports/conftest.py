from __future__ import annotations

import pytest

from exports import Report
from tests.exports.factory import Bytes
from tests.exports.sample import sample_report


@pytest.fixture
def store() -> Bytes:
    return Bytes()


@pytest.fixture
def report(store: Bytes) -> Report:
    return sample_report(store)
