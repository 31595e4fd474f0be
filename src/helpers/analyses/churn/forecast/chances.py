"""Who leaves next: each customer's chance to leave, the days expected of it, and the two main reasons."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.forecast.landmarks import report_landmark
from helpers.analyses.churn.forecast.models import LEAST_AT_RISK, Trained, trained
from helpers.analyses.churn.forecast.reason_words import titled, worded
from helpers.analyses.churn.forecast.tenure_model import tenure_model
from helpers.analyses.churn.leaving.definition import Stays
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats, if_applicable
from helpers.findings.folding import SMALLEST_GROUP, folded_texts

SOON_DAYS, LATER_DAYS = 30, 90
DECILES = 10
STEPS = 36  # over which the expected days are summed: a silence ends on one day, so a step is an error of up to half
LEAST_RAISED = 1.05  # times the hazard of the mean customer, from which a feature is a reason
MOST_SAID = 3


@dataclass(frozen=True)
class Risk:
    """Chances to leave of every customer still there."""

    # customer_id, at_risk_since, tenure_days, leave_30d_rate, leave_90d_rate, expected_remaining_days, and in words
    # main_reason and second_reason, empty where nothing (else) raises the risk
    customers: pd.DataFrame = field(repr=False)
    features: pd.DataFrame = field(repr=False)  # what these two reasons are about: main, second; rows as in customers
    horizon_days: int  # expected days are counted up to here
    definition: str
    without_landmarks: str = ""  # why no earlier days could be looked back to; then only the tenure and attributes tell

    @property
    def untold(self) -> int:
        """Customers without a chance for 90 days: nobody was followed as long as they have stayed."""
        return int(self.customers["leave_90d_rate"].isna().sum())

    @property
    def tenths(self) -> pd.Series:
        """The tenth of each customer by chance, 1 for the highest; ties by customer; missing without a chance."""
        rates = self.customers["leave_90d_rate"].dropna()
        groups = max(1, min(DECILES, len(rates) // SMALLEST_GROUP))
        return np.ceil((-rates).rank(method="first") * groups / len(rates)).astype(int)

    def summary(self) -> pd.DataFrame:
        """Customers in ten equal groups by their chance to leave within 90 days, the highest first."""
        table = self.customers.assign(tenth=self.tenths).dropna(subset="tenth").astype({"tenth": int})
        groups = table.groupby("tenth").agg(
            customers=("customer_id", "size"),
            leave_30d_rate=("leave_30d_rate", "mean"),
            leave_90d_rate=("leave_90d_rate", "mean"),
            expected_leavers_in_90d=("leave_90d_rate", "sum"),
            mean_tenure_days=("tenure_days", "mean"),
        )
        return groups.reset_index()

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
        only = (
            f" These chances rest on the length of the stay and on what is recorded of customers alone, not on what "
            f"they did: {self.without_landmarks}"
            if self.without_landmarks
            else ""
        )
        return (
            f"Of {len(rates):,} customers still there about {rates.sum():,.0f} ({formats.percent(rates.mean())}) are "
            f"expected to {leave} within 90 days; the tenth at highest risk holds {formats.percent(top)} of "
            f"them.{untold}{only}"
        )


@dataclass(frozen=True)
class RiskReasons:
    """How often something is one of the two main reasons, in the tenth at highest risk and among all."""

    reasons: pd.DataFrame  # reason, customers (of the top tenth), top_tenth_share, everybody_share
    customers: int  # in the top tenth

    def summary(self) -> pd.DataFrame:
        """One row a reason, the most frequent among the top tenth first."""
        return self.reasons

    def plot(self, ax: Axes | None = None) -> Axes:
        """Shares of customers of whom it is a main reason."""
        names = {"top_tenth_share": "tenth at highest risk", "everybody_share": "everybody"}
        tidy = self.reasons.melt("reason", list(names), "who", "customer_share")
        shown = tidy.assign(who=tidy["who"].map(names))
        return charts.grouped_bars(shown, value="customer_share", label="reason", group="who", ax=ax)

    def headline(self) -> str:
        """The most frequent reasons of the top tenth."""
        told = [
            f"{row['reason']} ({formats.percent(row['top_tenth_share'])}, of all "
            f"{formats.percent(row['everybody_share'])})"
            for _, row in self.reasons.head(MOST_SAID).iterrows()
        ]
        return (
            f"What raises the risk most of the {self.customers:,} customers at highest risk: {', '.join(told)}. "
            "These go with leaving; they need not be its causes."
        )


@if_applicable
def risk(stays: Stays, data: Dataset, horizon_days: int = 180) -> Risk | NotApplicable:
    """Chance to leave within 30 and 90 days, and expected days within `horizon_days`, of everybody still there.

    The model that `holdout` tests, trained on all landmarks whose outcome is known, told everything up to `as_of`.
    Under silence leaving is the day on which the silence is complete. Where a contract has no landmarks: a Cox model of
    the length of stays, which says so. Chances are missing where nobody was followed that long. Reasons are the two
    features with the largest positive coef × (value − mean of those still there) in the log hazard, if beyond chance.
    """
    parameters.between("horizon_days", horizon_days, LATER_DAYS, 730)
    at = pd.DatetimeIndex([report_landmark(stays)])
    found, why = trained(stays, data, at, LATER_DAYS, horizon_days), ""
    if isinstance(found, NotApplicable) and stays.definition == "contract":
        why, found = found.reason, tenure_model(stays)
    if isinstance(found, NotApplicable):
        return found
    customers, reasons = _customers(found, horizon_days)
    if customers["leave_90d_rate"].notna().sum() < LEAST_AT_RISK:
        return NotApplicable(f"fewer than {LEAST_AT_RISK} customers are there whose chance can be told.")
    return Risk(customers, reasons, horizon_days, stays.definition, why)


@if_applicable
def risk_reasons(found: Risk) -> RiskReasons | NotApplicable:
    """How often each feature is one of the two main reasons; those of fewer than five customers are left out."""
    top = found.features[found.tenths.reindex(found.features.index) == 1]
    counts, all_counts = (rows.stack().loc[lambda name: name != ""].value_counts() for rows in (top, found.features))
    counts = counts[counts >= SMALLEST_GROUP]
    if counts.empty:
        return NotApplicable("nothing that is known of customers raises the risk of those at highest risk.")
    table = pd.DataFrame(
        {
            "reason": counts.index.map(titled),
            "customers": counts.to_numpy(),
            "top_tenth_share": counts.to_numpy() / len(top),
            "everybody_share": all_counts[counts.index].to_numpy() / len(found.features),
        }
    )
    return RiskReasons(table, len(top))


def _customers(found: Trained, horizon_days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`Risk.customers`, the highest risk first, and `Risk.features`."""
    grid = np.round(np.linspace(0, horizon_days, STEPS + 1))
    horizons = np.union1d(grid, [SOON_DAYS, LATER_DAYS])
    chances = pd.DataFrame(found.model.chances(found.rows, found.table, horizons), columns=horizons)
    rows, values = found.rows.reset_index(drop=True), found.table.reset_index(drop=True)
    features = _main_features(found.model.contributions(rows, values)).where(chances[LATER_DAYS] > 0, "")
    table = pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "at_risk_since": rows["since_on"],
            "tenure_days": (rows["landmark_at"] - rows["since_on"]).dt.days - 1,
            "leave_30d_rate": chances[SOON_DAYS],
            "leave_90d_rate": chances[LATER_DAYS],
            "expected_remaining_days": np.trapezoid(1 - chances, horizons, axis=1),
            "main_reason": _words(features["main"], values),
            "second_reason": _words(features["second"], values),
        }
    ).sort_values(["leave_90d_rate", "customer_id"], ascending=[False, True])
    return table.reset_index(drop=True), features.loc[table.index].reset_index(drop=True)


def _main_features(contributions: pd.DataFrame) -> pd.DataFrame:
    """The features that raise each row's risk most and second most: main, second; empty where none does."""
    raised = contributions.where(contributions >= np.log(LEAST_RAISED), 0.0)
    main = _largest(raised)
    others = raised.mask(pd.DataFrame({name: main == name for name in raised}), 0.0)
    return pd.DataFrame({"main": main, "second": _largest(others)})


def _largest(raised: pd.DataFrame) -> pd.Series:
    """The feature that raises each row's risk most; empty where none does."""
    return raised.idxmax(axis=1).where(raised.max(axis=1) > 0, "")


def _words(features: pd.Series, table: pd.DataFrame) -> pd.Series:
    words = pd.Series("", index=features.index, dtype=object)
    for name, rows in features[features != ""].groupby(features):
        words[rows.index] = [worded(name, value) for value in folded_texts(table[name]).loc[rows.index]]
    return words
