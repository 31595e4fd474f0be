"""The trial of models on days that they have not seen: simulated shops, slow loops, and CDNOW."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.value.future import trial_of_models
from helpers.analyses.value.future.lifetime import lifetime_values
from helpers.analyses.value.future.purchases import MODELS, NOBODY_LEAVES, ONE_RATE, histories, histories_on
from helpers.analyses.value.future.trial_of_models import RULES, calibration, holdout
from helpers.data import datasets
from shops import SHARED

AS_OF = dt.date(2025, 6, 30)
LAST = pd.Timestamp(AS_OF)
DAYS = 120
PUBLIC = SHARED
CDNOW = PUBLIC / "cdnow/CDNOW_sample.txt"
SUPERSTORE = PUBLIC / "superstore_zh"
OF_DIFFERENCES = [name for name in MODELS if name != ONE_RATE]


def orders_of(customers, times):
    return pd.DataFrame({
        "order_id": [f"o{place}" for place in range(len(times))], "customer_id": customers,
        "ordered_at": pd.to_datetime(times).astype("datetime64[us]"), "amount": 10.0,
    })  # fmt: skip


def pareto_orders(rng, customers=1_500, span=500):
    """Customers who join over 300 of the last `span` days, buy by chance at a rate of their own, and leave unseen."""
    rates, lives = rng.gamma(0.8, 1 / 25, customers), rng.exponential(1 / rng.gamma(1.5, 1 / 200, customers))
    joined = rng.integers(0, 300, customers)
    ids, days = [], []
    for place in range(customers):
        until = min(lives[place], span - joined[place])
        repeats = rng.uniform(0, until, rng.poisson(rates[place] * until))
        days.extend([joined[place], *np.floor(joined[place] + repeats)])
        ids.extend([f"c{place:04d}"] * (1 + len(repeats)))
    return orders_of(ids, LAST - pd.to_timedelta(span - np.array(days, dtype=float), unit="D"))


@pytest.fixture(scope="module")
def orders():
    rows = pareto_orders(np.random.default_rng(11))
    return rows[rows["ordered_at"] <= LAST]


@pytest.fixture(scope="module")
def shop(made, orders):
    return made(orders=orders)


@pytest.fixture(scope="module")
def tried(shop):
    return holdout(shop, DAYS)


@pytest.fixture
def one_model(monkeypatch):
    """Trials of BG/NBD alone, which is quick to fit."""
    monkeypatch.setattr("helpers.analyses.value.future.purchases.MODELS", {"BG/NBD": MODELS["BG/NBD"]})


def days_bought(orders):
    """customer_id → the days with an order, in order."""
    found = {}
    for customer, time in zip(orders["customer_id"], orders["ordered_at"], strict=True):
        found.setdefault(customer, set()).add(time.date())
    return {customer: sorted(days) for customer, days in found.items()}


def test_the_chosen_model_foresees_the_total_within_chance(tried):
    best = tried.scores.iloc[0]
    chance = np.sqrt(((tried.customers["orders"] - tried.customers[tried.chosen]) ** 2).sum())
    assert best["orders"] > 1_000
    assert abs(best["expected_orders"] - best["orders"]) < 2 * chance
    assert abs(best["bias_share"]) < 0.1


def test_the_chosen_model_has_the_lowest_deviance_of_the_models_and_the_rules_come_last(tried):
    assert set(tried.scores["model"]) == {*OF_DIFFERENCES, *RULES}
    models = tried.scores.iloc[: len(OF_DIFFERENCES)]
    assert tried.chosen == models["model"].iloc[0]
    assert models["deviance"].is_monotonic_increasing
    assert [name for name in tried.ranked if name != ONE_RATE] == models["model"].tolist()
    assert tried.scores["model"].iloc[-2:].tolist() == list(RULES)


def test_the_chosen_model_beats_both_rules_of_thumb_and_says_by_how_much(tried):
    errors = tried.scores.set_index("model")["mean_absolute_error"]
    assert errors[tried.chosen] < errors[list(RULES)].min()
    told = tried.headline()
    assert told.startswith(
        f"“{tried.chosen}” fits best of 4 models. Of the {len(tried.customers):,} customers known on"
    )
    assert "less than by the rule of thumb" in told
    assert told.endswith(".")


def test_what_came_and_what_the_rules_expect_are_those_of_a_loop(tried, orders):
    split = AS_OF - dt.timedelta(days=DAYS)
    known = {name: days for name, days in days_bought(orders).items() if days[0] <= split}
    assert tried.split_on == split
    assert tried.customers.index.tolist() == sorted(known)
    for name, row in zip(tried.customers.index, tried.customers.to_dict("records"), strict=True):
        days = known[name]
        repeats = sum(day <= split for day in days) - 1
        assert row["frequency"] == repeats
        assert row["orders"] == sum(day > split for day in days)
        assert row["same rate as so far"] == pytest.approx(repeats / max((split - days[0]).days, 1) * DAYS)
        before = split - dt.timedelta(days=DAYS)
        assert row["same as in the days before"] == sum(before < day <= split for day in days)


def test_models_are_fitted_to_the_earlier_day_alone(tried, shop):
    known = histories_on(shop, tried.split_on)
    for name in OF_DIFFERENCES:
        expected = MODELS[name](*known.columns).expected_purchases(DAYS, *known.columns)
        assert tried.customers[name].to_numpy() == pytest.approx(expected, rel=1e-6)


def test_scores_are_those_of_a_loop(tried):
    came = tried.customers["orders"].tolist()
    for row in tried.scores.to_dict("records"):
        expected = tried.customers[row["model"]].tolist()
        errors, surprises = [], []
        for mean, count in zip(expected, came, strict=True):
            errors.append(abs(mean - count))
            if count == 0:
                surprises.append(2 * mean)
            else:
                surprises.append(2 * (count * np.log(count / mean) - count + mean) if mean else np.inf)
        assert row["mean_absolute_error"] == pytest.approx(np.mean(errors))
        assert row["deviance"] == pytest.approx(np.mean(surprises))
        assert row["expected_orders"] == pytest.approx(sum(expected))
        assert row["bias_share"] == pytest.approx(sum(expected) / sum(came) - 1)


def test_a_rule_that_was_sure_of_no_order_has_an_infinite_deviance(tried):
    assert tried.scores.set_index("model").loc[list(RULES), "deviance"].tolist() == [np.inf, np.inf]


def test_the_tracking_counts_the_repeat_orders_bought_so_far(tried, orders):
    bought = tried.tracking[tried.tracking["line"] == "bought"]
    repeats = [day for days in days_bought(orders).values() for day in days[1:] if days[0] <= tried.split_on]
    assert bought["day"].iloc[-1] == LAST
    assert (bought["day"].diff().dropna() == pd.Timedelta(days=7)).all()
    for row in bought.itertuples():
        assert row.repeat_orders == sum(day <= row.day.date() for day in repeats)
    assert bought["repeat_orders"].iloc[-1] == len(repeats)


def test_the_tracking_adds_up_what_a_model_expects_of_each_age(tried, shop, orders):
    model = MODELS["Pareto/NBD"](*histories_on(shop, tried.split_on).columns)
    line = tried.tracking[tried.tracking["line"] == "Pareto/NBD"]
    for row in line.iloc[[0, 30, -1]].itertuples():
        firsts = [days[0] for days in days_bought(orders).values() if days[0] <= tried.split_on]
        ages = [max((row.day.date() - first).days, 0) for first in firsts]
        assert row.repeat_orders == pytest.approx(model.expected_repeats(ages).sum())


def test_the_tracking_is_drawn_a_line_each(tried):
    ax = tried.plot()
    assert {line.get_label() for line in ax.get_lines()} >= {"bought", *OF_DIFFERENCES}
    drawn = next(line for line in ax.get_lines() if line.get_label() == "bought")
    assert drawn.get_ydata()[-1] == tried.tracking.query("line == 'bought'")["repeat_orders"].iloc[-1]


def test_orders_after_the_report_are_never_seen(made, shop, orders, one_model):
    later = orders_of(["c0000"] * 50, LAST + pd.to_timedelta(np.arange(1, 51), unit="D"))
    seen, alone = holdout(made(orders=pd.concat([orders, later])), DAYS), holdout(shop, DAYS)
    pd.testing.assert_frame_equal(seen.scores, alone.scores)
    pd.testing.assert_frame_equal(seen.tracking, alone.tracking)


def test_the_holdout_is_a_third_of_the_time_unless_given(made, shop, orders, tried, one_model):
    span = (AS_OF - orders["ordered_at"].min().date()).days
    assert holdout(shop).days == span // 3
    assert tried.days == DAYS
    assert trial_of_models._third(made(orders=orders[orders["ordered_at"] > LAST - pd.Timedelta(days=50)])) == 28
    long_ago = orders.assign(ordered_at=LAST - (LAST - orders["ordered_at"]) * 3)
    assert trial_of_models._third(made(orders=long_ago)) == 180


@pytest.mark.parametrize("days", [-1, 4_000, "90"])
def test_days_out_of_range_are_refused(shop, days):
    with pytest.raises(ValueError, match="holdout_days = .*: give a number from 0 to 3650"):
        holdout(shop, days)


def test_calibration_is_that_of_a_loop_over_the_groups(tried):
    found = calibration(tried)
    assert found.bins["repeat_orders_before"].tolist() == ["0", "1", "2", "3", "4–6", "7 and more"]
    limits = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 6), (7, 1_000)]
    for row, (low, high) in zip(found.bins.itertuples(), limits, strict=True):
        group = tried.customers[[low <= count <= high for count in tried.customers["frequency"]]]
        half = 1.959964 * np.sqrt(max(group["orders"].var(), group[tried.chosen].mean()) / len(group))
        assert row.customers == len(group)
        assert row.orders == pytest.approx(group["orders"].mean())
        assert row.expected_orders == pytest.approx(group[tried.chosen].mean())
        assert (row.lower, row.upper) == pytest.approx((max(row.orders - half, 0), row.orders + half), rel=1e-5)


def test_groups_of_fewer_than_twenty_are_left_out_of_the_calibration(tried):
    frequent, rare = tried.customers.query("frequency == 3"), tried.customers.query("frequency == 0")
    few = replace(tried, customers=pd.concat([rare, frequent.head(19)]))
    assert calibration(few).bins["repeat_orders_before"].tolist() == ["0"]
    enough = replace(tried, customers=pd.concat([rare, frequent.head(20)]))
    assert calibration(enough).bins["repeat_orders_before"].tolist() == ["0", "3"]
    nobody = replace(tried, customers=frequent.head(19))
    assert calibration(nobody).headline() == "Not applicable: no group by repeat orders has 20 customers."


def test_calibration_says_which_group_was_foreseen_worst(tried):
    wrong = tried.customers.copy()
    wrong.loc[wrong["frequency"] == 2, tried.chosen] *= 3
    told = calibration(replace(tried, customers=wrong)).headline()
    assert "furthest off for customers with 2: it expected" in told
    assert told.endswith("came.")
    right = tried.customers.assign(**{tried.chosen: tried.customers["orders"].astype(float)})
    told = calibration(replace(tried, customers=right)).headline()
    assert told == f"By number of repeat orders before, what came is compatible with “{tried.chosen}” in all 6 groups."


def test_where_nothing_came_a_little_expected_is_within_chance_and_much_is_not(tried):
    rare = tried.customers.query("frequency == 0").head(100).assign(orders=0)
    for each, compatible in [(0.01, True), (0.1, False)]:
        found = calibration(replace(tried, customers=rare.assign(**{tried.chosen: each})))
        assert ("compatible" in found.headline()) == compatible


def test_calibration_draws_both_means_of_every_group(tried):
    ax = calibration(tried).plot()
    assert len(ax.get_yticklabels()) == 6
    assert {text.get_text() for text in ax.get_legend().get_texts()} == {"came", "expected"}


def test_the_headline_tells_a_model_that_is_worse_from_one_that_is_not_clearly_so(tried):
    rule = "same as in the days before"
    bad = tried.customers.assign(**{tried.chosen: tried.customers["orders"] + 2.0})
    scores = tried.scores.assign(
        mean_absolute_error=tried.scores["mean_absolute_error"].mask(tried.scores["model"] == tried.chosen, 2.0)
    )
    assert f"more than by the rule of thumb “{rule}”." in replace(tried, customers=bad, scores=scores).headline()
    same = tried.customers.assign(**{tried.chosen: tried.customers[rule]})
    assert f"by the rule of thumb “{rule}”." in replace(tried, customers=same).headline()
    assert "not clearly different" in replace(tried, customers=same).headline()


def test_days_without_any_order_are_told_of(made, orders, one_model):
    early = orders[orders["ordered_at"] <= LAST - pd.Timedelta(days=DAYS)]
    found = holdout(made(orders=early), DAYS)
    assert found.scores["orders"].eq(0).all()
    assert found.scores["bias_share"].isna().all()
    assert f"orders in the next {DAYS} days; 0 came. Its mean error" in found.headline()
    assert calibration(found).plot().has_data()


def test_one_model_that_fits_is_not_called_the_best(shop, one_model):
    assert holdout(shop, DAYS).headline().startswith("“BG/NBD” is the only model that fits at all.")


def test_where_nobody_is_seen_to_leave_the_model_that_says_so_is_chosen_and_its_certainty_told(made):
    """Customers who buy by chance, at a rate of their own, up to the last day."""
    rng = np.random.default_rng(4)
    rates, joined = rng.gamma(0.8, 1 / 25, 800), rng.integers(0, 60, 800)
    days = [
        [start, *np.floor(rng.uniform(start, 420, rng.poisson(rate * (420 - start))))]
        for start, rate in zip(joined, rates, strict=True)
    ]
    ids = np.repeat([f"c{place:03d}" for place in range(800)], [len(each) for each in days])
    found = holdout(made(orders=orders_of(ids, LAST - pd.to_timedelta(420 - np.concatenate(days), unit="D"))), DAYS)
    assert found.chosen == NOBODY_LEAVES
    assert abs(found.scores["bias_share"].iloc[0]) < 0.05
    assert found.headline().endswith("Under this model nobody leaves: everybody who ever ordered counts as active.")


def test_nbd_is_followed_by_its_limit_to_fall_back_to_and_the_limit_by_nbd(tried):
    place = tried.ranked.index(NOBODY_LEAVES)
    assert tried.ranked[place + 1] == ONE_RATE
    limit = replace(tried, scores=tried.scores.replace({"model": {NOBODY_LEAVES: ONE_RATE}}))
    assert limit.ranked[place : place + 2] == [ONE_RATE, NOBODY_LEAVES]
    assert len(limit.ranked) == len(tried.ranked) == len(MODELS)


def test_customers_who_all_buy_by_the_clock_are_expected_to_go_on_at_one_rate(made):
    times = list(pd.date_range(end=LAST, periods=9, freq="30D"))
    found = holdout(made(orders=orders_of(np.repeat([f"c{place:03d}" for place in range(150)], 9), times * 150)), 60)
    assert found.ranked == [ONE_RATE, NOBODY_LEAVES]
    assert found.scores.loc[0, "expected_orders"] == found.scores.loc[0, "orders"] == 300
    told = found.headline()
    assert told.startswith("“one rate for all” is the only model that fits at all.")
    assert "Orders of these customers differ by no more than chance" in told


def test_what_cannot_be_tried_is_said(made, orders, monkeypatch):
    nothing = holdout(made(customers=pd.DataFrame({"customer_id": ["a"]})))
    assert nothing.headline() == "Not applicable: this data set has no orders."
    assert calibration(nothing) is nothing
    assert "customers had ordered" in holdout(made(orders=orders.head(50))).headline()
    monkeypatch.setattr("helpers.analyses.value.future.purchases.MODELS", {})
    told = holdout(made(orders=orders), 60).headline()
    assert told.startswith("Not applicable: no model of purchases can be fitted to the customers of 2025-05-01:")


def test_the_chinese_superstore_has_a_value_on_days_when_its_customers_order_alike(tmp_path):
    """At the end of 2015 by the limit of NBD, where NBD was chosen; half a year on by NBD, where its limit was."""
    if not SUPERSTORE.is_dir():
        pytest.skip("the public data set superstore_zh is not beside the project")
    for day, chosen, model in [("2015-12-31", NOBODY_LEAVES, ONE_RATE), ("2016-06-30", ONE_RATE, NOBODY_LEAVES)]:
        data = datasets.open(SUPERSTORE, day, prepared=tmp_path)
        known, later = histories(data), holdout(data)
        found = lifetime_values(known, later)
        assert (later.chosen, found.model) == (chosen, model)
        total, lower, upper = found.fitted.total_limits(np.ones(len(known.customers), bool))
        assert 0.7 * total < lower < 0.95 * total
        assert upper - total == pytest.approx(total - lower)
        each = found.customers["expected_orders"]
        frequency, _, age = known.columns
        assert each.mean() == pytest.approx(frequency.sum() / age.sum() * 365.25, rel=0.02)
        assert (each.nunique() == 1) == ("values differ by spend alone" in found.headline()) == (model == ONE_RATE)


@pytest.fixture(scope="module")
def cdnow(made):
    """The sample of 2,357 customers, tried on the last 39 of its 78 weeks."""
    if not CDNOW.exists():
        pytest.skip("CDNOW is not beside the project")
    rows = pd.read_csv(CDNOW, sep=r"\s+", header=None, names=["all", "customer_id", "day", "cds", "amount"], dtype=str)
    orders = orders_of(rows["customer_id"], pd.to_datetime(rows["day"], format="%Y%m%d"))
    shop = made(as_of=dt.date(1998, 6, 30), orders=orders.assign(amount=rows["amount"].astype(float)))
    return rows, shop, holdout(shop, 39 * 7)


def test_cdnow_counts_are_those_known(cdnow):
    """Fader & Hardie's sample: 6,919 rows, 6,696 customer-days; 2,457 and 1,882 repeats before and after."""
    rows, _, tried = cdnow
    assert len(rows) == 6_919
    assert len(rows.drop_duplicates(["customer_id", "day"])) == 6_696
    assert len(tried.customers) == 2_357
    assert tried.split_on == dt.date(1997, 9, 30)
    assert tried.customers["frequency"].sum() == 2_457
    assert (tried.customers["frequency"] > 0).sum() == 946
    assert tried.customers["orders"].sum() == 1_882
    assert tried.tracking.query("line == 'bought'")["repeat_orders"].max() == 2_457 + 1_882


def test_cdnow_holdout_is_that_known(cdnow):
    """BG/NBD expects 1,653.4 orders and Pareto/NBD 1,665.5 of 1,882; mean absolute errors .7855 and .7545."""
    scores = cdnow[2].scores.set_index("model")
    assert scores.loc["BG/NBD", "expected_orders"] == pytest.approx(1_653.4, abs=0.05)
    assert scores.loc["Pareto/NBD", "expected_orders"] == pytest.approx(1_665.5, abs=0.05)
    assert scores.loc["BG/NBD", "mean_absolute_error"] == pytest.approx(0.7855, abs=5e-5)
    assert scores.loc["Pareto/NBD", "mean_absolute_error"] == pytest.approx(0.7545, abs=5e-5)
