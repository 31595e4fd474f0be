"""Cells of one engine query give what pandas gives on the rows, with n by each metric's rule for missing values."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses import experiments
from helpers.analyses.experiments.trials.moments import cells
from helpers.statistics.effects.comparisons import compare, post_stratified
from helpers.statistics.effects.moments import Moments, total
from shops import metric, trial

BY = ("variant", "segment", "day")


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    """Three thousand customers; a third never rated, a quarter has no year before, spend is missing for some."""
    rng = np.random.default_rng(1)
    n = 3000
    before = rng.gamma(2, 10, n)
    orders = 1.0 + rng.poisson(2, n)
    return pd.DataFrame(
        {
            "variant": rng.choice(["control", "new"], n),
            "segment": rng.choice(list("abc"), n, p=[0.6, 0.3, 0.1]),
            "day": pd.Timestamp("2025-03-01") + pd.to_timedelta(rng.integers(0, 5, n), unit="D"),
            "spend": np.where(rng.random(n) < 0.4, np.nan, before + rng.gamma(2, 3, n)),
            "orders": orders,
            "rating": np.where(rng.random(n) < 1 / 3, np.nan, rng.normal(4, 1, n)),
            "before": np.where(rng.random(n) < 0.25, np.nan, before),
            "visits_before": rng.poisson(3, n).astype(float),
        }
    )


def summed(rows, *metrics, covariates=(), by=BY):
    return cells(ibis.memtable(rows), {extra.name: extra for extra in metrics}, covariates, by)


def assert_close(found: Moments, rows: pd.DataFrame) -> None:
    expected = Moments.of(rows)
    assert (found.n, found.columns) == (expected.n, expected.columns)
    np.testing.assert_allclose(found.means, expected.means, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found.scatter, expected.scatter, rtol=1e-9, atol=1e-7)


# Cells


@pytest.mark.parametrize("by", [("variant",), ("variant", "segment"), ("variant", "day"), BY])
def test_cells_add_up_to_the_moments_of_the_rows(customers, by):
    found = summed(customers, metric("spend"), metric("rating", missing="not eligible"))
    spend, rating = (found.moments(name, by) for name in ("spend", "rating"))
    groups = customers.groupby(list(by))
    assert set(spend) == set(groups.groups if len(by) > 1 else [(key,) for key in groups.groups])
    for group, rows in groups:
        assert_close(spend[group], rows[["spend"]].fillna(0))
        if group in rating:
            assert_close(rating[group], rows[["rating"]].dropna())
    assert sum(cell.n for cell in spend.values()) == len(customers)
    assert sum(cell.n for cell in rating.values()) == customers["rating"].count()


def test_adding_the_cells_is_the_same_as_asking_for_the_total(customers):
    found = summed(customers, metric("spend"))
    fine, whole = found.moments("spend", BY), found.moments("spend")
    for (arm,), expected in whole.items():
        added = total(cell for group, cell in fine.items() if group[0] == arm)
        assert added.n == expected.n
        np.testing.assert_allclose(added.scatter, expected.scatter, rtol=1e-10)


def test_cumulative_days_are_everyone_up_to_the_day(customers):
    rows = customers[(customers["variant"] == "control") | (customers["day"] != pd.Timestamp("2025-03-03"))]
    found = summed(rows, metric("spend")).cumulative("spend", "day")
    assert len(found) == 10
    for (arm, day), moments in found.items():
        assert_close(moments, rows.loc[(rows["variant"] == arm) & (rows["day"] <= day), ["spend"]].fillna(0))
    segments = summed(rows, metric("spend")).cumulative("spend", "day", ("variant", "segment"))
    assert_close(
        segments["new", "c", rows["day"].max()],
        rows.loc[(rows["variant"] == "new") & (rows["segment"] == "c"), ["spend"]].fillna(0),
    )


def test_large_means_keep_their_digits(customers):
    shifted = customers.assign(orders=customers["orders"] + 1e9)
    found = summed(shifted, metric("orders")).moments("orders")
    for (arm,), moments in found.items():
        exact = customers.loc[customers["variant"] == arm, "orders"].var()
        assert moments.variances[0] == pytest.approx(exact, rel=1e-6)


def test_a_ratio_counts_those_who_have_both_columns(customers):
    rows = customers.assign(orders=customers["orders"].where(customers["segment"] != "b"))
    lenient = summed(rows, metric("spend", "ratio", per="orders")).moments("spend")
    strict = summed(rows, metric("spend", "ratio", "not eligible", per="orders")).moments("spend")
    for arm in ("control", "new"):
        both = rows.loc[rows["variant"] == arm, ["spend", "orders"]]
        assert_close(lenient[arm,], both.fillna(0))
        assert_close(strict[arm,], both.dropna())


def test_one_column_may_be_read_under_two_rules(customers):
    found = summed(customers, metric("orders", "ratio", "not eligible", per="spend"), metric("spend"))
    for arm in ("control", "new"):
        rows = customers[customers["variant"] == arm]
        assert_close(found.moments("spend")[arm,], rows[["spend"]].fillna(0))
        assert_close(found.moments("orders")[arm,], rows[["orders", "spend"]].dropna())


def test_more_metrics_than_a_number_has_bits_keep_their_own_rows():
    rng = np.random.default_rng(2)
    rows = pd.DataFrame(np.where(rng.random((40, 70)) < 0.5, np.nan, 1.0), columns=[f"m{i}" for i in range(70)])
    found = summed(rows.assign(variant="a"), *(metric(name, missing="not eligible") for name in rows), by=("variant",))
    assert [found.moments(name)["a",].n for name in rows] == rows.count().tolist()


def test_rows_and_recorded_values_are_counted_by_group(customers):
    found = summed(customers, metric("spend"), metric("rating", missing="not eligible"))
    groups = customers.groupby("variant")
    assert found.rows().to_dict() == groups.size().to_dict()
    for name in ("spend", "rating"):
        assert found.recorded(name).to_dict() == groups[name].count().to_dict()


def test_flags_and_whole_numbers_are_metrics_too():
    rows = pd.DataFrame({"variant": ["a", "a", "b"], "bought": [True, False, True], "visits": [1, 2, 3]})
    found = summed(rows, metric("bought", "proportion"), metric("visits", "count"), by=("variant",))
    assert found.moments("bought")["a",].means.tolist() == [0.5]
    assert found.moments("visits")["a",].means.tolist() == [1.5]


def test_a_group_without_a_name_is_a_group_of_its_own():
    rows = pd.DataFrame({"variant": ["a", "a", "a"], "segment": ["x", None, None], "spend": [1.0, 2.0, 4.0]})
    found = summed(rows, metric("spend"), by=("variant", "segment")).moments("spend", ("variant", "segment"))
    assert sorted(cell.n for cell in found.values()) == [1, 2]


def test_a_metric_that_nobody_has_leaves_no_group(customers):
    found = summed(customers.assign(rating=np.nan), metric("rating", missing="not eligible"))
    assert found.moments("rating") == {} and found.cumulative("rating", "day") == {}
    assert found.recorded("rating").sum() == 0


# Covariates


def test_covariates_come_after_the_metric_with_its_rows(customers):
    found = summed(customers, metric("rating", missing="not eligible"), covariates=("visits_before",))
    moments = found.moments("rating", covariates=("visits_before",))
    for arm in ("control", "new"):
        rows = customers.loc[customers["variant"] == arm, ["rating", "visits_before"]]
        assert_close(moments[arm,], rows.dropna())


def test_customers_without_a_pre_period_get_the_mean_and_a_column_that_says_so(customers):
    found = summed(customers, metric("spend"), covariates=("before", "visits_before"))
    moments = found.moments("spend", covariates=("before", "visits_before"))
    filled = customers.assign(
        spend=customers["spend"].fillna(0),
        before=customers["before"].fillna(customers["before"].mean()),
        **{"no before": customers["before"].isna().astype(float)},
    )
    for arm in ("control", "new"):
        columns = ["spend", "before", "visits_before", "no before"]
        assert_close(moments[arm,], filled.loc[filled["variant"] == arm, columns])
    assert found.without("before").to_dict() == customers["before"].isna().groupby(customers["variant"]).sum().to_dict()
    assert found.without("visits_before").sum() == 0


def test_the_adjusted_effect_does_not_depend_on_what_a_missing_covariate_is_filled_with(customers):
    """Zhao & Ding (2022): with the column that says so, any fill gives the same."""
    found = summed(customers, metric("spend"), covariates=("before",)).moments("spend", covariates=("before",))
    ours = compare(found["control",], found["new",], kind="mean", covariates=("before", "no before"))
    filled = customers.assign(
        spend=customers["spend"].fillna(0),
        before=customers["before"].fillna(-500),
        **{"no before": customers["before"].isna().astype(float)},
    )
    arms = [
        Moments.of(filled.loc[filled["variant"] == arm, ["spend", "before", "no before"]]) for arm in ("control", "new")
    ]
    other = compare(*arms, kind="mean", covariates=("before", "no before"))
    assert (ours.effect, ours.std_error) == pytest.approx((other.effect, other.std_error))
    assert ours.variance_saved > 0.02


def test_a_covariate_that_nobody_has_buys_nothing(customers):
    rows = customers.assign(before=np.nan)
    found = summed(rows, metric("orders"), covariates=("before",)).moments("orders", covariates=("before",))
    adjusted = compare(found["control",], found["new",], kind="mean", covariates=("before",))
    plain = compare(*(cell.select("orders") for cell in (found["control",], found["new",])), kind="mean")
    assert (adjusted.effect, adjusted.std_error) == pytest.approx((plain.effect, plain.std_error))
    assert adjusted.variance_saved == pytest.approx(0)


def test_cells_by_segment_are_the_strata_of_post_stratification(customers):
    moments = summed(customers, metric("spend")).moments("spend", ("variant", "segment"))
    arms = [
        {segment: cell for (variant, segment), cell in moments.items() if variant == arm} for arm in ("control", "new")
    ]
    rows = customers.assign(spend=customers["spend"].fillna(0))
    shares = rows["segment"].value_counts(normalize=True)
    means = rows.pivot_table(values="spend", index="segment", columns="variant")
    assert post_stratified(*arms, kind="mean").effect == pytest.approx(
        ((means["new"] - means["control"]) * shares).sum()
    )


# Caps


def test_caps_are_the_quantiles_of_both_arms_together_and_the_shares_capped_are_shown(customers):
    found = summed(customers, metric("spend", cap=(0.05, 0.9)))
    low, high = customers["spend"].quantile([0.05, 0.9])
    assert list(found.caps.values()) == [pytest.approx((low, high))]
    shares = found.capped_shares("spend")
    for arm in ("control", "new"):
        rows = customers[customers["variant"] == arm]
        assert_close(found.moments("spend")[arm,], rows[["spend"]].clip(low, high).fillna(0))
        assert shares.loc[arm].tolist() == pytest.approx([(rows["spend"] < low).mean(), (rows["spend"] > high).mean()])


def test_those_who_spend_nothing_neither_set_the_cap_nor_are_raised_to_it():
    spend = np.where(np.arange(1000) < 990, 0.0, np.arange(1000) - 989.0)  # ten buyers spend 1 to 10
    rows = pd.DataFrame({"variant": "a", "spend": spend})
    found = summed(rows, metric("spend", cap=(0.2, 0.8)), by=("variant",))
    low, high = np.quantile(spend[990:], [0.2, 0.8])
    assert found.moments("spend")["a",].means[0] == pytest.approx(spend[990:].clip(low, high).sum() / 1000)


@pytest.mark.parametrize(("cap", "columns"), [((0, 0.9), ["low"]), ((0.1, 1), ["high"])])
def test_an_end_at_0_or_1_caps_nothing(customers, cap, columns):
    shares = summed(customers, metric("spend", cap=cap)).capped_shares("spend")
    assert (shares[columns] == 0).all(axis=None) and (shares.drop(columns=columns) > 0).all(axis=None)


def test_a_capped_metric_without_values_is_left_alone(customers):
    found = summed(customers.assign(spend=np.nan), metric("spend", cap=(0.01, 0.99)))
    assert found.moments("spend")["new",].means.tolist() == [0.0]


# In an experiment


def test_an_experiment_compares_ratios_counts_and_capped_metrics(customers):
    extras = (metric("spend", "ratio", per="orders"), metric("orders", "count"))
    rows = customers.assign(assigned_at=customers["day"])
    data = trial(rows, *extras)
    (read,) = experiments.read(data)
    table = experiments.effects([read])[0].table.set_index("metric")
    for name, columns in (("spend", ["spend", "orders"]), ("orders", ["orders"])):
        arms = [Moments.of(rows.loc[rows["variant"] == arm, columns].fillna(0)) for arm in ("control", "new")]
        expected = compare(*arms, kind="ratio" if len(columns) == 2 else "count")
        assert table.loc[name, ["effect", "lower", "p_value"]].tolist() == pytest.approx(
            [expected.effect, expected.lower, expected.p_value]
        )
    assert set(read.cells.table["day"].dt.date) == set(rows["day"].dt.date)


def test_totals_are_the_sums_of_the_eligible_rows_by_group(customers):
    rows = customers.assign(segment=customers["segment"].mask(customers["segment"] == "c"))
    summed_up = summed(rows, metric("rating", missing="not eligible"), metric("spend", "ratio", per="orders"))
    by = ["variant", "segment"]
    exact = rows.dropna(subset="rating").groupby(by, dropna=False)["rating"].agg(["size", "sum"])
    np.testing.assert_allclose(summed_up.totals("rating", by).to_numpy(dtype=float), exact.to_numpy(dtype=float))
    both = rows.fillna({"spend": 0.0}).groupby(by, dropna=False)[["spend", "orders"]].sum()
    np.testing.assert_allclose(summed_up.totals("spend", by)[[0, 1]].to_numpy(dtype=float), both.to_numpy(dtype=float))
