"""The models side by side: one cohort, one set of questions."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.purchases import (
    discounted_value,
    expected_total,
    fit_bg_nbd,
    fit_common_rate,
    fit_mbg_nbd,
    fit_nbd,
    fit_pareto_nbd,
)

LEAVING = [fit_bg_nbd, fit_mbg_nbd, fit_pareto_nbd]
FITS = [*LEAVING, fit_nbd, fit_common_rate]
WEEKS, LATER = 52, 26


@pytest.fixture(scope="module")
def cohort() -> dict[str, np.ndarray]:
    """4,000 customers who joined over 12 weeks, buy at rates of their own, and leave unseen at exponential times."""
    rng = np.random.default_rng(5)
    first_at = rng.integers(0, 12, 4_000).astype(float)
    age, rate, stay = WEEKS - first_at, rng.gamma(0.8, 1 / 8, 4_000), rng.exponential(1 / rng.gamma(1.5, 1 / 30, 4_000))
    time, last, frequency, later = np.zeros((4, 4_000))
    while (time < age + LATER).any():
        time = time + rng.exponential(1 / rate)
        seen, after = (time <= np.minimum(age, stay)), (time > age) & (time <= np.minimum(age + LATER, stay))
        frequency, later, last = frequency + seen, later + after, np.where(seen, time, last)
    return {"first_at": first_at, "history": np.array([frequency, last, age]), "alive": stay > age, "later": later}


@pytest.mark.parametrize("fit", LEAVING)
def test_every_model_of_leaving_follows_the_cohort_it_was_fitted_to(fit, cohort):
    model = fit(*cohort["history"])
    halfway, end, ahead = expected_total(model, cohort["first_at"], [WEEKS / 2, WEEKS, WEEKS + LATER])
    assert end == pytest.approx(cohort["history"][0].sum(), rel=0.05)
    assert 0 < halfway < end
    assert ahead - end == pytest.approx(cohort["later"].sum(), rel=0.15)


@pytest.mark.parametrize("fit", LEAVING)
def test_every_model_of_leaving_ranks_who_is_alive_and_who_will_buy(fit, cohort):
    model = fit(*cohort["history"])
    alive, expected = model.p_alive(*cohort["history"]), model.expected_purchases(LATER, *cohort["history"])
    assert ((alive >= 0) & (alive <= 1)).all()
    assert alive[cohort["alive"]].mean() > alive[~cohort["alive"]].mean() + 0.1
    assert expected.sum() == pytest.approx(cohort["later"].sum(), rel=0.2)  # BG/NBD takes one-time buyers for alive
    assert np.corrcoef(expected, cohort["later"])[0, 1] > 0.6
    assert (model.expected_purchases(0, *cohort["history"]) == 0).all()


def test_a_model_that_has_nobody_leave_expects_too_much_of_customers_who_do(cohort):
    model = fit_nbd(*cohort["history"])
    end, ahead = expected_total(model, cohort["first_at"], [WEEKS, WEEKS + LATER])
    assert end == pytest.approx(cohort["history"][0].sum(), rel=0.05)
    assert ahead - end > 2 * cohort["later"].sum()
    assert model.log_likelihood < fit_bg_nbd(*cohort["history"]).log_likelihood


@pytest.mark.parametrize("fit", FITS)
def test_every_model_has_a_value_of_the_same_form(fit, cohort):
    model = fit(*cohort["history"])
    value = discounted_value(model, 20.0, *cohort["history"], periods=6, period_length=LATER / 6, discount_rate=0.01)
    undiscounted = 20 * model.expected_purchases(LATER, *cohort["history"])
    assert (value <= undiscounted).all() and (value >= undiscounted / 1.01**6).all()
    assert model.log_likelihood < 0
    assert set(model.parameters) == set(model.std_errors)
    assert min(model.std_errors.values()) > 0
