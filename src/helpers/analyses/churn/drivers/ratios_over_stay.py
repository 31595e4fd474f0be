"""Do hazard ratios hold over the whole stay, and how do those change that do not?"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.covariates import Step, spoken
from helpers.analyses.churn.drivers.hazards import MOST_SHOWN, TOO_WIDE, HazardRatios
from helpers.analyses.churn.drivers.single_attributes import listed
from helpers.analyses.churn.drivers.vocabulary import (
    COVARIATE,
    DF,
    EARLY_HAZARD_RATIO,
    LATE_HAZARD_RATIO,
    LATE_OVER_EARLY,
    STATISTIC,
)
from helpers.analyses.churn.vocabulary import HAZARD_RATIO, TENURE_DAYS
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, P_VALUE, UPPER
from helpers.language import later
from helpers.statistics.hazards import (
    TOGETHER,
    SeparationWarning,
    effect_over_time,
    fit_cox,
    proportional_hazards_test,
)
from helpers.statistics.inference import adjust

LARGE = 1.5  # a ratio that changes by more than this factor; thousands of leavers make small changes significant too
MOST_DRAWN = 4
CURVE_TERMS = 4  # of the curve of a ratio over the stay
DRAWN_LEAVERS = (0.025, 0.975)  # the ends of the curves rest on few leavers, and are left out
MOST_NAMED = 8  # attributes, in words


@dataclass(frozen=True)
class Proportionality(Finding):
    """Does each hazard ratio hold over the whole stay?

    All together come first, then those that change beyond chance, the largest change first, then the others by their
    evidence.
    """

    table: pd.DataFrame
    effects: pd.DataFrame  # covariate, tenure_days, hazard_ratio, lower, upper; of those that change most
    split_days: float  # half of the leavers left by then
    steps: Mapping[str, Step]  # covariate → what it is
    columns = (
        COVARIATE, EARLY_HAZARD_RATIO, LATE_HAZARD_RATIO, LATE_OVER_EARLY, STATISTIC, DF, P_VALUE, ADJUSTED_P_VALUE,
    )  # fmt: skip

    @property
    def failing(self) -> pd.DataFrame:
        """The covariates whose ratio changes over the stay beyond chance, the largest change first."""
        return self.table[_beyond_chance(self.table)]

    @property
    def large(self) -> pd.DataFrame:
        """Those of the failing whose ratio changes by more than a factor of 1.5."""
        return self.failing[_size(self.failing) > math.log(LARGE)]

    def summary(self) -> pd.DataFrame:
        """All together, then one row a covariate, the largest change beyond chance first, the first twelve."""
        first = self.table.drop(columns=[STATISTIC, DF, P_VALUE]).head(1 + MOST_SHOWN)
        return spoken(first, self.steps).replace({COVARIATE: {TOGETHER: later("(all together)")}})

    def plot(self, ax: Axes | None = None) -> Axes:
        """The ratio over the days on which 95% of leavers left, of the covariates that change most or the strongest."""
        return charts.line(
            spoken(self.effects, self.steps),
            x=TENURE_DAYS,
            y=HAZARD_RATIO,
            group=COVARIATE,
            band=(LOWER, UPPER),
            log=True,
            ax=ax,
        )

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How does a ratio change over the stay?")

    def headline(self) -> Sentence:
        """Of how many covariates the ratio changes; which, and by how much, below."""
        overall = say("All together: {p}.", p=facts.PValue(self.table[P_VALUE].iloc[0]))
        if self.failing.empty:
            return say("No evidence that these ratios change over the stay.").resting_on(overall)
        attributes = list(dict.fromkeys(self.steps[name].attribute for name in self.failing[COVARIATE]))
        return say(
            "{failing} of {covariates} ratios do not hold over the whole stay: they are averages.",
            failing=facts.Count(len(self.failing)),
            covariates=facts.Count(len(self.table) - 1),
        ).resting_on(*self._sizes(), say("They are ratios of {names}.", names=listed(attributes, MOST_NAMED)), overall)

    def _sizes(self) -> Iterator[Sentence]:
        """How many ratios change much, and the one that changes most."""
        factor = facts.Number(LARGE)
        if self.large.empty:
            yield say("None of them is known to change by more than a factor of {factor}.", factor=factor)
            return
        row = self.large.iloc[0]
        yield say(
            "Most of all “{covariate}”: {early} times up to {day}, {late} times later.",
            covariate=self.steps[row[COVARIATE]],
            early=facts.Number(row[EARLY_HAZARD_RATIO]),
            day=facts.Days(self.split_days),
            late=facts.Number(row[LATE_HAZARD_RATIO]),
        )
        large = facts.Count(len(self.large))
        yield say("Changing by more than a factor of {factor}: {large}.", factor=factor, large=large)


@if_applicable
def proportionality(hazards: HazardRatios) -> Proportionality | NotApplicable:
    """Score test of each ratio of `hazards` against a drift with 1 − Kaplan–Meier, the ratios of earlier and of later
    leavers, and the curves of those that change most.
    """
    left = hazards.stays.table["left"]
    durations = hazards.stays.table.loc[left, "duration_days"]
    if durations.nunique() < CURVE_TERMS:
        return NotApplicable(say("customers left after too few different times for a change to be seen."))
    split = float(durations.median())
    early, late = _early_and_late(hazards, split)
    tests = proportional_hazards_test(hazards.fit)
    tests = tests.assign(
        early_hazard_ratio=tests["covariate"].map(early),
        late_hazard_ratio=tests["covariate"].map(late),
        adjusted_p_value=[*adjust(tests["p_value"].iloc[:-1], "holm"), tests["p_value"].iloc[-1]],
    )
    tests = _largest_first(tests.assign(late_over_early=tests["late_hazard_ratio"] / tests["early_hazard_ratio"]))
    tests = tests[list(Proportionality.columns)]
    changing = tests.loc[_beyond_chance(tests), "covariate"].head(MOST_DRAWN)
    drawn = changing if len(changing) else hazards.summary()["covariate"].head(1)
    curves = pd.concat([_curve(hazards, name) for name in drawn], ignore_index=True)
    return Proportionality(tests, curves, split, hazards.used.steps)


def _beyond_chance(tests: pd.DataFrame) -> pd.Series:
    return (tests["adjusted_p_value"] < SIGNIFICANCE) & (tests["covariate"] != TOGETHER)


def _size(tests: pd.DataFrame) -> pd.Series:
    return np.log(tests["late_over_early"]).abs()


def _largest_first(tests: pd.DataFrame) -> pd.DataFrame:
    """All together, what changes beyond chance by the size of the change, and the others by their evidence."""
    sure = _beyond_chance(tests)
    part = np.select([tests["covariate"] == TOGETHER, sure], [0, 1], default=2)
    order = pd.DataFrame({"part": part, "size": -_size(tests).where(sure), "p_value": tests["p_value"]})
    return tests.loc[order.sort_values(["part", "size", "p_value"]).index].reset_index(drop=True)


def _early_and_late(hazards: HazardRatios, split: float) -> tuple[dict[str, float], dict[str, float]]:
    """Hazard ratios among those who left up to the split, and among those who left later."""
    table, used = hazards.stays.table, hazards.used.matrix
    before = table[(table["entry_days"] == 0) | (table["entry_days"] < split)]
    ended = before["left"] & (before["duration_days"] <= split)
    early = _ratios(used.loc[before.index], before["duration_days"].clip(upper=split), ended, before["entry_days"])
    after = table[table["duration_days"] > split]
    entry = after["entry_days"].clip(lower=split)
    return early, _ratios(used.loc[after.index], after["duration_days"], after["left"], entry)


def _ratios(used: pd.DataFrame, durations: pd.Series, left: pd.Series, entry: pd.Series) -> dict[str, float]:
    """Hazard ratios over one part of the stay; none for covariates of which that part cannot tell."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SeparationWarning)  # its ratios are too wide to be kept
            fit = fit_cox(used, durations, left, entry=entry)
    except ValueError:
        return {}
    known = fit.coefficients[fit.coefficients["std_error"] < TOO_WIDE]
    return dict(zip(known["covariate"], known["hazard_ratio"], strict=True))


def _curve(hazards: HazardRatios, covariate: str) -> pd.DataFrame:
    curve = effect_over_time(hazards.fit, covariate, df=CURVE_TERMS).rename(columns={"time": "tenure_days"})
    table = hazards.stays.table
    ends = table.loc[table["left"], "duration_days"].quantile(list(DRAWN_LEAVERS))
    return curve[curve["tenure_days"].between(*ends)].assign(covariate=covariate)
