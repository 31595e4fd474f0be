"""The claims of 03_churn about who leaves and when, on stays of which the truth is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from claims import Claim, Draws, each
from helpers.analyses.churn.drivers.hazards import hazard_ratios
from helpers.analyses.churn.drivers.leakage import suspects
from helpers.analyses.churn.drivers.ratios_over_stay import proportionality
from helpers.analyses.churn.drivers.single_attributes import attribute_tests
from helpers.analyses.churn.drivers.stated_reasons import reasons
from helpers.analyses.churn.drivers.subdistribution import reason_ratios
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.analyses.churn.timing.by_cohort import retention
from helpers.analyses.churn.timing.curves import group_pairs
from helpers.analyses.churn.timing.tenure import hazard_over_tenure
from helpers.findings import Finding, NotApplicable
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE
from shops import AS_OF, shop

YEARS = 3  # over which customers began
WORDS = {"plan": 3, "city": 6, "channel": 4, "gender": 2}
NUMBERS = ("age", "spend", "visits")


def stayed(customers: int, rng: np.random.Generator, rates: np.ndarray | float) -> Stays:
    """Stays of customers who leave at `rates`, and a third of whom come back; what is known of them, words and numbers,
    some with heavy tails, tells nothing. Who began lately is still there.
    """
    times = 1 + (rng.random(customers) < 1 / 3)
    who = np.repeat(np.arange(customers), times)
    length = np.ceil(rng.exponential(300 / np.broadcast_to(rates, customers)[who]))
    began = pd.Timestamp(AS_OF) - pd.to_timedelta(rng.integers(1, 365 * YEARS, len(who)), unit="D")
    followed = (pd.Timestamp(AS_OF) - began).days.to_numpy()
    left = length <= followed
    about = {name: rng.integers(0, many, customers) for name, many in WORDS.items()}
    about = {name: pd.Series(values).map(lambda at, name=name: f"{name} {at}")[who] for name, values in about.items()}
    about |= {"age": rng.normal(40, 12, customers)[who], "spend": rng.lognormal(3, 1.5, customers)[who]}
    about |= {"visits": rng.poisson(1, customers)[who].astype(float)}
    duration = np.where(left, length, followed).astype(int)
    table = pd.DataFrame({
        "customer_id": who.astype(str), "started_on": began, "entry_days": 0, "duration_days": duration, "left": left,
        "ended_on": pd.Series(began + pd.to_timedelta(duration, unit="D")).where(left),
        "reason": np.where(left, rng.choice(["price", "service", "moved"], len(who)), None),
        **{name: np.asarray(values) for name, values in about.items()},
    })  # fmt: skip
    return Stays(table, tuple(about), Definition.CONTRACT, AS_OF, AS_OF)


def told(answer: Callable[[Stays], Any], beyond: Callable[[Any], bool], *, alike: bool = False) -> Draws:
    """Whether an answer about such stays claims anything; each leaves at a rate of their own, unless all are `alike`."""

    def once(customers: int, rng: np.random.Generator) -> float | None:
        rates = 1.0 if alike else 1 / rng.gamma(4, 1 / 4, customers)
        found: Finding | NotApplicable = answer(stayed(customers, rng, rates))
        return None if isinstance(found, NotApplicable) else beyond(found)

    return each(once)


def sure(found: Any) -> bool:
    """Whether anything in a table of tests is beyond chance, corrected for all of them."""
    return bool((found.table[ADJUSTED_P_VALUE] < SIGNIFICANCE).any())


def differing(found: Any) -> bool:
    """Whether any factor goes with a reason, or with one more than with another."""
    tests = (found.strongest, found.differences)
    return any((table[ADJUSTED_P_VALUE] < SIGNIFICANCE).any() for table in tests)


def left(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether it is told how many have left, by their silence, of a shop that nobody leaves."""
    who = np.repeat(np.arange(customers), rng.poisson((rng.gamma(1.5, 1 / 90, customers) + 1 / 300) * 365 * 2))
    orders = pd.DataFrame({"customer_id": who.astype(str), "order_id": np.arange(len(who)), "amount": 20.0})
    found = stays(shop(orders=orders.assign(days_ago=rng.integers(0, 365 * 2, len(who)))))
    return None if isinstance(found, NotApplicable) else "cannot be told by silence" not in str(found.headline())


NOTHING = "7 attributes that tell nothing; a third of the customers stay twice"
STEADY = "each leaves at a rate of their own; a third of the customers stay twice"
ALIKE = "all leave at one rate; a third of the customers stay twice"
ENOUGH = (300, 3000)  # customers, of whom some group can be followed
DRIVERS, TIMING = "churn/drivers/", "churn/timing/"
CLAIMS = (
    Claim("so many have left", "churn/leaving/silence", "nobody leaves; each orders at a rate of their own", 0.05, each(left),
          costs=50),
    Claim("an attribute goes with leaving", f"{DRIVERS}single_attributes", NOTHING, 0.05, told(attribute_tests, sure),
          sizes=(300,), costs=50),
    Claim("a factor goes with leaving, others equal", f"{DRIVERS}hazards", NOTHING, 0.05, told(hazard_ratios, sure),
          sizes=(300,), costs=50),
    Claim("a ratio changes over the stay", f"{DRIVERS}ratios_over_stay", NOTHING, 0.05,
          told(lambda stays: proportionality(hazard_ratios(stays)), lambda found: len(found.failing) > 0), sizes=(300,), costs=50),
    Claim("a column knows too much", f"{DRIVERS}leakage", NOTHING, 0.05, told(suspects, lambda found: len(found.names) > 0),
          sizes=(300,), costs=50),
    Claim("a reason is ahead of the others", f"{DRIVERS}stated_reasons", "3 reasons, equally often", 0.05,
          told(reasons, lambda found: "the most frequent" in str(found.headline())), costs=50),
    Claim("a factor goes with a reason", f"{DRIVERS}subdistribution", NOTHING, 0.10,
          told(lambda stays: reason_ratios(hazard_ratios(stays)), differing), sizes=(300,), costs=100),
    Claim("newer customers stay longer or shorter", f"{TIMING}by_cohort", STEADY, 0.05,
          told(retention, lambda found: found.p_value < SIGNIFICANCE), costs=50),
    Claim("one group stays longer than another", f"{TIMING}curves", NOTHING, 0.05,
          told(lambda stays: group_pairs(stays, "city"), sure), sizes=ENOUGH, costs=50),
    Claim("a month of the stay stands out", f"{TIMING}tenure", ALIKE, 0.05,
          told(lambda stays: hazard_over_tenure(stays, "city"), lambda found: len(found.standing_out) > 0, alike=True), sizes=(300,), costs=50),
    Claim("more leave, or fewer, the longer they stay", f"{TIMING}tenure", ALIKE, 0.05,
          told(lambda stays: hazard_over_tenure(stays, "city"), lambda found: found.trend["p_value"] < SIGNIFICANCE,
               alike=True), sizes=(300,), costs=50),
    Claim("groups leave at other rates in the same month", f"{TIMING}tenure", NOTHING, 0.05,
          told(lambda stays: hazard_over_tenure(stays, "city"),
               lambda found: bool((found.ratios[ADJUSTED_P_VALUE] < SIGNIFICANCE).any())), sizes=(300,), costs=50),
)  # fmt: skip
