"""What each customer is expected to bring from now on, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.value.contract.renewal import MONTH_DAYS
from helpers.analyses.value.future.purchases import MODELS, Histories, certainty
from helpers.analyses.value.future.spend import NAMES, SpendModel, repeats, spend_model, spends
from helpers.analyses.value.future.trial_of_models import Z95, Holdout
from helpers.findings import NotApplicable, charts, formats
from helpers.statistics.purchases import CommonSpend, FittedValues, PurchaseModel, discounted_value

STEP = 1e-4  # of a parameter's logarithm, by which values are differenced
STRONG = 0.2  # correlation from which the assumption of the model of spend is plainly wrong
FEWEST_SPENDING = 20  # customers, for a correlation or a mean
SPEND_BINS = {"1": (1, 1), "2": (2, 2), "3": (3, 3), "4–6": (4, 6), "7 and more": (7, np.inf)}


@dataclass(frozen=True)
class Terms:
    """How the future is counted: months ahead, interest a year, and the part of the revenue that is earned."""

    horizon_months: int = 12
    discount_rate: float = 0.10  # a year
    margin: float = 1.0  # 1: value is revenue

    def __post_init__(self) -> None:
        parameters.between("horizon_months", self.horizon_months, 1, 60)
        parameters.between("discount_rate", self.discount_rate, 0, 1)
        parameters.between("margin", self.margin, 0.001, 1)

    def value(self, model: PurchaseModel, spend: np.ndarray, known: Histories) -> np.ndarray:
        """Discounted money that each customer brings, by `model` and the mean `spend` of an order."""
        monthly = (1 + self.discount_rate) ** (1 / 12) - 1
        return discounted_value(
            model,
            spend,
            *known.columns,
            periods=self.horizon_months,
            period_length=MONTH_DAYS,
            discount_rate=monthly,
            margin=self.margin,
        )

    def __str__(self) -> str:
        earned = "revenue" if self.margin == 1 else f"{formats.percent(self.margin)} of revenue"
        discounted = f"discounted by {formats.percent(self.discount_rate)} a year"
        return f"{earned} of the next {self.horizon_months} months, {discounted}"


@dataclass(frozen=True)
class LifetimeValues:
    """What each customer who ever ordered is expected to bring, and how sure sums of it are."""

    model: str
    terms: Terms
    currency: str
    customers: pd.DataFrame  # customer_id, p_alive, expected_orders, expected_spend, lifetime_value; by customer_id
    fitted: FittedValues  # the lifetime values, in the same order
    parameters: pd.DataFrame  # model, parameter, estimate, std_error
    passed_over: str = ""  # the model that the trial chose, where that cannot be fitted to all customers
    common_spend: float | None = None  # expected of everybody's orders, where spends differ by chance alone

    @property
    def total(self) -> float:
        """All values together."""
        return float(self.customers["lifetime_value"].sum())

    def summary(self) -> pd.DataFrame:
        """Customers from the most valuable, in tenths: what they are expected to bring."""
        table = self.customers.sort_values("lifetime_value", ascending=False, kind="stable")
        tenth = np.arange(len(table)) * 10 // len(table)
        told = table.groupby(tenth).agg(
            customers=("lifetime_value", "size"),
            mean_p_alive=("p_alive", "mean"),
            mean_orders=("expected_orders", "mean"),
            least_lifetime_value=("lifetime_value", "min"),
            mean_lifetime_value=("lifetime_value", "mean"),
            total=("lifetime_value", "sum"),
        )
        told.insert(0, "customers_by_value", [f"{10 * place}–{10 * place + 10}%" for place in told.index])
        told["value_share"] = told.pop("total") / self.total if self.total else np.nan
        return told.rename(columns={"mean_p_alive": "mean_active_probability"})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The part of all value that each tenth of the customers brings."""
        return charts.bars(self.summary(), value="value_share", label="customers_by_value", ax=ax)

    def headline(self) -> str:
        """The total with its interval, how concentrated it is, and what the interval and the model leave out."""
        everybody = np.ones(len(self.customers), dtype=bool)
        money = [formats.money(value, self.currency) for value in self.fitted.total_limits(everybody)]
        top = self.summary()["value_share"].iloc[0]
        instead = (
            f" “{self.passed_over}”, chosen by the trial, cannot be fitted to all customers; this is the next "
            "best that can."
            if self.passed_over
            else ""
        )
        alike = (
            " Mean spends of customers differ by no more than chance: each is expected to spend the mean of all, "
            f"{formats.money(self.common_spend, self.currency)} an order."
            if self.common_spend
            else ""
        )
        return (
            f"The {len(self.customers):,} customers who ever ordered are expected to bring {money[0]} ({money[1]} to "
            f"{money[2]}) by “{self.model}”: {self.terms}. The most valuable tenth brings {formats.percent(top)} of "
            f"it.{alike} The interval covers how well the model's parameters are known, not how wrong the model is: "
            f"for that see how it did on days it had not seen.{instead}{certainty(self.model)}"
        )


@dataclass(frozen=True)
class SpendIndependence:
    """Whether those who order more often also spend more on an order, which the model of spend assumes they do not."""

    correlation: float
    lower: float
    upper: float
    customers: int
    bins: pd.DataFrame  # repeat_orders, customers, mean_spend, lower, upper

    def summary(self) -> pd.DataFrame:
        """Mean spend of an order by number of repeat orders."""
        return self.bins

    def plot(self, ax: Axes | None = None) -> Axes:
        """Mean spend by number of repeat orders, with its interval."""
        return charts.forest(self.bins, estimate="mean_spend", label="repeat_orders", ax=ax)

    def headline(self) -> str:
        """The correlation, and what it means for the values."""
        told = (
            f"Number of orders and mean spend on one correlate by {self.correlation:.2f} "
            f"({self.lower:.2f} to {self.upper:.2f}, {self.customers:,} customers who came back)"
        )
        if self.lower > STRONG or self.upper < -STRONG:
            side = "little" if self.correlation > 0 else "much"
            return f"{told}: strong. The values of frequent customers are likely too {side}."
        if max(-self.lower, self.upper) > STRONG:
            return f"{told}: it may be strong enough to bias the values of frequent customers."
        if self.lower <= 0 <= self.upper:
            return f"{told}: no evidence that the two go together, so they may be modelled apart."
        return f"{told}: weak, so the two may be modelled apart."


def lifetime_values(
    known: Histories | NotApplicable, tried: Holdout | NotApplicable, terms: Terms = Terms(), currency: str = ""
) -> LifetimeValues | NotApplicable:
    """The value of every customer under the model that the trial chose and a Gamma-Gamma model of spend.

    Where that model cannot be fitted to all customers it is the next best of the trial that can. Of a customer whose
    repeat orders brought nothing, or who has none, the spend is taken to be the mean of all; of everybody where
    customers' mean spends differ by no more than chance. Not applicable where no model was chosen, repeat orders bring
    no money, or no model of orders, or of spend, has a maximum. Raises ValueError for a horizon of parts of a month.
    Assumes that customers go on as they did, and that spend does not go with frequency (see `spend_independence`).
    Source: Fader, Hardie & Lee (2005, "RFM and CLV").
    """
    for missing in (known, tried):
        if isinstance(missing, NotApplicable):
            return missing
    try:
        name, model = _best_fitted(tried.ranked, known)
        spend = spend_model(known)
    except ValueError as error:
        return NotApplicable(f"a model of orders or of spend cannot be fitted to all customers: {error}")
    each, ones = spends(spend, known), np.ones(1)
    if not np.isfinite(each).all():
        return NotApplicable("the mean spend of customers of whom nothing is known has no limit under the model.")
    purchases = terms.value(model, ones, known)  # discounted, times the margin
    customers = pd.DataFrame(
        {
            "customer_id": known.customers.index,
            "p_alive": model.p_alive(*known.columns),
            "expected_orders": model.expected_purchases(terms.horizon_months * MONTH_DAYS, *known.columns),
            "expected_spend": each,
            "lifetime_value": each * purchases,
        }
    )
    slopes = np.column_stack(
        [
            *(each * (terms.value(near, ones, known) - purchases) / STEP for near in _near(model)),
            *((spends(near, known) - each) / STEP * purchases for near in _near(spend)),
        ]
    )
    influences = np.hstack(
        [model.scores(*known.columns) @ model.covariance, spend.scores(*repeats(known)) @ spend.covariance]
    )
    sums = FittedValues(customers["lifetime_value"].to_numpy(), slopes, influences)
    estimates = pd.concat([_estimates(name, model), _estimates(NAMES[type(spend)], spend)], ignore_index=True)
    passed_over = tried.chosen if name != tried.chosen else ""
    common_spend = spend.mean_spend if isinstance(spend, CommonSpend) else None
    return LifetimeValues(name, terms, currency, customers, sums, estimates, passed_over, common_spend)


def spend_independence(known: Histories | NotApplicable) -> SpendIndependence | NotApplicable:
    """Correlation of repeat orders and mean spend on them, and mean spend by number of repeat orders.

    Pearson's, among customers whose repeat orders brought money. A rank correlation would not do: means of more orders
    are less skewed, so that their ranks rise with the number of orders where spend has nothing to do with it, while
    their mean does not. Intervals are 95 % and assume no distribution (Steiger & Hakstian 1982, on Fisher's scale).
    """
    if isinstance(known, NotApplicable):
        return known
    spending = known.spending
    orders, spend = (spending[name].to_numpy(float) for name in ("frequency", "mean_repeat_spend"))
    if len(spending) < FEWEST_SPENDING or not (np.ptp(orders) and np.ptp(spend)):
        return NotApplicable(
            f"{len(spending)} customers came back and spent; a correlation needs {FEWEST_SPENDING}, not all alike."
        )
    groups = {name: spend[(orders >= low) & (orders <= high)] for name, (low, high) in SPEND_BINS.items()}
    rows = [{"repeat_orders": name} | _mean(group) for name, group in groups.items() if len(group) >= FEWEST_SPENDING]
    bins = pd.DataFrame(rows, columns=["repeat_orders", "customers", "mean_spend", "lower", "upper"])
    return SpendIndependence(*_correlation(orders, spend), len(spending), bins)


def _best_fitted(ranked: list[str], known: Histories) -> tuple[str, PurchaseModel]:
    """The first of the models that has a maximum for these customers; the error of the last where none has."""
    *better, last = ranked
    for name in better:
        try:
            return name, MODELS[name](*known.columns)
        except ValueError:  # no maximum
            continue
    return last, MODELS[last](*known.columns)


def _correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, float, float]:
    """Pearson's correlation and its limits, by how far each customer moves it (the infinitesimal jackknife)."""
    x, y = ((values - values.mean()) / values.std() for values in (x, y))
    found = (x * y).mean()
    influence = x * y - found / 2 * (x**2 + y**2)
    error = np.sqrt((influence**2).sum()) / len(x) / (1 - found**2)
    lower, upper = np.tanh(np.arctanh(found) + np.array([-Z95, Z95]) * error)
    return float(found), float(lower), float(upper)


def _mean(spend: np.ndarray) -> dict[str, float]:
    half = Z95 * spend.std(ddof=1) / np.sqrt(len(spend))
    mean = spend.mean()
    return {"customers": len(spend), "mean_spend": mean, "lower": mean - half, "upper": mean + half}


def _near(model: PurchaseModel | SpendModel) -> list[PurchaseModel | SpendModel]:
    """The model with each parameter in turn a little larger."""
    found = model.parameters
    return [replace(model, parameters=found | {name: value * np.exp(STEP)}) for name, value in found.items()]


def _estimates(name: str, model: PurchaseModel | SpendModel) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "model": name,
            "parameter": list(model.parameters),
            "estimate": list(model.parameters.values()),
            "std_error": list(model.std_errors.values()),
        }
    )
