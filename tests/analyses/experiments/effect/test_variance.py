"""Adjustments say what they saved, also when it is nothing; caps say whom they touched and what they changed."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.experiments.effect import caps as experiments_caps
from helpers.analyses.experiments.effect import variance as experiments_variance
from helpers.analyses.experiments.trials import arms as experiments_arms
from helpers.findings import NotApplicable
from helpers.statistics.effects.comparisons import compare
from shops import covariate, trial
from shops import metric as declared


def metric(name, kind="mean", **more):
    return declared(name, kind, label=name.title(), **more)


def dataset(rows, *extras):
    """A data set of these rows, all assigned on one day."""
    return trial(rows.assign(assigned_at=pd.Timestamp("2025-01-01")), *extras)


def asked(question, data, covariates=None):
    return question(data, experiments_arms.read(data, covariates=covariates))


def saved(data, covariates=None):
    return asked(experiments_variance.variance_saved, data, covariates)


def capped(data):
    return asked(experiments_caps.capped, data)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    """Six thousand customers whose spend follows what they spent before, by .8; the new arm spends 2 more."""
    rng = np.random.default_rng(1)
    n = 6000
    variant = rng.choice(["control", "new"], n)
    before = rng.normal(50, 8, n)
    city = np.where(before > 50, "北京", "上海")
    spend = before + rng.normal(0, 6, n) + 2 * (variant == "new")
    orders = 1.0 + rng.poisson(1, n)
    return pd.DataFrame({"variant": variant, "before": before, "city": city, "spend": spend, "orders": orders})


def by_hand(rows, columns):
    """Difference of the arms' regressions at the covariates' means of all rows."""
    centred = rows[columns] - rows[columns].mean()
    levels = {}
    for arm, at in rows.groupby("variant").groups.items():
        design = np.column_stack([np.ones(len(at)), centred.loc[at]])
        levels[arm] = np.linalg.lstsq(design, rows.loc[at, "spend"], rcond=None)[0][0]
    return levels["new"] - levels["control"]


# CUPED and post-stratification


def test_a_covariate_saves_the_share_of_the_variance_that_it_explains(customers):
    finding = saved(dataset(customers, metric("spend"), covariate("before")))
    (row,) = finding.table.itertuples()
    within = customers.groupby("variant")[["before", "spend"]].corr().iloc[::2]["spend"]
    assert row.variance_saved_share == pytest.approx((within**2).mean(), abs=0.01)
    assert row.variance_saved_share == pytest.approx(0.64, abs=0.03)  # 64 of 64 + 36
    assert row.adjusted_std_error == pytest.approx(row.std_error * np.sqrt(1 - row.variance_saved_share))
    assert row.adjusted_effect == pytest.approx(by_hand(customers, ["before"]))
    assert row.adjusted_lower < 2 < row.adjusted_upper
    assert words_of(finding).startswith("What was known before is worth up to 1")
    assert "Adjusting for before (CUPED) saves up to 6" in words_of(finding)
    assert "; 1 of 1 effects gain at least 1%." in words_of(finding)


def test_the_effect_as_measured_is_that_of_the_plain_means(customers):
    (row,) = saved(dataset(customers, metric("spend"), covariate("before"))).table.itertuples()
    arms = customers.groupby("variant")["spend"]
    assert row.effect == pytest.approx(arms.mean()["new"] - arms.mean()["control"])
    assert row.std_error == pytest.approx(np.sqrt((arms.var() / arms.size()).sum()))
    assert row.control_level == pytest.approx(arms.mean()["control"])


def test_the_history_in_hillstrom_buys_nothing_and_the_report_says_so(opened):
    """Known answer: experiments.md, hillstrom: history removes .044 % of the variance of the men's spend (one slope)."""
    data = opened("hillstrom")
    (trial,) = trials = experiments_arms.read(data, covariates=["history"])
    met = trial.cells.moments("spend", covariates=["history"])
    arms = met[("No E-Mail",)], met[("Mens E-Mail",)]
    one_slope = compare(*arms, kind="mean", covariates=["history"], slopes="pooled")
    assert one_slope.variance_saved == pytest.approx(0.00044, abs=1e-5)
    finding = experiments_variance.variance_saved(data, trials)
    saved_share = finding.table.set_index(["arm", "metric"])["variance_saved_share"]
    # A slope for each arm fits a little closer.
    assert one_slope.variance_saved < saved_share["Mens E-Mail", "spend"] < 0.00046
    assert (saved_share < 0.01).all()
    assert words_of(finding).startswith(
        "What was known before tells no effect more sharply. Adjusting for history (CUPED) saves at most"
    )


def test_a_covariate_that_only_costs_is_said_to_save_nothing():
    rows = pd.DataFrame(
        {
            "variant": ["control", "new"] * 32,
            "spend": [1.0, 2, 1, 2, -1, -2, -1, -2] * 8,
            "before": [1.0, 1, -1, -1, 1, 1, -1, -1] * 8,
        }
    )  # uncorrelated in both arms
    finding = saved(dataset(rows, metric("spend"), covariate("before")))
    assert finding.table["variance_saved_share"].iloc[0] < 0
    assert words_of(finding) == (
        "What was known before tells no effect more sharply. "
        "Adjusting for before (CUPED) saves at most 0% of an effect's variance."
    )


def test_customers_without_a_past_are_counted_and_kept(customers):
    rows = customers.assign(before=customers["before"].mask(np.arange(6000) % 5 == 0))
    finding = saved(dataset(rows, metric("spend"), covariate("before")))
    (row,) = finding.table.itertuples()
    filled = rows.assign(lacking=rows["before"].isna().astype(float), before=rows["before"].fillna(0))
    assert row.adjusted_effect == pytest.approx(by_hand(filled, ["before", "lacking"]))
    assert row.effect == pytest.approx(by_hand(rows, []))
    assert finding.unknown.to_dict("records") == [
        {"experiment": "test", "covariate": "before", "customers": 6000, "without": 1200}
    ]
    assert words_of(finding).endswith(
        "1,200 of 6,000 customers of test have no before: they are kept, told apart as such."
    )


def test_the_first_covariate_in_words_makes_the_strata(customers):
    rows = customers.assign(city=customers["city"].mask(np.arange(6000) % 5 == 0), level="gold")
    finding = saved(dataset(rows, metric("spend"), covariate("city", "text"), covariate("level", "text")))
    (row,) = finding.table.itertuples()
    cells = rows.fillna({"city": "none"}).groupby(["city", "variant"])["spend"].mean().unstack()
    shares = rows["city"].fillna("none").value_counts(normalize=True)
    assert (row.method, row.adjusted_for) == ("post_stratified", "city")
    assert row.adjusted_effect == pytest.approx(((cells["new"] - cells["control"]) * shares).sum())
    assert row.variance_saved_share > 0.2
    assert finding.unknown["without"].tolist() == [1200]


def test_each_metric_has_a_line_for_each_adjustment_and_the_figure_a_mark(customers):
    ratio, share = metric("spend", "ratio", per="orders"), metric("big", "proportion")
    rows = customers.assign(big=(customers["spend"] > 55).astype(float))
    extras = (metric("orders", "count"), ratio, share, covariate("before"), covariate("city", "text"))
    finding = saved(dataset(rows, *extras))
    assert finding.table[["metric", "method"]].to_numpy().tolist() == [
        [name, method] for name in ("orders", "spend", "big") for method in ("cuped", "post_stratified")
    ]
    levels = finding.table.drop_duplicates("metric").set_index("metric")["control_level"]
    control = rows[rows["variant"] == "control"]
    assert levels["spend"] == pytest.approx(control["spend"].sum() / control["orders"].sum())
    by_metric = finding.table.groupby("metric")["variance_saved_share"].max()
    assert by_metric["orders"] < 0.01 < by_metric["big"]
    ax = finding.plot()
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["new · orders", "new · spend", "new · big"]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["as measured", "CUPED", "post-stratified"]
    measured = next(line for line in ax.lines if line.get_label() == "as measured")
    assert measured.get_xdata()[2] == pytest.approx(
        (rows[rows["variant"] == "new"]["big"].mean() - control["big"].mean()) / control["big"].mean()
    )
    plt.close(ax.figure)


def test_only_the_covariates_that_the_trials_were_read_with_are_used(customers):
    data = dataset(
        customers.assign(age=1.0), metric("spend"), covariate("before"), covariate("age"), covariate("city", "text")
    )
    assert saved(data, ["before"]).table["adjusted_for"].tolist() == ["before"]
    assert saved(data, ["before", "city"]).table["adjusted_for"].tolist() == ["before", "city"]
    assert isinstance(saved(data, []), NotApplicable)


def test_a_covariate_without_any_value_in_the_experiment_is_not_adjusted_for(customers):
    data = dataset(customers.assign(age=np.nan), metric("spend"), covariate("age"), covariate("before"))
    assert saved(data).table["adjusted_for"].tolist() == ["before"]


def test_customers_in_two_arms_are_left_out_of_the_strata_too(customers):
    ids = [f"c{i % 5900}" for i in range(6000)]
    finding = saved(dataset(customers.assign(customer_id=ids), metric("spend"), covariate("city", "text")))
    arms = customers.groupby(ids)["variant"].nunique()
    rows = customers[pd.Series(ids).map(arms).to_numpy() == 1]
    cells = rows.groupby(["city", "variant"])["spend"].mean().unstack()
    difference = ((cells["new"] - cells["control"]) * rows["city"].value_counts(normalize=True)).sum()
    assert len(rows) < 6000
    assert finding.table["adjusted_effect"].iloc[0] == pytest.approx(difference)


def test_arms_are_named_with_their_experiment_where_there_are_several(customers):
    rows = customers.assign(experiment=np.where(np.arange(6000) < 3000, "first", "second"))
    finding = saved(dataset(rows, metric("spend"), covariate("before")))
    assert finding.summary()["arm"].tolist() == ["first · new", "second · new"]
    assert len(finding.plot().get_yticklabels()) == 2
    plt.close("all")


@pytest.mark.parametrize(
    "rows",
    [
        {"variant": ["control", "new"] * 45, "spend": [1.0, 2.0] * 45, "before": [1.0, 2.0] * 45},
        {"variant": ["control", "new"] * 45, "spend": [1.0] * 90, "before": [1.0, 2.0, 3.0] * 30},
    ],
)
def test_what_cannot_be_adjusted_is_said_rather_than_an_error(rows):
    finding = saved(dataset(pd.DataFrame(rows), metric("spend"), covariate("before")))
    assert words_of(finding) == "Too few customers, or nothing varies: no effect can be adjusted."
    finding.plot()
    plt.close("all")


def test_the_demos_visits_before_foretell_who_buys_but_not_who_visits_the_app(demo, demo_trials):
    table = experiments_variance.variance_saved(demo, demo_trials).table
    share = table.groupby("metric")["variance_saved_share"]
    assert share.min()["converted"] > 0.05
    assert share.max()["app_visits"] < 0.01


def test_what_a_few_customers_save_or_caps_leave_alone_is_not_told(customers):
    few = dataset(customers[:40], metric("spend", cap=(0, 0.9)), covariate("before"))
    assert "two arms of 30 customers" in words_of(saved(few)) and "two arms of 30 customers" in words_of(capped(few))
    whole = capped(dataset(customers, metric("spend", cap=(0, 1))))
    assert words_of(whole) == "Caps move no value, so they change no effect."


# Absent


def test_without_experiments_arms_or_caps_both_are_not_applicable(customers):
    bare = dataset(customers, metric("spend"))
    none = "Cannot be told: there is no experiment to read: export who was assigned to which arm."
    assert words_of(experiments_variance.variance_saved(bare, ())) == none
    assert words_of(experiments_caps.capped(bare, ())) == none
    assert "a covariate known before" in words_of(saved(bare))
    assert "declares a cap" in words_of(capped(bare))
    one_arm = customers.assign(variant="control")
    assert isinstance(saved(dataset(one_arm, metric("spend"), covariate("before"))), NotApplicable)
    assert isinstance(capped(dataset(one_arm, metric("spend", cap=(0, 0.9)))), NotApplicable)
