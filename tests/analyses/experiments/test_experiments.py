"""Experiments are read from moments, decided by declared rules, and blocked when their arms are not to be trusted."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.analyses import experiments
from helpers.data import datasets
from helpers.data.datasets import Dataset
from helpers.data.intake.settings import DEFAULT_POLICY, Extra, Feed, Origin, Settings
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable
from helpers.statistics.designs import sample_sizes
from helpers.statistics.effects import comparisons
from shops import SHARED

REAL = SHARED


def metric(name, kind="mean", missing="0"):
    return Extra(name, "metrics", Origin(), type="number", kind=kind, missing=missing, label=name)


def covariate(name, type="number"):
    return Extra(name, "covariates", Origin(), type=type)


def dataset(rows, *extras, words=None, accounting=()):
    """A data set of one table, experiments, as `datasets.open` hands it out."""
    rows = pd.DataFrame(rows)
    for name, value in (("experiment", "test"), ("assigned_at", pd.Timestamp("2025-01-01"))):
        if name not in rows:
            rows[name] = value
    if "customer_id" not in rows:
        rows["customer_id"] = [f"c{i}" for i in range(len(rows))]
    settings = Settings(
        "t",
        "",
        "UTC",
        "",
        None,
        "",
        "",
        DEFAULT_POLICY,
        {"experiments": Feed("experiments", (), extras=extras)},
        words or {},
        {},
    )
    lines = pd.DataFrame(list(accounting), columns=["table", "outcome", "rule", "rows", "rows_meeting"])
    return Dataset("t", dt.date(2025, 2, 1), settings, {"experiments": ibis.memtable(rows)}, lines, Path(), (), Path())


def two_arms(n_control, n_new, control_rate=0.1, new_rate=0.1):
    """A 0/1 metric with exactly these rates."""

    def having(n, rate):
        return (np.arange(n) < round(n * rate)).astype(float)

    return pd.DataFrame(
        {
            "variant": np.repeat(["control", "new"], [n_control, n_new]),
            "bought": np.concatenate([having(n_control, control_rate), having(n_new, new_rate)]),
        }
    )


def decided(rows, *extras, words=None, **rules):
    trials = experiments.read(dataset(rows, *(extras or (metric("bought", "proportion"),)), words=words))
    return experiments.decisions(trials, experiments.Rules(**rules)).table


def table_of(trials, experiment, **rules):
    found = experiments.effects(trials, experiments.Rules(**rules))
    return next(each for each in found if each.experiment == experiment).table.set_index(["arm", "metric"])


@pytest.fixture(scope="module")
def demo():
    return experiments.read(datasets.open("demo"))


def opened(name):
    if not (REAL / name).is_dir():
        pytest.skip(f"the real data set {name} is not beside the repository")
    return datasets.open(REAL / name)


@pytest.fixture(scope="module")
def hillstrom():
    return experiments.read(opened("hillstrom"))


# Known answers


def test_hillstrom_comes_in_the_planned_ratio(hillstrom):
    """Known answer: experiments.md, hillstrom."""
    (trial,) = hillstrom
    assert dict(zip(trial.arms["arm"], trial.arms["customers"], strict=True)) == {
        "No E-Mail": 21306,
        "Mens E-Mail": 21307,
        "Womens E-Mail": 21387,
    }
    assert experiments.health(hillstrom).summary()["sample_ratio_p_value"].iloc[0] == pytest.approx(0.903693, abs=5e-7)


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
def test_hillstrom_has_its_known_effects(hillstrom, arm, name, control, level, effect, lift, p):
    """Known answers: experiments.md, hillstrom (pooled z for proportions, Welch for spend)."""
    row = table_of(hillstrom, "e_mail").loc[(arm, name)]
    assert row["control_level"] == pytest.approx(control, abs=5e-9)
    assert row["arm_level"] == pytest.approx(level, abs=5e-9)
    assert row["effect"] == pytest.approx(effect, abs=5e-8)
    assert row["lift_rate"] == pytest.approx(lift, abs=5e-8)
    assert row["p_value"] == pytest.approx(p, rel=5e-4)


def test_hillstrom_spend_has_its_known_intervals_spread_and_conventions(hillstrom):
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
def test_hillstrom_corrections_run_over_all_six_metrics_and_arms(hillstrom, correction, conversion, spend):
    """Known answers: experiments.md, hillstrom, Holm and Benjamini–Hochberg over the six."""
    adjusted = table_of(hillstrom, "e_mail", correction=correction)["adjusted_p_value"]
    assert len(adjusted) == 6
    assert adjusted["Womens E-Mail", "conversion"] == pytest.approx(conversion, rel=5e-5)
    assert adjusted["Womens E-Mail", "spend"] == pytest.approx(spend, rel=5e-5)


def test_hillstrom_ships_both_mails_and_was_balanced(hillstrom):
    assert experiments.decisions(hillstrom).table["decision"].tolist() == ["ship", "ship"]
    differences = experiments.balance(hillstrom).summary()
    assert set(differences["covariate"]) == {"history", "recency", "womens: 1", "mens: 1"}
    assert differences["difference"].abs().max() < 0.02


def test_udacity_keeps_the_old_page_and_says_which_rows_were_set_aside():
    """Known answers: experiments.md, udacity_ab."""
    trials = experiments.read(opened("udacity_ab"))
    row = table_of(trials, "landing_page").loc[("treatment", "converted")]
    assert (row["control_n"], row["arm_n"]) == (145_274, 145_310)
    assert row["control_level"] == pytest.approx(0.120386, abs=5e-7)
    assert row["arm_level"] == pytest.approx(0.118808, abs=5e-7)
    assert row["p_value"] == pytest.approx(0.18988, abs=5e-6)
    assert trials[0].in_two_arms == 0
    assert "3,893 rows were set aside before: group and landing page disagree." in experiments.health(trials).headline()
    (decision,) = experiments.decisions(trials).table.itertuples()
    assert decision.decision == "keep control"
    assert "no evidence of an effect" in decision.reason


def test_the_demos_true_effects_lie_inside_their_intervals(demo):
    for experiment, arms in TRUTH.conversions.items():
        table = table_of(demo, experiment)
        for arm in set(arms) - {"control"}:
            for name, truth in (("converted", TRUTH.conversion_effect), ("spend", TRUTH.spend_effect)):
                row = table.loc[(arm, name)]
                assert row["lower"] <= truth(experiment, arm) <= row["upper"], (experiment, arm, name)


def test_the_demo_ships_what_works_and_finds_nothing_in_the_a_a_test(demo):
    decision = experiments.decisions(demo).table.set_index(["experiment", "arm"])["decision"]
    assert decision["spring_coupon", "treatment"] == "ship"
    assert decision["checkout_aa", "treatment"] != "ship"
    assert (table_of(demo, "checkout_aa")["adjusted_p_value"] > 0.05).all()


def test_the_demos_six_customers_in_two_arms_are_left_out_and_counted(demo):
    coupon = next(trial for trial in demo if trial.name == "spring_coupon")
    assert 2 * coupon.in_two_arms == TRUTH.faults["experiments", "customer in two arms"]
    assert coupon.arms["in_two_arms"].tolist() == [6, 6]
    table = datasets.open("demo").tables["experiments"]
    rows = table.filter(table.experiment == "spring_coupon").execute()
    alone = rows.groupby("customer_id")["variant"].transform("nunique") == 1
    assert coupon.arms.set_index("arm")["customers"].to_dict() == rows[alone]["variant"].value_counts().to_dict()
    assert "6 customers were met in two arms of spring_coupon and left out." in experiments.health(demo).headline()


# Missing values


def test_n_and_mean_follow_what_a_missing_value_means():
    spend = [2.0, 4.0, None, None] * 2 + [8.0, None, 4.0, None] * 2
    rows = pd.DataFrame({"variant": ["control"] * 8 + ["new"] * 8, "spend": spend})
    as_zero = experiments.read(dataset(rows, metric("spend", missing="0")))
    left_out = experiments.read(dataset(rows, metric("spend", missing="not eligible")))
    line = table_of(as_zero, "test").loc[("new", "spend")]
    assert line[["control_n", "arm_n", "control_level", "arm_level"]].tolist() == [8, 8, 1.5, 3.0]
    line = table_of(left_out, "test").loc[("new", "spend")]
    assert line[["control_n", "arm_n", "control_level", "arm_level"]].tolist() == [4, 4, 3.0, 6.0]
    shares = experiments.missing_values(as_zero).summary()
    assert shares["missing_share"].tolist() == [0.5, 0.5]
    assert shares["counted"].tolist() == [8, 8]
    assert experiments.missing_values(left_out).summary()["counted"].tolist() == [4, 4]


def test_where_no_value_is_missing_there_is_no_table_of_them():
    answer = experiments.missing_values(experiments.read(dataset(two_arms(20, 20), metric("bought", "proportion"))))
    assert answer.headline().startswith("Not applicable: no metric lacks a value")


def test_moments_are_those_of_the_rows():
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({"variant": rng.choice(["control", "new"], 500), "spend": rng.exponential(50, 500)})
    rows.loc[rng.random(500) < 0.5, "spend"] = np.nan
    (trial,) = experiments.read(dataset(rows, metric("spend", missing="not eligible")))
    for arm, values in rows.groupby("variant")["spend"]:
        moments = trial.moments[arm, "spend"]
        assert moments.n == values.count()
        assert moments.means[0] == pytest.approx(values.mean())
        assert moments.variances[0] == pytest.approx(values.var())


@pytest.mark.parametrize("missing", ["0", "not eligible"])
def test_an_a_a_test_with_half_of_a_metric_missing_rejects_at_its_level(missing):
    """Known answer: experiments.md, NULLs: 5 % ± Monte-Carlo error; counting all rows would reject 16 % and more."""
    rng = np.random.default_rng(11)
    runs, n = 200, 200
    values = rng.normal(10, 3, (n, runs))
    values[rng.random((n, runs)) < 0.5] = np.nan
    rows = pd.DataFrame(values, columns=[f"metric_{i}" for i in range(runs)])
    metrics = [metric(name, missing=missing) for name in rows]
    trials = experiments.read(dataset(rows.assign(variant=["control", "new"] * (n // 2)), *metrics))
    rejected = (table_of(trials, "test")["p_value"] < 0.05).mean()
    assert abs(rejected - 0.05) < 3 * np.sqrt(0.05 * 0.95 / runs)


def test_a_metric_without_a_value_was_not_measured_in_that_experiment():
    rows = two_arms(20, 20).assign(spend=np.nan)
    (trial,) = experiments.read(dataset(rows, metric("spend"), metric("bought", "proportion")))
    assert list(trial.metrics) == ["bought"]


def test_arms_that_lose_customers_unequally_are_not_readable():
    rows = two_arms(1000, 1000, 0.1, 0.2)
    rows.loc[rows.index[:300], "bought"] = np.nan
    eligible = decided(rows, metric("bought", "proportion", missing="not eligible"))
    assert eligible["decision"].tolist() == ["not readable"]
    assert "unequally" in eligible["reason"].iloc[0]
    assert decided(rows)["decision"].tolist() == ["ship"]  # where missing means 0, everyone counts


# Control, corrections, decisions


def test_swapping_the_control_flips_the_signs(demo):
    swapped = experiments.read(datasets.open("demo"), control="treatment")
    forth = table_of(demo, "spring_coupon").loc["treatment"]
    back = table_of(swapped, "spring_coupon").loc["control"]
    assert back["effect"].tolist() == pytest.approx((-forth["effect"]).tolist())
    assert back["lower"].tolist() == pytest.approx((-forth["upper"]).tolist())
    assert back["p_value"].tolist() == pytest.approx(forth["p_value"].tolist())
    assert next(trial for trial in swapped if trial.name == "push_copy").control == "control"  # has no such arm


@pytest.mark.parametrize(
    ("arms", "control", "why"),
    [
        (["b", "a", "b"], "a", "by its name"),
        (["新版", "对照", "新版"], "对照", "by its name"),
        (["x", "y", "y"], "y", "as the largest arm, for want of a named one"),
    ],
)
def test_without_a_setting_the_control_is_found_by_name_or_size(arms, control, why):
    (trial,) = experiments.read(dataset({"variant": arms * 5, "spend": [1.0, 2.0, 3.0] * 5}, metric("spend")))
    assert (trial.control, trial.control_from) == (control, why)


def test_the_settings_name_the_control_and_the_primary_metric():
    words = {"test": {"control": "new", "primary": "spend"}}
    rows = two_arms(20, 20).assign(spend=np.arange(40.0))
    (trial,) = experiments.read(dataset(rows, metric("bought", "proportion"), metric("spend"), words=words))
    assert (trial.control, trial.primary) == ("new", "spend")


def test_a_control_or_primary_metric_that_does_not_exist_is_named():
    data = dataset(two_arms(20, 20), metric("bought", "proportion"), words={"test": {"primary": "bougt"}})
    with pytest.raises(ValueError, match=re.escape("experiments.test.primary = 'bougt'") + ".*Did you mean 'bought'"):
        experiments.read(data)
    data = dataset(two_arms(20, 20), metric("bought", "proportion"))
    with pytest.raises(ValueError, match="control = 'controll': choose one of control, new."):
        experiments.read(data, control="controll")
    with pytest.raises(ValueError, match="covariates = 'age'"):
        experiments.read(data, covariates=["age"])


def test_the_primary_metric_is_corrected_over_the_arms_alone_and_all_metrics_together(demo):
    table = table_of(demo, "push_copy")
    primary = table[table["role"] == "primary"]
    assert set(primary.index.get_level_values("metric")) == {"converted"}
    assert primary["primary_p_value"].tolist() == pytest.approx(comparisons.adjust(primary["p_value"], "holm").tolist())
    assert table["adjusted_p_value"].tolist() == pytest.approx(comparisons.adjust(table["p_value"], "holm").tolist())
    assert len(table) == 6
    assert table.loc[table["role"] == "secondary", "primary_p_value"].isna().all()


def test_an_arm_that_holds_only_as_the_metric_that_decides_is_named_as_such(demo):
    copy = experiments.effects(demo)[2]
    assert "0 of 6 effects are beyond chance, all tested at once (Holm)." in copy.headline()
    assert copy.headline().endswith("Beyond chance on the primary metric, tested over arms alone: story_copy.")
    assert "alone" not in experiments.effects(demo)[0].headline()


def test_every_effect_with_its_convention_is_kept_for_the_saved_table(demo):
    rows = experiments.effect_rows(demo)
    assert rows["experiment"].value_counts().to_dict() == {"push_copy": 6, "spring_coupon": 3, "checkout_aa": 3}
    assert {"lift_rate_lower", "primary_p_value", "convention"} <= set(rows)
    assert experiments.effect_rows(()).empty


def test_a_broken_sample_ratio_blocks_a_ship_decision():
    assert decided(two_arms(2000, 2000, 0.1, 0.2))["decision"].tolist() == ["ship"]
    blocked = decided(two_arms(2000, 2500, 0.1, 0.2))
    assert blocked["decision"].tolist() == ["not readable"]
    assert "not as large as planned" in blocked["reason"].iloc[0]
    assert blocked[["effect", "p_value", "lift_rate"]].isna().all(axis=None)


def test_planned_weights_are_those_of_the_settings():
    planned = {"test": {"weights": {"control": 4, "new": 5}}}
    assert decided(two_arms(2000, 2500, 0.1, 0.2), words=planned)["decision"].tolist() == ["ship"]
    unplanned = {"test": {"weights": {"control": 1}}}
    assert decided(two_arms(2000, 2500, 0.1, 0.2), words=unplanned)["decision"].tolist() == ["not readable"]
    with pytest.raises(ValueError, match=re.escape("weights = [1, 2]: one number for each variant")):
        decided(two_arms(20, 20), words={"test": {"weights": [1, 2]}})


def test_too_many_customers_in_two_arms_block_a_decision():
    rows = two_arms(2000, 2000, 0.1, 0.2).assign(customer_id=[f"c{i % 3950}" for i in range(4000)])
    blocked = decided(rows)
    assert blocked["decision"].tolist() == ["not readable"]
    assert "1.27% of the customers were met in two arms" in blocked["reason"].iloc[0]  # 50 of 3,950
    assert decided(rows, largest_two_arm_share=0.02)["decision"].tolist() == ["ship"]


@pytest.mark.parametrize(
    ("sizes", "rates", "decision", "said"),
    [
        ((5000, 5000), (0.20, 0.16), "stop: harmed", "Stop it"),
        ((50_000, 50_000), (0.20, 0.202), "keep control", "a lift of 5% can be ruled out"),
        ((100_000, 100_000), (0.20, 0.206), "keep control", "too small to be worth it so far, and a lift of 5% can be"),
        ((15_000, 15_000), (0.20, 0.203), "extend", "1.71 times as many customers"),
        ((1000, 1000), (0.20, 0.203), "keep control", "out of reach"),
    ],
)
def test_decisions_follow_the_declared_rules(sizes, rates, decision, said):
    (row,) = decided(two_arms(*sizes, *rates)).itertuples()
    assert row.decision == decision
    assert said in row.reason


def test_a_secondary_metric_that_fell_is_named_beside_a_ship_decision():
    rows = two_arms(2000, 2000, 0.1, 0.2)
    rows["visits"] = np.where(rows["variant"] == "new", 1.0, 3.0) + np.arange(4000) % 3
    words = {"test": {"primary": "bought"}}
    (row,) = decided(rows, metric("visits"), metric("bought", "proportion"), words=words).itertuples()
    assert row.decision == "ship"
    assert row.reason.endswith("But visits fell significantly.")


def test_the_smallest_detectable_effect_is_the_one_seen_at_the_stated_power():
    trials = experiments.read(dataset(two_arms(1000, 2000, 0.2, 0.2), metric("bought", "proportion")))
    (row,) = experiments.detectable(trials, experiments.Rules(power=0.9)).summary().itertuples()
    assert sample_sizes.power(row.smallest_effect, 1000, rate=0.2, ratio=2) == pytest.approx(0.9)
    assert row.smallest_lift_rate == pytest.approx(row.smallest_effect / 0.2)


def test_the_smallest_detectable_effect_of_a_ratio_and_a_count_is_in_their_unit():
    rng = np.random.default_rng(5)
    orders = 1.0 + rng.poisson(2, 4000)
    rows = pd.DataFrame(
        {"variant": ["control", "new"] * 2000, "orders": orders, "spend": orders * 20 + rng.normal(0, 10, 4000)}
    )
    ratio = dataclasses.replace(metric("spend", "ratio"), per="orders")
    found = experiments.detectable(experiments.read(dataset(rows, ratio, metric("orders", "count")))).table
    found, control = found.set_index("metric"), rows[rows["variant"] == "control"]
    level = control["spend"].sum() / control["orders"].sum()
    linearised = (control["spend"] - level * control["orders"]) / control["orders"].mean()
    for name, base, spread in (
        ("spend", level, linearised.std()),
        ("orders", orders[::2].mean(), orders[::2].std(ddof=1)),
    ):
        assert found.loc[name, "control_level"] == pytest.approx(base)
        seen = sample_sizes.power(found.loc[name, "smallest_effect"], 2000, std_dev=spread)
        assert seen == pytest.approx(0.8, abs=0.001)
        assert found.loc[name, "smallest_lift_rate"] == pytest.approx(found.loc[name, "smallest_effect"] / base)


# The lift where the control's level is near 0


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


def lift(level, effect):
    return table_of(experiments.read(dataset(profit(level, effect), metric("profit"))), "test").loc[("new", "profit")]


@pytest.mark.parametrize(("level", "method"), [(5.1, "delta"), (-5.1, "delta"), (4.9, "Fieller"), (-4.9, "Fieller")])
def test_the_lift_is_fiellers_within_five_standard_errors_of_0_and_says_so(level, method):
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


def test_a_lift_over_a_base_of_0_has_no_end_rather_than_a_false_one():
    row = lift(0.5, 4)
    assert row["lift_rate"] == pytest.approx(8)
    assert (row["lift_rate_lower"] > 0, row["lift_rate_upper"]) == (row["p_value"] < 0.05, np.inf)
    assert row["lift_p_value"] == row["p_value"]


def test_a_significant_effect_over_a_small_base_has_a_significant_lift():
    row = lift(2.5, 6)
    assert row["p_value"] < 0.05 and row["lift_rate_lower"] > 0
    delta = comparisons.compare(
        *experiments.read(dataset(profit(2.5, 6), metric("profit")))[0].moments.values(), kind="mean", relative=True
    )
    assert delta.lower < 0  # what the delta method would say


# Balance, as_of, tiny and absent


def test_balance_is_in_standard_deviations_and_words_are_compared_as_shares():
    rows = pd.DataFrame(
        {
            "variant": ["control"] * 40 + ["new"] * 40,
            "bought": [0.0, 1.0] * 40,
            "age": [20.0, 40.0] * 20 + [30.0, 50.0] * 20,
            "city": ["上海"] * 20 + ["北京"] * 20 + ["上海"] * 10 + ["北京"] * 30,
        }
    )
    data = dataset(rows, metric("bought", "proportion"), covariate("age"), covariate("city", "text"))
    balance = experiments.balance(experiments.read(data))
    found = balance.summary().set_index("covariate")
    spread = np.sqrt((rows["age"][:40].var() + rows["age"][40:].var()) / 2)
    assert found.loc["age", "difference"] == pytest.approx(10 / spread)
    assert found.loc["city: 北京", ["control_mean", "arm_mean"]].tolist() == [0.5, 0.75]
    assert "2 of 2 differences are above 0.1 standard deviations" in balance.headline()
    assert list(experiments.balance(experiments.read(data, covariates=["age"])).summary()["covariate"]) == ["age"]


def test_a_value_of_fewer_than_five_customers_is_not_named():
    rows = two_arms(50, 50).assign(city=["rare"] * 4 + ["b"] * 46 + ["c"] * 25 + ["d"] * 25)
    (trial,) = experiments.read(dataset(rows, metric("bought", "proportion"), covariate("city", "text")))
    assert {name for _, name in trial.covariates} == {"city: b", "city: c", "city: d"}


def test_assignments_after_as_of_change_nothing(tmp_path):
    rows = pd.concat([two_arms(30, 30, 0.1, 0.3), two_arms(0, 500, 0.1, 1.0)], ignore_index=True)
    rows = rows.assign(
        experiment="test",
        customer_id=[f"c{i % 60}" if i > 550 else f"c{i}" for i in range(len(rows))],
        assigned_at=["2025-03-01"] * 60 + ["2025-03-03"] * 500,
    )
    toml = (
        '[tables.experiments]\nfile = "e.csv"\n[tables.experiments.metrics]\n'
        'bought = { from = "bought", kind = "proportion", missing = "0" }\n'
    )
    found = []
    for name, part in (("whole", rows), ("early", rows[:60])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "dataset.toml").write_text(toml)
        part.to_csv(tmp_path / name / "e.csv", index=False)
        data = datasets.open(tmp_path / name, "2025-03-02", prepared=tmp_path / "prepared")
        found.append(experiments.decisions(experiments.read(data)).table)
    pd.testing.assert_frame_equal(*found)
    assert found[0]["effect"].iloc[0] == pytest.approx(0.2)


@pytest.mark.parametrize(
    "rows",
    [
        {"variant": ["control"] * 5, "bought": [1.0] * 5},
        {"variant": ["control", "new"] * 5, "bought": [1.0, 0.0] * 5},
        {"variant": ["control", "new"] * 5, "bought": [1.0, 0.0] + [np.nan] * 8},
        {"variant": ["control", "new"] * 5, "bought": [np.nan] * 10},
        {"variant": ["control", "new"] * 5, "bought": [0.0] * 10},
        {"variant": ["a", "b"] * 5, "bought": [1.0, 0.0] * 5, "customer_id": list("ccddeeffgg")},
    ],
)
def test_tiny_experiments_are_not_readable_rather_than_an_error(rows):
    trials = experiments.read(dataset(rows, metric("bought", "proportion"), covariate("bought_before")))
    assert set(experiments.decisions(trials).table["decision"]) == {"not readable"}
    for finding in (
        experiments.health(trials),
        experiments.balance(trials),
        *experiments.effects(trials),
        experiments.detectable(trials),
        experiments.missing_values(trials),
    ):
        assert finding.headline()
        if not isinstance(finding, NotApplicable):
            finding.plot()
    plt.close("all")


def test_arms_of_fewer_than_five_customers_are_left_out_and_counted():
    """The name of such an arm, or of an experiment made of them, could point at people."""
    odd = pd.DataFrame({"variant": ["ann@b.cn"] * 4, "bought": 1.0, "customer_id": list("wxyz")})
    alone = odd.assign(experiment="for ann", customer_id=list("stuv"))
    data = dataset(
        pd.concat([two_arms(50, 50).assign(customer_id=[f"c{i}" for i in range(100)]), odd, alone]).fillna(
            {"experiment": "test"}
        ),
        metric("bought", "proportion"),
    )
    (trial,) = experiments.read(data)
    assert trial.arms["arm"].tolist() == ["control", "new"]
    assert trial.quarantined == {"in an arm of fewer than 5 customers": 8}
    for finding in (experiments.health((trial,)), *experiments.effects((trial,)), experiments.detectable((trial,))):
        assert "b.cn" not in finding.headline() + finding.summary().to_string()
    assert experiments.read(dataset(odd, metric("bought", "proportion"))) == ()


def test_an_arm_below_the_smallest_size_is_too_few_to_test():
    rows = two_arms(20, 20, 0.1, 0.9)
    assert decided(rows)["reason"].tolist() == ["Fewer than 30 customers in an arm: too few to test."]
    assert decided(rows, smallest_arm=20)["decision"].tolist() == ["ship"]


def test_a_control_that_nobody_is_in_is_said():
    table = decided(two_arms(20, 20), words={"test": {"control": "old"}})
    assert set(table["decision"]) == {"not readable"}


def test_without_experiments_every_question_is_not_applicable():
    bare = datasets.Dataset(
        "t", dt.date(2025, 1, 1), dataset({"variant": []}).settings, {}, pd.DataFrame(), Path(), (), Path()
    )
    trials = experiments.read(bare)
    answers = [
        ask(trials)
        for ask in (
            experiments.health,
            experiments.balance,
            experiments.decisions,
            experiments.detectable,
            experiments.missing_values,
        )
    ]
    for answer in (*answers, *experiments.effects(trials)):
        assert answer.headline() == "Not applicable: there is no experiment to read."


# Figures


def test_every_figure_draws_one_mark_a_row(demo):
    forest = experiments.effects(demo)[2].plot()
    assert [tick.get_text().replace("\n", " ") for tick in forest.get_yticklabels()][0] == (
        "price_copy · Bought in the mini-programme sale"
    )
    assert len(forest.lines[-1].get_xdata()) == 6
    assert len(experiments.decisions(demo).plot().get_yticklabels()) == 4
    assert len(experiments.health(demo).plot().patches) == 14
    assert len(experiments.balance(demo).plot().get_yticklabels()) == 4
    assert len(experiments.detectable(demo).plot().patches) == 12
    assert len(experiments.missing_values(demo).plot().patches) == 14
    plt.close("all")


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"correction": "bonferroni"}, "correction = 'bonferroni': choose one of holm"),
        ({"alpha": 5}, "alpha = 5: give a number from"),
        ({"power": 80}, "power = 80: give a number from"),
    ],
)
def test_rules_are_checked_when_they_are_declared(rule, message):
    with pytest.raises(ValueError, match=message):
        experiments.Rules(**rule)
