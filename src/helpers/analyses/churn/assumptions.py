"""How far to trust what is said about leaving: each assumption, what the data say of it, and what follows."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.hazards import HazardRatios
from helpers.analyses.churn.drivers.leakage import Suspects, suspects
from helpers.analyses.churn.drivers.ratios_over_stay import Proportionality
from helpers.analyses.churn.leaving.definition import Stays
from helpers.findings import NotApplicable, charts, formats, if_applicable
from helpers.statistics import survival

EVENTS_PER_COVARIATE = 10
FEW_RETURNS = 0.1
FEW_EARLIER = 0.05  # share of customers who joined before the first order that changes little
SURE = 0.05
HOLDS, FAILS, UNTESTED, NOTED = "holds", "does not hold", "cannot be tested", "noted"
SEEN = "stays are seen from their beginning, and those that ended early are in the data"


@dataclass(frozen=True)
class Trust:
    """The assumptions behind the curves and the model."""

    checks: pd.DataFrame  # assumption, verdict, evidence, consequence
    followed: pd.DataFrame  # reverse Kaplan–Meier: time, survival, lower, upper

    def summary(self) -> pd.DataFrame:
        """One row an assumption."""
        return self.checks

    def plot(self, ax: Axes | None = None) -> Axes:
        """How long customers could be followed: share that would still be observed had nobody left."""
        curve = self.followed.rename(columns={"time": "tenure_days", "survival": "followed_share"})
        return charts.steps(curve, x="tenure_days", y="followed_share", band=("lower", "upper"), ax=ax)

    def headline(self) -> str:
        """The assumptions that do not hold."""
        failing = self.checks.loc[self.checks["verdict"] == FAILS, "assumption"].tolist()
        tested = int(self.checks["verdict"].isin([HOLDS, FAILS]).sum())
        untested = int((self.checks["verdict"] == UNTESTED).sum())
        if not failing:
            return f"All {tested} assumptions that can be tested hold; {untested} cannot be tested."
        do = "does" if len(failing) == 1 else "do"
        return f"Of {tested} assumptions that can be tested {len(failing)} {do} not hold: {'; '.join(failing)}."


@if_applicable
def trust(
    stays: Stays, hazards: HazardRatios | NotApplicable, drift: Proportionality | NotApplicable
) -> Trust | NotApplicable:
    """The assumptions of the curves, and of the model where there is one."""
    table = stays.table
    followed = survival.follow_up(table["duration_days"], table["left"], entry=table["entry_days"])
    rows = [_censoring(stays, followed), _definition(stays), *_dating(stays), _beginning(stays)]
    rows.append(_leakage(suspects(stays)))
    if isinstance(hazards, HazardRatios):
        rows += [_size(hazards), _described(stays), *_model(hazards)]
    if isinstance(drift, Proportionality):
        rows.append(_proportional(drift))
    return Trust(pd.DataFrame(rows, columns=["assumption", "verdict", "evidence", "consequence"]), followed)


def _censoring(stays: Stays, followed: pd.DataFrame) -> tuple[str, str, str, str]:
    middle = survival.quantiles(followed, 0.5)["time"].iloc[0]
    return (
        "who is still there would leave like those who were watched longer",
        UNTESTED,
        f"{formats.percent(1 - stays.left_share)} of stays are censored on {stays.until}; "
        f"median follow-up {formats.days(middle)}",
        "if newer customers differ from older ones, the right end of the curves speaks of the older ones only",
    )


def _definition(stays: Stays) -> tuple[str, str, str, str]:
    if stays.definition == "contract":
        return (
            "the end of a contract is the end of the relation",
            UNTESTED,
            f"{int(stays.table['customer_id'].duplicated().sum()):,} stays began after an earlier one had ended",
            "who stops using without ending the contract counts as there",
        )
    few = not stays.return_rate > FEW_RETURNS
    return (
        f"silence of more than {stays.silence} is leaving",
        HOLDS if few else FAILS,
        f"{formats.percent(stays.return_rate)} of {stays.silences:,} silences were followed by an order so far",
        "read 'left' as 'has gone silent'" if few else "'left' includes slow buyers: a longer silence_days is safer",
    )


def _dating(stays: Stays) -> list[tuple[str, str, str, str]]:
    """Whether ends are dated when they happened, or all on the day when somebody looked."""
    ends = stays.table.loc[stays.table["left"], "ended_on"]
    if stays.definition != "contract" or ends.empty:
        return []
    day, count = ends.mode()[0], int(ends.value_counts().max())
    return [
        (
            "ends are dated when they happened",
            FAILS if stays.crowded else HOLDS,
            f"the most frequent day, {day:%Y-%m-%d}, has {count:,} of {len(ends):,} ends",
            "who left before that day may be missing from the data: then true stays are shorter than these curves"
            if stays.crowded
            else "the calendar may be read",
        )
    ]


def _beginning(stays: Stays) -> tuple[str, str, str, str]:
    """Whether stays were watched from their beginning, or those that ended early are missing."""
    table, first = stays.table, stays.table["started_on"].min()
    since, late = stays.observed_from, int((table["entry_days"] > 0).sum())
    if since is not None:
        return (
            SEEN,
            NOTED,
            f"{late:,} stays that began before {since} count from then on; {stays.unobserved:,} had ended and are "
            "left out",
            "the curves allow for it; few were watched where the number at risk is small",
        )
    if stays.definition == "silence":
        return _first_orders(stays, first)
    expected, until = _missing_ends(table)
    if expected is None:
        return SEEN, UNTESTED, "nobody left, or all on one day", "early leavers may be missing from the data"
    missing = math.exp(-expected) < SURE
    return (
        SEEN,
        FAILS if missing else HOLDS,
        f"the first stay began on {first:%Y-%m-%d}, the first end is of {until:%Y-%m-%d}; at the rates of later stays "
        f"{formats.number(round(expected, 1))} would have ended before",
        "early leavers are missing, so stays look too long: give the day before the first end as observed_from in "
        "dataset.toml"
        if missing
        else "nobody who left early is missed",
    )


def _first_orders(stays: Stays, first: pd.Timestamp) -> tuple[str, str, str, str]:
    earlier, customers = stays.joined_earlier, len(stays.table)
    verdict = UNTESTED if earlier is None else FAILS if earlier > FEW_EARLIER * customers else HOLDS
    unsure = int(((stays.table["started_on"] - first).dt.days <= stays.silence_days).sum())
    joined = (
        f"when customers joined is not known, so the {unsure:,} of {customers:,} who first ordered within one silence "
        "of that day may be older"
        if earlier is None
        else f"{earlier:,} of {customers:,} customers had joined before ({formats.percent(earlier / customers)})"
    )
    return (
        "a customer's first order is in the data",
        verdict,
        f"orders begin on {first:%Y-%m-%d}; {joined}",
        "who ordered before counts as new, and is left with the rest of a longer stay"
        if verdict != HOLDS
        else "tenure may be read as days since the first order",
    )


def _missing_ends(table: pd.DataFrame) -> tuple[float | None, pd.Timestamp]:
    """How many ends would lie before the first one, had stays begun earlier ended like later ones; and that first one.

    Poisson: with e expected, none is seen by chance exp(−e).
    """
    first_end = table.loc[table["left"], "ended_on"].min()
    later = table[table["started_on"] >= first_end]
    if not later["left"].any():
        return None, first_end
    curve = survival.kaplan_meier(later["duration_days"], later["left"])
    earlier = (first_end - table.loc[table["started_on"] < first_end, "started_on"]).dt.days - 1
    stay = np.append(1.0, curve["survival"])[np.searchsorted(curve["time"], earlier, side="right")]
    return float((1 - stay).sum()), first_end


def _leakage(found: Suspects | NotApplicable) -> tuple[str, str, str, str]:
    if isinstance(found, NotApplicable) or not found.names:
        evidence = (
            "no column to examine" if isinstance(found, NotApplicable) else f"{len(found.columns)} columns examined"
        )
        return "no column repeats the length of the stay", HOLDS, evidence, "all may be used"
    named = ", ".join(map(formats.label, found.names))
    return "no column repeats the length of the stay", FAILS, f"leakage: {named}", "left out of tests and models"


def _described(stays: Stays) -> tuple[str, str, str, str]:
    return (
        "customers are described as they were when they came",
        UNTESTED,
        f"all but the first plan, price and order are as recorded on {stays.as_of}",
        "an attribute that changes because somebody is about to leave looks like a cause",
    )


def _size(hazards: HazardRatios) -> tuple[str, str, str, str]:
    each = hazards.leavers / len(hazards.ratios)
    return (
        f"at least {EVENTS_PER_COVARIATE} leavers for each covariate",
        HOLDS if each >= EVENTS_PER_COVARIATE else FAILS,
        f"{hazards.leavers:,} leavers by {len(hazards.ratios)} covariates: {formats.number(round(each, 1))} each",
        "the ratios are steady" if each >= EVENTS_PER_COVARIATE else "the ratios are too uncertain to act on",
    )


def _model(hazards: HazardRatios) -> list[tuple[str, str, str, str]]:
    rows = []
    if hazards.without:
        rows.append(("columns and values left out of the model", NOTED, hazards.without, "others stand for them"))
    if hazards.separated:
        rows.append(
            ("every ratio can be estimated", FAILS, "a covariate has leavers or stayers only", "do not read it")
        )
    return rows


def _proportional(drift: Proportionality) -> tuple[str, str, str, str]:
    failing = len(drift.failing)
    overall = formats.p_value(drift.tests["p_value"].iloc[0])
    evidence = f"{failing} of {len(drift.tests) - 1} covariates change over the stay; all together {overall}"
    then = "a ratio is an average over the stay: see the early and the late one" if failing else "one ratio says it all"
    return "hazard ratios hold over the whole stay (proportional hazards)", FAILS if failing else HOLDS, evidence, then
