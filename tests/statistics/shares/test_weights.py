"""Weights of measures that are never negative."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from helpers.statistics.shares.weights import Weights, nonnegative_logistic, proved_weights


def drawn(rows: int = 400, seed: int = 1) -> tuple[pd.DataFrame, np.ndarray]:
    """Four measures, of which the first raises the chance, the second lowers it, and the last is the first and noise."""
    rng = np.random.default_rng(seed)
    columns = pd.DataFrame(rng.normal(0.5, [0.2, 0.1, 0.3], (rows, 3)), columns=["works", "hurts", "nothing"])
    columns["twin"] = columns["works"] + rng.normal(0, 0.1, rows)
    odds = 5 * (columns["works"] - 0.5) - 4 * (columns["hurts"] - 0.5) - 0.5
    return columns, rng.random(rows) < expit(odds)


def height(fit: Weights, columns: pd.DataFrame, events: np.ndarray, penalty: float) -> float:
    """Penalised log-likelihood, from the formula row by row."""
    total = 0.0
    for odds, happened in zip(fit.log_odds(columns), events, strict=True):
        chance = 1 / (1 + np.exp(-odds))
        total += np.log(chance if happened else 1 - chance)
    return total - penalty / 2 * sum(fit.coefficients**2)


def ridge(columns: pd.DataFrame, events: np.ndarray, penalty: float) -> tuple[np.ndarray, float]:
    """scikit-learn's logistic ridge."""
    peer = LogisticRegression(C=1 / penalty, tol=1e-8, max_iter=500).fit(columns, events)
    return peer.coef_[0], float(peer.intercept_[0])


def test_where_no_weight_would_be_negative_it_is_the_logistic_ridge():
    columns, events = drawn()
    fit = nonnegative_logistic(columns[["works", "twin"]], events, penalty=5)
    coefficients, intercept = ridge(columns[["works", "twin"]], events, 5)
    assert fit.coefficients.to_numpy() == pytest.approx(coefficients, rel=1e-4)
    assert fit.intercept == pytest.approx(intercept, rel=1e-4)


@pytest.mark.parametrize("penalty", [0.1, 5.0])
def test_it_is_the_best_of_all_sets_of_columns_whose_weights_are_positive(penalty):
    """A slow loop over every set of columns: the highest likelihood among those without a negative weight."""
    columns, events = drawn(100, seed=4)
    best = -np.inf
    for size in range(1, 5):
        for names in combinations(columns, size):
            coefficients, intercept = ridge(columns[list(names)], events, penalty)
            if (coefficients >= 0).all():
                peer = Weights(pd.Series(coefficients, index=names), intercept)
                best = max(best, height(peer, columns[list(names)], events, penalty))
    fit = nonnegative_logistic(columns, events, penalty=penalty)
    assert (fit.coefficients >= 0).all() and fit.coefficients["hurts"] == 0
    assert height(fit, columns, events, penalty) == pytest.approx(best, abs=1e-5)


def test_nothing_changes_with_where_a_measure_begins_or_the_order_of_rows():
    columns, events = drawn()
    fit = nonnegative_logistic(columns, events)
    turned = nonnegative_logistic((columns + 7)[::-1], events[::-1])
    assert turned.coefficients.to_numpy() == pytest.approx(fit.coefficients.to_numpy(), abs=1e-6)
    assert turned.log_odds(columns + 7) == pytest.approx(fit.log_odds(columns), abs=1e-5)


def test_weights_without_a_sign_can_turn_a_measure_round_and_these_cannot():
    """A measure of nothing, 12 trials of 200 rows: the plain ridge makes it count the wrong way in half of them."""
    naive, ours = [], []
    for seed in range(12):
        columns, events = drawn(200, seed)
        naive.append(ridge(columns[["works", "nothing"]], events, 1)[0][1])
        ours.append(nonnegative_logistic(columns[["works", "nothing"]], events).coefficients["nothing"])
    assert 0.1 < np.mean(np.array(naive) < 0) < 0.9
    assert min(ours) == 0 and np.mean(np.array(ours) == 0) == pytest.approx(np.mean(np.array(naive) < 0), abs=0.02)


def test_a_constant_measure_weighs_nothing_and_what_cannot_be_learnt_is_said():
    columns, events = drawn(60)
    assert nonnegative_logistic(columns.assign(same=3.0), events).coefficients["same"] == 0
    with pytest.raises(ValueError, match="events = 60 of 60 rows: both outcomes"):
        nonnegative_logistic(columns, np.ones(60))
    with pytest.raises(ValueError, match="penalty = 0: above 0"):
        nonnegative_logistic(columns, events, penalty=0)
    with pytest.raises(ValueError, match="works = missing or infinite in 60"):
        nonnegative_logistic(columns.assign(works=np.nan), events)


def seen_thrice(customers: int, seed: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Measures of which the first tells, the last two are its twin and nothing; the same customers on three days."""
    columns, events = drawn(customers, seed)
    rows = np.tile(np.arange(customers), 3)
    return columns.drop(columns="hurts").iloc[rows].reset_index(drop=True), np.asarray(events)[rows], rows


def test_a_weight_is_kept_up_to_the_evidence_that_statsmodels_finds_with_rows_of_one_customer_together():
    columns, events, who = seen_thrice(200, 2)
    columns = columns[["works"]]
    peer = sm.GLM(events.astype(float), sm.add_constant(columns), family=sm.families.Binomial())
    fit = peer.fit(cov_type="cluster", cov_kwds={"groups": who, "use_correction": False})
    proof = fit.tvalues["works"] * np.sqrt(198 / 200)
    kept, gone = (proved_weights(columns, events, who, penalty=1e-9, evidence=proof * by) for by in (0.999, 1.001))
    assert kept.coefficients["works"] == pytest.approx(fit.params["works"], rel=1e-4)
    assert gone.coefficients["works"] == 0 and gone.intercept == pytest.approx(np.log(events.mean() / (~events).mean()))


def test_two_that_tell_the_same_share_the_weight_and_what_adds_nothing_to_another_goes():
    columns, events, who = seen_thrice(400, 3)
    noise = np.random.default_rng(3).normal(0, 1, 400)[who]
    same = proved_weights(columns.assign(twin=columns["works"] + 0.03 * noise), events, who).coefficients
    assert same["works"] > 0 and same["twin"] > 0 and same["nothing"] == 0
    columns["twin"] = columns["works"] + 0.4 * noise
    fit = proved_weights(columns, events, who).coefficients
    assert fit["twin"] == 0 and nonnegative_logistic(columns[["twin"]], events).coefficients["twin"] > 0
    alone = nonnegative_logistic(columns[["works"]], events).coefficients["works"]
    assert fit["works"] == pytest.approx(alone, rel=1e-4)


def test_of_measures_of_nothing_few_earn_a_weight_where_half_get_one_without_proof():
    """80 trials of 150 customers on three days, two measures of nothing beside one that tells.

    Taking rows for customers of their own would let pass one in seven.
    """
    naive, rows_alone, ours = [], [], []
    for seed in range(40):
        columns, events, who = seen_thrice(150, seed)
        columns = columns.assign(twin=np.random.default_rng(seed + 99).normal(0.5, 0.2, 150)[who])
        fits = [
            nonnegative_logistic(columns, events),
            proved_weights(columns, events, np.arange(len(who))),
            proved_weights(columns, events, who),
        ]
        for earned, fit in zip((naive, rows_alone, ours), fits, strict=True):
            earned += [fit.coefficients[name] > 0 for name in ("nothing", "twin")]
    assert np.mean(naive) > 0.35 and np.mean(rows_alone) > 0.07 and np.mean(ours) <= 0.05
