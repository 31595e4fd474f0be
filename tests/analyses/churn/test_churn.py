"""Churn: the demo's truth, the telco's known answers, a silence that means something, and nothing after as_of."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.analyses import churn
from helpers.data import datasets
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable
from helpers.statistics import survival
from shops import SHARED

AS_OF = dt.date(2024, 12, 31)


@pytest.fixture(scope="module")
def demo():
    return datasets.open("demo")


@pytest.fixture(scope="module")
def demo_stays(demo):
    return churn.stays(demo)


@pytest.fixture(scope="module")
def telco():
    if not (SHARED / "telco").is_dir():
        pytest.skip("the telco sample is not beside the project")
    return churn.stays(datasets.open(SHARED / "telco"))


def shop(orders=None, customers=None, as_of=AS_OF, contractual=None):
    """A data set in memory, cut at `as_of` already, with the parts of `Dataset` that churn reads."""
    tables = {}
    if orders is not None:
        columns = {"cancelled": False, "amount": 10.0, "refund": 0.0, "customer_id": None, "ordered_at": None}
        tables["orders"] = ibis.memtable(
            pd.DataFrame({**columns, **{name: orders[name] for name in orders}}, index=orders.index)
        )
    if customers is None:
        customers = pd.DataFrame({"customer_id": pd.Series(dtype=str)})
    settings = SimpleNamespace(
        contractual=contractual,
        attributes=(),
        policy={"cancellations": "net", "refunds": "net"},
        observed_from="",
    )
    return SimpleNamespace(tables=tables, customers=customers, settings=settings, as_of=as_of)


def silent_customers(rng, customers=12_000, log_days=365):
    """Buyers about every 20 days who leave for good at 1/120 a day: orders, and true stays by last order."""
    joined = rng.integers(0, log_days, customers)
    lifetime = rng.exponential(120, customers)
    gaps = np.maximum(1, rng.gamma(8, 20 / 8, (customers, 100)).round())
    after = np.concatenate([np.zeros((customers, 1)), gaps.cumsum(axis=1)], axis=1)
    alive = after <= lifetime[:, None]
    day = joined[:, None] + after
    who, when = np.nonzero(alive & (day <= log_days))
    start = pd.Timestamp(AS_OF) - pd.Timedelta(days=log_days)
    orders = pd.DataFrame(
        {"customer_id": [f"c{i}" for i in who], "ordered_at": start + pd.to_timedelta(day[who, when], unit="D")}
    )
    return orders, np.where(alive, after, 0).max(axis=1)


# What leaving means


def test_a_silence_is_dated_back_to_the_last_order_and_nobody_is_seen_beyond_as_of_less_the_silence():
    day = pd.Timestamp(AS_OF)
    ago = {"back": [400, 300, 10], "gone": [400, 200], "edge": [300, 100], "still": [300, 150, 60], "new": [50]}
    rows = [(who, day - pd.Timedelta(days=days)) for who, all_days in ago.items() for days in all_days]
    rows += [(f"x{i}", day - pd.Timedelta(days=200 + i)) for i in range(20)]
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at"])
    stays = churn.stays(shop(orders), silence_days=100)
    table = stays.table.set_index("customer_id")
    assert table.loc[["back", "gone", "edge", "still"], "left"].tolist() == [True, True, True, True]
    assert table.loc[["back", "gone", "edge", "still"], "duration_days"].tolist() == [100, 0, 0, 0]
    longer = churn.stays(shop(orders), silence_days=160).table.set_index("customer_id")
    assert not longer.loc["still", "left"]
    assert longer.loc["still", "duration_days"] == 300 - 160
    assert "new" not in table.index
    assert stays.until == AS_OF - dt.timedelta(days=100)
    came_back = {"back": 1, "gone": 1, "edge": 1, "still": 1}
    assert stays.returns == sum(came_back.values())
    assert stays.silences == 4 + 2 + 20  # gone and edge are silent twice


def test_cancelled_orders_do_not_break_a_silence():
    day = pd.Timestamp(AS_OF)
    rows = [(f"x{i}", day - pd.Timedelta(days=300), False) for i in range(30)]
    rows += [(f"x{i}", day - pd.Timedelta(days=150), True) for i in range(30)]
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "cancelled"])
    stays = churn.stays(shop(orders), silence_days=100)
    assert stays.table["left"].all()
    assert (stays.silences, stays.returns) == (30, 0)


def test_the_silence_comes_from_the_gaps_of_the_data_unless_it_is_given(demo):
    orders = demo.tables["orders"].execute()
    orders = orders[orders["customer_id"].notna() & ~orders["cancelled"].fillna(False).astype(bool)]
    days = (
        orders.assign(day=orders["ordered_at"].dt.normalize())
        .drop_duplicates(["customer_id", "day"])
        .sort_values("day")
    )
    gaps = days.groupby("customer_id")["day"].diff().dt.days.dropna()
    assert churn.stays(demo, "silence").silence_days == np.ceil(gaps.quantile(0.95))
    assert churn.stays(demo, "silence", 60).silence_days == 60


def test_dating_back_and_censoring_early_recovers_the_truth_where_the_naive_rule_does_not():
    """shared/known_answers/survival.md, "Why a definition matters": about .36 for a truth of .16 at day 200."""
    orders, truth = silent_customers(np.random.default_rng(7))
    days = [50, 100, 150, 200, 250]
    stays = churn.stays(shop(orders), silence_days=90)
    ours = survival.at(churn.staying(stays).curve, days)["survival"].to_numpy()
    true = np.array([(truth > day).mean() for day in days])
    span = orders.groupby("customer_id")["ordered_at"].agg(["min", "max"])
    left = (pd.Timestamp(AS_OF) - span["max"]).dt.days >= 90
    naive_days = (span["max"].where(left, pd.Timestamp(AS_OF)) - span["min"]).dt.days
    naive = survival.at(survival.kaplan_meier(naive_days, left), days)["survival"].to_numpy()
    np.testing.assert_allclose(ours, true, atol=0.03)
    assert (true[3], naive[3]) == (pytest.approx(0.17, abs=0.02), pytest.approx(0.36, abs=0.02))
    assert (naive[1:] > 1.25 * true[1:]).all()


def test_facts_after_as_of_change_nothing(demo):
    """The demo opened at an earlier day equals the demo whose later rows never were."""
    day = dt.date(2025, 6, 30)
    seen = datasets.open("demo", day)
    after = pd.Timestamp(day) + pd.Timedelta(days=1)
    tables = dict(demo.tables)
    subscriptions, orders = demo.tables["subscriptions"], demo.tables["orders"]
    ended = subscriptions.ended_at < after
    known = subscriptions.filter(subscriptions.started_at < after)
    tables["subscriptions"] = known.mutate(
        ended_at=ibis.cases((ended, known.ended_at)), reason=ibis.cases((ended, known.reason))
    )
    tables["orders"] = orders.filter(orders.ordered_at < after)
    never = replace(seen, tables=tables)
    for definition in ("contract", "silence"):
        pd.testing.assert_frame_equal(churn.stays(seen, definition).table, churn.stays(never, definition).table)
    earlier, later = churn.stays(seen), churn.stays(demo)
    assert earlier.table["ended_on"].max() <= pd.Timestamp(day) < later.table["ended_on"].max()


# The demo's truth


@pytest.mark.parametrize("days", [30, 90, 180, 365])
def test_demo_leave_rates_by_plan_are_those_it_was_drawn_from(demo_stays, days):
    rates = churn.staying(demo_stays, "plan").rates((days,)).set_index("group")
    shares = demo_stays.table.groupby("plan")["channel"].value_counts(normalize=True)
    for plan in TRUTH.monthly_leave_rates:
        true = sum(share * TRUTH.stay_share(plan, channel, days) for channel, share in shares[plan].items())
        row = rates.loc[plan]
        width = row["upper"] - row["lower"]
        assert row["lower"] - 0.25 * width <= true <= row["upper"] + 0.25 * width  # 12 intervals at once


def test_demo_hazard_ratios_cover_the_truth_and_nothing_else_is_found(demo_stays):
    hazards = churn.hazard_ratios(demo_stays)
    ratios = hazards.ratios.set_index("covariate")
    douyin = ratios.loc["Channel: 抖音"]
    assert douyin["lower"] < TRUTH.hazard_ratios["抖音"] < douyin["upper"]
    monthly = TRUTH.daily_hazard("月付", "微信")
    for plan in ("季付", "年付"):
        true = TRUTH.daily_hazard(plan, "微信") / monthly
        assert ratios.loc[f"Plan: {plan}", "lower"] < true < ratios.loc[f"Plan: {plan}", "upper"]
    sure = set(ratios.index[ratios["adjusted_p_value"] < 0.05])
    assert sure == {"Channel: 抖音", "Plan: 季付", "Plan: 年付"}
    assert churn.proportionality(hazards).failing.empty


def test_demo_reasons_are_shared_as_drawn_and_add_up_to_all_who_left(demo_stays):
    found = churn.reasons(demo_stays)
    shares = found.counts / found.counts.sum()
    for reason, share in TRUTH.reason_shares.items():
        assert shares[reason] == pytest.approx(share, abs=0.035)
    everybody = survival.at(survival.kaplan_meier(demo_stays.table["duration_days"], demo_stays.table["left"]), [180])
    assert found.at(180)["left_share"].sum() == pytest.approx(1 - everybody["survival"].iloc[0], rel=1e-9)


# The telco's known answers


def test_telco_survival_is_the_known_one(telco):
    """shared/known_answers/survival.md, telco; months are the days that the preset turned them into."""
    day = pd.Timestamp("2019-10-01")
    days = [(day - (day - pd.DateOffset(months=months))).days for months in (12, 24, 60)]
    curve = survival.kaplan_meier(telco.table["duration_days"], telco.table["left"])
    np.testing.assert_allclose(survival.at(curve, days)["survival"], [0.843200, 0.788736, 0.664404], rtol=1e-6)
    assert (len(telco.table), telco.table["left"].sum()) == (7043, 1869)


def test_telco_log_rank_tests_are_the_known_ones(telco):
    tests = churn.attribute_tests(telco).tests.set_index("attribute")["statistic"]
    assert tests["plan"] == pytest.approx(2352.872538, rel=1e-6)
    known = {
        "senior_citizen": 109.49,
        "partner": 423.54,
        "internet_service": 520.12,
        "online_security": 1013.86,
        "tech_support": 989.56,
        "payment_method": 865.24,
        "gender": 0.53,
    }
    for name, statistic in known.items():
        assert tests[name] == pytest.approx(statistic, abs=0.006)


def test_telco_total_charges_are_left_out_as_leakage_and_proportional_hazards_fails(telco):
    assert churn.suspects(telco).names == ("total_charges",)
    assert "total_charges" not in set(churn.attribute_tests(telco).tests["attribute"])
    hazards = churn.hazard_ratios(telco)
    assert not hazards.ratios["covariate"].str.contains("Total charges").any()
    assert hazards.concordance < 0.9
    drift = churn.proportionality(hazards)
    assert {"Online security: Yes", "Tech support: Yes"} <= set(drift.failing["covariate"])
    assert drift.headline().startswith("Proportional hazards fails")
    for service in ("Online security", "Tech support", "Device protection"):
        assert service in drift.headline()
    assert "Left out as leakage" in churn.attribute_tests(telco).headline()
    assert churn.attribute_tests(telco).headline().endswith("Total charges.")
    assert "Plan" in hazards.left_out["contract"]


# What is shown


def test_every_finding_speaks_draws_and_tabulates(demo, demo_stays):
    hazards = churn.hazard_ratios(demo_stays)
    drift = churn.proportionality(hazards)
    silence = churn.stays(demo, "silence")
    risk, tested = churn.risk(demo_stays, demo), churn.holdout(demo_stays, demo)
    found = [
        demo_stays,
        silence,
        churn.staying(demo_stays),
        churn.group_pairs(demo_stays),
        churn.hazard_over_tenure(demo_stays),
        churn.cohorts(demo_stays),
        churn.retention(demo_stays),
        churn.reasons(demo_stays),
        churn.reason_ratios(hazards),
        churn.attribute_tests(demo_stays),
        hazards,
        drift,
        churn.shapes(demo_stays),
        risk,
        churn.risk_reasons(risk),
        tested,
        churn.lift(tested),
        churn.silence_choices(demo),
        churn.silence_errors(demo),
        churn.trust(demo_stays, hazards, drift),
        churn.suspects(silence),
    ]
    ids = set(demo.customers["customer_id"])
    for finding in found:
        table = finding.summary()
        assert len(table)
        assert finding.headline().endswith(".")
        assert finding.plot().has_data()
        assert not ids & set(map(str, table.astype(object).to_numpy().ravel()))
        plt.close("all")


def test_a_curve_and_its_numbers_at_risk_have_one_order_and_start_with_everybody(demo_stays):
    ax = churn.staying(demo_stays, "plan").plot()
    drawn = [line.get_label() for line in ax.get_lines()]
    written = [text.get_text() for text in ax.texts if text.get_text() in drawn]
    assert drawn == written == ["月付", "季付", "年付"]
    assert [line.get_xydata()[0].tolist() for line in ax.get_lines()] == [[0, 1]] * 3
    plt.close("all")


def test_the_table_of_the_curves_says_who_is_still_there_on_each_day(demo_stays):
    curves = churn.staying(demo_stays, "plan")
    rates = curves.rates().set_index(["group", "days"])["stay_rate"]
    table = curves.summary().set_index("group")
    assert table["stay_90d_rate"].to_dict() == rates.xs(90, level="days").to_dict()
    assert table["median_days"].isna().tolist() == [False, False, True]


def test_a_long_table_shows_the_strongest_evidence_and_the_result_keeps_it_all(demo_stays):
    hazards = churn.hazard_ratios(demo_stays)
    shown = hazards.summary()
    assert len(shown) == 12 < len(hazards.ratios)
    assert (
        shown["adjusted_p_value"].max() <= hazards.ratios["adjusted_p_value"].nlargest(len(hazards.ratios) - 12).min()
    )


def test_groups_of_fewer_than_five_customers_are_never_shown(demo_stays):
    rare = demo_stays.table["plan"].where(demo_stays.table.index >= 3, "秘密")
    stays = replace(demo_stays, table=demo_stays.table.assign(plan=rare))
    table = churn.staying(stays, "plan").summary()
    assert "秘密" not in set(table["group"])
    assert table["customers"].min() >= 5
    assert table["customers"].sum() == len(stays.table)


def test_groups_drawn_by_lot_are_no_evidence(demo_stays):
    lot = pd.Series(np.random.default_rng(3).choice(list("abc"), len(demo_stays.table)))
    stays = replace(
        demo_stays, table=demo_stays.table[["duration_days", "left", "entry_days"]].assign(lot=lot), attributes=("lot",)
    )
    assert churn.group_pairs(stays).headline().startswith("No evidence")
    assert churn.attribute_tests(stays).headline().startswith("No evidence")
    by_plan = churn.group_pairs(demo_stays, "plan").headline()
    assert "with plan 年付 stay" in by_plan and "longer than those with 月付" in by_plan and by_plan.endswith("3 of 3.")


def test_a_column_written_after_the_fact_is_a_suspect(demo_stays):
    told = demo_stays.table["duration_days"] * 3.0 + np.arange(len(demo_stays.table)) % 50
    stays = replace(demo_stays, table=demo_stays.table.assign(paid=told), attributes=(*demo_stays.attributes, "paid"))
    assert churn.suspects(stays).names == ("paid",)
    assert not churn.hazard_ratios(stays).ratios["covariate"].str.startswith("Paid").any()


def test_covariates_that_others_determine_are_left_out_with_a_reason(demo_stays):
    price = demo_stays.table["plan"].map({"月付": 25.0, "季付": 22.0, "年付": 15.0})
    stays = replace(demo_stays, table=demo_stays.table.assign(fee=price), attributes=(*demo_stays.attributes, "fee"))
    hazards = churn.hazard_ratios(stays)
    assert any(name.startswith("Fee") for name in hazards.left_out)
    assert "nearly determined" in hazards.without


# What is missing


def test_what_a_data_set_lacks_is_a_sentence_all_the_way_down():
    empty = shop()
    stays = churn.stays(empty)
    hazards = churn.hazard_ratios(stays)
    answers = [
        stays,
        churn.staying(stays, "plan"),
        churn.group_pairs(stays),
        churn.reasons(stays),
        churn.attribute_tests(stays),
        churn.suspects(stays),
        hazards,
        churn.proportionality(hazards),
        churn.risk(stays, empty),
        churn.risk_reasons(stays),
        churn.holdout(stays, empty),
        churn.lift(stays),
        churn.silence_choices(empty),
        churn.silence_errors(empty),
        churn.hazard_over_tenure(stays),
        churn.cohorts(stays),
        churn.retention(stays),
        churn.reason_ratios(hazards),
        churn.shapes(stays),
        churn.trust(stays, hazards, hazards),
    ]
    assert all(isinstance(answer, NotApplicable) for answer in answers)
    assert stays.headline() == "Not applicable: this data set has no subscriptions and no orders."


def test_buying_once_is_not_silence():
    day = pd.Timestamp(AS_OF)
    orders = pd.DataFrame({"customer_id": [f"x{i}" for i in range(500)], "ordered_at": day - pd.Timedelta(days=100)})
    answer = churn.stays(shop(orders))
    assert isinstance(answer, NotApplicable)
    assert "0 of 500 customers" in answer.reason
    assert churn.stays(shop(orders), silence_days=50).table["left"].all()


def test_orders_without_customers_are_a_sentence():
    orders = pd.DataFrame({"customer_id": pd.Series([None] * 30, dtype="string"), "ordered_at": pd.Timestamp(AS_OF)})
    assert churn.stays(shop(orders)).headline() == "Not applicable: no order names its customer."


def test_customers_without_any_attribute_still_have_a_curve_and_a_silence_risk():
    orders, _ = silent_customers(np.random.default_rng(1), 400)
    data = shop(orders.assign(amount=10.0))
    stays = churn.stays(data, silence_days=90)
    assert stays.attributes == ()
    assert churn.staying(stays).summary()["customers"].tolist() == [len(stays.table)]
    assert isinstance(churn.hazard_ratios(stays), NotApplicable)
    assert churn.risk(stays, data).customers["leave_90d_rate"].between(0, 1).all()


def test_wrong_parameters_are_named(demo, demo_stays):
    with pytest.raises(ValueError, match="definition = 'contrat'.*Did you mean 'contract'"):
        churn.stays(demo, "contrat")
    with pytest.raises(ValueError, match="silence_days = -1"):
        churn.stays(demo, "silence", -1)
    with pytest.raises(ValueError, match="group = 'chanel'.*Did you mean 'channel'"):
        churn.staying(demo_stays, "chanel")
    with pytest.raises(ValueError, match="horizon_days = 30"):
        churn.risk(demo_stays, demo, 30)
