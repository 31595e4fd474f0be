"""The bootstrap of whole customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.statistics.inference.resampling import bootstrap, numbered_by_values, percentile_limits


@pytest.fixture(scope="module")
def spend() -> np.ndarray:
    return np.random.default_rng(3).exponential(50, 150)


def mean_of(values):
    return lambda weights: {"mean": np.average(values, weights=weights)}


def test_rows_of_a_customer_are_drawn_together_so_that_repeating_them_adds_no_certainty(spend):
    """The bootstrap error of a mean is SD/√n of the customers, by the formula; row by row it comes out half as large
    when each customer has four alike rows."""
    rows, customer = np.repeat(spend, 4), np.repeat(np.arange(len(spend)), 4)
    formula = spend.std() / np.sqrt(len(spend))
    clustered = bootstrap(mean_of(rows), customer, draws=2_000)["mean"].std()
    by_row = bootstrap(mean_of(rows), np.arange(len(rows)), draws=2_000)["mean"].std()
    assert clustered == pytest.approx(formula, rel=0.06)
    assert by_row == pytest.approx(formula / 2, rel=0.06)


def test_every_draw_has_as_many_customers_and_the_same_count_for_all_their_rows():
    customer = pd.Series(["a", "b", "b", "c", "c", "c"])
    drawn = []
    bootstrap(lambda weights: drawn.append(weights) or {"n": 0}, customer, draws=50)
    assert drawn[0].tolist() == [1] * 6  # first the rows as they are
    firsts = np.array(drawn)[:, [0, 1, 3]]
    assert (firsts.sum(axis=1) == 3).all()
    assert all(weights.tolist() == np.repeat(first, [1, 2, 3]).tolist() for weights, first in zip(drawn, firsts))
    assert firsts.max() == 3 and firsts.min() == 0
    assert firsts[1:].mean(axis=0) == pytest.approx([1, 1, 1], abs=0.35)


def test_one_seed_one_answer(spend):
    customer = np.arange(len(spend))
    first, again, other = (bootstrap(mean_of(spend), customer, draws=20, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again, check_exact=True)
    assert not first.equals(other)


def test_percentile_limits_are_the_normal_ones_of_a_mean(spend):
    draws = bootstrap(mean_of(spend), np.arange(len(spend)), draws=4_000)
    limits = percentile_limits(draws, level=0.9).set_index("statistic").loc["mean"]
    error = spend.std() / np.sqrt(len(spend))
    assert limits["std_error"] == pytest.approx(error, rel=0.05)
    assert limits["lower"] == pytest.approx(spend.mean() - 1.645 * error, abs=0.15 * error)
    assert limits["upper"] == pytest.approx(spend.mean() + 1.645 * error, abs=0.15 * error)
    assert limits["draws"] == 4_000


def test_limits_cover_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(8)
    covered = 0
    for _ in range(150):
        customers = rng.normal(size=40)
        rows = np.repeat(customers, 3) + rng.normal(size=120)
        limits = percentile_limits(bootstrap(mean_of(rows), np.repeat(np.arange(40), 3), draws=100, seed=rng))
        covered += (limits["lower"] < 0).all() and (limits["upper"] > 0).all()
    assert 0.87 <= covered / 150 <= 0.99


def test_customers_are_numbered_by_their_values_whatever_they_are_called():
    """b has rows (0, 5) and (1, 2), a (0, 5) and (1, 3), c (0, 7) alone, d and e the same (0, 1)."""
    values = pd.DataFrame({"left": [1, 0, 0, 1, 0, 0, 0], "days": [2, 5, 5, 3, 7, 1, 1]})
    customer = np.array([*"bbaacde"])
    numbers = numbered_by_values(customer, values)
    assert dict(zip(customer, numbers)) in [
        {"d": 0, "e": 1, "b": 2, "a": 3, "c": 4},
        {"d": 1, "e": 0, "b": 2, "a": 3, "c": 4},
    ]
    order = np.array([4, 6, 2, 0, 5, 3, 1])
    again = numbered_by_values(np.array([*"zyxwvut"])[[1, 1, 2, 2, 0, 3, 4]][order], values.iloc[order])
    assert sorted(again[again > 1]) == sorted(numbers[numbers > 1])
    np.testing.assert_array_equal(again[again > 1], numbers[order][numbers[order] > 1])


def test_a_draw_without_the_statistic_is_unknown_and_is_counted():
    events = np.array([1, 0, 0, 0])

    def chance(weights):
        if not events @ weights:
            raise ValueError("events = 0")
        return {"chance": events @ weights / weights.sum()}

    draws = bootstrap(chance, np.arange(4), draws=400)
    unknown = draws["chance"].isna().mean()
    assert unknown == pytest.approx(0.75**4, abs=0.07)  # the chance that the one event is not drawn
    limits = percentile_limits(draws).iloc[0]
    assert limits["draws"] == 400 - draws["chance"].isna().sum()
    assert limits["lower"] == 0.25


def test_what_is_wrong_with_the_rows_themselves_is_raised():
    def hopeless(weights):
        raise ValueError("events = 0 in every row")

    with pytest.raises(ValueError, match="events = 0 in every row"):
        bootstrap(hopeless, [1, 2, 3])


def test_unusable_arguments_are_refused():
    statistic = lambda weights: {"n": weights.sum()}  # noqa: E731
    with pytest.raises(ValueError, match="cluster = 1 customers: at least 2"):
        bootstrap(statistic, ["a", "a"])
    with pytest.raises(ValueError, match="cluster = missing in 1 of 3 rows"):
        bootstrap(statistic, ["a", None, "b"])
    with pytest.raises(ValueError, match="draws = 0: at least 1"):
        bootstrap(statistic, ["a", "b"], draws=0)
    with pytest.raises(ValueError, match="level = 95: strictly between 0 and 1"):
        percentile_limits(pd.DataFrame({"n": [1.0, 2.0]}), level=95)
