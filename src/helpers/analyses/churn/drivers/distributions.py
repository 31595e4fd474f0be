"""Would another model of time change what is said? Weibull, log-normal and log-logistic stays beside Cox's model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.covariates import Covariates, Step
from helpers.analyses.churn.drivers.covariates import covariates as covariates_of
from helpers.analyses.churn.drivers.failure_times import SHAPES, FailureTimes, fit_failure_times
from helpers.analyses.churn.drivers.hazards import LEAST_LEAVERS, fitted
from helpers.analyses.churn.drivers.samples import sample, sampled_words
from helpers.analyses.churn.drivers.single_attributes import listed
from helpers.analyses.churn.drivers.vocabulary import (
    AIC,
    BEYOND_CHANCE_IN_COX,
    CONFIRMED,
    COVARIATE,
    DELTA_AIC,
    DISTRIBUTION,
    LOG_LIKELIHOOD,
    PARAMETERS,
    SAME_DIRECTION,
    WIDEST_GAP_SHARE,
)
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.vocabulary import STAY_RATE, TENURE_DAYS
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics import survival
from helpers.statistics.hazards import CoxFit

AS_GOOD = 2.0  # difference in AIC below which two shapes are told apart by nothing (Burnham & Anderson 2002, p. 70)
POINTS = 100  # of each drawn curve
OBSERVED = "observed"


@dataclass(frozen=True)
class Shapes(Finding):
    """Parametric models of the same stays, the best first, and whether they say what Cox's model says."""

    table: pd.DataFrame
    # covariate, hazard_ratio, adjusted_p_value (Cox), and of each distribution its time_ratio, lower, upper,
    # time_adjusted_p_value; distribution
    ratios: pd.DataFrame
    curves: pd.DataFrame  # curve, tenure_days, stay_rate, lower, upper
    first_day_share: float  # stays left out, as they ended on their first day
    fitted_stays: int
    stays: int  # of more than a day; of very many the models are fitted to fewer
    steps: Mapping[str, Step]  # covariate → what it is
    columns = (DISTRIBUTION, PARAMETERS, LOG_LIKELIHOOD, AIC, DELTA_AIC, WIDEST_GAP_SHARE)
    shown = (
        DISTRIBUTION, PARAMETERS, AIC, DELTA_AIC, WIDEST_GAP_SHARE, BEYOND_CHANCE_IN_COX, SAME_DIRECTION, CONFIRMED,
    )  # fmt: skip

    @property
    def beyond_chance(self) -> pd.DataFrame:
        """The rows of `ratios` whose covariate is beyond chance in Cox's model, and whether directions agree."""
        sure = self.ratios[self.ratios["adjusted_p_value"] < SIGNIFICANCE]
        return sure.assign(agrees=(sure["hazard_ratio"] > 1) == (sure["time_ratio"] < 1))

    @property
    def turning(self) -> list[str]:
        """Covariates beyond chance in Cox's model that point the other way under some shape."""
        return self.beyond_chance.loc[lambda rows: ~rows["agrees"], "covariate"].unique().tolist()

    def summary(self) -> pd.DataFrame:
        """One row a distribution: its fit, and how many of Cox's covariates beyond chance it turns or confirms."""
        by_shape = self.beyond_chance.groupby("distribution")
        confirmed = self.beyond_chance["agrees"] & (self.beyond_chance["time_adjusted_p_value"] < SIGNIFICANCE)
        counts = pd.DataFrame(
            {
                BEYOND_CHANCE_IN_COX: by_shape.size(),
                SAME_DIRECTION: by_shape["agrees"].sum(),
                CONFIRMED: confirmed.groupby(self.beyond_chance["distribution"]).sum(),
            }
        ).reindex(self.table[DISTRIBUTION], fill_value=0)
        fits = self.table.drop(columns=LOG_LIKELIHOOD).round({AIC: 1, DELTA_AIC: 1})
        return fits.merge(counts.astype(int), left_on=DISTRIBUTION, right_index=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The curve that each shape expects of these customers, against Kaplan–Meier with its 95% band."""
        named = self.curves.assign(curve=self.curves["curve"].map(DISTRIBUTION.write))
        return charts.steps(named, x=TENURE_DAYS, y=STAY_RATE, group="curve", band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which shape of the curve do the stays have?")

    def headline(self) -> Sentence:
        """Whether any conclusion depends on the shape; which fits best, and by how much, below."""
        known, turning = self.beyond_chance[COVARIATE].nunique(), self.turning
        if not known:
            told = say("No conclusion rests on the shape of the curve: no factor is beyond chance.")
        elif turning:
            told = say(
                "{turning} of {known} conclusions depend on the shape of the curve.",
                turning=facts.Count(len(turning)),
                known=facts.Count(known),
            )
        elif known == 1:
            told = say("No conclusion depends on the shape of the curve: the only one is the same in every model.")
        else:
            told = say(
                "No conclusion depends on the shape of the curve: all {known} point one way in every model.",
                known=facts.Count(known),
            )
        return told.resting_on(
            say("They turn direction under some shape: {names}.", names=listed([self.steps[name] for name in turning]))
            if turning
            else None,
            *self._fit(),
            say(
                "Left out are the {share} of stays that ended on their first day.",
                share=facts.Share(self.first_day_share),
            )
            if self.first_day_share
            else None,
            self._without_maximum(),
            sampled_words(self.fitted_stays, self.stays),
        )

    def _fit(self) -> Iterator[Sentence]:
        """Which shape fits best, and how near its curve is to the one observed."""
        best, second = self.table.iloc[0], self.table.iloc[1]
        known = {
            "best": facts.Word(best[DISTRIBUTION], DISTRIBUTION),
            "second": facts.Word(second[DISTRIBUTION], DISTRIBUTION),
            "apart": facts.Number(round(second[DELTA_AIC], 1)),
        }
        if second[DELTA_AIC] < AS_GOOD:
            yield say("{best} and {second} stays fit as well as each other (AIC {apart} apart).", **known)
        else:
            yield say("{best} stays fit best (AIC {apart} below {second}).", **known)
        yield say(
            "The curve of {best} stays is within {gap} percentage points of the one observed.",
            best=known["best"],
            gap=facts.Hundredths(best[WIDEST_GAP_SHARE]),
        )

    def _without_maximum(self) -> Sentence | None:
        """The shapes that could not be fitted; None where all could."""
        missing = [name for name in SHAPES if name not in set(self.table[DISTRIBUTION])]
        if not missing:
            return None
        named = facts.Listed(tuple(facts.Word(name, DISTRIBUTION) for name in missing))
        return say("Left out, as their model has no maximum here: {shapes} stays.", shapes=named)


@if_applicable
def shapes(stays: Stays, covariates: Sequence[str] = ()) -> Shapes | NotApplicable:
    """Accelerated failure times of three shapes, and Cox's model, of the same `stays` and `covariates` (all usable).

    About stays of more than a day: no smooth shape has a lump at 0, and to leave these out only asks how long others
    stay once they have begun. Each shape's curve is the Kaplan–Meier that it expects of the same customers as followed.
    Of very many stays a sample is fitted.
    """
    longer = stays.table[stays.table["duration_days"] > 0]
    table = sample(longer)
    leavers = int(table["left"].sum())
    if leavers < LEAST_LEAVERS:
        few = say(
            "{leavers} leavers after their first day are too few to compare shapes of time.",
            leavers=facts.Count(leavers),
        )
        return NotApplicable(few)
    used = covariates_of(stays, table, covariates)
    if used.matrix.empty:
        return NotApplicable(say("no usable column describes these customers."))
    fits = [fit_failure_times(name, used.matrix, table) for name in SHAPES]
    found = sorted((fit for fit in fits if fit is not None), key=lambda fit: fit.aic)
    if len(found) < 2:
        return NotApplicable(say("the models of shapes of time have no maximum in these data."))
    cox, _ = fitted(used, table)
    curves, gaps = _curves(found, table)
    return Shapes(
        _fits(found, gaps),
        _ratios(found, cox, used),
        curves,
        float((stays.table["left"] & (stays.table["duration_days"] == 0)).mean()),
        len(table),
        len(longer),
        used.steps,
    )


def _fits(found: list[FailureTimes], gaps: list[float]) -> pd.DataFrame:
    """The columns of `Shapes.table`; the fits come best first."""
    return pd.DataFrame(
        {
            DISTRIBUTION: [fit.distribution for fit in found],
            PARAMETERS: [fit.parameters for fit in found],
            LOG_LIKELIHOOD: [fit.log_likelihood for fit in found],
            AIC: [fit.aic for fit in found],
            DELTA_AIC: [fit.aic - found[0].aic for fit in found],
            WIDEST_GAP_SHARE: gaps,
        }
    )


def _ratios(found: list[FailureTimes], cox: CoxFit, used: Covariates) -> pd.DataFrame:
    """Every covariate under every distribution beside Cox's model; p-values Holm-adjusted within each model."""
    hazard = cox.coefficients[["covariate", "hazard_ratio", "p_value"]]
    hazard = hazard.assign(adjusted_p_value=used.adjusted(hazard["p_value"])).drop(columns="p_value")
    tables = []
    for fit in found:
        adjusted = used.adjusted(fit.coefficients["p_value"])
        time = fit.coefficients.assign(time_adjusted_p_value=adjusted, distribution=fit.distribution)
        tables.append(hazard.merge(time.drop(columns="p_value"), on="covariate"))
    return pd.concat(tables, ignore_index=True)


def _curves(found: list[FailureTimes], table: pd.DataFrame) -> tuple[pd.DataFrame, list[float]]:
    """Kaplan–Meier and the curve that each shape expects, and how far this is from Kaplan–Meier at the widest."""
    watched = {"entry": table["entry_days"], "at_least": LEAST_AT_RISK}
    curve = survival.kaplan_meier(table["duration_days"], table["left"], **watched)
    days = np.linspace(0, curve["time"].max(), POINTS)
    observed = survival.at(curve, days).rename(columns={"time": TENURE_DAYS, "survival": STAY_RATE})
    parts = [observed.assign(curve=OBSERVED)]
    gaps = []
    for fit in found:
        expected = fit.expected_survival(days)
        gaps.append(float(np.abs(expected - observed["stay_rate"]).max()))
        parts.append(pd.DataFrame({"curve": fit.distribution, "tenure_days": days, "stay_rate": expected}))
    return pd.concat(parts, ignore_index=True)[["curve", TENURE_DAYS, STAY_RATE, LOWER, UPPER]], gaps
