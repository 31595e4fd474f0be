"""When customers leave: a slow loop over person-months, the demo's truth, Cox's model, and groups too small to show."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.timing.tenure import LEAST_AT_RISK, TenureHazards, hazard_over_tenure
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable

START = pd.Timestamp("2022-01-01")
UNTIL = dt.date(2024, 12, 31)


def test_customers_of_one_order_make_no_first_month_stand_out(pausing_buyers):
    """At a constant rate of leaving an eighth never order again: ends dated to the last order heap them on day 0."""
    stays = pausing_buyers(np.random.default_rng(1), 150)
    found = hazard_over_tenure(stays)
    assert found.once_share == stays.once.mean() > 0.1
    assert f"{100 * found.once_share:.1f}% were silent right after their first order day" in words_of(found)
    assert "No single month stands out" in words_of(found) and found.trend["p_value"] > 0.01


@pytest.fixture(scope="module")
def by_plan(contracts):
    return hazard_over_tenure(contracts)


def drawn(rng, n=3_000, daily=0.004, plans=(("a", 1.0), ("b", 0.5)), turn=1.0):
    """Stays that began over two years; after half a year the leave rate is `turn` times as high."""
    ratios = dict(plans)
    plan = rng.choice(list(ratios), n)
    begun = rng.integers(0, 730, n)
    hazard = rng.exponential(size=n) / (daily * pd.Series(plan).map(ratios).to_numpy())
    lasted = np.ceil(np.where(hazard < 180, hazard, 180 + (hazard - 180) / turn)).astype(int)
    return as_stays(plan, begun, lasted)


def as_stays(plan, begun, lasted, entry=0.0):
    started = START + pd.to_timedelta(begun, unit="D")
    follow = (pd.Timestamp(UNTIL) - started).days.to_numpy()
    left = lasted <= follow
    table = pd.DataFrame({"customer_id": [f"c{i}" for i in range(len(plan))], "started_on": started, "plan": plan})
    table = table.assign(
        left=left,
        duration_days=np.where(left, lasted, follow),
        entry_days=entry,
        reason=None,
        ended_on=(started + pd.to_timedelta(np.minimum(lasted, 3_650), unit="D")).where(left),
    )
    return Stays(table, ("plan",), "contract", UNTIL, UNTIL)


def test_the_engine_returns_as_many_rows_for_ten_times_the_customers():
    few = drawn(np.random.default_rng(2), 2_000)
    many = Stays(pd.concat([few.table] * 10, ignore_index=True), ("plan",), "contract", UNTIL, UNTIL)
    once, often = hazard_over_tenure(few), hazard_over_tenure(many)
    known = often.table.merge(once.table, on=["group", "month_of_stay"], suffixes=("", "_once"))
    assert len(known) == len(once.table)
    np.testing.assert_array_equal(known["leavers"], 10 * known["leavers_once"])
    np.testing.assert_allclose(often.ratios["hazard_ratio"], once.ratios["hazard_ratio"], rtol=1e-6)


def test_the_demo_leaves_at_its_true_rates_in_every_month(by_plan):
    """Truth: a constant monthly chance by plan, and 1.6 times the hazard in one channel of every plan."""
    assert by_plan.by == "plan"
    assert by_plan.trend["p_value"] > 0.05 and by_plan.standing_out.empty
    hazards = {plan: -np.log1p(-rate) for plan, rate in TRUTH.monthly_leave_rates.items()}
    rows = by_plan.ratios.set_index("group")
    for plan in ("季付", "年付"):
        assert rows.loc[plan, "lower"] < hazards[plan] / hazards["月付"] < rows.loc[plan, "upper"]
    rates = by_plan.table.groupby("group", observed=True)[["leavers", "months_at_risk"]].sum()
    for plan, rate in TRUTH.monthly_leave_rates.items():
        assert rate < rates.loc[plan, "leavers"] / rates.loc[plan, "months_at_risk"] < 1.6 * rate
    assert "No evidence that the rate changes with the time stayed" in words_of(by_plan)
    assert "No single month stands out" in words_of(by_plan)


def test_ratios_are_those_of_cox(by_plan):
    """Months against days of the same stays: a tenth of a standard error."""
    others = by_plan.ratios.iloc[1:]
    std_error = np.log(others["upper"] / others["lower"]) / (2 * 1.96)
    assert (np.abs(np.log(others["hazard_ratio"] / others["cox_hazard_ratio"])) < 0.1 * std_error).all()


def test_a_month_stands_out_where_so_many_of_all_leavers_fall_on_it_by_chance_seldom():
    """Fisher's chance with half of the like counted, against dealing all leavers out among all person-months."""
    months = pd.DataFrame({
        "group": "everybody", "month_of_stay": [1, 2, 3], "stays": 40, "months_at_risk": [40, 30, 20],
        "leavers": [2, 2, 5], "leave_rate": 0.1, "lower": 0.0, "upper": 1.0,
    })  # fmt: skip
    dealt = np.random.default_rng(1).hypergeometric(20, 70, 9, 200_000)
    chance = (dealt > 5).mean() + (dealt == 5).mean() / 2
    assert 0.01 < chance < 0.05 / 3
    found = TenureHazards(months, pd.DataFrame(), pd.Series(dtype=float), "")
    assert found.standing_out["month_of_stay"].to_list() == [3]
    assert replace(found, table=months.assign(leavers=[2, 3, 5])).standing_out.empty


def test_a_rate_that_rises_is_said_to_rise_and_one_that_falls_to_fall():
    rising = hazard_over_tenure(drawn(np.random.default_rng(3), turn=3.0))
    falling = hazard_over_tenure(drawn(np.random.default_rng(4), turn=0.3))
    assert "more the longer they have stayed" in words_of(rising) and rising.trend["lower"] > 1
    assert "fewer the longer they have stayed" in words_of(falling) and falling.trend["upper"] < 1


def test_a_month_of_renewal_stands_out():
    rng = np.random.default_rng(5)
    n = 2_000
    lasted = np.ceil(rng.exponential(600, n)).astype(int)
    renewing = (lasted > 340) & (rng.random(n) < 0.3)
    found = hazard_over_tenure(
        as_stays(rng.choice(["a", "b"], n), rng.integers(0, 365, n), np.where(renewing, 350, lasted))
    )
    assert found.standing_out["month_of_stay"].iloc[0] == 12
    assert str(found.headline()).startswith("Month 12 of the stay stands out: ")
    assert "Plan: no evidence that groups leave at different rates" in words_of(found)


def test_delayed_entry_counts_from_the_next_whole_month_and_brings_no_bias():
    rng = np.random.default_rng(6)
    n = 20_000
    begun, lasted = rng.integers(0, 730, n), np.ceil(rng.exponential(200, n)).astype(int)
    entry = np.where(rng.random(n) < 0.5, rng.integers(1, 300, n), 0)
    seen = (lasted > entry) & (entry < 1_095 - begun)
    found = hazard_over_tenure(
        as_stays(np.repeat("a", seen.sum()), begun[seen], lasted[seen], entry[seen].astype(float))
    )
    early = found.table[found.table["month_of_stay"] <= 10]
    np.testing.assert_allclose(early["leave_rate"], 1 - np.exp(-365.25 / 12 / 200), rtol=0.12)
    assert early["leavers"].sum() / early["months_at_risk"].sum() == pytest.approx(
        1 - np.exp(-365.25 / 12 / 200), rel=0.03
    )


def test_months_that_few_reached_are_not_shown():
    found = hazard_over_tenure(drawn(np.random.default_rng(7), 400))
    assert found.table["stays"].min() >= LEAST_AT_RISK
    for _, months in found.table.groupby("group", observed=True):
        assert months["month_of_stay"].tolist() == list(range(1, len(months) + 1))


def test_a_group_in_which_nobody_leaves_has_rates_and_no_ratio():
    given = drawn(np.random.default_rng(8), plans=(("a", 1.0), ("b", 0.5), ("loyal", 1e-9)))
    found = hazard_over_tenure(given)
    assert found.ratios["group"].tolist() == ["a", "b"] or found.ratios["group"].tolist() == ["b", "a"]
    rows = found.summary().set_index("group")
    assert rows.loc["loyal", "months_1_to_3_rate"] == 0 and np.isnan(rows.loc["loyal", "hazard_ratio"])


def test_everybody_is_one_group_where_no_column_divides_them():
    given = drawn(np.random.default_rng(9))
    found = hazard_over_tenure(Stays(given.table, (), "contract", UNTIL, UNTIL))
    assert found.by == "" and found.summary()["group"].tolist() == ["everybody"]
    assert "in the same month" not in words_of(found)


def test_the_figure_shows_the_rates_of_the_largest_groups(by_plan):
    ax = by_plan.plot()
    drawn_rates = ax.get_lines()[0].get_ydata()
    expected = by_plan.table[by_plan.table["group"] == "月付"]["leave_rate"].to_numpy()
    np.testing.assert_allclose(drawn_rates, expected[: len(drawn_rates)])
    assert ax.get_ylim()[0] == 0


def test_a_group_whose_months_with_leavers_are_all_hidden_is_not_drawn(by_plan):
    hidden = by_plan.table["group"].isin(["月付", "年付"]) & (by_plan.table["month_of_stay"] > 2)
    rest = by_plan.table["group"].isin(["月付", "年付"]) & ~hidden
    table = by_plan.table.assign(leave_rate=by_plan.table["leave_rate"].mask(hidden).mask(rest, 0.0))
    assert [line.get_label() for line in replace(by_plan, table=table).plot().get_lines()] == ["季付"]
    nothing = replace(by_plan, table=table.assign(leave_rate=table["leave_rate"].mask(table["month_of_stay"] > 2) * 0))
    assert not nothing.plot().get_lines()


def test_a_column_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(ValueError, match="by = 'colour'"):
        hazard_over_tenure(drawn(np.random.default_rng(10), 200), "colour")


def test_too_few_leavers_are_no_answer():
    given = drawn(np.random.default_rng(11), 100, daily=1e-6)
    assert isinstance(hazard_over_tenure(given), NotApplicable)
    assert isinstance(hazard_over_tenure(NotApplicable("nothing.")), NotApplicable)


def test_telco_leaves_in_the_first_month_above_all(telco):
    """Counted from the file: 380 of 3,875 monthly contracts of at least a month end with the first."""
    found = hazard_over_tenure(telco)
    first = found.table[found.table["group"] == "Month-to-month"].iloc[0]
    assert (first["month_of_stay"], first["months_at_risk"], first["leavers"]) == (1, 3875, 380)
    assert found.standing_out["month_of_stay"].iloc[0] == 1
