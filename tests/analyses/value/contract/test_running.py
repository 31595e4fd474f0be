"""The value of running contracts: a slow loop from the definition, known truth, and what the data may lack."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.value.contract import renewal
from helpers.analyses.value.contract import running as value_contracts
from helpers.analyses.value.contract.renewal import (
    LEAST_AT_RISK,
    MONTH_DAYS,
    YEAR_DAYS,
    Spans,
    Tenures,
    rising_retention,
)
from helpers.analyses.value.contract.running import ContractValue, contracts
from helpers.data import datasets
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS
from helpers.statistics.purchases.shifted_beta_geometric import fit_shifted_beta_geometric
from helpers.statistics.survival.curves import at, kaplan_meier
from shops import SHARED

AS_OF = pd.Timestamp("2024-12-31")
TELCO = SHARED / "telco"
PRICES = {"monthly": 30.0, "yearly": 20.0}


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr(value_contracts, "DRAWS", 5)


def shop(rows, observed_from=""):
    """A data set of subscriptions, in memory, with the parts of `Dataset` that are read."""
    table = ibis.memtable(rows.assign(reason=None), schema={
        "customer_id": "string", "plan": "string", "price": "float64", "started_at": "timestamp", "ended_at": "timestamp",
        "reason": "string",
    })  # fmt: skip
    settings = SimpleNamespace(observed_from=observed_from, currency="CNY")
    return SimpleNamespace(tables={"subscriptions": table}, settings=settings, as_of=AS_OF.date())


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
    found = contracts(shop(steady_rows), discount_rate=0.2, horizon_days=90)
    stays = steady_rows.assign(left=steady_rows["ended_at"].notna())
    stays["days"] = (stays["ended_at"].fillna(AS_OF) - stays["started_at"]).dt.days
    curves = kaplan_meier(stays["days"], stays["left"], groups=stays["plan"])
    rows = found.customers[found.customers["tenure_days"] < 300].iloc[::40]
    assert len(rows) > 10
    for row in rows.itertuples():
        survival = at(curves[curves["group"] == row.plan], row.tenure_days + np.arange(90))["survival"].to_numpy()
        months = sum(survival[day] / survival[0] / 1.2 ** ((day + 0.5) / 365.25) / (365.25 / 12) for day in range(90))
        assert row.expected_months == pytest.approx(months, rel=1e-12)
        assert row.expected_value == pytest.approx(months * PRICES[row.plan], rel=1e-12)
        assert row.extrapolated_share == 0


def test_all_that_lies_beyond_the_tenures_observed_is_said_to_be_extrapolated(steady_rows):
    found = contracts(shop(steady_rows), horizon_days=365)
    days = (steady_rows["ended_at"].fillna(AS_OF) - steady_rows["started_at"]).dt.days
    for plan, rows in found.customers.groupby("plan"):
        watched = days[steady_rows["plan"] == plan].sort_values().iloc[-LEAST_AT_RISK]
        within = rows["tenure_days"] + 365 <= watched
        assert within.any()
        assert (rows.loc[within, "extrapolated_share"] == 0).all()
        assert np.allclose(rows.loc[rows["tenure_days"] >= watched, "extrapolated_share"], 1)
        assert rows.loc[~within, "extrapolated_share"].between(0, 1, inclusive="right").all()
    share = found.customers["extrapolated_share"] @ found.customers["expected_value"] / found.expected_value
    assert found.extrapolated_share == pytest.approx(share)


@pytest.mark.parametrize(("horizon", "tolerance"), [(180, 0.03), (730, 0.06)])
def test_contracts_that_end_by_chance_have_the_months_of_the_closed_form(horizon, tolerance):
    found = contracts(shop(steady(np.random.default_rng(2), 8_000)), horizon_days=horizon)
    for plan, mean_days in {"monthly": 200, "yearly": 800}.items():
        months = found.customers.loc[found.customers["plan"] == plan, "expected_months"].mean()
        assert months == pytest.approx(closed_form(mean_days, horizon), rel=tolerance)


def test_beyond_what_was_observed_loyal_customers_are_extrapolated_by_rising_retention():
    """Fifteen months of records and three years to come. Chances to end of a beta(1, 6) leave 6 / (6 + m) after m."""
    found = contracts(shop(loyal(np.random.default_rng(3), 60_000, 450)), discount_rate=0.0, horizon_days=1095)
    for low, high in ((90, 150), (390, 450)):
        rows = found.customers[found.customers["tenure_days"].between(low, high - 1)]
        behind = rows["tenure_days"].to_numpy()[::40, None] + np.arange(1, 1096)
        staying = np.interp(behind / MONTH_DAYS, np.arange(60), 6 / (6 + np.arange(60)))
        months = (staying / staying[:, :1]).sum(axis=1) / MONTH_DAYS
        assert rows["expected_months"].mean() == pytest.approx(months.mean(), rel=0.03)
        assert rows["extrapolated_share"].mean() > 0.5


def test_daily_survival_is_kaplan_meier_with_late_entries_until_watched_and_goes_on_as_the_months_do():
    rng = np.random.default_rng(4)
    days, entry = rng.integers(1, 700, 900), rng.integers(0, 200, 900) * (rng.random(900) < 0.4)
    days, entry = days[days > entry], entry[days > entry]
    left, counts = rng.random(len(days)) < 0.5, rng.integers(1, 4, len(days))
    by_day = Spans(entry + (entry > 0), days, left)
    tenures = Tenures(by_day, Spans(np.ceil(entry / 30).astype(int) + 1, days // 30, left))
    watched = tenures.watched(counts)
    curve = kaplan_meier(days, left, entry=entry, weights=counts)
    assert watched == curve.loc[curve["at_risk"] >= LEAST_AT_RISK, "time"].max()
    survival = np.exp(tenures.log_survival(counts, watched, watched + 300))
    np.testing.assert_allclose(survival[: watched + 1], at(curve, np.arange(watched + 1))["survival"], rtol=1e-10)
    assert (np.diff(survival) <= 0).all()
    assert survival[-1] > 0


def test_months_seen_from_a_late_entry_on_do_not_count_before():
    """Two thirds of contracts lost in the first month, unseen of those who entered later, must not vanish."""
    rng = np.random.default_rng(5)
    rows = loyal(rng, 30_000, 1_200)
    whole, cut = contracts(shop(rows)), contracts(shop(rows, "2023-07-01"))
    months = [found.customers["expected_months"].mean() for found in (whole, cut)]
    assert months[0] == pytest.approx(months[1], rel=0.02)
    assert len(whole.customers) == len(cut.customers)


def test_retention_that_does_not_rise_is_extrapolated_as_one_number():
    days = np.repeat([30, 60, 90], [40, 60, 300])
    left = days < 90
    tenures = Tenures(Spans(0 * days, days, left), Spans(0 * days + 1, np.minimum(days // 30, 2), left))
    with pytest.raises(ValueError, match="no maximum"):
        fit_shifted_beta_geometric([400, 360], [40, 60])
    log_survival = tenures.log_survival(np.ones(400), 90, 90 + 3 * 30)
    ahead = np.exp((log_survival[-1] - log_survival[90]) / 90 * MONTH_DAYS)
    assert ahead == pytest.approx(1 - 100 / (400 + 360), rel=1e-6)


def months_of(rng, alpha, beta, customers=600, months=15):
    """at_risk and lost by month of contracts whose chance to end is of a beta distribution, seen up to some month."""
    ends, seen = rng.geometric(rng.beta(alpha, beta, customers)), rng.integers(1, months, customers)
    month = np.arange(1, months)
    reached = (np.minimum(ends, seen)[:, None] >= month).sum(axis=0)
    return reached.astype(float), ((ends <= seen)[:, None] & (ends[:, None] == month)).sum(axis=0).astype(float)


@pytest.mark.parametrize(("alpha", "beta"), [(1.0, 6.0), (0.3, 1.2), (4.0, 60.0), (0.7, 0.7)])
def test_rising_retention_is_the_model_that_a_search_finds(alpha, beta):
    rng = np.random.default_rng(6)
    found = 0
    for _ in range(12):
        counts = months_of(rng, alpha, beta)
        try:
            slow = fit_shifted_beta_geometric(*counts)
        except ValueError:
            continue  # no maximum, or one too flat to tell
        found += 1
        assert rising_retention(*counts) == pytest.approx(list(slow.parameters.values()), rel=1e-5)
    assert found >= 6


def test_rising_retention_is_sought_where_steps_do_not_get_there(monkeypatch):
    counts = months_of(np.random.default_rng(7), 1.0, 6.0)
    stepped = rising_retention(*counts)
    monkeypatch.setattr(renewal, "MOST_STEPS", 1)
    assert rising_retention(*counts) == pytest.approx(stepped, rel=1e-5)


@pytest.mark.parametrize(
    ("at_risk", "lost"),
    [
        ([400, 360, 300], [40, 60, 80]),  # retention falls
        ([400, 320, 250], [80, 64, 50]),  # it stays
        ([400, 360, 350], [40, 0, 0]),  # it is 1 after the first month
        ([400, 360, 300], [0, 0, 0]),
        ([400, 0], [400, 0]),
        ([0], [0]),
        ([], []),
    ],
)
def test_retention_that_no_model_of_loyalty_has_is_not_rising(at_risk, lost):
    at_risk, lost = np.array(at_risk, float), np.array(lost, float)
    with pytest.raises(ValueError):
        fit_shifted_beta_geometric(at_risk, lost)
    assert rising_retention(at_risk, lost) is None


def test_the_value_is_margin_times_price_and_falls_with_the_rate(steady_rows):
    base, half = contracts(shop(steady_rows)), contracts(shop(steady_rows), margin=0.5)
    assert half.expected_value == pytest.approx(base.expected_value / 2)
    assert half.upper == pytest.approx(base.upper / 2)
    assert "50.0% of revenue" in half.headline()
    assert contracts(shop(steady_rows), discount_rate=0.5).expected_value < base.expected_value
    assert base.lower < base.expected_value < base.upper
    assert base.plans["expected_value"].sum() == pytest.approx(base.expected_value)
    assert base.customers["expected_value"].sum() == pytest.approx(base.expected_value)
    running = steady_rows[steady_rows["ended_at"].isna()]
    assert set(base.customers["customer_id"]) == set(running["customer_id"])
    assert (base.customers["lower"] <= base.customers["upper"]).all()


def test_intervals_cover_the_months_of_known_truth(monkeypatch):
    monkeypatch.setattr(value_contracts, "DRAWS", 40)
    rng, inside = np.random.default_rng(8), []
    for _ in range(6):
        found = contracts(shop(steady(rng, 500)), horizon_days=180)
        for row in found.plans.itertuples():
            truth = closed_form({"monthly": 200, "yearly": 800}[row.plan], 180) * row.customers * row.price
            inside.append(row.lower <= truth <= row.upper)
            assert (row.upper - row.lower) / row.expected_value < 0.3
    assert np.mean(inside) >= 0.75


def test_periods_that_touch_are_one_stay_at_the_price_of_now(steady_rows):
    renewed = subscriptions([400, 200], [200, 999], "monthly", names="r").assign(
        customer_id="renewed", price=[10.0, 80.0]
    )
    apart = subscriptions([400, 190], [200, 999], "monthly", names="a").assign(customer_id="apart", price=[10.0, 80.0])
    both = subscriptions([300, 100], [999, 999], "monthly", names="b").assign(customer_id="both", price=[10.0, 80.0])
    found = contracts(shop(pd.concat([steady_rows, renewed, apart, both], ignore_index=True)))
    rows = found.customers.set_index("customer_id")
    assert rows.loc[["renewed", "apart", "both"], "tenure_days"].tolist() == [400, 190, 300]
    assert rows.loc[["renewed", "apart", "both"], "price"].tolist() == [80, 80, 90]


def test_contracts_without_a_price_are_left_out_and_said(steady_rows):
    running = steady_rows.index[steady_rows["ended_at"].isna()]
    some = steady_rows.assign(price=steady_rows["price"].mask(steady_rows.index.isin(running[:7])))
    found = contracts(shop(some))
    assert found.unpriced == 7
    assert "(7 more, whose price is not known, are left out)" in found.headline()
    assert len(found.customers) == len(running) - 7


def test_small_plans_are_taken_together_and_shown_to_nobody_alone(steady_rows):
    few = subscriptions(np.arange(10, 22), np.full(12, 99), "monthly", names="f").assign(plan=["x"] * 6 + ["y"] * 6)
    two = subscriptions([5, 6], [99, 99], "monthly", names="t").assign(plan=None)
    found = contracts(shop(pd.concat([steady_rows, few, two], ignore_index=True)))
    assert set(found.summary()["plan"]) == {*PRICES, SMALL_GROUPS}
    assert found.summary().set_index("plan")["customers"][SMALL_GROUPS] == 14
    alone = contracts(shop(pd.concat([steady_rows, two], ignore_index=True)))
    assert SMALL_GROUPS not in set(alone.summary()["plan"])
    assert alone.plans["customers"].sum() == len(alone.customers)


def test_a_finding_is_drawn_and_told(steady_rows):
    found = contracts(shop(steady_rows))
    assert list(found.summary().columns) == [
        "plan", "customers", "price", "expected_months", "expected_value", "lower", "upper", "extrapolated_share",
    ]  # fmt: skip
    assert len(found.plot().lines) > 0
    assert "customers with a running contract are expected to bring ¥" in found.headline()
    assert "over the next 365 days" in found.headline()


def test_the_same_subscriptions_in_any_order_have_the_same_value(steady_rows):
    shuffled = steady_rows.sample(frac=1, random_state=0)
    assert contracts(shop(shuffled)).summary().equals(contracts(shop(steady_rows)).summary())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.iloc[:0], "no subscription is running"),
        (lambda rows: rows[rows["ended_at"].notna()], "no subscription is running"),
        (lambda rows: rows.assign(price=np.nan), "no price is known"),
        (lambda rows: rows.assign(ended_at=pd.NaT), "0 of 1500 subscriptions have ended"),
        (lambda rows: rows.iloc[:6], "too few to tell how long they last"),
    ],
)
def test_what_is_missing_is_said(steady_rows, change, words):
    found = contracts(shop(change(steady_rows)))
    assert isinstance(found, NotApplicable)
    assert words in found.headline()


def test_a_data_set_without_subscriptions_has_no_answer():
    none = SimpleNamespace(tables={}, as_of=dt.date(2024, 12, 31))
    assert contracts(none).headline() == "Not applicable: this data set has no subscriptions."


@pytest.mark.parametrize("tiny", [20, 25, 40])
def test_a_few_subscriptions_fail_nothing(tiny, steady_rows):
    assert isinstance(contracts(shop(steady_rows.iloc[:tiny])), ContractValue)
    assert isinstance(contracts(shop(steady_rows.iloc[:tiny], "2024-11-30")), (ContractValue, NotApplicable))


@pytest.mark.parametrize("named", [{"margin": 1.5}, {"discount_rate": -0.1}, {"horizon_days": 0}])
def test_numbers_out_of_range_are_refused_by_name(named, steady_rows):
    with pytest.raises(ValueError, match=f"{next(iter(named))} = "):
        contracts(shop(steady_rows), **named)


@pytest.mark.skipif(not TELCO.exists(), reason="the telco sample is not beside the project")
def test_telco_is_valued_at_its_monthly_charges(tmp_path):
    found = contracts(datasets.open(TELCO, prepared=tmp_path))
    assert len(found.customers) == 5_174  # of 7,043; 1,869 have left
    bill = found.customers["price"].sum()
    assert bill == pytest.approx(316_985.75)  # MonthlyCharges of those who stayed
    assert 0.85 < found.expected_value / (12 * bill) < 0.95
    months = found.plans.set_index("plan")["expected_months"]
    assert months["Month-to-month"] < months["One year"] < months["Two year"] < 12
