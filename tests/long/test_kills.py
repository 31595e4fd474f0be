"""The long form of tests/test_kills.py: every place, and runs side by side."""

from __future__ import annotations

import pytest

from kills import STOPS
from test_kills import tried


@pytest.mark.parametrize("over", [False, True], ids=["fresh", "over an old report"])
@pytest.mark.parametrize("how", STOPS)
def test_every_place_is_tried(tmp_path, how, over):
    places = tried(tmp_path, how, over, range(1000))
    print(f"{how}: {places} places")
    assert places >= 30
