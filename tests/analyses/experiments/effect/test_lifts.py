"""Effects and lifts have their known answers, corrected over metrics and arms, and say what is in reach."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportions_ztest

from helpers.analyses import experiments
from helpers.findings import NotApplicable
from helpers.statistics.effects import compare
from helpers.statistics.inference import adjust
from shops import metric


@pytest.mark.parametrize(
    ("arm", "name", "control", "level", "effect", "lift", "p"),
    [
        ("Mens E-Mail", "visit", 0.10616728, 0.18275684, 0.0765896, 0.7214046, 5.685e-112),
        ("Mens E-Mail", "conversion", 0.00572609, 0.01253109, 0.0068050, 1.1884219, 1.523e-13),
        ("Mens E-Mail", "spend", 0.65278936, 1.42261651, 0.7698272, 1.1792888, 1.163815e-7),
        ("Womens E-Mail", "visit", 0.10616728, 0.15140038, 0.0452331, 0.4260551, 3.182e-44),
        ("Womens E-Mail", "conversion", 0.00572609, 0.00883714, 0.0031111, 0.5433130, 1.5710513e-4),
        ("Womens E-Mail", "spend", 0.65278936, 1.07720157, 0.4244122, 0.6501519, 0.00112940),
    ],
)
def test_hillstrom_has_its_known_effects(hillstrom, arm, name, control, level, effect, lift, p, table_of):
    """Known answers: experiments.md, hillstrom (pooled z for proportions, Welch for spend)."""
    row = table_of(hillstrom, "e_mail").loc[(arm, name)]
    assert row["control_level"] == pytest.approx(control, abs=5e-9)
    assert row["arm_level"] == pytest.approx(level, abs=5e-9)
    assert row["effect"] == pytest.approx(effect, abs=5e-8)
    assert row["lift_rate"] == pytest.approx(lift, abs=5e-8)
    assert row["p_value"] == pytest.approx(p, rel=5e-4)


def test_hillstrom_spend_has_its_known_intervals_spread_and_conventions(hillstrom, table_of):
    """Known answers: experiments.md, hillstrom: Welch intervals, standard deviations, and the relative p of .010984."""
    table = table_of(hillstrom, "e_mail")
    assert table.loc[("Mens E-Mail", "spend"), ["lower", "upper"]].tolist() == pytest.approx([0.4851397, 1.0545146])
    womens = table.loc[("Womens E-Mail", "spend")]
    assert womens[["lower", "upper"]].tolist() == pytest.approx([0.1689568, 0.6798676], abs=5e-8)
    assert womens["lift_p_value"] == pytest.approx(0.010984, abs=5e-7)
    assert "Welch" in womens["convention"] and "delta method" in womens["lift_convention"]
    spreads = [hillstrom[0].moments[arm, "spend"].variances[0] ** 0.5 for arm in hillstrom[0].arms["arm"]]
    assert spreads == pytest.approx([11.58819968, 17.7542051, 15.11610647], abs=5e-8)


@pytest.mark.parametrize(
    ("correction", "conversion", "spend"), [("holm", 3.1421e-4, 0.0011294), ("bh", 1.88526e-4, 0.0011294)]
)
def test_hillstrom_corrections_run_over_all_six_metrics_and_arms(hillstrom, correction, conversion, spend, table_of):
    """Known answers: experiments.md, hillstrom, Holm and Benjamini–Hochberg over the six."""
    adjusted = table_of(hillstrom, "e_mail", correction=correction)["adjusted_p_value"]
    assert len(adjusted) == 6
    assert adjusted["Womens E-Mail", "conversion"] == pytest.approx(conversion, rel=5e-5)
    assert adjusted["Womens E-Mail", "spend"] == pytest.approx(spend, rel=5e-5)


@pytest.mark.parametrize(("correction", "theirs"), [("holm", "holm"), ("bh", "fdr_bh")])
def test_effects_of_two_arms_are_those_of_scipy_and_statsmodels(correction, theirs, assigned, table_of):
    """Of three hundred made customers: pooled z, Welch's t and its interval, corrected over two arms and two metrics."""
    rng = np.random.default_rng(21)
    rows = pd.DataFrame({"variant": rng.choice(["control", "letter", "mail"], 300)})
    rows["bought"] = rng.random(300) < rows["variant"].map({"control": 0.2, "letter": 0.25, "mail": 0.4})
    rows["spend"] = rows["bought"] * rng.gamma(2, 20, 300).round(2)
    trials = experiments.read(assigned(rows.astype({"bought": float})))
    table, arms = table_of(trials, "test", correction=correction), rows.groupby("variant")
    (n, bought), spend = (arms["bought"].agg(how) for how in ("size", "sum")), arms["spend"].agg(list)
    for arm in ("letter", "mail"):
        row = table.loc[(arm, "bought")]
        assert row["effect"] == pytest.approx(bought[arm] / n[arm] - bought["control"] / n["control"])
        z, p = proportions_ztest(bought[[arm, "control"]], n[[arm, "control"]])
        assert (np.sign(z), row["p_value"]) == (np.sign(row["effect"]), pytest.approx(p))
        row, welch = table.loc[(arm, "spend")], stats.ttest_ind(spend[arm], spend["control"], equal_var=False)
        assert row["lift_rate"] == pytest.approx(np.mean(spend[arm]) / np.mean(spend["control"]) - 1)
        assert row["p_value"] == pytest.approx(welch.pvalue)
        assert (row["lower"], row["upper"]) == pytest.approx(tuple(welch.confidence_interval()))
    assert table["adjusted_p_value"].tolist() == pytest.approx(multipletests(table["p_value"], method=theirs)[1])


@pytest.mark.long
@pytest.mark.parametrize("missing", ["0", "not eligible"])
def test_an_a_a_test_with_half_of_a_metric_missing_rejects_at_its_level(missing, assigned, table_of):
    """Known answer: experiments.md, NULLs: 5 % ± Monte-Carlo error; counting all rows would reject 16 % and more."""
    rng = np.random.default_rng(11)
    runs, n = 200, 200
    values = rng.normal(10, 3, (n, runs))
    values[rng.random((n, runs)) < 0.5] = np.nan
    rows = pd.DataFrame(values, columns=[f"metric_{i}" for i in range(runs)])
    metrics = [metric(name, missing=missing) for name in rows]
    trials = experiments.read(assigned(rows.assign(variant=["control", "new"] * (n // 2)), *metrics))
    rejected = (table_of(trials, "test")["p_value"] < 0.05).mean()
    assert abs(rejected - 0.05) < 3 * np.sqrt(0.05 * 0.95 / runs)


def test_swapping_the_control_flips_the_signs(demo_trials, table_of, demo):
    swapped = experiments.read(demo, control="treatment")
    forth = table_of(demo_trials, "spring_coupon").loc["treatment"]
    back = table_of(swapped, "spring_coupon").loc["control"]
    assert back["effect"].tolist() == pytest.approx((-forth["effect"]).tolist())
    assert back["lower"].tolist() == pytest.approx((-forth["upper"]).tolist())
    assert back["p_value"].tolist() == pytest.approx(forth["p_value"].tolist())
    assert next(trial for trial in swapped if trial.name == "push_copy").control == "control"  # has no such arm


def test_the_primary_metric_is_corrected_over_the_arms_alone_and_all_metrics_together(demo_trials, table_of):
    table = table_of(demo_trials, "push_copy")
    primary = table[table["role"] == "primary"]
    assert set(primary.index.get_level_values("metric")) == {"converted"}
    assert primary["primary_p_value"].tolist() == pytest.approx(adjust(primary["p_value"], "holm").tolist())
    assert table["adjusted_p_value"].tolist() == pytest.approx(adjust(table["p_value"], "holm").tolist())
    assert len(table) == 6
    assert table.loc[table["role"] == "secondary", "primary_p_value"].isna().all()


def test_every_effect_with_its_convention_is_kept_for_the_saved_table(demo_trials):
    rows = experiments.effect_rows(demo_trials).table
    assert rows["experiment"].value_counts().to_dict() == {"push_copy": 6, "spring_coupon": 3, "checkout_aa": 3}
    assert {"lift_rate_lower", "primary_p_value", "convention"} <= set(rows)
    assert isinstance(experiments.effect_rows(()), NotApplicable)


def profit(level, effect):
    """A hundred customers an arm, whose profit has a standard error of 1, so that `level` is the control's z."""
    noise = np.random.default_rng(6).normal(0, 1, 100)
    noise = (noise - noise.mean()) / noise.std(ddof=1) * 10
    return pd.DataFrame(
        {
            "variant": np.repeat(["control", "new"], 100),
            "profit": np.concatenate([level + noise, level + effect + noise]),
        }
    )


@pytest.fixture
def lift(assigned, table_of):
    def of(level, effect):
        trials = experiments.read(assigned(profit(level, effect), metric("profit")))
        return table_of(trials, "test").loc[("new", "profit")]

    return of


@pytest.mark.parametrize(("level", "method"), [(5.1, "delta"), (-5.1, "delta"), (4.9, "Fieller"), (-4.9, "Fieller")])
def test_the_lift_is_fiellers_within_five_standard_errors_of_0_and_says_so(level, method, lift):
    row = lift(level, 2)
    assert method in row["lift_convention"]
    assert row["lift_rate"] == pytest.approx(2 / abs(level))  # from -4.9 to -2.9 is up
    assert row["lift_rate_lower"] < row["lift_rate"] < row["lift_rate_upper"]
    if method == "Fieller":
        low, high = row[["lift_rate_lower", "lift_rate_upper"]]
        # By its definition the interval ends where treatment - (1 + lift) × control is just significant.
        t = stats.t.isf(0.025, 198)
        for end in (low, high):
            slope = 1 + np.sign(level) * end
            assert abs(level + 2 - slope * level) / np.hypot(1, slope) == pytest.approx(t)


def test_a_lift_over_a_base_of_0_has_no_end_rather_than_a_false_one(lift):
    row = lift(0.5, 4)
    assert row["lift_rate"] == pytest.approx(8)
    assert (row["lift_rate_lower"] > 0, row["lift_rate_upper"]) == (row["p_value"] < 0.05, np.inf)
    assert row["lift_p_value"] == row["p_value"]


def test_a_significant_effect_over_a_small_base_has_a_significant_lift(assigned, lift):
    row = lift(2.5, 6)
    assert row["p_value"] < 0.05 and row["lift_rate_lower"] > 0
    delta = compare(
        *experiments.read(assigned(profit(2.5, 6), metric("profit")))[0].moments.values(), kind="mean", relative=True
    )
    assert delta.lower < 0  # what the delta method would say
