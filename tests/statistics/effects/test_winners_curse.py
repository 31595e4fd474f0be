from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.effects import exaggeration


@pytest.mark.parametrize(("truth", "error"), [(5.0, 5.0), (5.0, 2.5), (10.0, 4.0)])
def test_what_is_left_of_found_effects_is_about_the_truth(truth, error):
    """Of effects above the threshold half lie on each side of the shrunken one that is made for the truth."""
    threshold = max(2 * error, 5.0)
    drawn = np.random.default_rng(1).normal(truth, error, 20_000)
    found = drawn[drawn > threshold]
    left = np.array([exaggeration(effect, error, threshold).shrunken for effect in found[:400]])
    assert found.mean() > 1.15 * truth
    assert np.mean(left < truth) == pytest.approx(0.5, abs=0.08)


def test_the_factor_is_how_much_found_effects_are_above_the_shrunken_one():
    shrunken, factor = exaggeration(3.2, 1.0, 2.0)
    drawn = np.random.default_rng(2).normal(shrunken, 1.0, 200_000)
    assert drawn[drawn > 2.0].mean() / shrunken == pytest.approx(factor, rel=0.01)


def test_an_effect_just_above_the_threshold_may_be_nothing_and_a_large_one_stays():
    assert exaggeration(2.0, 1.0, 2.0) == (0.0, np.inf)
    assert exaggeration(20.0, 1.0, 2.0) == pytest.approx((20.0, 1.0))


def test_units_do_not_matter_and_what_is_not_known_stays_so():
    dollars, cents = exaggeration(3.0, 1.0, 2.0), exaggeration(300.0, 100.0, 200.0)
    assert cents == pytest.approx((100 * dollars.shrunken, dollars.factor))
    assert np.isnan(exaggeration(np.nan, 1.0, 2.0)).all()
    with pytest.raises(ValueError, match="above the threshold"):
        exaggeration(1.0, 1.0, 2.0)
