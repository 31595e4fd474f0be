"""How far to trust what is said about leaving: each assumption, what the data say of it, and what follows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.covariates import EVENTS_PER_COVARIATE
from helpers.analyses.churn.drivers.hazards import HazardRatios
from helpers.analyses.churn.drivers.leakage import Suspects, suspects
from helpers.analyses.churn.drivers.ratios_over_stay import Proportionality
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.analyses.churn.leaving.silence import doubt
from helpers.analyses.churn.vocabulary import (
    ASSUMPTION,
    CONSEQUENCE,
    EVIDENCE,
    FOLLOWED_SHARE,
    TENURE_DAYS,
    VERDICT,
)
from helpers.findings import Finding, NotApplicable, charts, formats, if_applicable
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics import survival

FEW_EARLIER = 0.05  # share of customers who joined before the first order that changes little
SEEN = "stays are seen from their beginning, and those that ended early are in the data"


class Verdict(StrEnum):
    """What the data say of an assumption."""

    HOLDS = "holds"
    FAILS = "fails"
    UNTESTED = "untested"
    NOTED = "noted"


class Check(NamedTuple):
    """One assumption, and what became of it."""

    assumption: str
    verdict: Verdict
    evidence: str
    consequence: str


@dataclass(frozen=True)
class Trust(Finding):
    """The assumptions behind the curves and the model."""

    table: pd.DataFrame
    followed: pd.DataFrame  # reverse Kaplan–Meier: time, survival, lower, upper
    columns = (ASSUMPTION, VERDICT, EVIDENCE, CONSEQUENCE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """How long customers could be followed: share that would still be observed had nobody left."""
        curve = self.followed.rename(columns={"time": TENURE_DAYS, "survival": FOLLOWED_SHARE})
        return charts.steps(curve, x=TENURE_DAYS, y=FOLLOWED_SHARE, band=(LOWER, UPPER), ax=ax)

    def headline(self) -> str:
        """The assumptions that do not hold."""
        verdicts = self.table[VERDICT]
        failing = self.table.loc[verdicts == Verdict.FAILS, ASSUMPTION].tolist()
        tested = int(verdicts.isin([Verdict.HOLDS, Verdict.FAILS]).sum())
        untested = int((verdicts == Verdict.UNTESTED).sum())
        if not failing:
            return f"All {tested} assumptions that can be tested hold; {untested} cannot be tested."
        do = "does" if len(failing) == 1 else "do"
        return f"Of {tested} assumptions that can be tested {len(failing)} {do} not hold: {'; '.join(failing)}."


@if_applicable
def trust(
    stays: Stays, hazards: HazardRatios | NotApplicable, drift: Proportionality | NotApplicable
) -> Trust | NotApplicable:
    """The assumptions of the curves of `stays`, and of the model where there is one: `hazards` and their `drift`."""
    table = stays.table
    # who was watched from the beginning is known to have been followed, however few are left
    watched = {"entry": table["entry_days"], "at_least": LEAST_AT_RISK if table["entry_days"].any() else 0}
    followed = survival.follow_up(table["duration_days"], table["left"], **watched)
    rows = [_censoring(stays, followed), _definition(stays), *_dating(stays), _beginning(stays)]
    rows.append(_leakage(suspects(stays)))
    if isinstance(hazards, HazardRatios):
        rows += [_size(hazards), _described(stays), *_model(hazards)]
    if isinstance(drift, Proportionality):
        rows.append(_proportional(drift))
    table = pd.DataFrame(rows, columns=[ASSUMPTION, VERDICT, EVIDENCE, CONSEQUENCE])
    return Trust(table.assign(verdict=table[VERDICT].map(str)), followed)


def _verdict(holds: bool) -> Verdict:
    return Verdict.HOLDS if holds else Verdict.FAILS


def _censoring(stays: Stays, followed: pd.DataFrame) -> Check:
    middle = survival.quantiles(followed, 0.5)["time"].iloc[0]
    median = f"; median follow-up {formats.days(middle)}" if middle == middle else ""
    return Check(
        "who is still there would leave like those who were watched longer",
        Verdict.UNTESTED,
        f"{formats.percent(1 - stays.left_share)} of stays are censored on {stays.until}{median}",
        "if newer customers differ from older ones, the right end of the curves speaks of the older ones only",
    )


def _definition(stays: Stays) -> Check:
    if stays.definition == Definition.CONTRACT:
        return Check(
            "the end of a contract is the end of the relation",
            Verdict.UNTESTED,
            f"{int(stays.table['customer_id'].duplicated().sum()):,} stays began after an earlier one had ended",
            "who stops using without ending the contract counts as there",
        )
    few = not doubt(stays.return_rate)
    return Check(
        f"silence of more than {stays.silence} is leaving",
        _verdict(few),
        f"{formats.percent(stays.return_rate)} of {stays.silences:,} silences were followed by an order so far; if "
        f"nobody left it would end at least {formats.percent(stays.alone_share)} of stays",
        "read 'left' as 'has gone silent'" if few else "'left' includes slow buyers: a longer silence_days is safer",
    )


def _dating(stays: Stays) -> list[Check]:
    """Whether ends are dated when they happened, or all on the day when somebody looked."""
    ends = stays.table.loc[stays.table["left"], "ended_on"]
    if stays.definition != Definition.CONTRACT or ends.empty:
        return []
    day, count = ends.mode()[0], int(ends.value_counts().max())
    return [
        Check(
            "ends are dated when they happened",
            _verdict(not stays.crowded),
            f"the most frequent day, {day:%Y-%m-%d}, has {count:,} of {len(ends):,} ends",
            "who left before that day may be missing from the data: then true stays are shorter than these curves"
            if stays.crowded
            else "the calendar may be read",
        )
    ]


def _beginning(stays: Stays) -> Check:
    """Whether stays were watched from their beginning, or those that ended early are missing."""
    table, first = stays.table, stays.table["started_on"].min()
    since, late = stays.observed_from, int((table["entry_days"] > 0).sum())
    if since is not None:
        return Check(
            SEEN,
            Verdict.NOTED,
            f"{late:,} stays that began before {since} count from then on; {stays.unobserved:,} had ended and are "
            "left out",
            "the curves allow for it; few were watched where the number at risk is small",
        )
    if stays.definition == Definition.SILENCE:
        return _first_orders(stays, first)
    if stays.drawn:
        return Check(
            SEEN,
            Verdict.UNTESTED,
            f"one table, drawn on {stays.until}: whether it keeps everybody who ever left, it does not say",
            "if it has only those who left lately, stays look too long: give the day after which they left as "
            "observed_from in dataset.toml",
        )
    expected, until = _missing_ends(table)
    if expected is None:
        return Check(
            SEEN, Verdict.UNTESTED, "nobody left, or all on one day", "early leavers may be missing from the data"
        )
    missing = math.exp(-expected) < SIGNIFICANCE
    return Check(
        SEEN,
        _verdict(not missing),
        f"the first stay began on {first:%Y-%m-%d}, the first end is of {until:%Y-%m-%d}; at the rates of later stays "
        f"{formats.number(round(expected, 1))} would have ended before",
        "early leavers are missing, so stays look too long: give the day before the first end as observed_from in "
        "dataset.toml"
        if missing
        else "nobody who left early is missed",
    )


def _first_orders(stays: Stays, first: pd.Timestamp) -> Check:
    earlier, customers = stays.joined_earlier, len(stays.table)
    verdict = Verdict.UNTESTED if earlier is None else _verdict(earlier <= FEW_EARLIER * customers)
    unsure = int(((stays.table["started_on"] - first).dt.days <= stays.silence_days).sum())
    joined = (
        f"when customers joined is not known, so the {unsure:,} of {customers:,} who first ordered within one silence "
        "of that day may be older"
        if earlier is None
        else f"{earlier:,} of {customers:,} customers had joined before ({formats.percent(earlier / customers)})"
    )
    return Check(
        "a customer's first order is in the data",
        verdict,
        f"orders begin on {first:%Y-%m-%d}; {joined}",
        "who ordered before counts as new, and is left with the rest of a longer stay"
        if verdict != Verdict.HOLDS
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


def _leakage(examined: Suspects | NotApplicable) -> Check:
    assumption = "no column repeats the length of the stay"
    if isinstance(examined, NotApplicable) or not examined.names:
        evidence = (
            "no column to examine" if isinstance(examined, NotApplicable) else f"{len(examined.table)} columns examined"
        )
        return Check(assumption, Verdict.HOLDS, evidence, "all may be used")
    named = ", ".join(map(formats.label, examined.names))
    return Check(assumption, Verdict.FAILS, f"leakage: {named}", "left out of tests and models")


def _described(stays: Stays) -> Check:
    return Check(
        "customers are described as they were when they came",
        Verdict.UNTESTED,
        f"all but the first plan, price and order are as recorded on {stays.as_of}",
        "an attribute that changes because somebody is about to leave looks like a cause",
    )


def _size(hazards: HazardRatios) -> Check:
    each = hazards.leavers / len(hazards.table)
    return Check(
        f"at least {EVENTS_PER_COVARIATE} leavers for each covariate",
        _verdict(each >= EVENTS_PER_COVARIATE),
        f"{hazards.leavers:,} leavers by {len(hazards.table)} covariates: {formats.number(round(each, 1))} each",
        "the ratios are steady" if each >= EVENTS_PER_COVARIATE else "the ratios are too uncertain to act on",
    )


def _model(hazards: HazardRatios) -> list[Check]:
    out = "columns and values left out of the model"
    rows = [Check(out, Verdict.NOTED, hazards.without, "others stand for them")] if hazards.without else []
    if hazards.separated:
        evidence = "a covariate has leavers or stayers only"
        rows.append(Check("every ratio can be estimated", Verdict.FAILS, evidence, "do not read it"))
    return rows


def _proportional(drift: Proportionality) -> Check:
    failing = len(drift.failing)
    overall = formats.p_value(drift.table["p_value"].iloc[0])
    evidence = f"{failing} of {len(drift.table) - 1} covariates change over the stay; all together {overall}"
    then = "a ratio is an average over the stay: see the early and the late one" if failing else "one ratio says it all"
    assumption = "hazard ratios hold over the whole stay (proportional hazards)"
    return Check(assumption, _verdict(not failing), evidence, then)
