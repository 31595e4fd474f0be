"""The long form of the mutated exports of tests/test_hardships.py."""

from __future__ import annotations

import pytest

from mutations import mutated
from test_hardships import assert_read_or_told, prepared, shop  # noqa: F401  fixtures


@pytest.mark.parametrize("first", range(0, 500, 50))
def test_five_hundred_mutated_exports_are_read_or_told(shop, first):  # noqa: F811
    for seed in range(first, first + 50):
        assert_read_or_told(shop, mutated(seed))
