"""What is expensive, or made up, and asked of by many tests of churn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.drivers.hazards import HazardRatios, hazard_ratios
from helpers.analyses.churn.drivers.ratios_over_stay import Proportionality, proportionality
from helpers.analyses.churn.forecast.backtest import Holdout, holdout
from helpers.analyses.churn.forecast.chances import Risk, risk
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.analyses.churn.leaving.definition import Stays
from helpers.data import datasets
from helpers.data.datasets import Dataset
from helpers.data.synthetic.shop import Shop, drawn
from shops import SHARED, export, shop, words

LAST_DAY = dt.date(2024, 12, 31)  # of what is made up
LOG_DAYS = 730  # of it
RECORDED_FROM = dt.date(2023, 7, 1)


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    yield
    plt.close("all")


# The demo


@pytest.fixture(scope="session")
def contracts(demo) -> Stays:
    return stays(demo)


@pytest.fixture(scope="session")
def demo_shop() -> Shop:
    """The demo as it was drawn."""
    return drawn()


@pytest.fixture(scope="session")
def silences(demo) -> Stays:
    return stays(demo, "silence")


@pytest.fixture(scope="session")
def hazards(contracts) -> HazardRatios:
    return hazard_ratios(contracts)


@pytest.fixture(scope="session")
def drift(hazards) -> Proportionality:
    return proportionality(hazards)


@pytest.fixture(scope="session")
def contract_risk(demo, contracts) -> Risk:
    return risk(contracts, demo, 120)


@pytest.fixture(scope="session")
def silence_risk(demo, silences) -> Risk:
    return risk(silences, demo, 120)


@pytest.fixture(scope="session")
def contract_holdout(demo, contracts) -> Holdout:
    return holdout(contracts, demo)


@pytest.fixture(scope="session")
def silence_holdout(demo, silences) -> Holdout:
    return holdout(silences, demo)


# The telco, whose ends all lie on one day, and a small one of its form


def telephones(rng: np.random.Generator, customers: int = 800) -> pd.DataFrame:
    """Contracts as somebody looked at them on one day: months so far, what these cost, and whether they have ended.

    A contract that may be left every month is left twelve times as often, one without online security twice as often.
    """
    told = pd.DataFrame({"customerID": [f"c{place}" for place in range(customers)]})
    told["Contract"] = rng.choice(["Month-to-month", "Two year"], customers)
    told["OnlineSecurity"] = rng.choice(["No", "Yes"], customers)
    chance = np.where(told["Contract"] == "Two year", 0.004, 0.05) * np.where(told["OnlineSecurity"] == "Yes", 0.5, 1)
    begun, lasting = rng.integers(0, 73, customers), rng.geometric(chance)
    told["tenure"] = np.minimum(begun, lasting)
    told["Churn"] = np.where(lasting <= begun, "Yes", "No")
    told["MonthlyCharges"] = rng.choice([20.0, 55.0, 90.0], customers)
    return told.assign(TotalCharges=told["MonthlyCharges"] * told["tenure"])


@pytest.fixture(scope="session")
def telephones_data(tmp_path_factory) -> Dataset:
    table = telephones(np.random.default_rng(6)).to_csv(index=False)
    return export(tmp_path_factory.mktemp("telephones"), "telco", {"Telco-Customer-Churn.csv": table})


@pytest.fixture(scope="session")
def telco_data() -> Dataset:
    if not (SHARED / "telco").is_dir():
        pytest.skip("the telco sample is not beside the project")
    return datasets.open(SHARED / "telco")


@pytest.fixture(scope="session", params=["telephones_data", "telco_data"])
def seen_once_data(request) -> Dataset:
    """Each of the two."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def seen_once(seen_once_data) -> Stays:
    return stays(seen_once_data)


@pytest.fixture(scope="session")
def telco(telco_data) -> Stays:
    return stays(telco_data)


# A record of contracts that began late


def subscriptions(rng: np.random.Generator, customers: int) -> pd.DataFrame:
    """Everybody who ever subscribed, with exponential stays by plan: 150 days on average, 300 with plan b."""
    span = (LAST_DAY - dt.date(2022, 1, 1)).days
    plan = rng.choice(["a", "b"], customers)
    days = np.floor(rng.exponential(pd.Series(plan).map({"a": 150, "b": 300})))
    began = pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, span, customers), unit="D")
    ended = began + pd.to_timedelta(days, unit="D")
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(customers)],
            "started_at": began,
            "ended_at": ended.where(ended <= pd.Timestamp(LAST_DAY)),
            "plan": plan,
            "price": 1.0,
            "reason": rng.choice(["price", "moved"], customers),
        }
    )


def by_contract(table: pd.DataFrame, observed_from: dt.date | None) -> Stays:
    settings = words(contractual=True, observed_from=str(observed_from or ""))
    known = pd.DataFrame({"customer_id": table["customer_id"].unique()})
    return stays(shop(as_of=LAST_DAY, settings=settings, known=known, as_given=True, subscriptions=table))


@pytest.fixture(scope="session")
def recorded() -> pd.DataFrame:
    """What a system introduced on `RECORDED_FROM` holds: who had not left by then, and who came later."""
    table = subscriptions(np.random.default_rng(11), 8_000)
    return table[table["ended_at"].isna() | (table["ended_at"] > pd.Timestamp(RECORDED_FROM))]


@pytest.fixture(scope="session")
def late(recorded) -> Stays:
    """The record with the day from which it was kept."""
    return by_contract(recorded, RECORDED_FROM)


@pytest.fixture(scope="session")
def naive(recorded) -> Stays:
    """The record as if it had always been kept."""
    return by_contract(recorded, None)


@pytest.fixture(scope="session")
def whole() -> Stays:
    """A record that was kept from the first stay."""
    return by_contract(subscriptions(np.random.default_rng(5), 3_000), None)


# Buyers whose channels have gaps of their own


@pytest.fixture(scope="session")
def kinds() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Orders and customers of three channels: about every 8, 40 and 20 days, the last of few customers."""
    rng, orders, people = np.random.default_rng(4), [], []
    for channel, (customers, gap) in {"web": (400, 8), "shop": (400, 40), "fair": (8, 20)}.items():
        joined = rng.integers(0, 400, customers)
        gaps = np.maximum(1, rng.gamma(4, gap / 4, (customers, 500)).round())
        after = joined[:, None] + np.concatenate([np.zeros((customers, 1)), gaps.cumsum(axis=1)], axis=1)
        who, when = np.nonzero((after <= 500) & (after <= joined[:, None] + rng.exponential(200, (customers, 1))))
        day = pd.Timestamp(LAST_DAY) - pd.to_timedelta(500 - after[who, when], unit="D")
        orders.append(pd.DataFrame({"customer_id": [f"{channel}{i}" for i in who], "ordered_at": day}))
        people.append(pd.DataFrame({"customer_id": [f"{channel}{i}" for i in range(customers)], "channel": channel}))
    return pd.concat(orders, ignore_index=True), pd.concat(people, ignore_index=True)


@pytest.fixture(scope="session")
def buyers():
    """A function of orders and customers that makes a shop of them."""

    def make(orders: pd.DataFrame, customers: pd.DataFrame | None = None) -> Dataset:
        orders = orders.assign(**{name: value for name, value in ORDER.items() if name not in orders})
        tables = {"orders": orders} if customers is None else {"orders": orders, "customers": customers}
        return shop(as_of=LAST_DAY, settings=words(contractual=False), **tables)

    return make


ORDER = {"cancelled": False, "amount": 10.0, "refund": 0.0}


@pytest.fixture(scope="session")
def pausing_buyers(buyers):
    """A function of the days for which a customer stays on average: 400 who come over two years, as stays.

    They order by chance, every 25 days on average, so that some pauses are long.
    """

    def make(rng: np.random.Generator, stay_days: float) -> Stays:
        came = rng.integers(0, LOG_DAYS, 400)
        after = np.cumsum(np.c_[np.zeros(400), np.ceil(rng.exponential(25, (400, 120)))], axis=1)
        who, which = np.nonzero(
            (after <= rng.exponential(stay_days, 400)[:, None]) & (came[:, None] + after < LOG_DAYS)
        )
        begun = pd.Timestamp(LAST_DAY) - pd.Timedelta(days=LOG_DAYS - 1)
        days = begun + pd.to_timedelta(came[who] + after[who, which], unit="D")
        return stays(buyers(pd.DataFrame({"customer_id": np.char.add("c", who.astype(str)), "ordered_at": days})))

    return make


@pytest.fixture(scope="session")
def never_left(pausing_buyers) -> Stays:
    """What silence says of a shop that nobody leaves."""
    return pausing_buyers(np.random.default_rng(4), 1e9)


@pytest.fixture(scope="session")
def silent_buyers():
    """A function of a size: buyers about every 20 days who leave for good at 1/120 a day, and their true stays."""

    def make(rng: np.random.Generator, customers: int = 12_000, log_days: int = 365):
        joined = rng.integers(0, log_days, customers)
        lifetime = rng.exponential(120, customers)
        gaps = np.maximum(1, rng.gamma(8, 20 / 8, (customers, 100)).round())
        after = np.concatenate([np.zeros((customers, 1)), gaps.cumsum(axis=1)], axis=1)
        alive = after <= lifetime[:, None]
        day = joined[:, None] + after
        who, when = np.nonzero(alive & (day <= log_days))
        start = pd.Timestamp(LAST_DAY) - pd.Timedelta(days=log_days)
        orders = pd.DataFrame(
            {"customer_id": [f"c{i}" for i in who], "ordered_at": start + pd.to_timedelta(day[who, when], unit="D")}
        )
        return orders, np.where(alive, after, 0).max(axis=1)

    return make


# Customers whose chances are known


def on(day: np.ndarray) -> pd.DatetimeIndex:
    return pd.Timestamp(LAST_DAY) - pd.to_timedelta(LOG_DAYS - np.asarray(day), unit="D")


class FadingMembers:
    """Members who are active on every seventh day or so until they fade; whoever has faded leaves four times as soon.

    Faded: 0.008 a day. Active: 0.002 a day, and 0.0005 a day to fade.
    """

    active, fade, faded = 0.002, 0.0005, 0.008

    def __init__(self, rng: np.random.Generator, size: int = 6_000):
        self.ids = np.array([f"c{i}" for i in range(size)])
        start = rng.integers(0, LOG_DAYS, size)
        fades = start + np.ceil(rng.exponential(1 / self.fade, size)).astype(int)
        early = start + np.ceil(rng.exponential(1 / self.active, size)).astype(int)
        late = fades + np.ceil(rng.exponential(1 / self.faded, size)).astype(int)
        ends = np.where(early <= fades, early, late)
        day = np.arange(LOG_DAYS + 1)
        seen = (day >= start[:, None]) & (day < np.minimum(fades, ends)[:, None])
        who, when = np.nonzero(seen & (rng.random((size, LOG_DAYS + 1)) < 1 / 7))
        self.has_faded = fades <= LOG_DAYS
        self.there = ends > LOG_DAYS
        contracts = pd.DataFrame(
            {
                "customer_id": self.ids,
                "started_at": on(start),
                "ended_at": pd.Series(on(ends)).where(ends <= LOG_DAYS),
                "plan": pd.Series("a", index=range(size), dtype="string"),
                "price": 1.0,
                "reason": pd.Series(None, index=range(size), dtype="string"),
            }
        )
        events = pd.DataFrame({"customer_id": self.ids[who], "happened_at": on(when), "event": "visit"})
        known = pd.DataFrame({"customer_id": self.ids})
        self.data = shop(as_of=LAST_DAY, known=known, as_given=True, subscriptions=contracts, events=events)

    def chance(self, horizon: int) -> np.ndarray:
        """The true chance of each member to leave within `horizon` days of the report, by its state then."""
        out = self.active + self.fade
        still = np.exp(-out * horizon)
        fading = self.fade / (out - self.faded) * (np.exp(-self.faded * horizon) - still)
        return np.where(self.has_faded, -np.expm1(-self.faded * horizon), 1 - still - fading)


class SteadyBuyers:
    """Buyers who order with the same chance every day, twice as often in one country; nobody ever leaves.

    With a taste of their own, some order more often than others of their country, and nothing recorded says who.
    """

    rates = {"N": 0.02, "S": 0.04}

    def __init__(self, rng: np.random.Generator, size: int = 2_000, own_taste: bool = False):
        ids = np.array([f"c{i}" for i in range(size)])
        country = rng.choice(list(self.rates), size)
        rate = pd.Series(country).map(self.rates).to_numpy() * (rng.gamma(2, 0.5, size) if own_taste else 1)
        start = rng.integers(0, LOG_DAYS - 100, size)
        day = np.arange(LOG_DAYS + 1)
        ordered = (day == start[:, None]) | (
            (day > start[:, None]) & (rng.random((size, LOG_DAYS + 1)) < rate[:, None])
        )
        who, when = np.nonzero(ordered)
        self.silent = pd.Series(LOG_DAYS - np.where(ordered, day, 0).max(axis=1), index=ids)
        self.rate = pd.Series(rate, index=ids)
        orders = pd.DataFrame({"customer_id": ids[who], "ordered_at": on(when), **ORDER})
        known = pd.DataFrame({"customer_id": ids, "country": country})
        self.data = shop(as_of=LAST_DAY, known=known, as_given=True, orders=orders)


@pytest.fixture(scope="session")
def members() -> FadingMembers:
    return FadingMembers(np.random.default_rng(11))


@pytest.fixture(scope="session")
def steady_buyers() -> type[SteadyBuyers]:
    return SteadyBuyers


@pytest.fixture(params=["contract", "silence"])
def either_risk(request) -> Risk:
    """What is told of who leaves next, by contracts and by silence."""
    return request.getfixturevalue(f"{request.param}_risk")
