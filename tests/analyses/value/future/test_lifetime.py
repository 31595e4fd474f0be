"""Lifetime values: the formula, known truth, limits against resamples, and the model that they rest on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.value.future import lifetime
from helpers.analyses.value.future.lifetime import lifetime_values
from helpers.analyses.value.future.purchases import Histories, Model
from helpers.analyses.value.future.terms import Terms
from helpers.analyses.value.future.trial_of_models import Holdout
from helpers.data.days import MONTH_DAYS
from helpers.findings import NotApplicable
from helpers.statistics.purchases import discounted_value, fit_bg_nbd, fit_gamma_gamma, fit_nbd, fit_pareto_nbd
from shops import AS_OF


def trial_of(*models):
    """A trial that ranked these models so."""
    return Holdout(pd.DataFrame({"model": models}), AS_OF, 90, models[0], pd.DataFrame(), pd.DataFrame())


BG, PARETO, NBD = (trial_of(name) for name in (Model.BG_NBD, Model.PARETO_NBD, Model.NBD))


@pytest.fixture(scope="module")
def values(known):
    return lifetime_values(known, BG, Terms(12, 0.10, 0.3))


@pytest.fixture(scope="module")
def fits(known):
    spending = known.spending
    return fit_bg_nbd(*known.columns), fit_gamma_gamma(spending["frequency"], spending["mean_repeat_spend"])


def expected_spends(spend, known):
    paid = known.customers["mean_repeat_spend"] > 0
    return np.where(
        paid,
        spend.expected_spend(known.customers["frequency"], known.customers["mean_repeat_spend"].where(paid, 1.0)),
        spend.mean_spend,
    )


def test_a_value_is_the_margin_on_discounted_orders_of_each_month_times_the_spend(values, known, fits):
    model, spend = fits
    worth, before = np.zeros(len(known.customers)), np.zeros(len(known.customers))
    for month in range(1, 13):
        upto = model.expected_purchases(month * 365.25 / 12, *known.columns)
        worth += (upto - before) / 1.10 ** (month / 12)
        before = upto
    expected = 0.3 * worth * expected_spends(spend, known)
    assert values.table["lifetime_value"].to_numpy() == pytest.approx(expected, rel=1e-9)
    assert values.total == pytest.approx(expected.sum())


@pytest.mark.parametrize("tried", [BG, PARETO, NBD])
def test_a_value_is_that_of_the_statistics_by_the_chosen_model(known, tried):
    terms = Terms(horizon_months=6, discount_rate=0.2, margin=0.5)
    spending = known.spending
    fits = {Model.BG_NBD: fit_bg_nbd, Model.PARETO_NBD: fit_pareto_nbd, Model.NBD: fit_nbd}
    model = fits[tried.chosen](*known.columns)
    spend = fit_gamma_gamma(spending["frequency"], spending["mean_repeat_spend"])
    expected = discounted_value(
        model,
        expected_spends(spend, known),
        *known.columns,
        periods=6,
        period_length=MONTH_DAYS,
        discount_rate=1.2 ** (1 / 12) - 1,
        margin=0.5,
    )
    found = lifetime_values(known, tried, terms)
    assert found.model == tried.chosen
    assert found.table["lifetime_value"].to_numpy() == pytest.approx(expected, rel=1e-6)
    assert found.table["p_alive"].to_numpy() == pytest.approx(model.p_alive(*known.columns), rel=1e-6)


def test_customers_whose_repeat_orders_brought_nothing_spend_what_all_do(values, known, fits):
    nothing = ~(known.customers["mean_repeat_spend"].to_numpy() > 0)
    assert (known.customers["frequency"].to_numpy()[nothing] > 0).sum() == 10
    assert values.table["expected_spend"].to_numpy()[nothing] == pytest.approx(fits[1].mean_spend, rel=1e-6)
    assert values.fitted.influences[nothing][:, 4:] == pytest.approx(0)
    assert (values.fitted.influences[~nothing][:, 4:] != 0).all()


def test_values_come_near_what_the_true_model_makes_of_the_same_customers(known, fits):
    model, spend = (
        replace(fit, parameters=parameters)
        for fit, parameters in zip(fits, [{"r": 0.8, "alpha": 30.0, "a": 1.0, "b": 4.0}, {"p": 3.0, "q": 4.0, "v": 60.0}],
                                   strict=True)
    )  # fmt: skip
    expected = Terms().value(model, expected_spends(spend, known), known).sum()
    found = lifetime_values(known, BG)
    _, lower, upper = found.fitted.total_limits(np.ones(len(known.customers), bool))
    assert lower < expected < upper


def test_slopes_are_what_a_small_change_of_each_parameter_does(values, known, fits):
    model, spend = fits
    names = [*model.parameters, *spend.parameters]
    for place, name in enumerate(names):
        sides = []
        for step in (1e-3, -1e-3):
            moved = [
                replace(each, parameters={key: value * np.exp(step * (key == name)) for key, value in
                                          each.parameters.items()})
                for each in (model, spend)
            ]  # fmt: skip
            sides.append(values.terms.value(moved[0], expected_spends(moved[1], known), known))
        slope = (sides[0] - sides[1]) / 2e-3
        assert values.fitted.slopes[:, place].sum() == pytest.approx(slope.sum(), rel=2e-3)


def test_limits_of_the_total_are_those_of_fitting_again_to_customers_drawn_anew(known):
    rng = np.random.default_rng(9)
    known = Histories(AS_OF, known.customers.head(500))
    terms = Terms(horizon_months=1)
    values = lifetime_values(known, BG, terms)
    everybody = np.ones(len(known.customers), bool)
    total, lower, upper = values.fitted.total_limits(everybody)
    draws = []
    for _ in range(30):
        drawn = known.customers.sample(len(known.customers), replace=True, random_state=rng)
        again = Histories(AS_OF, drawn)
        spending = again.spending
        spend = fit_gamma_gamma(spending["frequency"], spending["mean_repeat_spend"])
        model = fit_bg_nbd(*again.columns)
        draws.append(terms.value(model, expected_spends(spend, known), known).sum())
    assert (upper - lower) / 2 / 1.96 == pytest.approx(np.std(draws), rel=0.3)
    assert (lower + upper) / 2 == pytest.approx(total)


def test_tenths_go_from_the_most_valuable_and_their_shares_add_up(values):
    found = values.summary()
    assert found["customers"].tolist() == [120] * 10
    assert found["value_share"].sum() == pytest.approx(1)
    assert found["mean_lifetime_value"].is_monotonic_decreasing
    best = np.sort(values.table["lifetime_value"])[-120:]
    assert found.loc[0, "value_share"] == pytest.approx(best.sum() / values.total)
    assert found.loc[0, "least_lifetime_value"] == best[0]


def test_of_a_tenth_of_which_one_customer_makes_most_neither_value_nor_share_is_told(values):
    one = values.table.index == values.table["lifetime_value"].idxmax()
    whale = replace(values, table=values.table.assign(lifetime_value=values.table["lifetime_value"].mask(one, 1e9)))
    shown = whale.to_show()
    assert shown[["mean_lifetime_value", "value_share"]].isna().to_numpy().tolist() == [[True] * 2] + [
        [False] * 2
    ] * 8 + [[True] * 2]
    assert "The most valuable tenth brings" not in whale.to_tell().whole
    assert values.to_show()["value_share"].notna().all()


def test_the_headline_tells_total_limits_terms_and_what_the_limits_leave_out(values, known):
    told = words_of(values)
    assert told.startswith("The 1,200 customers who ever ordered should bring ¥")
    assert " in the next 12 months. " in told and "By “BG/NBD” ¥" in told
    assert "30.0% of the revenue counts, discounted by 10.0% a year" in told
    assert "how wrong it is, its trial tells" in told
    assert told.endswith("This model takes everybody who ordered once for active.")
    assert not words_of(lifetime_values(known, PARETO)).endswith("active.")


def test_where_nobody_leaves_everybody_is_said_to_count_as_active(known):
    found = lifetime_values(known, NBD)
    assert (found.table["p_alive"] == 1).all()
    assert words_of(found).endswith("Under this model nobody leaves: everybody who ever ordered counts as active.")
    _, lower, upper = found.fitted.total_limits(np.ones(len(known.customers), bool))
    assert lower < found.total < upper


def test_the_next_best_of_the_trial_takes_the_place_of_a_model_without_a_maximum_and_it_is_said(monkeypatch, known):
    def fails(*columns):
        raise ValueError("no maximum")

    fits = {Model.PARETO_NBD: fails, Model.MBG_NBD: fails, Model.BG_NBD: fit_bg_nbd}
    monkeypatch.setattr(lifetime, "FITS", fits)
    found = lifetime_values(known, trial_of(*fits))
    assert found.model == Model.BG_NBD
    assert found.passed_over == Model.PARETO_NBD
    assert found.total == pytest.approx(lifetime_values(known, BG).total)
    assert found.parameters["model"].tolist() == ["bg_nbd"] * 4 + ["gamma_gamma"] * 3
    told = words_of(found)
    assert "By “BG/NBD” ¥" in told
    assert "“Pareto/NBD”, chosen by the trial, cannot be fitted to all customers; this is the next best that" in told
    assert "chosen by the trial" not in words_of(lifetime_values(known, BG))
    nothing = lifetime_values(known, trial_of(Model.PARETO_NBD, Model.MBG_NBD))
    assert words_of(nothing).endswith("cannot be fitted to all customers: no maximum")


def test_customers_of_equal_value_are_no_ranking(valued):
    alike = valued([5.0] * 60)
    assert alike.summary()[["customers_by_value", "customers"]].to_numpy().tolist() == [["0–100%", 60]]
    assert "All are worth the same, so there is no ranking." in words_of(alike)
    some = valued([9.0] * 30 + list(np.arange(70.0) / 10))
    assert some.summary()["customers_by_value"].tolist()[:2] == ["0–30%", "30–40%"]
    assert "The most valuable 30.0%, whom equal values do not part, bring" in words_of(some)
    few = valued([9.0] * 10 + list(np.arange(90.0) / 100))
    assert "The most valuable tenth brings" in words_of(few)


def tried_on(expected, came):
    """A trial of BG/NBD in which customers were expected to order so often, and did."""
    customers = pd.DataFrame({Model.BG_NBD: expected, "orders": came})
    return replace(BG, customers=customers)


def test_a_value_by_a_model_that_failed_its_trial_says_so_first(known):
    sound, low = (lifetime_values(known, tried_on(np.full(500, each), np.full(500, 1.0))) for each in (1.0, 0.56))
    assert sound.failure is None and words_of(sound).startswith("The 1,200 customers")
    assert low.failure.bias_share == pytest.approx(-0.44)
    assert str(low.headline()).endswith("but this forecast failed its trial.")
    doubted = "“BG/NBD” failed its own trial, expecting 44.0% too few orders: take these values for too low."
    assert str(low.headline().basis[0]) == doubted


def test_what_customers_bring_cannot_be_told_where_no_order_came_in_the_trial(known):
    told = words_of(lifetime_values(known, tried_on(np.full(500, 0.01), np.zeros(500))))
    assert "no order came in the 90 days after" in told


def test_tenths_are_drawn(values):
    ax = values.plot()
    assert [bar.get_width() for bar in ax.patches] == pytest.approx(values.summary()["value_share"].tolist())


def test_the_parameters_of_both_models_are_told_with_their_errors(values, fits):
    found = values.parameters.set_index("parameter")
    assert found.index.tolist() == ["r", "alpha", "a", "b", "p", "q", "v"]
    assert found["estimate"].tolist() == pytest.approx([*fits[0].parameters.values(), *fits[1].parameters.values()])
    assert found.loc["alpha", "std_error"] == pytest.approx(fits[0].std_errors["alpha"])


def test_parts_of_a_month_are_refused(known):
    with pytest.raises(ValueError, match="periods = 2.5: a whole number"):
        lifetime_values(known, BG, Terms(horizon_months=2.5))


def test_what_is_missing_is_passed_on(known):
    missing = NotApplicable("this data set has no orders: export them to see this.")
    assert lifetime_values(missing, BG) is missing
    assert lifetime_values(known, missing) is missing


def test_repeat_orders_that_brought_nothing_have_no_value(known):
    free = Histories(AS_OF, known.customers.assign(mean_repeat_spend=0.0))
    told = words_of(lifetime_values(free, BG))
    assert told.startswith("Cannot be told: a model of orders or of spend cannot be fitted to all customers: frequency")


def alike(known, rng, shape=1.0):
    """The same customers, whose repeat orders bring 50 each but for chance."""
    orders = known.customers["frequency"].to_numpy()
    total = rng.gamma(np.maximum(shape * orders, 1e-9)) * 50 / shape
    mean = np.where(orders > 0, total / np.maximum(orders, 1), np.nan)
    return Histories(AS_OF, known.customers.assign(mean_repeat_spend=mean), known.currency)


@pytest.fixture(scope="module")
def same(known):
    return alike(known, np.random.default_rng(12))


def test_customers_who_differ_by_chance_alone_are_worth_their_orders_times_the_mean_of_all(same, fits):
    found = lifetime_values(same, BG, Terms(12, 0.10, 0.3))
    spending = same.spending
    mean = (spending["frequency"] * spending["mean_repeat_spend"]).sum() / spending["frequency"].sum()
    assert found.common_spend == pytest.approx(mean)
    assert found.table["expected_spend"].to_numpy() == pytest.approx(mean)
    purchases = Terms(12, 0.10).value(fits[0], np.ones(1), same)
    assert found.table["lifetime_value"].to_numpy() == pytest.approx(0.3 * purchases * mean)
    assert found.parameters["model"].tolist() == ["bg_nbd"] * 4 + ["common_spend"] * 2


def test_it_is_said_where_customers_spends_differ_by_no_more_than_chance(same, values):
    found = lifetime_values(same, BG)
    assert f"chance: each is expected to spend the mean of all, ¥{found.common_spend:.2f} an order." in words_of(found)
    assert values.common_spend is None
    assert "the mean of all" not in words_of(values)


def test_limits_contain_how_well_the_common_mean_is_known(same, fits):
    found = lifetime_values(same, BG)
    total, lower, upper = found.fitted.total_limits(np.ones(len(same.customers), bool))
    spending, orders = same.spending, found.total / found.common_spend
    off = spending["frequency"] * (spending["mean_repeat_spend"] - found.common_spend) / spending["frequency"].sum()
    by_spend = orders * np.sqrt((off**2).sum())  # of a ratio of sums
    by_orders = found.fitted.influences[:, :4] @ found.fitted.slopes[:, :4].sum(axis=0)
    together = found.fitted.influences @ found.fitted.slopes.sum(axis=0)
    assert (together - by_orders).std() * np.sqrt(len(together)) == pytest.approx(by_spend, rel=1e-3)
    assert (upper - lower) / 2 / 1.96 == pytest.approx(together.std() * np.sqrt(len(together)), rel=1e-3)
    assert lower < Terms().value(fits[0], np.full(1, 50.0), same).sum() < upper


def test_spend_always_the_same_is_expected_to_stay_so(known):
    found = lifetime_values(Histories(AS_OF, known.customers.assign(mean_repeat_spend=25.0)), BG)
    assert found.table["expected_spend"].to_numpy() == pytest.approx(25.0)
    assert found.common_spend == pytest.approx(25.0)


def test_spend_whose_mean_has_no_limit_has_no_value(known):
    rng = np.random.default_rng(1)
    heavy = known.customers.assign(
        mean_repeat_spend=rng.gamma(3.0, 1.0, len(known.customers)) / rng.gamma(0.5, 1.0, len(known.customers))
    )
    told = words_of(lifetime_values(Histories(AS_OF, heavy), BG))
    assert told == "Cannot be told: the mean spend of customers of whom nothing is known has no limit under the model."


def test_the_page_shows_tenths_with_the_sign_of_the_currency(values):
    assert list(values.table) == list(values.columns)
    assert list(values.summary()) == list(values.shown)
    page = values._repr_mimebundle_()[0]["text/html"]
    assert all(heading in page for heading in (">Mean orders<", ">Mean lifetime value (¥)<", ">0–10%<"))
    assert "c0000" not in page
