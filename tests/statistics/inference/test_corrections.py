from __future__ import annotations

from unittest import mock

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from helpers.statistics.inference.corrections import adjust

NAN = float("nan")
SIX = (0.005, 0.06, 0.007, 0.04, 0.01, 0.03)


@pytest.mark.parametrize(
    ("method", "adjusted"),
    [
        ("bh", (0.02, 0.06, 0.02, 0.048, 0.02, 0.045)),
        ("by", (0.049, 0.147, 0.049, 0.1176, 0.049, 0.11025)),
        ("holm", (0.03, 0.09, 0.035, 0.09, 0.04, 0.09)),
        ("hochberg", (0.03, 0.06, 0.035, 0.06, 0.04, 0.06)),
    ],
)
def test_corrections_of_six_p_values(method, adjusted):
    """Experiment cases, corrections."""
    assert adjust(SIX, method) == pytest.approx(adjusted)


@pytest.mark.parametrize("method", ["bh", "by", "holm", "hochberg"])
def test_a_missing_p_value_stays_missing_and_is_not_counted(method):
    adjusted = adjust([NAN, *SIX, NAN], method)
    assert np.isnan(adjusted[[0, -1]]).all()
    np.testing.assert_array_equal(adjusted[1:-1], adjust(SIX, method))
    assert np.isnan(adjust([NAN], method)).all() and adjust([], method).size == 0


def test_adjusting_leaves_the_p_values_handed_in_alone():
    p_values = pd.Series(SIX, index=list("abcdef"))
    adjust(p_values, "holm")
    assert tuple(p_values) == SIX


def test_unknown_corrections_and_impossible_p_values_are_refused():
    with pytest.raises(ValueError, match="method = 'sidak': holm, hochberg, bh, by"):
        adjust(SIX, "sidak")
    with pytest.raises(ValueError, match="each lies between 0 and 1"):
        adjust([0.5, 1.7], "holm")


@pytest.mark.parametrize(
    ("method", "theirs"), [("holm", "holm"), ("hochberg", "simes-hochberg"), ("bh", "fdr_bh"), ("by", "fdr_by")]
)
@given(p_values=st.lists(st.floats(0, 1).map(lambda p: round(p, 2)), min_size=1, max_size=12))
def test_statsmodels_corrects_to_the_same_digits_ties_included(method, theirs, p_values):
    with mock.patch("gc.collect"):  # their Holm begins with one, which takes longer the more is imported
        expected = multipletests(p_values, method=theirs)[1]
    np.testing.assert_allclose(adjust(p_values, method), expected, rtol=1e-12)
