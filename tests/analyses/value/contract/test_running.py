"""The value of running contracts: a slow loop from the definition, known truth, and what the data may lack."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.value.contract import running as value_contracts
from helpers.analyses.value.contract.running import ContractValue, contracts
from helpers.data.days import MONTH_DAYS, YEAR_DAYS
from helpers.findings import NotApplicable
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.folding import SMALL_GROUPS
from helpers.statistics.survival.curves import at, kaplan_meier
from shops import shop, words

AS_OF = pd.Timestamp("2024-12-31")
PRICES = {"monthly": 30.0, "yearly": 20.0}


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr(value_contracts, "DRAWS", 5)


def contracted(rows, observed_from=""):
    """A shop of these subscriptions."""
    settings = words(observed_from=observed_from, currency="CNY")
    return shop(as_of=AS_OF.date(), settings=settings, subscriptions=rows)


def subscriptions(start, days, plan, price=None, names="c"):
    """Rows of contracts that began `start` days before the last day and lasted `days` unless they still run."""
    start, days = np.asarray(start), np.minimum(days, 9_999)  # a date has to be possible
    started = AS_OF - pd.to_timedelta(start, unit="D")
    ended = pd.Series(started + pd.to_timedelta(days, unit="D")).where(days <= start)
    plan = np.broadcast_to(plan, len(start))
    prices = [PRICES[each] for each in plan] if price is None else price
    names = [f"{names}{i:05d}" for i in range(len(start))]
    table = {"customer_id": names, "plan": plan, "price": prices, "started_at": started, "ended_at": ended}
    return pd.DataFrame(table)


def steady(rng, n=1_500, longest=700):
    """Contracts that end by chance alike every day: a mean of 200 days monthly, 800 yearly."""
    plan = rng.choice(list(PRICES), n)
    days = rng.exponential(np.where(plan == "monthly", 200, 800)).astype(int)
    return subscriptions(rng.integers(0, longest, n), days, plan)


def loyal(rng, n, longest):
    """Contracts whose chance to end some time in a month is of a beta distribution: who is left stays ever longer."""
    days = ((rng.geometric(rng.beta(1.0, 6.0, n)) - rng.random(n)) * MONTH_DAYS).astype(int)
    return subscriptions(rng.integers(0, longest, n), days, "monthly")


def closed_form(mean_days, horizon, rate=0.1):
    """Discounted months of a contract that ends by chance alike every day, integrated over the horizon."""
    speed = 1 / mean_days + np.log1p(rate) / YEAR_DAYS
    return -np.expm1(-speed * horizon) / speed / MONTH_DAYS


@pytest.fixture(scope="module")
def steady_rows():
    return steady(np.random.default_rng(1))


def test_months_are_the_discounted_days_of_a_loop_over_kaplan_meier(steady_rows):
    found = contracts(contracted(steady_rows), discount_rate=0.2, horizon_days=90)
    stays = steady_rows.assign(left=steady_rows["ended_at"].notna())
    stays["days"] = (stays["ended_at"].fillna(AS_OF) - stays["started_at"]).dt.days
    curves = kaplan_meier(stays["days"], stays["left"], groups=stays["plan"])
    rows = found.table[found.table["tenure_days"] < 300].iloc[::40]
    assert len(rows) > 10
    for row in rows.itertuples():
        survival = at(curves[curves["group"] == row.plan], row.tenure_days + np.arange(90))["survival"].to_numpy()
        months = sum(survival[day] / survival[0] / 1.2 ** ((day + 0.5) / 365.25) / (365.25 / 12) for day in range(90))
        assert row.expected_months == pytest.approx(months, rel=1e-12)
        assert row.contract_value == pytest.approx(months * PRICES[row.plan], rel=1e-12)
        assert row.extrapolated_share == 0


def test_all_that_lies_beyond_the_tenures_observed_is_said_to_be_extrapolated(steady_rows):
    found = contracts(contracted(steady_rows), horizon_days=365)
    days = (steady_rows["ended_at"].fillna(AS_OF) - steady_rows["started_at"]).dt.days
    for plan, rows in found.table.groupby("plan"):
        watched = days[steady_rows["plan"] == plan].sort_values().iloc[-LEAST_AT_RISK]
        within = rows["tenure_days"] + 365 <= watched
        assert within.any()
        assert (rows.loc[within, "extrapolated_share"] == 0).all()
        assert np.allclose(rows.loc[rows["tenure_days"] >= watched, "extrapolated_share"], 1)
        assert rows.loc[~within, "extrapolated_share"].between(0, 1, inclusive="right").all()
    share = found.table["extrapolated_share"] @ found.table["contract_value"] / found.expected_value
    assert found.extrapolated_share == pytest.approx(share)


@pytest.mark.parametrize(("horizon", "tolerance"), [(180, 0.03), (730, 0.06)])
def test_contracts_that_end_by_chance_have_the_months_of_the_closed_form(horizon, tolerance):
    found = contracts(contracted(steady(np.random.default_rng(2), 8_000)), horizon_days=horizon)
    for plan, mean_days in {"monthly": 200, "yearly": 800}.items():
        months = found.table.loc[found.table["plan"] == plan, "expected_months"].mean()
        assert months == pytest.approx(closed_form(mean_days, horizon), rel=tolerance)


def test_beyond_what_was_observed_loyal_customers_are_extrapolated_by_rising_retention():
    """Fifteen months of records and three years to come. Chances to end of a beta(1, 6) leave 6 / (6 + m) after m."""
    found = contracts(contracted(loyal(np.random.default_rng(3), 60_000, 450)), discount_rate=0.0, horizon_days=1095)
    for low, high in ((90, 150), (390, 450)):
        rows = found.table[found.table["tenure_days"].between(low, high - 1)]
        behind = rows["tenure_days"].to_numpy()[::40, None] + np.arange(1, 1096)
        staying = np.interp(behind / MONTH_DAYS, np.arange(60), 6 / (6 + np.arange(60)))
        months = (staying / staying[:, :1]).sum(axis=1) / MONTH_DAYS
        assert rows["expected_months"].mean() == pytest.approx(months.mean(), rel=0.03)
        assert rows["extrapolated_share"].mean() > 0.5


def test_months_seen_from_a_late_entry_on_do_not_count_before():
    """Two thirds of contracts lost in the first month, unseen of those who entered later, must not vanish."""
    rng = np.random.default_rng(5)
    rows = loyal(rng, 30_000, 1_200)
    whole, cut = contracts(contracted(rows)), contracts(contracted(rows, "2023-07-01"))
    months = [found.table["expected_months"].mean() for found in (whole, cut)]
    assert months[0] == pytest.approx(months[1], rel=0.02)
    assert len(whole.table) == len(cut.table)


def test_the_value_is_margin_times_price_and_falls_with_the_rate(steady_rows):
    base, half = contracts(contracted(steady_rows)), contracts(contracted(steady_rows), margin=0.5)
    assert half.expected_value == pytest.approx(base.expected_value / 2)
    assert half.upper == pytest.approx(base.upper / 2)
    assert "50.0% of the price" in words_of(half)
    assert contracts(contracted(steady_rows), discount_rate=0.5).expected_value < base.expected_value
    assert base.lower < base.expected_value < base.upper
    assert base.plans["plan_value"].sum() == pytest.approx(base.expected_value)
    assert base.table["contract_value"].sum() == pytest.approx(base.expected_value)
    running = steady_rows[steady_rows["ended_at"].isna()]
    assert set(base.table["customer_id"]) == set(running["customer_id"])
    assert (base.table["lower"] <= base.table["upper"]).all()


@pytest.mark.long
def test_intervals_cover_the_months_of_known_truth(monkeypatch):
    monkeypatch.setattr(value_contracts, "DRAWS", 40)
    rng, inside = np.random.default_rng(8), []
    for _ in range(6):
        found = contracts(contracted(steady(rng, 500)), horizon_days=180)
        for row in found.plans.itertuples():
            truth = closed_form({"monthly": 200, "yearly": 800}[row.plan], 180) * row.customers * row.mean_price
            inside.append(row.lower <= truth <= row.upper)
            assert (row.upper - row.lower) / row.plan_value < 0.3
    assert np.mean(inside) >= 0.75


def test_periods_that_touch_are_one_stay_at_the_price_of_now(steady_rows):
    renewed = subscriptions([400, 200], [200, 999], "monthly", names="r").assign(
        customer_id="renewed", price=[10.0, 80.0]
    )
    apart = subscriptions([400, 190], [200, 999], "monthly", names="a").assign(customer_id="apart", price=[10.0, 80.0])
    both = subscriptions([300, 100], [999, 999], "monthly", names="b").assign(customer_id="both", price=[10.0, 80.0])
    found = contracts(contracted(pd.concat([steady_rows, renewed, apart, both], ignore_index=True)))
    rows = found.table.set_index("customer_id")
    assert rows.loc[["renewed", "apart", "both"], "tenure_days"].tolist() == [400, 190, 300]
    assert rows.loc[["renewed", "apart", "both"], "price"].tolist() == [80, 80, 90]


def test_contracts_without_a_price_are_left_out_and_said(steady_rows):
    running = steady_rows.index[steady_rows["ended_at"].isna()]
    some = steady_rows.assign(price=steady_rows["price"].mask(steady_rows.index.isin(running[:7])))
    found = contracts(contracted(some))
    assert found.unpriced == 7
    assert "7 more, whose price is not known, are left out." in words_of(found)
    assert len(found.table) == len(running) - 7


def test_small_plans_are_taken_together_and_shown_to_nobody_alone(steady_rows):
    few = subscriptions(np.arange(10, 22), np.full(12, 99), "monthly", names="f").assign(plan=["x"] * 6 + ["y"] * 6)
    two = subscriptions([5, 6], [99, 99], "monthly", names="t").assign(plan=None)
    found = contracts(contracted(pd.concat([steady_rows, few, two], ignore_index=True)))
    assert set(found.summary()["plan"]) == {*PRICES, SMALL_GROUPS}
    assert found.summary().set_index("plan")["customers"][SMALL_GROUPS] == 14
    alone = contracts(contracted(pd.concat([steady_rows, two], ignore_index=True)))
    shown = alone.to_show().set_index("plan")
    assert shown["customers"].isna().to_dict() == {"monthly": True, "yearly": False, SMALL_GROUPS: True}
    assert alone.summary()["customers"].sum() == len(alone.table)


def test_what_one_contract_makes_of_a_plan_is_not_shown_nor_what_would_tell_it(steady_rows):
    large = steady_rows.assign(
        plan=steady_rows["plan"].where(steady_rows["ended_at"].notna() | (steady_rows.index % 2 > 0), "own")
    )
    running = large.index[(large["plan"] == "own") & large["ended_at"].isna()]
    large.loc[running[0], "price"] = 1e6
    shown = contracts(contracted(large)).to_show().set_index("plan")
    hidden = shown[["mean_price", "plan_value", "lower", "upper"]].isna()
    assert hidden.loc["own"].all() and hidden.all(axis="columns").sum() == 2 and shown["customers"].notna().all()


def test_a_finding_is_drawn_and_told(steady_rows):
    found = contracts(contracted(steady_rows))
    assert list(found.to_show().columns) == [
        "plan", "customers", "mean_price", "mean_expected_months", "plan_value", "lower", "upper", "extrapolated_share",
    ]  # fmt: skip
    assert len(found.plot().lines) > 0
    assert "running contracts should bring ¥" in words_of(found)
    assert "in the next 365 days." in words_of(found)


def test_the_page_shows_plans_and_no_customer(steady_rows):
    answer = contracts(contracted(steady_rows))
    assert list(answer.table) == list(answer.columns)
    assert list(answer.plans) == list(answer.shown)
    page = answer._repr_mimebundle_()[0]["text/html"]
    assert all(heading in page for heading in (">Price (¥)<", ">Expected months<", ">Expected value (¥)<"))
    assert not any(customer in page for customer in answer.table["customer_id"])


def test_the_same_subscriptions_in_any_order_have_the_same_value(steady_rows):
    shuffled = steady_rows.sample(frac=1, random_state=0)
    assert contracts(contracted(shuffled)).summary().equals(contracts(contracted(steady_rows)).summary())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.iloc[:0], "no subscription is running"),
        (lambda rows: rows[rows["ended_at"].notna()], "no subscription is running"),
        (lambda rows: rows.assign(price=np.nan), "no price is known"),
        (lambda rows: rows.assign(ended_at=pd.NaT), "0 of 1,500 subscriptions have ended"),
        (lambda rows: rows.iloc[:6], "too few to tell how long they last"),
    ],
)
def test_what_is_missing_is_said(steady_rows, change, words):
    found = contracts(contracted(change(steady_rows)))
    assert isinstance(found, NotApplicable)
    assert words in words_of(found)


def test_contracts_that_nobody_wrote_down_lately_have_no_value(steady_rows):
    late = shop(as_of=AS_OF.date() + pd.Timedelta(days=60), settings=words(currency="CNY"), subscriptions=steady_rows)
    assert str(contracts(late).reason).startswith("subscriptions end on 2024-12-31, 60 days before 2025-03-01: what")


def test_a_data_set_without_subscriptions_has_no_answer():
    assert words_of(contracts(shop())) == "Cannot be told: this data set has no subscriptions: export them to see this."


@pytest.mark.parametrize("tiny", [20, 25, 40])
def test_a_few_subscriptions_fail_nothing(tiny, steady_rows):
    assert isinstance(contracts(contracted(steady_rows.iloc[:tiny])), ContractValue)
    assert isinstance(contracts(contracted(steady_rows.iloc[:tiny], "2024-11-30")), (ContractValue, NotApplicable))


@pytest.mark.parametrize("named", [{"margin": 1.5}, {"discount_rate": -0.1}, {"horizon_days": 0}])
def test_numbers_out_of_range_are_refused_by_name(named, steady_rows):
    with pytest.raises(ValueError, match=f"{next(iter(named))} = "):
        contracts(contracted(steady_rows), **named)
