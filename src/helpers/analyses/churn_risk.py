"""Who leaves next: each customer's chance to leave, given how long they stayed, and how such chances came true."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn_chains import (
    active,
    alert_chances,
    alerted,
    known_by,
    order_hazards,
)
from helpers.analyses.churn_covariates import covariates
from helpers.analyses.churn_folds import folded
from helpers.analyses.churn_hazards import LEAST_LEAVERS, fitted
from helpers.analyses.churn_silence import order_days
from helpers.analyses.churn_stays import Stays, if_applicable, observed
from helpers.data.datasets import Dataset
from helpers.data.privacy import SMALLEST_GROUP
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable
from helpers.statistics.proportions import wilson_interval

SOON_DAYS, LATER_DAYS = 30, 90
DECILES, FIFTHS = 10, 5
GRID = 12  # steps over which the expected days are summed
LEAST_AT_RISK = 50


@dataclass(frozen=True)
class Risk:
    """Chances to leave of every customer still there."""

    # customer_id, at_risk_since, tenure_days, leave_30d_rate, leave_90d_rate, expected_remaining_days
    customers: pd.DataFrame = field(repr=False)
    horizon_days: int  # expected days are counted up to here
    definition: str

    @property
    def untold(self) -> int:
        """Customers without a chance for 90 days: nobody was followed as long as they have stayed."""
        return int(self.customers["leave_90d_rate"].isna().sum())

    def summary(self) -> pd.DataFrame:
        """Customers in ten equal groups by their chance to leave within 90 days, the highest first."""
        told = self.customers.dropna(subset="leave_90d_rate")
        ranked = told.assign(tenth=_equal_groups(-told["leave_90d_rate"], DECILES))
        table = ranked.groupby("tenth").agg(
            customers=("customer_id", "size"),
            leave_30d_rate=("leave_30d_rate", "mean"),
            leave_90d_rate=("leave_90d_rate", "mean"),
            expected_leavers_in_90d=("leave_90d_rate", "sum"),
            mean_tenure_days=("tenure_days", "mean"),
        )
        return table.reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Mean chances by tenth."""
        names = {"leave_30d_rate": "within 30 days", "leave_90d_rate": "within 90 days"}
        tidy = self.summary().melt("tenth", list(names), "when", "leave_rate")
        shown = tidy.assign(when=tidy["when"].map(names), tenth=tidy["tenth"].map("tenth {}".format))
        return charts.grouped_bars(shown, value="leave_rate", label="tenth", group="when", ax=ax)

    def headline(self) -> str:
        """How many are expected to leave within 90 days, and how many of them are in the highest tenth."""
        rates = self.customers["leave_90d_rate"].dropna()
        top = self.summary()["expected_leavers_in_90d"].iloc[0] / rates.sum() if rates.sum() > 0 else 0
        leave = "leave" if self.definition == "contract" else "be known to have gone silent"
        untold = (
            f" For {self.untold:,} more no chance can be given: nobody was followed 90 days further than they stayed."
            if self.untold
            else ""
        )
        return (
            f"Of {len(rates):,} customers still there about {rates.sum():,.0f} ({formats.percent(rates.mean())}) are "
            f"expected to {leave} within 90 days; the tenth at highest risk holds {formats.percent(top)} of "
            f"them.{untold}"
        )


@dataclass(frozen=True)
class Backtest:
    """Chances given 90 days before the report's day, beside what then happened."""

    fifths: pd.DataFrame  # fifth, customers, expected_rate, observed_rate, lower, upper
    customers: int
    expected: float
    left: int
    since: dt.date

    def summary(self) -> pd.DataFrame:
        """Customers in five equal groups by chance, the highest first; Wilson's 95% CI of the observed share."""
        return self.fifths

    def plot(self, ax: Axes | None = None) -> Axes:
        """Expected and observed shares by fifth."""
        names = {"expected_rate": "expected", "observed_rate": "observed"}
        tidy = self.fifths.melt("fifth", list(names), "what", "leave_rate")
        shown = tidy.assign(what=tidy["what"].map(names), fifth=tidy["fifth"].map("fifth {}".format))
        return charts.grouped_bars(shown, value="leave_rate", label="fifth", group="what", ax=ax)

    def headline(self) -> str:
        """Whether the share expected to leave lies within the uncertainty of the share that did."""
        share = self.left / self.customers
        lower, upper = (float(limit) for limit in wilson_interval(self.left, self.customers))
        right = "agrees" if lower <= self.expected <= upper else "does not agree"
        return (
            f"The same method on what was known on {self.since} expected {formats.percent(self.expected)} of "
            f"{self.customers:,} customers to leave within 90 days; {formats.percent(share)} did (95% CI "
            f"{formats.interval(lower, upper, formats.percent)}): it {right} with what happened."
        )


@if_applicable
def risk(stays: Stays, data: Dataset, horizon_days: int = 180) -> Risk | NotApplicable:
    """Chance to leave within 30 and 90 days, and expected days within `horizon_days`, of everybody still there.

    Contract: Cox model stratified by the first attribute, S(t + h | x) / S(t | x) at the tenure t. Silence: a chain
    of order gaps from the days since the last order; leaving is then the day on which the silence is known.
    Missing where nobody was followed that long.
    """
    parameters.between("horizon_days", horizon_days, LATER_DAYS, 730)
    chances = _chances(stays, data, data.as_of, horizon_days)
    return chances if isinstance(chances, NotApplicable) else Risk(chances, horizon_days, stays.definition)


@if_applicable
def backtest(stays: Stays, data: Dataset) -> Backtest | NotApplicable:
    """The chances for 90 days as they would have been given 90 days ago, by fifth, and who left since.

    Attributes are those of the report's day: an attribute that changed since then makes this look too good.
    """
    since = data.as_of - dt.timedelta(days=LATER_DAYS)
    chances = _chances(stays, data, since, LATER_DAYS)
    if isinstance(chances, NotApplicable):
        return NotApplicable(f"on {since}, {chances.reason}")
    told = chances.dropna(subset="leave_90d_rate")
    if stays.definition == "contract":
        ended = stays.table[
            stays.table["ended_on"].between(pd.Timestamp(since), pd.Timestamp(data.as_of), inclusive="right")
        ]
        gone = set(ended["customer_id"])
    else:
        gone = alerted(order_days(data), stays.silence_days, since, data.as_of)
    told = told.assign(left=told["customer_id"].isin(gone), fifth=_equal_groups(-told["leave_90d_rate"], FIFTHS))
    by_fifth = told.groupby("fifth").agg(
        customers=("left", "size"),
        expected_rate=("leave_90d_rate", "mean"),
        observed_rate=("left", "mean"),
        left=("left", "sum"),
    )
    lower, upper = wilson_interval(by_fifth["left"], by_fifth["customers"])
    table = by_fifth.drop(columns="left").assign(lower=lower, upper=upper).reset_index()
    return Backtest(table, len(told), float(told["leave_90d_rate"].mean()), int(told["left"].sum()), since)


def _chances(stays: Stays, data: Dataset, day: dt.date, horizon_days: int) -> pd.DataFrame | NotApplicable:
    """The columns of `Risk.customers`, as of `day`."""
    by = _by_contract if stays.definition == "contract" else _by_silence
    chances = by(stays, data, day, horizon_days)
    if not isinstance(chances, NotApplicable) and chances["leave_90d_rate"].notna().sum() < LEAST_AT_RISK:
        return NotApplicable(f"fewer than {LEAST_AT_RISK} customers were there whose chance can be told.")
    return chances


def _by_contract(stays: Stays, data: Dataset, day: dt.date, horizon_days: int) -> pd.DataFrame | NotApplicable:
    table = observed(stays.table, day)
    if table["left"].sum() < LEAST_LEAVERS:
        return NotApplicable(f"{int(table['left'].sum())} leavers are too few for a model of what goes with leaving.")
    first = next(iter(stays.attributes), "")
    strata, used = None, covariates(stays, table, without=first)
    if used.matrix.empty:
        used = covariates(stays, table)
    elif not pd.api.types.is_numeric_dtype(table[first]):
        strata = folded(table[first], smallest=LEAST_AT_RISK).astype(str)
    if used.matrix.empty:
        return NotApplicable("no usable column tells customers apart.")
    fit, _ = fitted(used, table, strata)
    here = table[~table["left"]]
    horizons = sorted({SOON_DAYS, LATER_DAYS, *np.linspace(0, horizon_days, GRID + 1)})
    stay = fit.conditional_survival(
        used.matrix.loc[here.index],
        here["duration_days"],
        horizons,
        strata=None if strata is None else strata[here.index],
    )
    return _as_saved(here["customer_id"], here["started_on"], day, stay.to_numpy(), np.array(horizons))


def _by_silence(stays: Stays, data: Dataset, day: dt.date, horizon_days: int) -> pd.DataFrame:
    days = known_by(order_days(data), day)
    here = active(days, day, stays.silence_days)
    chances = alert_chances(order_hazards(days, day, stays.silence_days), horizon_days)
    silent = (pd.Timestamp(day) - here["last_on"]).dt.days.to_numpy()
    leave = np.empty((len(here), horizon_days + 1))
    for kind, table in chances.items():
        rows = (here["kind"] == kind).to_numpy()
        leave[rows] = table[:, silent[rows]].T
    return _as_saved(here["customer_id"], here["first_on"], day, 1 - leave, np.arange(horizon_days + 1))


def _as_saved(ids: pd.Series, since: pd.Series, day: dt.date, stay: np.ndarray, horizons: np.ndarray) -> pd.DataFrame:
    """The customers' table from the chance of each to stay beyond each horizon; the highest risk first."""
    soon, later = (int(np.flatnonzero(horizons == h)[0]) for h in (SOON_DAYS, LATER_DAYS))
    table = pd.DataFrame(
        {
            "customer_id": ids.to_numpy(),
            "at_risk_since": since.to_numpy(),
            "tenure_days": (pd.Timestamp(day) - since).dt.days.to_numpy(),
            "leave_30d_rate": 1 - stay[:, soon],
            "leave_90d_rate": 1 - stay[:, later],
            "expected_remaining_days": np.trapezoid(stay, horizons, axis=1),
        }
    )
    return table.sort_values(["leave_90d_rate", "customer_id"], ascending=[False, True], ignore_index=True)


def _equal_groups(values: pd.Series, groups: int) -> pd.Series:
    """1 for the lowest values to `groups` for the highest, equally many in each; ties by order of rows."""
    groups = max(1, min(groups, len(values) // SMALLEST_GROUP))
    return np.ceil(values.rank(method="first") * groups / len(values)).astype(int)
