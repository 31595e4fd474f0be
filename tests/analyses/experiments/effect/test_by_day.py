"""Looks day by day are those of the rows, the band holds however often one looks, and a trend is seen when there is."""

from __future__ import annotations

import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from answers import words_of
from helpers.analyses.experiments.effect.by_day import OverTime, over_time
from helpers.analyses.experiments.effect.changes import effects
from helpers.analyses.experiments.trials import arms as experiments_arms
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.findings import NotApplicable
from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.moments import Moments
from shops import metric, trial

FIRST = pd.Timestamp("2025-03-01")


def read(rows, *extras):
    """The experiments of a data set of these rows."""
    return experiments_arms.read(trial(rows, *extras))


def customers(rng, n, days=20, arms=("control", "new")):
    """Customers drawn to arms, assigned at some hour of one of `days` days."""
    return pd.DataFrame(
        {
            "variant": rng.choice(arms, n),
            "assigned_at": FIRST + pd.to_timedelta(rng.integers(0, days, n) * 24 + rng.integers(0, 24, n), unit="h"),
        }
    )


def days_in(rows):
    return (rows["assigned_at"].dt.normalize() - FIRST).dt.days


def spending(rng, n, effect=0.0, fading=0.0, days=20):
    """Spend of mean 10, which the new arm raises by `effect` less `fading` for each day since the first."""
    rows = customers(rng, n, days)
    lift = np.where(rows["variant"] == "new", effect - fading * days_in(rows), 0.0)
    return rows.assign(spend=rng.normal(10, 5, n) + lift)


def one(rows, *extras, rules=Rules(), **words):
    (found,) = over_time(read(rows, *(extras or (metric("spend"),))), rules, **words)
    return found


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        ("mean", metric("spend")),
        ("proportion", metric("bought", "proportion")),
        ("ratio", metric("spend", "ratio", per="visits")),
    ],
)
def test_every_look_is_the_effect_of_all_customers_assigned_so_far(kind, extra):
    rng = np.random.default_rng(1)
    rows = spending(rng, 1500, effect=1).assign(bought=rng.binomial(1, 0.3, 1500), visits=1 + rng.poisson(2, 1500))
    found = one(rows, extra, *([metric("visits", "count")] if kind == "ratio" else []))
    columns = ["spend", "visits"] if kind == "ratio" else [extra.name]
    for look in found.table.itertuples():
        seen = rows[rows["assigned_at"].dt.normalize() <= look.day]
        arms = [Moments.of(seen.loc[seen["variant"] == arm, columns]) for arm in ("control", "new")]
        expected = compare(*arms, kind=kind)
        assert look.customers == len(seen)
        assert [look.effect, look.naive_lower, look.naive_upper, look.naive_p_value] == pytest.approx(
            [expected.effect, expected.lower, expected.upper, expected.p_value]
        )
    assert found.table["day"].tolist() == list(pd.date_range(FIRST, periods=20))


def test_at_every_look_the_band_is_wider_than_the_interval_for_one_look():
    looks = one(spending(np.random.default_rng(2), 2000)).table
    assert (looks["band_lower"] < looks["naive_lower"]).all() and (looks["band_upper"] > looks["naive_upper"]).all()
    assert (looks["band_p_value"].diff().dropna() <= 0).all()


def test_the_band_is_narrowest_about_the_customers_that_were_planned():
    rows = spending(np.random.default_rng(3), 4000)
    widths = {planned: one(rows, planned_customers=planned).table.iloc[-1] for planned in (40, 4000, 400_000)}
    widths = {planned: look["band_upper"] - look["band_lower"] for planned, look in widths.items()}
    assert widths[4000] < widths[40] and widths[4000] < widths[400_000]


@pytest.mark.long
def test_daily_looks_err_as_often_as_said_and_the_band_never_more_than_alpha():
    """A/A: 14 naive looks err in 22 % of tests, which the headline says; the band in at most 5 %."""
    rng = np.random.default_rng(4)
    runs, n = 80, 1400
    names = [f"m{run}" for run in range(runs)]
    noise = pd.DataFrame(rng.normal(10, 5, (n, runs)), columns=names)
    trials = read(customers(rng, n, days=14).join(noise), *map(metric, names))
    found = [over_time(trials, metric=name, planned_customers=n)[0] for name in names]
    peeked = np.mean([(each.table["naive_p_value"] < 0.05).any() for each in found])
    crossed = np.mean([((each.table["band_lower"] > 0) | (each.table["band_upper"] < 0)).any() for each in found])
    trended = np.mean(pd.concat([each.trends for each in found])["p_value"] < 0.05)
    said = float(re.search(r"in ([\d.]+)% of the tests", words_of(found[0])).group(1)) / 100
    assert said == pytest.approx(0.22, abs=0.005)
    assert abs(peeked - said) < 3 * np.sqrt(said * (1 - said) / runs)
    assert crossed <= 0.05
    assert abs(trended - 0.05) < 3 * np.sqrt(0.05 * 0.95 / runs)


def test_a_result_that_peeking_called_and_lost_is_told():
    """All buyers of the new arm come in the first days, all of the control in the last: in the end there is nothing."""
    rng = np.random.default_rng(5)
    rows = customers(rng, 4000)
    early = days_in(rows) < 6
    rate = np.where((rows["variant"] == "new") == early, 0.5, np.where(early, 0.2, 0.37))
    found = one(rows.assign(bought=rng.binomial(1, rate)), metric("bought", "proportion"))
    first = found.table.loc[found.table["naive_p_value"] < 0.05, "day"].iloc[0]
    assert found.table["naive_p_value"].iloc[-1] > 0.05
    assert (
        f"Daily peeking would have called it better on {first:%B} {first.day}, 2025 and lost it again later."
        in words_of(found)
    )
    assert "which holds 0 but left it out on March " in words_of(found)


def test_a_lasting_effect_is_called_and_kept_and_the_band_leaves_0_out():
    headline = words_of(one(spending(np.random.default_rng(6), 4000, effect=2)))
    assert (
        "which leaves 0 out. Daily peeking would have called it better on March 1, 2025 and stayed with it." in headline
    )
    assert headline.startswith("test · new: the effect holds whenever one looks, at least +")
    assert "No evidence that the effect grows or fades with the day of assignment" in headline


def test_a_fading_effect_is_found_and_its_slope_covered():
    found = one(spending(np.random.default_rng(7), 8000, effect=4, fading=0.2))
    (slope,) = found.trends.itertuples()
    assert slope.lower < -0.2 < slope.upper < 0
    assert "Each day of assignment changes the effect of new by −0.2" in words_of(found)


def test_the_trend_is_the_arm_by_day_coefficient_of_least_squares_on_the_customers():
    rng = np.random.default_rng(8)
    rows = spending(rng, 1200, effect=2, fading=0.1, days=8)
    rows["spend"] *= np.where(rows["variant"] == "new", 2, 1)  # variances differ
    found = one(rows).trends.iloc[0]
    rows = rows.assign(day=days_in(rows), new=(rows["variant"] == "new").astype(float))
    model = smf.ols("spend ~ C(day) + new + new:day", rows).fit()
    assert found["change_per_day"] == pytest.approx(model.params["new:day"])
    robust = model.get_robustcov_results("HC3")
    reach = (found["upper"] - found["lower"]) / 2 / 1.959964
    assert reach == pytest.approx(robust.bse[list(model.params.index).index("new:day")], rel=0.02)


def test_days_with_one_customer_in_an_arm_bear_no_trend():
    rows = pd.DataFrame(
        {
            "variant": ["control", "new"] * 80,
            "assigned_at": FIRST + pd.to_timedelta(np.repeat([0, 1, 2, 3], [78, 78, 2, 2]), unit="D"),
            "spend": np.random.default_rng(9).normal(10, 1, 160),
        }
    )
    found = one(rows)
    assert found.daily["days"].tolist() == [0, 1]
    assert "Too few days to tell whether the effect changes" in words_of(found)


def test_looks_begin_once_both_arms_have_enough_customers():
    rows = pd.DataFrame(
        {
            "variant": ["control"] * 40 + ["new"] * 100 + ["control"] * 60,
            "assigned_at": FIRST + pd.to_timedelta([0] * 40 + [1] * 20 + [2] * 80 + [3] * 60, unit="D"),
            "spend": np.random.default_rng(10).normal(10, 1, 200),
        }
    )
    assert one(rows).table["day"].dt.day.tolist() == [3, 4]
    reason = words_of(one(rows, rules=Rules(smallest_arm=60)))
    assert reason == "Cannot be told: test has not two days on which both arms had 60 customers and varied."


def test_several_arms_are_each_followed_and_their_trends_corrected():
    rng = np.random.default_rng(11)
    rows = customers(rng, 3000, arms=("control", "a", "b")).assign(spend=rng.normal(10, 3, 3000))
    found = one(rows)
    assert found.table["arm"].unique().tolist() == ["a", "b"]
    assert found.trends["adjusted_p_value"].min() == pytest.approx(min(1, 2 * found.trends["p_value"].min()))
    assert "a: " in words_of(found) and "b: " in words_of(found)
    axes = found.plot()
    assert [line.get_label() for line in axes.get_lines()][:2] == ["a", "b"]
    plt.close(axes.figure)


def test_the_figure_shows_shares_in_points_with_their_band_around_0():
    rng = np.random.default_rng(12)
    found = one(customers(rng, 3000).assign(bought=rng.binomial(1, 0.3, 3000)), metric("bought", "proportion"))
    axes = found.plot()
    assert axes.get_ylabel() == "Effect (points)"
    line, zero = axes.get_lines()
    assert line.get_ydata()[-1] == pytest.approx(found.table["effect"].iloc[-1])
    assert list(zero.get_ydata()) == [0, 0]
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert band.max() == pytest.approx(found.table["band_upper"][found.table["customers"] >= 600].max())
    plt.close(axes.figure)


@pytest.mark.parametrize(("days", "rows"), [(20, 3), (200, 8)])
def test_the_table_has_a_row_a_week_or_every_few_and_the_last_day(days, rows):
    found = one(spending(np.random.default_rng(13), 8000, days=days))
    table = found.summary()
    assert len(table) == rows
    assert table["assigned_up_to"].iloc[-1] == FIRST + pd.Timedelta(days=days - 1)
    assert table["customers"].is_monotonic_increasing and table["customers"].iloc[-1] == 8000


def test_customers_without_a_day_are_left_out_and_counted():
    rows = spending(np.random.default_rng(14), 2000)
    rows.loc[:99, "assigned_at"] = pd.NaT
    found = one(rows)
    assert found.table["customers"].iloc[-1] == 1900
    assert words_of(found).endswith("100 customers without a day of assignment are left out.")


def test_no_day_one_day_one_arm_or_no_metric_is_not_applicable():
    rows = spending(np.random.default_rng(15), 200)
    undated, together = rows.assign(assigned_at=pd.NaT), rows.assign(assigned_at=FIRST)
    assert "test does not say when customers were assigned" in words_of(one(undated))
    assert "all customers of test were assigned on March 1, 2025" in words_of(one(together))
    assert "has no second arm" in words_of(one(rows[rows["variant"] == "new"]))
    assert "has no metric with a value" in words_of(
        one(rows.assign(spend=np.nan), metric("spend", missing="not eligible"))
    )
    assert (
        words_of(over_time(())[0])
        == "Cannot be told: there is no experiment to read: export who was assigned to which arm."
    )


def test_another_metric_can_be_asked_for_and_an_unknown_one_is_refused():
    rng = np.random.default_rng(16)
    rows = spending(rng, 500).assign(visits=rng.poisson(3, 500))
    assert one(rows, metric("spend"), metric("visits", "count"), metric="visits").label == "visits"
    with pytest.raises(ValueError, match="metric = 'vists'"):
        one(rows, metric("spend"), metric("visits", "count"), metric="vists")


def test_arms_that_are_not_as_planned_are_not_read_on_any_day():
    rng = np.random.default_rng(17)
    rows = spending(rng, 2000)
    rows = rows[(rows["variant"] == "new") | (rng.random(2000) < 0.7)]
    assert words_of(one(rows)).startswith(
        "test: trust none of this until its assignment is repaired. The arms are not as large as planned (p"
    )


def test_hillstrom_was_sent_at_once_so_it_has_no_effect_by_day(hillstrom):
    (found,) = over_time(hillstrom)
    assert isinstance(found, NotApplicable) and "does not say when" in str(found.reason)


def test_the_demos_coupon_is_better_at_any_look_and_its_a_a_test_is_not(demo_trials):
    found = {each.experiment: each for each in over_time(demo_trials)}
    assert all(isinstance(each, OverTime) for each in found.values())
    assert "which leaves 0 out" in words_of(found["spring_coupon"])
    assert "which holds 0" in words_of(found["checkout_aa"])
    looks = found["push_copy"].table.query("arm == 'story_copy'")
    called = (looks["naive_p_value"] < 0.05).tolist()
    assert called.index(True) == 4 and called[-1] and not all(called[4:])
    assert "better on September 5, 2025 and taken it back on some later days" in words_of(found["push_copy"])


def test_the_looks_at_money_in_unequal_arms_are_those_of_the_effects(assigned):
    rng = np.random.default_rng(5)
    spend = rng.lognormal(0, 1, 1200) * (rng.random(1200) < 0.3)
    rows = pd.DataFrame({"variant": ["control"] + ["new"] * 9, "day": 0}).loc[np.arange(1200) % 10]
    rows = rows.assign(
        spend=spend, assigned_at=pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(1200) // 300, "D")
    )
    words = {"test": {"weights": {"control": 1, "new": 9}}}
    trials = experiments_arms.read(assigned(rows.drop(columns="day"), metric("spend"), words=words))
    last = over_time(trials)[0].table.iloc[-1]
    effect = effects(trials)[0].table.iloc[0]
    assert last["naive_p_value"] == pytest.approx(effect["p_value"])
    assert last["naive_lower"] == pytest.approx(effect["lower"])
    assert last["band_lower"] < last["naive_lower"] < last["naive_upper"] < last["band_upper"]
