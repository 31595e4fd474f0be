"""What follows a complaint, on simulated shops whose truth is known: nothing, or fewer orders."""

from __future__ import annotations

from itertools import count

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, chi2

from helpers.analyses.feedback.complaint import pairs as feedback_pairs
from helpers.analyses.feedback.complaint.consequences import Aftermath, aftermath
from helpers.analyses.feedback.complaint.pairs import complaint_days, drawn, histories
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.data.intake import parsing
from helpers.data.intake.settings import DEFAULT_POLICY, Settings
from helpers.findings import NotApplicable

FIRST, LENGTH, DAYS = pd.Timestamp("2024-01-01"), 500, 60
NULL_SHOPS = 12
SHOPS = count()
AS_OF = (FIRST + pd.Timedelta(days=LENGTH - 1)).date()
SETTINGS = Settings(
    title="t", preset="", time_zone="UTC", currency="CNY", contractual=None, observed_from="", observed_on="",
    policy=DEFAULT_POLICY, feeds={}, experiments={}, notebooks={},
)  # fmt: skip


def dataset(folder, orders: pd.DataFrame, complaints: pd.DataFrame) -> Dataset:
    """Orders (customer, day, amount) and complaints (customer, day), days counted from the first."""
    orders = pd.DataFrame({
        "order_id": np.arange(len(orders)).astype(str), "customer_id": orders["customer"].astype(str).to_numpy(),
        "ordered_at": FIRST + pd.to_timedelta(orders["day"].to_numpy(), unit="D"), "amount": orders["amount"].to_numpy(),
    })  # fmt: skip
    tickets = pd.DataFrame({
        "ticket_id": np.arange(len(complaints)).astype(str),
        "customer_id": complaints["customer"].astype(str).to_numpy(),
        "opened_at": FIRST + pd.to_timedelta(complaints["day"].to_numpy(), unit="D"), "complaint": True,
    })  # fmt: skip
    tables = {
        name: parsing.completed(ibis.memtable(rows), contracts.TABLES[name])
        for name, rows in {"orders": orders, "tickets": tickets}.items()
    }
    path = folder / f"snapshot-{next(SHOPS)}.parquet"
    orders.groupby("customer_id")["ordered_at"].min().rename("first_order_on").reset_index().to_parquet(path)
    return Dataset("t", AS_OF, SETTINGS, tables, pd.DataFrame(), path, (), path)


def shop(seed: int, lost: float = 0.0, customers: int = 1_200) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Orders and complaints of customers who differ in how often they buy, and drop out; the effect of a complaint.

    A third of them split what they buy into three orders of one day. One order in ten is followed by a complaint two
    days later, after which days with orders do not come for 60 days, with chance `lost` each. The effect is that on
    the share that orders again, by what the complainers would have done otherwise, as the shop itself knows.
    """
    rng = np.random.default_rng(seed)
    joined, orders_each = rng.integers(0, LENGTH - 100, customers), np.where(rng.random(customers) < 1 / 3, 3, 1)
    rate, leave = rng.gamma(1.5, 0.02, customers), joined + rng.exponential(300, customers)
    gaps = rng.exponential(1, (customers, 100)) / rate[:, None]
    at = np.floor(np.column_stack([joined, joined[:, None] + np.cumsum(gaps, axis=1)])).astype(int)
    at[:, 1:][at[:, 1:] > np.minimum(leave, LENGTH - 1)[:, None]] = -1
    who, place = np.nonzero(at >= 0)
    visits = pd.DataFrame({"customer": who, "day": at[who, place]})
    complains, drops = rng.random(len(visits)) < 1 - 0.9 ** orders_each[who], rng.random(len(visits)) < lost
    kept, complaints, until = np.ones(len(visits), bool), [], {}
    for row, (customer, day) in enumerate(zip(who, visits["day"], strict=True)):
        kept[row] = not (day <= until.get(customer, -1) and drops[row])
        if kept[row] and complains[row] and day + 2 < LENGTH:
            complaints.append((customer, day + 2))
            until[customer] = day + 2 + 60
    complaints = pd.DataFrame(complaints, columns=["customer", "day"])
    followed = complaints[complaints["day"] < LENGTH - DAYS]
    effect = _share_again(visits[kept], followed) - _share_again(visits, followed)
    orders = visits[kept].loc[lambda rows: rows.index.repeat(orders_each[rows["customer"]])].reset_index(drop=True)
    return orders.assign(amount=np.round(rng.gamma(2, 50, len(orders)), 2)), complaints, effect


def _share_again(visits: pd.DataFrame, complaints: pd.DataFrame) -> float:
    """Of complaints, those that a visit of the customer follows within `DAYS` days."""
    pairs = complaints.reset_index().merge(visits, on="customer", suffixes=("", "_after"))
    after = pairs["day_after"] - pairs["day"]
    return pairs.loc[(after > 0) & (after <= DAYS), "index"].nunique() / len(complaints)


@pytest.fixture(scope="module", autouse=True)
def fewer_pairs():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feedback_pairs, "MOST_PAIRS", 60_000)
        yield


@pytest.fixture(scope="module")
def without_effect(tmp_path_factory, fewer_pairs) -> list[Aftermath]:
    folder = tmp_path_factory.mktemp("shops")
    return [aftermath(dataset(folder, *shop(seed)[:2]), DAYS) for seed in range(2_000, 2_000 + NULL_SHOPS)]


def outcomes(found: list[Aftermath], place: int) -> pd.DataFrame:
    """One row a shop for the outcome at `place`, with its standard error."""
    table = pd.DataFrame([finding.outcomes.iloc[place] for finding in found]).drop(columns="outcome").astype(float)
    return table.assign(error=(table["upper"] - table["lower"]) / 2 / 1.96)


@pytest.mark.parametrize("place", [0, 1])
def test_where_a_complaint_does_nothing_neither_orders_nor_spend_differ_beyond_chance(without_effect, place):
    """Also where one complains more for ordering more: bounds that chance alone would break once in 500 or 1,000."""
    table = outcomes(without_effect, place)
    scaled = table["difference"] / table["error"]
    assert abs(scaled.sum()) / np.sqrt(NULL_SHOPS) < 3.1
    assert chi2.ppf(0.001, NULL_SHOPS) < (scaled**2).sum() < chi2.ppf(0.999, NULL_SHOPS)
    covered = ((table["lower"] <= 0) & (table["upper"] >= 0)).sum()
    assert covered >= binom.ppf(0.001, NULL_SHOPS, 0.95)


def test_a_known_effect_is_found_as_large_as_it_is(tmp_path):
    shops = [shop(seed, 0.6) for seed in range(3_000, 3_004)]
    found = [aftermath(dataset(tmp_path, *each[:2]), DAYS) for each in shops]
    truths, again, spend = np.array([each[2] for each in shops]), outcomes(found, 0), outcomes(found, 1)
    assert (truths < -0.1).all()
    error = np.sqrt((again["error"] ** 2).sum()) / len(found)  # beside it, controls complaining later take off a little
    assert abs((again["difference"] - truths).mean()) < 3.1 * error
    assert error < 0.02  # so that the line above says something
    assert (again["adjusted_p_value"] < 0.05).all() and (spend["upper"] < 0).all()


def test_histories_are_those_of_a_slow_loop(tmp_path):
    orders, complaints, _ = shop(7, customers=30)
    data = dataset(tmp_path, orders, complaints)
    rows = histories(data, drawn(data, complaint_days(data.tables["tickets"]), DAYS, 45), DAYS)
    first = orders.groupby("customer")["day"].min()
    complained = {who: set(days) for who, days in complaints.groupby("customer")["day"]}
    last = LENGTH - 1 - DAYS
    exposed = {
        (who, day) for who, day in zip(complaints["customer"], complaints["day"], strict=True)
        if day <= last and not any(day - 45 <= other < day for other in complained[who])
    }  # fmt: skip
    controls = {
        (who, day) for _, day in exposed for who in first.index
        if first[who] <= day and not any(day - 45 <= other <= day for other in complained.get(who, ()))
    }  # fmt: skip
    keys = list(zip(rows["customer_id"].astype(int), (rows["day"] - FIRST).dt.days, strict=True))
    assert {key for key, flag in zip(keys, rows["complained"], strict=True) if flag} == exposed
    assert {key for key, flag in zip(keys, rows["complained"], strict=True) if not flag} == controls
    assert len(keys) == len(exposed) + len(controls)
    orders_of = dict(list(orders.groupby("customer")))
    for (who, day), row in zip(keys, rows.itertuples(), strict=True):
        mine = orders_of[who]
        past, later = mine[mine["day"] <= day], mine[(mine["day"] > day) & (mine["day"] <= day + DAYS)]
        assert (row.orders, row.order_days) == (len(past), past["day"].nunique())
        assert row.recent_order_days == past.loc[past["day"] > day - 90, "day"].nunique()
        assert row.spend == pytest.approx(past["amount"].sum())
        assert (row.tenure_days, row.recency_days) == (day - past["day"].min(), day - past["day"].max())
        assert row.later_spend == pytest.approx(later["amount"].sum())
        assert row.next_days == later["day"].min() - day if len(later) else np.isnan(row.next_days)


def test_of_many_pairs_so_many_are_drawn_the_same_each_time(tmp_path, monkeypatch):
    orders, complaints, _ = shop(8, customers=300)
    data = dataset(tmp_path, orders, complaints)
    monkeypatch.setattr(feedback_pairs, "MOST_PAIRS", 2_000)
    monkeypatch.setattr(feedback_pairs, "MOST_COMPLAINTS", 25)
    once, twice = (drawn(data, complaint_days(data.tables["tickets"]), DAYS, 45) for _ in range(2))
    pd.testing.assert_frame_equal(once, twice)
    assert once["complained"].sum() == 25 and 500 < len(once) <= 2_025


def test_the_headline_claims_no_cause_and_the_figure_ends_at_the_difference(without_effect):
    finding = without_effect[0]
    assert "association, not an effect" in finding.headline() and "experiment" in finding.headline()
    line = finding.plot().lines[0]
    assert line.get_xdata()[-1] == DAYS
    assert line.get_ydata()[-1] == pytest.approx(finding.outcomes["difference"].iloc[0])
    assert finding.balance["standardised_difference"].abs().max() < 0.25
    assert finding.summary().loc[0, "difference"].endswith(" points")
    plt.close("all")


def test_where_all_go_on_the_same_nothing_is_said_to_differ(tmp_path):
    orders = pd.DataFrame([(who, day, 100.0) for who in range(100) for day in range(0, LENGTH, 10)])
    complaints = pd.DataFrame({"customer": np.arange(60), "day": 100 + np.arange(60)})
    finding = aftermath(dataset(tmp_path, orders.set_axis(["customer", "day", "amount"], axis=1), complaints), DAYS)
    assert finding.headline().count("no difference, as nothing varies") == 2
    assert finding.outcomes["difference"].tolist() == pytest.approx([0, 0])
    assert (finding.summary()["95% CI"] == "– to –").all()


def test_what_cannot_be_told_is_not_applicable(tmp_path):
    orders, complaints, _ = shop(9, customers=200)
    data = dataset(tmp_path, orders, complaints)
    no_orders = Dataset("t", AS_OF, SETTINGS, {"tickets": data.tables["tickets"]}, None, None, (), data.snapshot_path)
    no_tickets = Dataset("t", AS_OF, SETTINGS, {"orders": data.tables["orders"]}, None, None, (), data.snapshot_path)
    few = dataset(tmp_path, orders, complaints.head(5))
    for lacking in (no_orders, no_tickets, few):
        assert isinstance(aftermath(lacking, DAYS), NotApplicable)
    with pytest.raises(ValueError, match="days = 0"):
        aftermath(data, 0)
