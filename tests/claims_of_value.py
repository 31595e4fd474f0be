"""The claims of 05_value, on customers of whom the truth is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from claims import Claim, each
from helpers.analyses.value.acquisition.payback import Pays, verdict
from helpers.analyses.value.future.purchases import Histories, Model
from helpers.analyses.value.future.spend import spend_independence
from helpers.analyses.value.future.trial_of_models import Holdout
from helpers.analyses.value.groups import GroupValues
from helpers.analyses.value.vocabulary import BUYERS, MEAN_LIFETIME_VALUE, MODEL, VALUE_SHARE
from helpers.findings import NotApplicable
from helpers.findings.evidence import SIGNIFICANCE, Z
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics.purchases import cumulative_mean

MONTHS = 12
GROUPS = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 8}  # quarters of the customers asked for
TODAY = dt.date(2025, 6, 30)
LEAVE = 0.08  # of the customers who are left, each month


def told(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether a channel is told to pay back, or not to, though a customer brings just what one costs in the horizon:
    log-normal orders of customers who leave, half of whom came less than a year ago. Nothing is told of fewer than 20.
    """
    truth = sum((0.25 if month else 1.25) * (1 - LEAVE) ** month for month in range(MONTHS)) * np.exp(0.32)
    wrong = np.full(draws, np.nan)
    for draw in range(draws):
        course = cumulative_mean(*_brought(customers, rng), SIGNIFICANCE)
        course = course[course["at_risk"] >= 20]
        if len(course):
            wrong[draw] = verdict(course, truth, MONTHS) is not Pays.OPEN
    return wrong


def _brought(customers: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """What each customer brought by month, and the months that each was followed."""
    orders = rng.poisson(rng.gamma(1, 0.25, customers)[:, None], (customers, MONTHS))
    orders[:, 0] += 1
    orders[np.arange(MONTHS) >= rng.geometric(LEAVE, customers)[:, None]] = 0
    money = np.bincount(
        np.repeat(np.arange(orders.size), orders.ravel()), rng.lognormal(0, 0.8, orders.sum()), orders.size
    )
    return money.reshape(orders.shape), np.minimum(rng.integers(0, 2 * MONTHS, customers), MONTHS)


def worth_more(customers: int, rng: np.random.Generator) -> bool:
    """Whether customers of one of five groups, from small to eight times as large, are told to be worth more: all have
    log-normal values.
    """
    groups = {name: rng.lognormal(0, 1.2, max(20, customers * times // 4)) for name, times in GROUPS.items()}
    means = {name: (len(each), each.mean(), Z * each.std(ddof=1) / np.sqrt(len(each))) for name, each in groups.items()}
    table = pd.DataFrame(means, index=[BUYERS, MEAN_LIFETIME_VALUE, "reach"]).T.rename_axis("city").reset_index()
    table = table.assign(**{LOWER: table[MEAN_LIFETIME_VALUE] - table["reach"], VALUE_SHARE: 0.2,
                            UPPER: table[MEAN_LIFETIME_VALUE] + table["reach"]})  # fmt: skip
    return "likely worth" in str(GroupValues(table, "city").headline())


def spends_more(customers: int, rng: np.random.Generator) -> bool | None:
    """Whether frequent customers are told to spend more or less on an order: orders are log-normal, of a level of each
    customer's own that says nothing of how often they order.
    """
    orders = 1 + rng.poisson(rng.gamma(0.7, 3, customers))
    who = np.repeat(np.arange(customers), orders)
    money = rng.lognormal(3 + rng.normal(0, 0.5, customers)[who], 0.8)
    mean = np.bincount(who, money) / orders
    known = pd.DataFrame({"frequency": orders.astype(float), "mean_repeat_spend": mean})
    found = spend_independence(Histories(TODAY, known))
    return None if isinstance(found, NotApplicable) else found.lower > 0 or found.upper < 0


def fails(customers: int, rng: np.random.Generator) -> bool:
    """Whether a forecast that is right is told to have failed its trial: orders come at rates of each one's own."""
    expected = rng.gamma(0.5, 2, customers)
    tried = pd.DataFrame({Model.BG_NBD: expected, "orders": rng.poisson(rng.gamma(2, expected / 2))})
    nothing = pd.DataFrame({MODEL: []})
    return Holdout(nothing, TODAY, 180, Model.BG_NBD, tried, nothing).failure(Model.BG_NBD) is not None


CLAIMS = (
    Claim(
        "a channel pays back, or does not", "value/acquisition/payback", "a customer brings just what one costs", 0.05,
        told, costs=5,
    ),
    Claim("customers of one group are worth more", "value/groups", "5 groups of unequal size and one worth, heavy tails", 0.05,
          each(worth_more), costs=10),
    Claim("frequent customers spend more, or less", "value/future/spend", "spend says nothing of how often one orders", 0.05,
          each(spends_more), costs=10),
    Claim("the forecast failed its trial", "value/future/trial_of_models", "it is right; orders come in bursts", 0.05,
          each(fails), costs=10),
)  # fmt: skip
