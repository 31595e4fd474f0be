"""BG/NBD and MBG/NBD: printed answers, the customer's story summed up by brute force, and known truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import roots_genlaguerre, roots_jacobi

from helpers.statistics.purchases.bg_nbd import NAMES, BetaGeometric, fit_bg_nbd, fit_mbg_nbd
from shops import SHARED

CDNOW = SHARED / "cdnow/cdnow_customers_summary.csv"
PRINTED = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}  # Fader, Hardie & Lee (2005), table 2
FITS = {False: fit_bg_nbd, True: fit_mbg_nbd}
NAMED = ["frequency", "recency", "age"]
TRUTHS = [(0.25, 30.0, 0.8, 2.4), (1.5, 60.0, 0.5, 1.2), (0.6, 10.0, 1.0, 4.0)]  # days


def model(first_may_be_last=False, **parameters):
    return BetaGeometric(PRINTED | parameters, dict.fromkeys(NAMES, 0.0), 0.0, first_may_be_last)


@pytest.fixture(scope="module")
def cdnow() -> pd.DataFrame:
    if not CDNOW.exists():
        pytest.skip("the CDNOW sample is not beside the project")
    return pd.read_csv(CDNOW).rename(columns={"T": "age"})[NAMED]


@pytest.fixture(scope="module")
def fitted(cdnow) -> BetaGeometric:
    return fit_bg_nbd(cdnow["frequency"], cdnow["recency"], cdnow["age"])


def simulated(truth, first_may_be_last, size, horizon=180.0, seed=0):
    """The story, customer by customer: frequency, recency, age, alive at that age, purchases in the horizon after."""
    r, alpha, a, b = truth
    rng = np.random.default_rng(seed)
    rate, dropout = rng.gamma(r, 1 / alpha, size), rng.beta(a, b, size)
    age = rng.integers(200, 400, size).astype(float)
    time, last, x, later = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)
    lives = (rng.random(size) > dropout) if first_may_be_last else np.ones(size, dtype=bool)
    alive = lives.copy()
    while lives.any():
        time = time + rng.exponential(1 / rate)
        bought, bought_later = lives & (time <= age), lives & (time > age) & (time <= age + horizon)
        x, later = x + bought, later + bought_later
        last = np.where(bought, time, last)
        stays = rng.random(size) > dropout
        alive &= ~bought | stays
        lives &= (time <= age + horizon) & stays
    return pd.DataFrame({"frequency": x, "recency": last, "age": age, "alive": alive, "later": later})


def customers_of(of):
    """Rates, dropout probabilities and weights of a dense grid of customers of a model."""
    r, alpha, a, b = of.parameters.values()
    rates, rate_weights = roots_genlaguerre(80, r - 1)
    cosines, dropout_weights = roots_jacobi(80, b - 1, a - 1)
    weight = np.outer(rate_weights / rate_weights.sum(), dropout_weights / dropout_weights.sum())
    return rates[:, None] / alpha, (1 + cosines) / 2, weight


def likelihoods(of, rate, dropout, x, t_x, age):
    """Of every customer of the grid, to have such a history and be alive, λ^x e^(−λT) (1−p)^n, and to have it and be
    gone, λ^x e^(−λ t_x) p (1−p)^(n−1), where n purchases could have been the last."""
    chances = x + of.first_may_be_last
    alive = rate**x * np.exp(-rate * age) * (1 - dropout) ** chances
    gone = rate**x * np.exp(-rate * t_x) * dropout * (1 - dropout) ** (chances - 1) if chances else 0 * alive
    return alive, gone


def repeats(rate, dropout, time):
    """Purchases over a time of customers who are alive at its start."""
    return -np.expm1(-rate * dropout * time) / dropout


def test_cdnow_gives_the_printed_parameters_and_errors(fitted):
    """value.md, "BG/NBD": Fader, Hardie & Lee (2005) print .243, 4.414, .793, 2.426 and −9582.4."""
    assert list(fitted.parameters.values()) == pytest.approx([0.2426, 4.4135, 0.7929, 2.4258], abs=1e-4)
    assert list(fitted.std_errors.values()) == pytest.approx([0.012557, 0.378221, 0.185719, 0.705345], rel=1e-4)
    assert fitted.log_likelihood == pytest.approx(-9582.4256, abs=1e-4)
    assert list(fitted.parameters) == list(fitted.std_errors) == ["r", "alpha", "a", "b"]


def test_cdnow_under_the_modified_model_is_as_another_program_has_it(cdnow):
    """lifetimes 0.11.3, ModifiedBetaGeoFitter on the same table."""
    fit = fit_mbg_nbd(cdnow["frequency"], cdnow["recency"], cdnow["age"])
    assert list(fit.parameters.values()) == pytest.approx([0.524838, 6.182988, 0.891356, 1.614000], rel=1e-5)
    assert fit.p_alive([0, 1, 2], [0, 1.71, 30.43], 38.86) == pytest.approx([0.389716, 0.170820, 0.706126], abs=1e-5)
    assert fit.expected_purchases(39, [0, 2], [0, 30.43], 38.86) == pytest.approx([0.153954, 1.262671], abs=1e-5)
    assert fit.expected_repeats(39.0) == pytest.approx([1.182284], abs=1e-5)
    assert (fit.model, fit.first_may_be_last) == ("MBG/NBD", True)


def test_a_cdnow_customer_is_expected_to_buy_as_printed(fitted):
    """value.md: E[Y(39)] of x 2, t_x 30.43, T 38.86 is 1.2259; E[X(t)] to 3 places."""
    assert fitted.expected_purchases(39, 2, 30.43, 38.86) == pytest.approx([1.2259], abs=1e-4)
    expected = [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576]
    assert fitted.expected_repeats([0.1429, 1, 3, 31.8571, 32, 78]) == pytest.approx(expected, abs=5e-4)


def test_the_chance_to_be_alive_is_as_printed():
    """value.md, "BG P(alive), paper's parameters"."""
    found = model().p_alive([0, 1, 2], [0, 1.71, 30.43], 38.86)
    assert found == pytest.approx([1, 0.212101, 0.726579], abs=1e-6)


def test_a_very_frequent_buyer_is_expected_to_the_last_digits():
    """value.md, "robustness": 9.22578892718982 in 40-digit arithmetic; and no NaN for large x."""
    assert model().expected_purchases(520, 500, 38, 39) == pytest.approx([9.22578892718982], abs=1e-9)
    many = model().expected_purchases(520, [1e3, 1e4, 1e6], 39, 39)
    assert np.isfinite(many).all() and (many > 0).all()


@pytest.mark.filterwarnings("ignore:invalid value encountered in divide")  # scipy's nodes at a + b = 1
@pytest.mark.parametrize("first_may_be_last", [False, True])
@pytest.mark.parametrize("shapes", [{}, {"a": 1.0}, {"a": 0.3, "b": 0.4}, {"a": 0.4, "b": 0.6, "r": 2.0}])
@pytest.mark.parametrize(("x", "t_x"), [(0, 0.0), (1, 2.0), (4, 9.5)])
def test_the_formulas_are_the_customers_story_summed_up(first_may_be_last, shapes, x, t_x):
    of = model(first_may_be_last, alpha=20.0, **shapes)
    rate, dropout, weight = customers_of(of)
    alive, gone = (weight * chance for chance in likelihoods(of, rate, dropout, x, t_x, 10.0))
    likelihood = (alive + gone).sum()
    assert of.p_alive(x, t_x, 10) == pytest.approx([alive.sum() / likelihood], rel=1e-7)
    later = (alive * repeats(rate, dropout, 15.0)).sum() / likelihood
    assert of.expected_purchases(15, x, t_x, 10) == pytest.approx([later], rel=1e-7)
    stays = (1 - dropout) ** of.first_may_be_last
    assert of.expected_repeats(10) == pytest.approx([(weight * stays * repeats(rate, dropout, 10.0)).sum()], rel=1e-7)


def log_likelihood(of, rows):
    """Of all customers, from the story of each."""
    rate, dropout, weight = customers_of(of)
    histories = rows.itertuples(index=False)
    return sum(np.log((weight * sum(likelihoods(of, rate, dropout, *history))).sum()) for history in histories)


@pytest.mark.parametrize("first_may_be_last", [False, True])
def test_the_log_likelihood_is_the_sum_over_customers(first_may_be_last):
    rows = simulated((1.5, 300.0, 0.8, 2.4), first_may_be_last, 1_500)[NAMED]
    fit = FITS[first_may_be_last](*rows.to_numpy().T)
    assert fit.log_likelihood == pytest.approx(log_likelihood(fit, rows), rel=1e-7)


@pytest.mark.parametrize("first_may_be_last", [False, True])
def test_the_fit_is_the_top_of_the_story_and_its_errors_the_curvature_there(first_may_be_last):
    rows = simulated((1.5, 60.0, 0.8, 2.4), first_may_be_last, 150)[NAMED]
    fit = FITS[first_may_be_last](*rows.to_numpy().T)
    top, step = np.log(list(fit.parameters.values())), 0.02 * np.eye(4)

    def height(theta):
        return log_likelihood(model(first_may_be_last, **dict(zip(NAMES, np.exp(theta), strict=True))), rows)

    sides = np.array([[height(top + each), height(top - each)] for each in step])
    assert np.abs(sides[:, 0] - sides[:, 1]).max() / 0.04 < 0.02
    curvature = [[height(top + a + b) - height(top + a - b) - height(top - a + b) + height(top - a - b) for a in step]
                 for b in step]  # fmt: skip
    expected = np.sqrt(np.diag(np.linalg.inv(-np.array(curvature) / 0.04**2))) * np.exp(top)
    assert list(fit.std_errors.values()) == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize("first_may_be_last", [False, True])
@pytest.mark.parametrize("truth", TRUTHS)
def test_what_was_put_in_is_found_again(truth, first_may_be_last):
    rows = simulated(truth, first_may_be_last, 20_000)
    history = rows["frequency"], rows["recency"], rows["age"]
    fit = FITS[first_may_be_last](*history)
    off = (np.array(list(fit.parameters.values())) - truth) / np.array(list(fit.std_errors.values()))
    assert (np.abs(off) < 3.5).all(), off
    known = model(first_may_be_last, **dict(zip(NAMES, truth, strict=True)))
    chance, expected = known.p_alive(*history), known.expected_purchases(180, *history)
    assert abs(rows["alive"].sum() - chance.sum()) < 4 * np.sqrt((chance * (1 - chance)).sum())
    assert abs(rows["later"].sum() - expected.sum()) < 4 * np.sqrt((rows["later"] - expected).pow(2).sum())
    again = known.expected_repeats(rows["age"])
    assert abs(rows["frequency"].sum() - again.sum()) < 4 * np.sqrt((rows["frequency"] - again).pow(2).sum())


@st.composite
def customers(draw):
    """A model of any shape and a customer of it: frequency, recency, age."""
    shapes = {name: draw(st.floats(0.0625, 20)) for name in NAMES}
    x, age = draw(st.integers(0, 300)), draw(st.floats(0.5, 100))
    return model(draw(st.booleans()), **shapes), (x, age * draw(st.floats(0, 1)) if x else 0.0, age)


@given(customers())
@settings(deadline=None)
def test_a_chance_is_between_0_and_1_and_one_time_buyers_are_alive_for_sure_under_one_model_only(customer):
    of, history = customer
    chance = of.p_alive(*history)[0]
    assert 0 <= chance <= 1
    assert (of.p_alive(0, 0, history[2])[0] == 1) == (not of.first_may_be_last)


@given(customers(), st.floats(0.1, 50), st.floats(1.1, 3))
@settings(deadline=None, max_examples=50)
def test_more_is_bought_over_a_longer_horizon_but_no_more_than_at_the_rate(customer, horizon, longer):
    of, (x, t_x, age) = customer
    short, long = (
        of.expected_purchases(horizon, x, t_x, age)[0],
        of.expected_purchases(longer * horizon, x, t_x, age)[0],
    )
    rate = (of.parameters["r"] + x) / (of.parameters["alpha"] + age)
    assert 0 <= short <= long * (1 + 1e-9) <= rate * longer * horizon * (1 + 2e-9)
    assert of.expected_repeats(horizon)[0] <= of.expected_repeats(longer * horizon)[0] * (1 + 1e-9)


@given(customers(), st.floats(0.1, 50), st.sampled_from([1 / 7, 7.0, 365.25]))
@settings(deadline=None, max_examples=50)
def test_the_unit_of_time_is_of_no_account_to_a_prediction(customer, horizon, unit):
    of, (x, t_x, age) = customer
    other = model(of.first_may_be_last, **of.parameters | {"alpha": unit * of.parameters["alpha"]})
    history = x, unit * t_x, unit * age
    assert other.p_alive(*history) == pytest.approx(of.p_alive(x, t_x, age), rel=1e-9)
    ours, theirs = of.expected_purchases(horizon, x, t_x, age), other.expected_purchases(unit * horizon, *history)
    assert theirs == pytest.approx(ours, rel=1e-9)


@pytest.mark.parametrize("first_may_be_last", [False, True])
def test_weeks_and_days_give_one_fit(first_may_be_last):
    rows = simulated(TRUTHS[0], first_may_be_last, 2_000)
    fit = FITS[first_may_be_last]
    days, weeks = fit(*rows[NAMED].to_numpy().T), fit(*(rows[NAMED] / [1, 7, 7]).to_numpy().T)
    unit = np.array([1, 7, 1, 1])
    for of_days, of_weeks in [(days.parameters, weeks.parameters), (days.std_errors, weeks.std_errors)]:
        assert list(of_days.values()) == pytest.approx(unit * list(of_weeks.values()), rel=1e-6)
    densities = rows["frequency"].sum() * np.log(7)  # a density of times a day is a seventh of that a week
    assert days.log_likelihood == pytest.approx(weeks.log_likelihood - densities, rel=1e-10)


@pytest.mark.parametrize("first_may_be_last", [False, True])
def test_grouping_and_order_change_nothing(first_may_be_last):
    rows = simulated(TRUTHS[0], first_may_be_last, 3_000)[NAMED] // [1, 7, 7]
    cells = rows.groupby(NAMED).size().sample(frac=1, random_state=0).reset_index(name="customers")
    assert len(cells) < len(rows)
    fit = FITS[first_may_be_last]
    whole, grouped = fit(*rows.to_numpy().T), fit(*cells[NAMED].to_numpy().T, counts=cells["customers"])
    assert list(grouped.parameters.values()) == pytest.approx(list(whole.parameters.values()), rel=1e-8)
    assert list(grouped.std_errors.values()) == pytest.approx(list(whole.std_errors.values()), rel=1e-6)
    assert grouped.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-12)


@pytest.mark.parametrize("first_may_be_last", [False, True])
def test_customers_who_tell_nothing_of_dropout_are_refused(first_may_be_last):
    with pytest.raises(ValueError, match="the likelihood has no maximum near"):
        FITS[first_may_be_last]([0, 0, 0], 0, [3, 4, 5])


def test_a_prediction_refuses_what_cannot_be():
    with pytest.raises(ValueError, match=r"horizon = -1 \(row 0\)"):
        model().expected_purchases(-1, 2, 30.43, 38.86)
    with pytest.raises(ValueError, match="recency = 40 .row 0.: at most the age"):
        model().p_alive(2, 40, 38.86)


def test_each_customer_may_have_a_horizon():
    found = model().expected_purchases([10, 39], [2, 2], [30.43, 30.43], 38.86)
    assert found[0] == model().expected_purchases(10, 2, 30.43, 38.86)[0] < found[1]
    with pytest.raises(ValueError, match="horizon = 3 rows: one, or one for each of 2 customers"):
        model().expected_purchases([10, 20, 39], [2, 2], 30.43, 38.86)
