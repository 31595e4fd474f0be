"""Each customer's purchases as buy-till-you-die models read them, as of any day, and what came after it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import pandas as pd
from numpy.typing import ArrayLike

from helpers.data import snapshot, spans
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, Sentence, analysis, facts, say
from helpers.statistics import purchases
from helpers.statistics.purchases import CommonRate, PurchaseModel

FEWEST_BUYERS, FEWEST_RETURNS = 100, 30  # below, a model of how customers differ rests on a handful of them
COLUMNS, SPEND = ["frequency", "t_x_days", "age_days"], "mean_repeat_spend"
BY_CHANCE = 1.645  # of a standard normal: customers all alike go beyond it once in 20 times


class Model(StrEnum):
    """The models of purchases, which `vocabulary.MODEL` has in words."""

    BG_NBD = "bg_nbd"
    MBG_NBD = "mbg_nbd"
    PARETO_NBD = "pareto_nbd"
    NBD = "nbd"  # nobody leaves: for shops where no leaving can be seen, and the other models have no maximum
    COMMON_RATE = "common_rate"  # for shops whose customers differ by chance alone, where NBD has no maximum either


Fit = Callable[..., PurchaseModel]


def one_rate(*history: ArrayLike) -> CommonRate:
    """One rate of all customers, where it is the limit of an NBD that has no maximum for want of differences.

    `history` is frequency, recency and age. Raises ValueError elsewhere: where orders of customers differ by more than
    chance, and where NBD has a maximum, which is then the likelier.
    """
    common = purchases.fit_common_rate(*history)
    if common.overdispersion > BY_CHANCE:
        raise ValueError(
            f"overdispersion = {common.overdispersion:.3g}: one rate for all is for orders that differ by no more than "
            f"chance, up to {BY_CHANCE}. Take a model of customers who differ."
        )
    try:
        other = purchases.fit_nbd(*history)
    except ValueError:  # no maximum
        return common
    raise ValueError(f"r = {other.parameters['r']:.3g}: NBD has a maximum and tells customers apart. Take it instead.")


FITS: Mapping[Model, Fit] = {
    Model.BG_NBD: purchases.fit_bg_nbd,
    Model.MBG_NBD: purchases.fit_mbg_nbd,
    Model.PARETO_NBD: purchases.fit_pareto_nbd,
    Model.NBD: purchases.fit_nbd,
    Model.COMMON_RATE: one_rate,
}
IN_PLACE_OF = {Model.NBD: Model.COMMON_RATE, Model.COMMON_RATE: Model.NBD}  # a model and its limit: nobody has both
CERTAINTIES = {
    Model.BG_NBD: say("This model takes everybody who ordered once for active."),
    Model.NBD: say("Under this model nobody leaves: everybody who ever ordered counts as active."),
    Model.COMMON_RATE: say(
        "Orders of these customers differ by no more than chance, and their history does not tell them apart: under "
        "this model all order at one rate and nobody leaves, so values differ by spend alone, if at all."
    ),
}


def certainty(model: Model) -> Sentence | None:
    """What a model takes for certain: who is active, and who is alike; None where it is nothing."""
    return CERTAINTIES.get(model)


@dataclass(frozen=True)
class Histories:
    """Customers with an order up to `as_of`, one row each; an order is a day with at least one of them."""

    as_of: dt.date
    # index customer_id: first_order_on, frequency (repeat orders), t_x_days, age_days, mean_repeat_spend
    customers: pd.DataFrame
    currency: str = ""  # of what they spent

    @property
    def columns(self) -> tuple[pd.Series, pd.Series, pd.Series]:
        """Frequency, recency and age, as the models take them; times in days."""
        return tuple(self.customers[name] for name in COLUMNS)

    @property
    def spending(self) -> pd.DataFrame:
        """The customers whose repeat orders brought money: what a model of spend is fitted to."""
        return self.customers[(self.customers["frequency"] > 0) & (self.customers[SPEND] > 0)]

    def lacking(self) -> NotApplicable | None:
        """Why no model can be fitted to these customers; None where one can."""
        returned = int((self.customers["frequency"] > 0).sum())
        if len(self.customers) < FEWEST_BUYERS or returned < FEWEST_RETURNS:
            few = say(
                "by {day} {buyers} customers had ordered and {returned} of them again; a model needs {least_buyers} "
                "and {least_returned}.",
                day=facts.Day(self.as_of),
                buyers=facts.Count(len(self.customers)),
                returned=facts.Count(returned),
                least_buyers=facts.Count(FEWEST_BUYERS),
                least_returned=facts.Count(FEWEST_RETURNS),
            )
            return NotApplicable(few)
        return None


@analysis
def histories(data: Dataset) -> Histories | NotApplicable:
    """The purchase histories of all customers as of the report's day.

    Not applicable without orders, where they end long before that day, and where too few customers ordered (100), or
    ordered again (30), for a model.
    """
    if "orders" not in data.tables:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    if unseen := spans.unseen(data.spans, "orders", data.as_of):
        return NotApplicable(unseen)
    return _modelled(data, data.customers, data.as_of)


def histories_on(data: Dataset, day: dt.date) -> Histories | NotApplicable:
    """The purchase histories as they were at the end of an earlier `day`, of a data set with orders.

    Later orders are not seen; that an earlier one was cancelled or refunded later is, since nobody wrote down when. Not
    applicable as `histories`.
    """
    orders = snapshot.cut({"orders": data.tables["orders"]}, day)["orders"]
    return _modelled(data, snapshot.order_summary(orders, day, data.settings.policy).execute(), day)


def orders_between(data: Dataset, after: dt.date, upto: dt.date) -> pd.Series:
    """customer_id → days with an order after one day, up to and with another; who has none is not in it."""
    days = _days_bought(data)
    window = days.filter((days.day > ibis.date(after)) & (days.day <= ibis.date(upto)))
    return window.group_by("customer_id").agg(orders=window.count()).execute().set_index("customer_id")["orders"]


def repeats_by_day(data: Dataset, known_on: dt.date) -> pd.Series:
    """day → repeat orders made on it by the customers who had ordered by `known_on`, in order of days."""
    days = _days_bought(data)
    days = days.mutate(first=days.day.min().over(ibis.window(group_by="customer_id")))
    repeats = days.filter((days.first <= ibis.date(known_on)) & (days.day > days.first))
    counts = repeats.group_by(day=repeats.day.cast("timestamp")).agg(orders=repeats.count()).execute()
    return counts.set_index("day")["orders"].sort_index()


def fitted(known: Histories) -> dict[Model, PurchaseModel]:
    """Every model that has a maximum for these customers."""
    models = {}
    for name, fit in FITS.items():
        try:
            models[name] = fit(*known.columns)
        except ValueError:  # no maximum: these customers do not tell its parameters apart
            continue
    return models


def _modelled(data: Dataset, customers: pd.DataFrame, day: dt.date) -> Histories | NotApplicable:
    """The histories of those customers who ordered by `day`, where there are enough of them for a model."""
    bought = customers.loc[customers["first_order_on"].notna(), ["customer_id", "first_order_on", *COLUMNS, SPEND]]
    bought = Histories(day, bought.set_index("customer_id").sort_index(), data.settings.currency)
    return bought.lacking() or bought


def _days_bought(data: Dataset) -> ir.Table:
    """One row for each customer and day with an order."""
    days = snapshot.order_days(data.tables["orders"], data.settings.policy)
    return days.filter(days.orders > 0)
