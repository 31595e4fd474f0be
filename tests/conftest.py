"""The demo, opened once a session, and what is expensive and asked of it by many files."""

from __future__ import annotations

import pytest

from helpers.data import datasets
from helpers.data.datasets import Dataset


@pytest.fixture(scope="session")
def demo() -> Dataset:
    """The demo as of its last day."""
    return datasets.open("demo")
