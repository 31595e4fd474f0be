"""Which model of purchases to believe: each is fitted up to an earlier day and tried on what came after it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.value.future.purchases import (
    IN_PLACE_OF,
    Histories,
    certainty,
    fitted,
    histories_on,
    orders_between,
    repeats_by_day,
)
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.statistics.purchases import PurchaseModel, expected_total

LONGEST_DAYS, SHORTEST_DAYS = 180, 28  # of a holdout of which nobody said how long
LONGEST_HOLDOUT_DAYS = 3650
SAME_RATE, SAME_AGAIN = RULES = "same rate as so far", "same as in the days before"
FEWEST_IN_GROUP = 20
BINS = {"0": (0, 0), "1": (1, 1), "2": (2, 2), "3": (3, 3), "4–6": (4, 6), "7 and more": (7, np.inf)}
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Holdout:
    """Orders that models and rules of thumb expected of the customers of an earlier day, beside those that came."""

    split_on: dt.date
    days: int
    scores: pd.DataFrame  # model, expected_orders, orders, bias_share, mean_absolute_error, deviance; best model first
    chosen: str
    customers: pd.DataFrame  # index customer_id: frequency, orders, and one column a model: orders expected
    tracking: pd.DataFrame  # day, line, repeat_orders: all repeat orders so far, bought and expected by each model

    @property
    def ranked(self) -> list[str]:
        """The chosen model and those to fall back to, best first; after NBD its limit, and after that NBD.

        Customers known since may call for the one where those of the trial called for the other.
        """
        tried = [name for name in self.scores["model"] if name not in RULES]
        return [each for name in tried for each in (name, IN_PLACE_OF.get(name)) if each]

    def summary(self) -> pd.DataFrame:
        """One row a model or rule of thumb."""
        return self.scores

    def plot(self, ax: Axes | None = None) -> Axes:
        """Repeat orders so far of these customers, week by week, beside what each model expected of them."""
        return charts.line(self.tracking, x="day", y="repeat_orders", group="line", ax=ax)

    def headline(self) -> str:
        """What the chosen model expected, what came, and whether it beats the rules of thumb or has nobody leave."""
        rows = self.scores.set_index("model")
        best = rows.loc[self.chosen]
        models = len(rows) - len(RULES)
        praise = f"fits best of {models} models" if models > 1 else "is the only model that fits at all"
        miss = "too few" if best["bias_share"] < 0 else "too many"
        by = "" if np.isnan(best["bias_share"]) else f" ({formats.percent(abs(best['bias_share']))} {miss})"
        return (
            f"“{self.chosen}” {praise}. Of the {len(self.customers):,} customers known on {self.split_on} it expected "
            f"{best['expected_orders']:,.0f} orders in the next {self.days} days; {best['orders']:,.0f} came{by}. "
            f"{self._beside_rules(rows['mean_absolute_error'])}{certainty(self.chosen)}"
        )

    def _beside_rules(self, errors: pd.Series) -> str:
        """The mean error of the chosen model beside that of the better rule of thumb, customer by customer."""
        rule, came = errors.loc[list(RULES)].idxmin(), self.customers["orders"]
        gain = (self.customers[rule] - came).abs() - (self.customers[self.chosen] - came).abs()
        half = Z95 * gain.sem()
        low, high = sorted((gain.mean() - half, gain.mean() + half), key=abs)
        said = f"Its mean error is {formats.number(errors[self.chosen])} orders a customer, "
        if low * high <= 0:
            return f"{said}not clearly different from {formats.number(errors[rule])} by the rule of thumb “{rule}”."
        side = "less" if high > 0 else "more"
        limits = formats.interval(abs(low), abs(high))
        return f"{said}{formats.number(abs(gain.mean()))} ({limits}) {side} than by the rule of thumb “{rule}”."


@dataclass(frozen=True)
class FrequencyCalibration:
    """Orders expected and orders made, by how often customers had come back before."""

    model: str
    bins: pd.DataFrame  # repeat_orders_before, customers, expected_orders, orders, lower, upper (means a customer)

    def summary(self) -> pd.DataFrame:
        """One row a group."""
        return self.bins

    def plot(self, ax: Axes | None = None) -> Axes:
        """The mean that came, with its interval, and the mean expected, which has none."""
        came = self.bins.assign(of="came", mean_orders=self.bins["orders"])
        expected = self.bins["expected_orders"]
        told = self.bins.assign(of="expected", mean_orders=expected, lower=expected, upper=expected)
        both = pd.concat([came, told])
        return charts.forest(both, estimate="mean_orders", label="repeat_orders_before", group="of", ax=ax)

    def headline(self) -> str:
        """In how many groups what came is compatible with what was expected, and where it is furthest from it."""
        outside = self.bins[~self.bins["expected_orders"].between(self.bins["lower"], self.bins["upper"])]
        if outside.empty:
            return (
                f"By number of repeat orders before, what came is compatible with “{self.model}” in all "
                f"{len(self.bins)} groups."
            )
        worst = outside.loc[(outside["expected_orders"] - outside["orders"]).abs().idxmax()]
        expected, came = formats.number(worst["expected_orders"]), formats.number(worst["orders"])
        return (
            f"By number of repeat orders before, “{self.model}” is outside the 95% interval of what came in "
            f"{len(outside)} of {len(self.bins)} groups (1 in 20 would be by chance). It is furthest off for customers "
            f"with {worst['repeat_orders_before']}: it expected {expected} orders of each, and {came} came."
        )


def holdout(data: Dataset, holdout_days: int = 0) -> Holdout | NotApplicable:
    """Every model fitted as of `holdout_days` before the report's day, and two rules of thumb, tried on those days.

    0 takes a third of the time that the orders span, from 28 to 180 days. Errors are of the orders (days with one) of
    each customer known at the earlier day. The chosen model has the lowest mean Poisson deviance, a proper score for
    counts (Gneiting & Raftery 2007), which a model that expects nothing of anybody cannot win, as it can win the mean
    absolute error. Bias is expected over actual, less 1; NaN when nothing came. Raises ValueError for days out of
    range. Not applicable without orders, with too few customers at the earlier day, or when no model can be fitted. One
    rate for all is tried only where customers differ by no more than chance and NBD, of which it is the limit, cannot
    be fitted.
    """
    parameters.between("holdout_days", holdout_days, 0, LONGEST_HOLDOUT_DAYS)
    if "orders" not in data.tables:
        return NotApplicable("this data set has no orders.")
    days = int(holdout_days) or _third(data)
    split_on = data.as_of - dt.timedelta(days=days)
    before = histories_on(data, split_on)
    if isinstance(before, NotApplicable):
        return before
    models = fitted(before)
    if not models:
        return NotApplicable(
            f"no model of purchases can be fitted to the customers of {split_on}: their orders do not tell its "
            "parameters."
        )
    came = orders_between(data, split_on, data.as_of).reindex(before.customers.index, fill_value=0)
    just_before = orders_between(data, split_on - dt.timedelta(days=days), split_on)
    expected = pd.DataFrame(
        {
            **{name: model.expected_purchases(days, *before.columns) for name, model in models.items()},
            SAME_RATE: before.customers["frequency"] / before.customers["age_days"].clip(lower=1) * days,
            SAME_AGAIN: just_before.reindex(before.customers.index, fill_value=0),
        },
        index=before.customers.index,
    )
    scores = pd.DataFrame([_score(name, expected[name], came) for name in expected])
    ranked = scores[scores["model"].isin(list(models))].sort_values("deviance", kind="stable")
    scores = pd.concat([ranked, scores.drop(ranked.index)], ignore_index=True)
    customers = expected.assign(frequency=before.customers["frequency"], orders=came)
    tracking = _tracking(data, before, models)
    return Holdout(split_on, days, scores, ranked["model"].iloc[0], customers, tracking)


def calibration(tried: Holdout | NotApplicable) -> FrequencyCalibration | NotApplicable:
    """Mean orders expected by the chosen model and made, by repeat orders before; groups under 20 are left out.

    Intervals are 95 %, of the mean that came: 1.96 standard errors, each at least that of a Poisson count of the mean
    expected, since counts vary more than Poisson's under every model: where nothing came an interval still has a width.
    """
    if isinstance(tried, NotApplicable):
        return tried
    rows = []
    for name, (low, high) in BINS.items():
        group = tried.customers[tried.customers["frequency"].between(low, high)]
        if len(group) >= FEWEST_IN_GROUP:
            mean, expected = group["orders"].mean(), group[tried.chosen].mean()
            half = Z95 * np.sqrt(max(group["orders"].var(), expected) / len(group))
            rows.append(
                {
                    "repeat_orders_before": name,
                    "customers": len(group),
                    "expected_orders": expected,
                    "orders": mean,
                    "lower": max(mean - half, 0.0),
                    "upper": mean + half,
                }
            )
    if not rows:
        return NotApplicable(f"no group by repeat orders has {FEWEST_IN_GROUP} customers.")
    return FrequencyCalibration(tried.chosen, pd.DataFrame(rows))


def _third(data: Dataset) -> int:
    first = data.customers["first_order_on"].min()
    span = (pd.Timestamp(data.as_of) - first).days if pd.notna(first) else 0
    return int(np.clip(span // 3, SHORTEST_DAYS, LONGEST_DAYS))


def _score(name: str, expected: pd.Series, came: pd.Series) -> dict[str, object]:
    return {
        "model": name,
        "expected_orders": expected.sum(),
        "orders": int(came.sum()),
        "bias_share": expected.sum() / came.sum() - 1 if came.sum() else np.nan,
        "mean_absolute_error": (expected - came).abs().mean(),
        "deviance": _poisson_deviance(expected, came),
    }


def _poisson_deviance(expected: pd.Series, came: pd.Series) -> float:
    """Mean Poisson deviance; infinite where an order came of which a rule was sure that it would not."""
    mean, count = expected.to_numpy(float), came.to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        surprise = np.where(count > 0, count * np.log(count / mean), 0.0)
    return float(2 * (surprise - count + mean).mean())


def _tracking(data: Dataset, before: Histories, models: dict[str, PurchaseModel]) -> pd.DataFrame:
    """All repeat orders so far, at the end of every seventh day back from the last, bought and by each model."""
    first = before.customers["first_order_on"]
    start = first.min()
    weeks = pd.date_range(start, data.as_of)[::-7][::-1]
    so_far = repeats_by_day(data, before.as_of).cumsum().reindex(weeks, method="ffill").fillna(0)
    lines = {"bought": so_far.to_numpy(int)}
    for name, model in models.items():
        lines[name] = expected_total(model, (first - start).dt.days, (weeks - start).days)
    return pd.concat(
        [pd.DataFrame({"day": weeks, "line": name, "repeat_orders": line}) for name, line in lines.items()],
        ignore_index=True,
    )
