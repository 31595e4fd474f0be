"""A second program's opinion: lifelines' curve and ratios of the same stays beside ours."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.covariates import Covariates, covariates
from helpers.analyses.churn.drivers.hazards import HazardRatios, fitted
from helpers.analyses.churn.drivers.samples import sample, sampled_words
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.vocabulary import AGREES, COMPARED, LARGEST_DIFFERENCE, RESULT, STAY_RATE, TENURE_DAYS
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.language import _
from helpers.statistics import survival
from helpers.statistics.hazards import CoxFit

# Pages tell shares to 0.1% and ratios to two decimals. Programs that compute the same differ by rounding in a curve,
# and by where they end their search for a ratio: lifelines at a step of 1e-7, which leaves some 1e-6.
TOLERANCE = 1e-4
CURVE, RATIOS, ERRORS = "curve", "ratios", "errors"
OURS, THEIRS = "this report", "lifelines"


@dataclass(frozen=True)
class Opinion(Finding):
    """How far the curve and the ratios of another program are from ours, at the farthest."""

    table: pd.DataFrame
    curves: pd.DataFrame  # program, tenure_days, stay_rate
    fitted_stays: int
    stays: int
    columns = (RESULT, COMPARED, LARGEST_DIFFERENCE, AGREES)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The curve of all customers, by either program."""
        named = self.curves.replace({"program": {OURS: _("this report")}})
        return charts.steps(named, x=TENURE_DAYS, y=STAY_RATE, group="program", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Do two programs draw the same curve?")

    def headline(self) -> Sentence:
        """Whether the other program says the same; how nearly below."""
        differing = self.table.loc[~self.table[AGREES]]
        sampled, program = sampled_words(self.fitted_stays, self.stays), facts.Name(THEIRS)
        if len(differing):
            worst = differing[LARGEST_DIFFERENCE].max()
            results = facts.Listed(tuple(facts.Word(code, RESULT) for code in differing[RESULT]))
            return say(
                "Warning: a second program finds otherwise. Do not decide by these numbers before the cause is known."
            ).resting_on(
                say("{program} has no answer where this report has one: {results}.", program=program, results=results)
                if np.isnan(worst)
                else say(
                    "{program} differs by up to {worst}: {results}.",
                    program=program,
                    worst=facts.Share(worst),
                    results=results,
                ),
                sampled,
            )
        curve = _within(self._difference(CURVE))
        return say("A second, independent program finds the same.").resting_on(
            say("The curve of {program} is the same within {curve} points.", program=program, curve=curve),
            self._same_ratios(),
            sampled,
        )

    def _same_ratios(self) -> Sentence:
        """How nearly the ratios are the same."""
        if RATIOS not in set(self.table[RESULT]):
            return say("Ratios were not compared: there are none, or some have no finite estimate.")
        ratios = _within(max(self._difference(RATIOS), self._difference(ERRORS)))
        return say("Its hazard ratios and standard errors are the same within {ratios}%.", ratios=ratios)

    def _difference(self, result: str) -> float:
        return float(self.table.set_index(RESULT)[LARGEST_DIFFERENCE][result])


def _within(difference: float) -> facts.Name:
    """The next power of ten above the difference, in hundredths and at least a thousandth of one."""
    power = max(-3, int(np.ceil(np.log10(100 * difference)))) if difference > 0 else -3
    return facts.Name(f"{10.0**power:g}")


@if_applicable
def second_opinion(stays: Stays, hazards: HazardRatios | NotApplicable) -> Opinion | NotApplicable:
    """lifelines' Kaplan–Meier curve of `stays`, and its Cox model where there are `hazards`, beside ours.

    Of the same rows, of very many a sample. Standard errors are compared without regard to customers who stay twice:
    lifelines' robust ones leave ties out.
    """
    table = sample(stays.table)
    moments = _moments(table)
    curves = _curves(table, moments)
    if curves.empty:
        return NotApplicable(
            say("there is no curve to compare: too few were watched from the beginning of their stay.")
        )
    ours, theirs = (curves.loc[curves["program"] == program, STAY_RATE].to_numpy() for program in (OURS, THEIRS))
    rows = [(CURVE, len(ours), float(np.abs(ours - theirs).max()))]
    if isinstance(hazards, HazardRatios):
        rows += _ratios(hazards, table, moments)
    compared = pd.DataFrame(rows, columns=[RESULT, COMPARED, LARGEST_DIFFERENCE])
    return Opinion(
        compared.assign(agrees=compared[LARGEST_DIFFERENCE] < TOLERANCE), curves, len(table), len(stays.table)
    )


def _moments(table: pd.DataFrame) -> pd.DataFrame:
    """duration, left and entry for lifelines, which takes nobody who leaves at 0, and counts who enters at t as there.

    A day later for all, and half a day more for late entries, changes nothing: days are whole.
    """
    late = table["entry_days"] > 0
    return pd.DataFrame(
        {
            "duration": table["duration_days"] + 1.0,
            "left": table["left"],
            "entry": (table["entry_days"] + 1.5).where(late, 0.0),
        }
    )


def _curves(table: pd.DataFrame, moments: pd.DataFrame) -> pd.DataFrame:
    """The share still there after each day on which somebody left or was last seen, by either program.

    Of tenures at which too few are at risk there is nothing to compare, and lifelines refuses some: it is given none.
    """
    from lifelines import KaplanMeierFitter  # 0.4 s, which every notebook would pay

    watched = {"entry": table["entry_days"], "at_least": LEAST_AT_RISK}
    ours = survival.kaplan_meier(table["duration_days"], table["left"], **watched).dropna(subset="survival")
    if ours.empty:
        return pd.DataFrame(columns=["program", TENURE_DAYS, STAY_RATE])
    last = ours["time"].max() + 1.0
    moments = moments[moments["entry"] < last]
    entry = moments["entry"] if moments["entry"].any() else None
    duration, left = moments["duration"].clip(upper=last), moments["left"] & (moments["duration"] <= last)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of few at risk where watching begins late
        peer = KaplanMeierFitter().fit(duration, left, entry=entry)
    theirs = peer.survival_function_at_times(ours["time"] + 1.0)
    rates = {OURS: ours["survival"].to_numpy(), THEIRS: theirs.to_numpy()}
    parts = [pd.DataFrame({"program": name, TENURE_DAYS: ours["time"], STAY_RATE: rates[name]}) for name in rates]
    return pd.concat(parts, ignore_index=True)


def _ratios(hazards: HazardRatios, table: pd.DataFrame, moments: pd.DataFrame) -> list[tuple[str, int, float]]:
    """Largest differences of hazard ratios and of their standard errors, as shares of ours; NaN for no answer."""
    used, fit, separated = _ours(hazards, table)
    if separated:
        return []
    errors = np.sqrt(np.diag(fit.maximum.covariance)) / fit.design.scale
    theirs = _their_ratios(used, moments)
    ratios = np.expm1(theirs["coef"].to_numpy() - fit.coefficients["coef"].to_numpy())
    return [
        (RATIOS, len(ratios), float(np.abs(ratios).max())),
        (ERRORS, len(ratios), float(np.abs(theirs["se(coef)"].to_numpy() / errors - 1).max())),
    ]


def _ours(hazards: HazardRatios, table: pd.DataFrame) -> tuple[Covariates, CoxFit, bool]:
    """The page's own model; where `table` is a sample, the model of it."""
    if len(table) == len(hazards.stays.table):
        return hazards.used, hazards.fit, hazards.separated
    used = covariates(hazards.stays, table, hazards.used.chosen)
    return used, *fitted(used, table)


def _their_ratios(used: Covariates, moments: pd.DataFrame) -> pd.DataFrame:
    """coef and se(coef) of each covariate, Efron's ties; NaN where lifelines has no answer."""
    from lifelines import CoxPHFitter
    from lifelines.exceptions import ConvergenceError

    numbered = [f"x{place}" for place in range(used.matrix.shape[1])]  # names of customers' columns may be any
    rows = used.matrix.set_axis(numbered, axis="columns").join(moments)
    entry = "entry" if moments["entry"].any() else None
    rows = rows if entry else rows.drop(columns="entry")  # which takes lifelines ten times as long
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of low variance: ours has looked before
            return CoxPHFitter().fit(rows, "duration", "left", entry_col=entry).summary.loc[numbered]
    except (ConvergenceError, np.linalg.LinAlgError):
        return pd.DataFrame({"coef": np.nan, "se(coef)": np.nan}, index=numbered)
