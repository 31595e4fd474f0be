"""Data sets for tests, straight from tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from helpers.data.datasets import Dataset
from shops import AS_OF, Rows, shop, words


@pytest.fixture(scope="session")
def made() -> Callable[..., Dataset]:
    """A function of contract tables (name=frame; a column `days_ago` becomes the time of its rows) and `as_of`."""

    def make(as_of: dt.date = AS_OF, **frames: Rows) -> Dataset:
        return shop(as_of=as_of, settings=words(currency="CNY"), **frames)

    return make
