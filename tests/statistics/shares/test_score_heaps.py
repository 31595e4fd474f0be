"""Two scales in one column have two heaps; one scale, however used, has not."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.shares.score_heaps import mixed_scales

NPS = [4, 2, 3, 4, 5, 30, 20, 45, 60, 70, 90]  # answers of 0 to 10
CSAT = [0, 10, 12, 30, 90, 110]  # answers of 1 to 5


def counted(*scales: list[int], width: int = 101) -> np.ndarray:
    return sum(np.pad(scale, (0, width - len(scale))) for scale in scales)


def percents(heap: int) -> list[int]:
    """Answers of 0 to 100 around a heap."""
    return np.bincount(np.random.default_rng(1).normal(heap, 15, 400).clip(0, 100).astype(int)).tolist()


@pytest.mark.parametrize(
    "scales",
    [
        (NPS,),
        (CSAT,),
        ([0, 5, 5, 5, 5, 60, 50, 60, 50, 20, 30],),
        (percents(80),),
        (percents(30),),
        ([3] * 101,),
        ([],),
    ],
)
def test_one_scale_is_one(scales):
    counts = counted(*scales)
    assert not mixed_scales(np.arange(len(counts)), counts)


@pytest.mark.parametrize("scales", [(NPS, CSAT), (CSAT, percents(80)), (NPS, percents(75))])
def test_two_scales_are_two(scales):
    counts = counted(*scales)
    assert mixed_scales(np.arange(len(counts)), counts)


def test_a_few_answers_are_no_heap():
    assert not mixed_scales([5, 10], [19, 80])
    assert mixed_scales([5, 10], [20, 80])
