"""Delayed entry: who had left before ends were recorded is missing, and who was still there counts from then on."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.assumptions import trust
from helpers.analyses.churn.drivers.hazards import hazard_ratios
from helpers.analyses.churn.drivers.stated_reasons import reasons
from helpers.analyses.churn.leaving.definition import observed, stays
from helpers.analyses.churn.timing.curves import group_pairs, staying
from helpers.data import datasets
from helpers.findings import NotApplicable
from helpers.statistics import survival

FIRST, SINCE, AS_OF = dt.date(2022, 1, 1), dt.date(2023, 7, 1), dt.date(2024, 12, 31)
DAYS = [30, 90, 180, 365, 540]
MEAN_DAYS = {"a": 150, "b": 300}


def contracts(table, observed_from):
    """A data set of subscriptions, in memory, with the parts of `Dataset` that stays read."""
    customers = pd.DataFrame({"customer_id": table["customer_id"].unique()})
    settings = SimpleNamespace(contractual=True, attributes=(), observed_from=str(observed_from or ""))
    tables = {"subscriptions": ibis.memtable(table)}
    return SimpleNamespace(tables=tables, customers=customers, settings=settings, as_of=AS_OF)


def subscriptions(rng, customers=8_000):
    """Everybody who ever subscribed, with exponential stays by plan (plan b at half the rate)."""
    span = (AS_OF - FIRST).days
    plan = rng.choice(["a", "b"], customers)
    days = np.floor(rng.exponential(pd.Series(plan).map(MEAN_DAYS)))
    began = pd.Timestamp(FIRST) + pd.to_timedelta(rng.integers(0, span, customers), unit="D")
    ended = began + pd.to_timedelta(days, unit="D")
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(customers)],
            "started_at": began,
            "ended_at": ended.where(ended <= pd.Timestamp(AS_OF)),
            "plan": plan,
            "price": 1.0,
            "reason": rng.choice(["price", "moved"], customers),
        }
    )


@pytest.fixture(scope="module")
def recorded():
    """What a system introduced on `SINCE` holds: those who had not left by then, and those who came later."""
    table = subscriptions(np.random.default_rng(11))
    return table[table["ended_at"].isna() | (table["ended_at"] > pd.Timestamp(SINCE))]


@pytest.fixture(scope="module")
def right(recorded):
    return stays(contracts(recorded, SINCE))


@pytest.fixture(scope="module")
def naive(recorded):
    return stays(contracts(recorded, None))


@pytest.mark.parametrize("plan", ["a", "b"])
def test_delayed_entry_recovers_the_truth_where_the_naive_curve_overstates_it(right, naive, plan):
    """Exponential stays in whole days: P(stay > t) = exp(−(t + 1) / mean)."""
    true = np.exp(-(np.array(DAYS) + 1) / MEAN_DAYS[plan])
    curves = [survival.at(staying(found, "plan").curve, DAYS) for found in (right, naive)]
    ours, theirs = (curve[curve["group"] == plan] for curve in curves)
    assert (ours["survival"] - true).abs().max() < 0.03
    assert (theirs["lower"].to_numpy() > true).all()
    assert (theirs["survival"].to_numpy()[:4] > true[:4] + 0.03).all()


def test_the_demo_seen_from_its_second_year_only_has_the_curve_of_the_whole_demo():
    """547 stays of the first year are lost with their ends; taken as they are, the others would stay for too long."""
    demo = datasets.open("demo")
    late = replace(demo, settings=replace(demo.settings, observed_from="2024-12-31"))
    whole, seen = stays(demo).table, stays(late).table
    assert len(whole) - len(seen) == stays(late).unobserved == 547
    full, naive = (survival.kaplan_meier(table["duration_days"], table["left"]) for table in (whole, seen))
    right = survival.kaplan_meier(seen["duration_days"], seen["left"], entry=seen["entry_days"])
    full, naive, right = (survival.at(curve, DAYS)["survival"] for curve in (full, naive, right))
    assert (right - full).abs().max() < 0.01
    assert (naive - full).min() > 0.03


def test_every_estimator_counts_from_the_entry(right, naive):
    """A year's restricted mean, the shares by reason (equal, of all who left) and the ratio of rates (2), all known."""
    gap = group_pairs(right, "plan").pairs["difference_days"].abs().iloc[0]
    true = np.subtract(*(sum(np.exp(-(t + 1) / mean) for t in range(365)) for mean in (300, 150)))
    assert gap == pytest.approx(true, abs=6)
    left = [reasons(found).at(365)["left_share"].sum() for found in (right, naive)]
    curve = survival.kaplan_meier(right.table["duration_days"], right.table["left"], entry=right.table["entry_days"])
    assert left[0] == pytest.approx(1 - survival.at(curve, 365)["survival"].iloc[0])
    assert left[1] < left[0] - 0.05
    ratios = hazard_ratios(right).ratios.set_index("covariate")["hazard_ratio"]
    assert abs(np.log(ratios.iloc[0])) == pytest.approx(np.log(2), abs=0.08)


def test_stays_enter_with_the_tenure_they_had_and_earlier_ends_are_left_out_and_counted():
    rows = [("gone", -100, 0), ("last", -100, 1), ("there", -100, None), ("new", 0, 0), ("later", 10, 40)]
    rows += [(f"x{i}", 5 + i, None) for i in range(20)]
    day = pd.Timestamp(SINCE)
    table = pd.DataFrame(rows, columns=["customer_id", "start", "end"])
    table = table.assign(
        started_at=day + pd.to_timedelta(table["start"], unit="D"),
        ended_at=day + pd.to_timedelta(table["end"], unit="D"),
        plan="a",
        price=1.0,
        reason=pd.Series([None] * len(table), dtype="string"),
    )
    found = stays(contracts(table.drop(columns=["start", "end"]), SINCE))
    by_customer = found.table.set_index("customer_id")
    assert "gone" not in by_customer.index and found.unobserved == 1
    assert by_customer.loc[["last", "there", "new", "later"], "entry_days"].tolist() == [100, 100, 0, 0]
    assert by_customer.loc[["last", "new", "later"], "duration_days"].tolist() == [101, 0, 30]
    words = found.summary().set_index("measure")["value"]
    assert words[f"Watched from {SINCE} only (delayed entry)"] == 2
    assert words["Ended by then, left out"] == 1
    early = observed(found.table, SINCE)
    assert early["customer_id"].tolist() == ["new"]  # by that day nobody had been watched yet


def test_a_silence_that_began_before_ends_were_recorded_is_left_out_too():
    """Orders from before `observed_from` were carried over, of the customers who still ordered after it only."""
    day = pd.Timestamp(SINCE)
    ago = {"old": [-200, -120, 50, 100], "gone": [-200, -100], "new": [30, 60]} | {f"x{i}": [i] for i in range(20)}
    rows = [
        (who, day + pd.Timedelta(days=days), False, 10.0, 0.0) for who, all_days in ago.items() for days in all_days
    ]
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "cancelled", "amount", "refund"])
    settings = SimpleNamespace(
        contractual=False, attributes=(), observed_from=str(SINCE), policy={"cancellations": "net", "refunds": "net"}
    )
    customers = pd.DataFrame({"customer_id": list(ago)})
    data = SimpleNamespace(
        tables={"orders": ibis.memtable(orders)}, customers=customers, settings=settings, as_of=AS_OF
    )
    found = stays(data, silence_days=190)
    table = found.table.set_index("customer_id")
    assert found.unobserved == 1
    assert "gone" not in table.index
    assert table.loc[["old", "new"], ["entry_days", "duration_days"]].to_numpy().tolist() == [[200, 300], [0, 30]]


def test_missing_early_leavers_are_diagnosed_with_the_remedy(right, naive):
    none = NotApplicable("not asked for.")
    rows = [
        trust(found, none, none).checks.set_index("assumption").filter(like="seen from", axis="index").iloc[0]
        for found in (right, naive)
    ]
    assert [row["verdict"] for row in rows] == ["noted", "does not hold"]
    assert "observed_from" in rows[1]["consequence"]
    assert f"count from then on; {right.unobserved} had ended" in rows[0]["evidence"]


def test_ends_that_are_all_recorded_are_not_suspected():
    none = NotApplicable("not asked for.")
    whole = stays(contracts(subscriptions(np.random.default_rng(5), 3_000), None))
    checks = trust(whole, none, none).checks.set_index("assumption")
    assert checks.filter(like="seen from", axis="index")["verdict"].tolist() == ["holds"]


def test_a_day_after_everything_and_a_word_that_is_no_day_are_sentences(recorded):
    answer = stays(contracts(recorded, "2030-01-01"))
    assert (
        answer.headline() == "Not applicable: 0 stays were under observation after observed_from = 2030-01-01: too few."
    )
    with pytest.raises(ValueError, match="observed_from = 'July': write a date as 'YYYY-MM-DD'"):
        stays(contracts(recorded, "July"))
