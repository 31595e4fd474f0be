"""The Net Promoter Score against published cases, its definition, and simulated coverage."""

import itertools
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multinomial

from helpers.statistics.shares.net_promoter import NetPromoterScore, ScaleWarning, net_promoter_score, score_change


@pytest.mark.parametrize(
    ("scores", "expected", "variance", "std_error"),
    [
        ((0, 7, 7, 9, 9, 9), 1 / 3, 5 / 9, 0.304),
        ((1, 9), 0, 1, 0.707),
        ((7, 9), 0.5, 0.25, 0.354),
        ((0, 7, 9), 0, 2 / 3, 0.471),
        ((8, 8, 8), 0, 0, 0),
    ],
)
def test_published_scores_variances_and_errors(scores, expected, variance, std_error):
    """Known answer N1 of behaviour.md (tests of R's NPS package)."""
    found = net_promoter_score(scores)
    assert found.score == pytest.approx(expected)
    assert found.variance == pytest.approx(variance)
    assert found.std_error == pytest.approx(std_error, abs=5e-4)


def test_answers_off_the_scale_are_counted_in_a_warning_and_dropped():
    """Known answer N3 of behaviour.md."""
    with pytest.warns(ScaleWarning, match=r"^scores = 3 off the scale"):
        found = net_promoter_score([-1, 11, 1 / 3, 9, 0, np.nan])
    assert (found.answers, found.score) == (2, 0)


def test_published_intervals():
    """Known answer N5 of behaviour.md (Rocks 2016, via MeasuringU), in points."""
    unanimous, small = NetPromoterScore(5, 0, 0), NetPromoterScore(8, 5, 2)
    assert np.array(unanimous.interval(method="wald")) * 100 == pytest.approx([100, 100])
    assert np.array(unanimous.interval()) * 100 == pytest.approx([17.49, 100], abs=0.005)
    assert np.array(small.interval(method="wald")) * 100 == pytest.approx([3.98, 76.02], abs=0.005)
    assert np.array(small.interval()) * 100 == pytest.approx([-0.23, 66.89], abs=0.005)


@given(st.lists(st.integers(0, 10), min_size=1, max_size=60))
def test_it_is_the_mean_of_answers_that_count_one_zero_or_minus_one(scores):
    counted = np.array([1 if score >= 9 else -1 if score <= 6 else 0 for score in scores])
    found = net_promoter_score(scores)
    assert found.score == pytest.approx(counted.mean())
    assert found.variance == pytest.approx(counted.var(), abs=1e-12)
    low, high = found.interval()
    assert -1 <= low < high <= 1


def test_weights_are_customers():
    assert net_promoter_score([9, 3, 8], [4, 2, 1]) == net_promoter_score([9] * 4 + [3] * 2 + [8])


def test_no_answer_has_no_score():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        nothing = net_promoter_score([np.nan])
    assert np.isnan([nothing.score, nothing.std_error, *nothing.interval()]).all()


def test_the_adjusted_interval_covers_and_the_test_of_no_change_errs_as_often_as_it_says():
    """Over every outcome of 25 answers, and every pair of outcomes of 10, each as likely as it is."""
    waves, chances = _outcomes(25)
    assert sum(chances) == pytest.approx(1)
    held = [low <= 0.4 <= high for low, high in (wave.interval() for wave in waves)]
    assert 0.94 < np.average(held, weights=chances) < 0.98
    waves, chances = _outcomes(10)
    errs = sum(
        a * b * (2 if before is not after else 1)  # the way back is as likely, and as far
        for (before, a), (after, b) in itertools.combinations_with_replacement(zip(waves, chances, strict=True), 2)
        if score_change(before, after).p_value < 0.05
    )
    assert 0.02 < errs < 0.06


def _outcomes(size: int) -> tuple[list[NetPromoterScore], np.ndarray]:
    """Every way in which `size` answers can fall, and how likely it is when 55, 30 and 15 % are drawn."""
    counts = [(up, middle, size - up - middle) for up in range(size + 1) for middle in range(size + 1 - up)]
    return [NetPromoterScore(*each) for each in counts], multinomial.pmf(counts, size, [0.55, 0.3, 0.15])


def test_a_change_is_found_with_its_sign():
    found = score_change(NetPromoterScore(300, 400, 300), NetPromoterScore(450, 350, 200))
    assert found.lower < 0.25 < found.upper and found.lower > 0 and found.p_value < 1e-6


@pytest.mark.parametrize(
    ("words", "message"), [({"method": "exact"}, "method = 'exact'"), ({"level": 95}, "level = 95")]
)
def test_a_wrong_interval_is_refused(words, message):
    with pytest.raises(ValueError, match=message):
        NetPromoterScore(1, 1, 1).interval(**words)
