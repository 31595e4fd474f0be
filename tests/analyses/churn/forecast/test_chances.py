"""Who leaves next: chances that are those of the truth, of customers whose behaviour tells, and reasons in words."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.forecast.backtest import holdout
from helpers.analyses.churn.forecast.chances import Risk, risk, risk_reasons
from helpers.analyses.churn.forecast.landmarks import report_landmark
from helpers.analyses.churn.forecast.models import trained
from helpers.analyses.churn.forecast.reason_words import titled, worded
from helpers.analyses.churn.leaving.definition import stays
from helpers.data import datasets
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable
from shops import SHARED

AS_OF = dt.date(2024, 12, 31)
DAYS = 730  # of the made-up log, its last day AS_OF
COLUMNS = [
    "customer_id", "at_risk_since", "tenure_days", "leave_30d_rate", "leave_90d_rate", "expected_remaining_days",
    "main_reason", "second_reason",
]  # fmt: skip


def dataset(tables, customers):
    policy = {"cancellations": "net", "refunds": "net"}
    settings = SimpleNamespace(contractual=None, attributes=(), observed_from="", policy=policy)
    known = {name: ibis.memtable(table) for name, table in tables.items()}
    return SimpleNamespace(tables=known, customers=customers, settings=settings, as_of=AS_OF)


def on(day):
    return pd.Timestamp(AS_OF) - pd.to_timedelta(DAYS - np.asarray(day), unit="D")


class FadingMembers:
    """Members who are active on every seventh day or so until they fade; whoever has faded leaves four times as soon.

    Faded: 0.008 a day. Active: 0.002 a day, and 0.0005 a day to fade.
    """

    active, fade, faded = 0.002, 0.0005, 0.008

    def __init__(self, rng, size=6_000):
        self.ids = np.array([f"c{i}" for i in range(size)])
        start = rng.integers(0, DAYS, size)
        fades = start + np.ceil(rng.exponential(1 / self.fade, size)).astype(int)
        early = start + np.ceil(rng.exponential(1 / self.active, size)).astype(int)
        late = fades + np.ceil(rng.exponential(1 / self.faded, size)).astype(int)
        ends = np.where(early <= fades, early, late)
        day = np.arange(DAYS + 1)
        seen = (day >= start[:, None]) & (day < np.minimum(fades, ends)[:, None])
        who, when = np.nonzero(seen & (rng.random((size, DAYS + 1)) < 1 / 7))
        self.has_faded = fades <= DAYS
        self.there = ends > DAYS
        ended_at = pd.Series(on(ends)).where(ends <= DAYS)
        plan = pd.Series("a", index=range(size), dtype="string")
        self.data = dataset(
            {
                "subscriptions": pd.DataFrame(
                    {
                        "customer_id": self.ids, "started_at": on(start), "ended_at": ended_at, "plan": plan,
                        "price": 1.0, "reason": pd.Series(None, index=range(size), dtype="string"),
                    }
                ),
                "events": pd.DataFrame({"customer_id": self.ids[who], "happened_at": on(when), "event": "visit"}),
            },
            pd.DataFrame({"customer_id": self.ids}),
        )  # fmt: skip

    def chance(self, horizon):
        """The true chance of each member to leave within `horizon` days of the report, by its state then."""
        out = self.active + self.fade
        still = np.exp(-out * horizon)
        fading = self.fade / (out - self.faded) * (np.exp(-self.faded * horizon) - still)
        return np.where(self.has_faded, -np.expm1(-self.faded * horizon), 1 - still - fading)


@pytest.fixture(scope="module")
def members():
    return FadingMembers(np.random.default_rng(11))


@pytest.fixture(scope="module")
def members_trained(members):
    there = stays(members.data)
    return trained(there, members.data, pd.DatetimeIndex([report_landmark(there)]), 90, 180)


@pytest.fixture(scope="module")
def members_risk(members):
    return risk(stays(members.data), members.data)


@pytest.fixture(scope="module")
def demo():
    return datasets.open("demo")


@pytest.fixture(scope="module")
def contracts(demo):
    return stays(demo)


@pytest.fixture(scope="module")
def contract_risk(demo, contracts):
    return risk(contracts, demo, 120)


@pytest.fixture(scope="module", params=["contract", "silence"])
def either(request, demo, contract_risk):
    return contract_risk if request.param == "contract" else risk(stays(demo, "silence"), demo, 120)


# Chances


@pytest.mark.parametrize("horizon", [30, 60, 90, 150])
def test_chances_are_those_of_the_truth_for_the_active_and_for_those_who_were_not_seen_lately(
    members, members_trained, horizon
):
    found = members_trained
    chances = pd.Series(found.model.chances(found.rows, found.table, np.array([horizon]))[:, 0])
    true = pd.Series(members.chance(horizon), index=members.ids)[found.rows["customer_id"]]
    lately = found.table["active_days_30d"].to_numpy() > 0
    assert sorted(found.rows["customer_id"]) == sorted(members.ids[members.there])
    for group in (lately, ~lately):  # two standard errors of the log hazard ratio are 0.14
        assert chances.to_numpy()[group].mean() == pytest.approx(true.to_numpy()[group].mean(), rel=0.14)
    assert chances.to_numpy()[~lately].mean() > 1.7 * chances.to_numpy()[lately].mean()


def test_expected_days_are_the_area_under_the_chance_to_stay(members, members_risk):
    days = np.arange(181)
    staying = 1 - np.array([members.chance(day) for day in days])
    true = pd.Series(np.trapezoid(staying, days, axis=0), index=members.ids)
    table = members_risk.customers
    assert table["expected_remaining_days"].mean() == pytest.approx(true[table["customer_id"]].mean(), abs=2)


def test_who_was_not_seen_lately_is_at_highest_risk_and_that_is_the_reason(members, members_risk):
    table = members_risk.customers
    faded = pd.Series(members.has_faded, index=members.ids)[table["customer_id"]].to_numpy()
    highest = (members_risk.tenths == 1).to_numpy()
    assert faded[highest].mean() > 4 * faded[~highest].mean()
    unseen = table["main_reason"] == "no active day in 30 days"
    assert unseen[highest].mean() > 0.5
    assert not unseen[~highest].any()
    named = risk_reasons(members_risk).summary().set_index("reason").loc["active days in 30 days"]
    assert named["top_tenth_share"] == pytest.approx(unseen[highest].mean())
    assert named["everybody_share"] == pytest.approx(unseen.mean())


class SteadyBuyers:
    """Buyers who order with the same chance every day, twice as often in one country; nobody ever leaves.

    With a taste of their own, some order more often than others of their country, and nothing recorded says who.
    """

    rates = {"N": 0.02, "S": 0.04}

    def __init__(self, rng, size=2_000, own_taste=False):
        ids = np.array([f"c{i}" for i in range(size)])
        country = rng.choice(list(self.rates), size)
        rate = pd.Series(country).map(self.rates).to_numpy() * (rng.gamma(2, 0.5, size) if own_taste else 1)
        start = rng.integers(0, DAYS - 100, size)
        day = np.arange(DAYS + 1)
        ordered = (day == start[:, None]) | ((day > start[:, None]) & (rng.random((size, DAYS + 1)) < rate[:, None]))
        who, when = np.nonzero(ordered)
        self.silent = pd.Series(DAYS - np.where(ordered, day, 0).max(axis=1), index=ids)
        self.rate = pd.Series(rate, index=ids)
        orders = {"customer_id": ids[who], "ordered_at": on(when), "amount": 10.0, "refund": 0.0, "cancelled": False}
        self.data = dataset({"orders": pd.DataFrame(orders)}, pd.DataFrame({"customer_id": ids, "country": country}))


@pytest.fixture(scope="module")
def buyers():
    made = SteadyBuyers(np.random.default_rng(3))
    silences = stays(made.data, silence_days=60)
    return made, trained(silences, made.data, pd.DatetimeIndex([report_landmark(silences)]), 90, 180)


@pytest.mark.parametrize("horizon", [20, 40, 59, 100])
def test_a_silence_is_completed_as_often_as_orders_fail_to_come(buyers, horizon):
    """Daily chances to order, so that of r silent days no order until day 60 has the chance (1 − rate)^(60 − r)."""
    buyers, found = buyers
    rows = found.rows
    chances = found.model.chances(rows, found.table, np.array([horizon]))[:, 0]
    silent, rate = buyers.silent[rows["customer_id"]].to_numpy(), buyers.rate[rows["customer_id"]].to_numpy()
    assert (rows["silent_days"].to_numpy() == silent).all()
    if horizon < 60:
        true = np.where(60 - silent <= horizon, (1 - rate) ** (60 - silent), 0)
    else:  # or by an order in time for 60 silent days more, not after the first silence was complete already
        late, lacking = horizon - 60, 60 - silent
        first = (1 - rate) ** lacking
        days = np.minimum(late, lacking) + np.maximum(0, late - lacking) * (1 - first)
        true = first + days * rate * (1 - rate) ** 60
    for country in buyers.rates.values():
        here = rate == country
        assert chances[here].mean() == pytest.approx(true[here].mean(), rel=0.06, abs=0.005)


@pytest.mark.parametrize("seed", [4, 5])
def test_tested_on_later_days_chances_are_true_of_buyers_who_never_change_however_much_they_differ(seed):
    """No gap counts for more because it is long and seen from many landmarks: such a mistake would raise the chances."""
    made = SteadyBuyers(np.random.default_rng(seed), size=3_000, own_taste=True)
    found = holdout(stays(made.data, silence_days=90), made.data)
    rows = found.rows
    true = (1 - made.rate[rows["customer_id"]].to_numpy()) ** rows["reach_days"].to_numpy()
    assert 0.2 < true.mean() < 0.8
    assert rows["chance"].mean() == pytest.approx(true.mean(), abs=0.025)
    assert np.corrcoef(rows["chance"], true)[0, 1] > 0.85
    late = (rows["reach_days"] <= 30).to_numpy()
    for some in (late, ~late):
        assert rows["chance"][some].mean() == pytest.approx(true[some].mean(), abs=0.03)
    assert found.value("ici")["value"] < 0.04


@pytest.mark.parametrize(("column", "days"), [("leave_30d_rate", 30), ("leave_90d_rate", 90)])
def test_chances_in_the_demo_are_those_its_memberships_were_drawn_from(contracts, contract_risk, column, days):
    table = contract_risk.customers
    running = contracts.table[~contracts.table["left"]]
    both = table.merge(running[["customer_id", "plan", "channel"]], on="customer_id")
    assert len(both) == len(table)
    for plan, rows in both.groupby("plan"):
        true = np.mean([1 - TRUTH.stay_share(plan, channel, days) for channel in rows["channel"].fillna("")])
        leavers = (contracts.table["left"] & (contracts.table["plan"] == plan)).sum()
        assert rows[column].mean() == pytest.approx(true, rel=3 / np.sqrt(leavers))  # 0.09, 0.15 and 0.26


def test_the_demo_names_plan_and_channel_as_reasons_for_whom_they_are_true(contract_risk):
    table = contract_risk.customers
    top = table.head(len(table) // 10)
    reasons = pd.concat([top["main_reason"], top["second_reason"]])
    assert (top["main_reason"] == "plan 月付").mean() > 0.9
    assert (reasons == "channel 抖音").any()
    assert not reasons.str.contains("price").any()  # the plan says it all


# The table that is saved, and what the page shows of it


def test_saved_are_all_who_are_there_with_chances_that_rise_with_time(demo, either):
    table = either.customers
    assert list(table.columns) == COLUMNS
    assert table["customer_id"].is_unique
    assert (table["leave_30d_rate"] <= table["leave_90d_rate"] + 1e-12).all()
    assert table["leave_90d_rate"].is_monotonic_decreasing
    assert table["leave_90d_rate"].between(0, 1).all()
    assert table["expected_remaining_days"].between(0, 120).all()
    assert ((table["main_reason"] != "") >= (table["second_reason"] != "")).all()
    assert (table["main_reason"] != table["second_reason"]).where(table["main_reason"] != "", True).all()
    assert (table.loc[table["leave_90d_rate"] == 0, "main_reason"] == "").all()
    if either.definition == "silence":
        lacking = stays(demo, "silence").silence_days - (pd.Timestamp(demo.as_of) - last_order(demo, table)).dt.days
        assert (table.loc[lacking > 90, "leave_90d_rate"] == 0).all()
        assert (table.loc[lacking <= 90, "leave_90d_rate"] > 0).all()


def last_order(demo, table):
    return table["customer_id"].map(demo.customers.set_index("customer_id")["last_order_on"])


def test_the_page_shows_groups_and_no_customer(demo, either):
    reasons = risk_reasons(either)
    ids = set(demo.customers["customer_id"])
    for finding in (either, reasons):
        assert not ids & set(finding.summary().astype(object).to_numpy().ravel())
        assert finding.headline().endswith(".")
        assert finding.plot().has_data()
    assert either.summary()["customers"].sum() == len(either.customers)
    assert either.summary()["leave_90d_rate"].is_monotonic_decreasing
    assert (reasons.summary()["customers"] >= 5).all()
    assert reasons.summary()["top_tenth_share"].between(0, 1).all()


def test_words_say_the_feature_and_its_value():
    assert worded("recency_days", 120) == "no order for 120 days"
    assert worded("tickets_90d", 2) == "2 tickets in 90 days"
    assert worded("active_days_30d", 0) == "no active day in 30 days"
    assert worded("order_days", 1.0) == "1 order day so far"
    assert worded("plan", "月付") == "plan 月付"
    assert worded("channel", None) == "channel (not known)"
    assert titled("order_days_90d") == "order days in 90 days"


# Where there are no landmarks


@pytest.fixture(scope="module")
def telco():
    if not (SHARED / "telco").is_dir():
        pytest.skip("the telco sample is not beside the project")
    data = datasets.open(SHARED / "telco")
    return risk(stays(data), data)


def test_without_landmarks_the_length_of_the_stay_tells_and_the_page_says_so(telco):
    assert isinstance(telco, Risk)
    assert "rest on the length of the stay" in telco.headline()
    assert "most ends lie on one day" in telco.headline()
    top = telco.customers[telco.tenths.reindex(telco.customers.index) == 1]
    assert (top["main_reason"] == "plan Month-to-month").mean() > 0.8
    assert not telco.customers["second_reason"].str.contains("total charges").any()
    assert telco.untold == telco.customers["leave_90d_rate"].isna().sum() > 0


def test_too_few_leavers_are_not_predicted(members):
    contracts = stays(members.data)
    few = contracts.table.assign(left=contracts.table.index < 5)
    few = few.assign(ended_on=few["ended_on"].where(few["left"]))
    found = risk(type(contracts)(few, contracts.attributes, "contract", AS_OF, AS_OF), members.data)
    assert isinstance(found, NotApplicable)
    assert "too few" in found.headline()
    assert isinstance(risk_reasons(found), NotApplicable)
