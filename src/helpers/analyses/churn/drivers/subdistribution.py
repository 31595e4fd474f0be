"""Which attributes go with leaving for which reason: cause-specific hazard ratios, and Fine and Gray's beside them."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import chi2

from helpers.analyses.churn.drivers.covariates import Step, spoken
from helpers.analyses.churn.drivers.hazards import LEAST_LEAVERS, MOST_SHOWN, TOO_WIDE, HazardRatios
from helpers.analyses.churn.drivers.stated_reasons import stated_causes
from helpers.analyses.churn.drivers.vocabulary import (
    CAUSE_SPECIFIC_HAZARD_RATIO,
    COVARIATE,
    LOG_STD_ERROR,
    REFERENCE,
    SUBDISTRIBUTION_HAZARD_RATIO,
    VIEW,
)
from helpers.analyses.churn.vocabulary import HAZARD_RATIO, STATED_REASON
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, P_VALUE, UPPER
from helpers.statistics.hazards import SeparationWarning, fit_cox, fit_fine_gray
from helpers.statistics.inference import adjust

MOST_REASONS = 3
MOST_DRAWN = 4  # covariates, each for every reason


class View(StrEnum):
    """In which way a ratio speaks of one reason for leaving among several."""

    CAUSE_SPECIFIC = "cause_specific"
    SUBDISTRIBUTION = "subdistribution"


VIEWS = {View.CAUSE_SPECIFIC: CAUSE_SPECIFIC_HAZARD_RATIO, View.SUBDISTRIBUTION: SUBDISTRIBUTION_HAZARD_RATIO}


@dataclass(frozen=True)
class ReasonRatios(Finding):
    """Hazard ratios of every covariate for each of the most frequent reasons, in two views.

    The cause-specific one compares the rate of leaving for the reason among those still there; the subdistribution one
    compares the share who will ever have left for it, which also depends on how many other reasons take away.
    """

    table: pd.DataFrame
    differences: pd.DataFrame  # covariate, statistic, df, p_value, adjusted_p_value: is it alike for all reasons?
    steps: Mapping[str, Step]  # covariate → what it is
    columns = (
        STATED_REASON, COVARIATE, REFERENCE, VIEW, HAZARD_RATIO, LOWER, UPPER, LOG_STD_ERROR, P_VALUE, ADJUSTED_P_VALUE,
    )  # fmt: skip
    shown = (
        COVARIATE, REFERENCE, STATED_REASON, CAUSE_SPECIFIC_HAZARD_RATIO, SUBDISTRIBUTION_HAZARD_RATIO,
        ADJUSTED_P_VALUE,
    )  # fmt: skip

    @property
    def strongest(self) -> pd.DataFrame:
        """The cause-specific ratios, the strongest evidence first."""
        rows = self.table[self.table[VIEW] == View.CAUSE_SPECIFIC]
        return rows.sort_values("p_value", kind="stable", ignore_index=True)

    def summary(self) -> pd.DataFrame:
        """Both ratios by covariate and reason, the strongest evidence first, the first twelve; their CI are drawn.

        p-values are of the cause-specific ratios, Holm-adjusted.
        """
        each = [STATED_REASON, COVARIATE]
        table = self.strongest[[COVARIATE, REFERENCE, STATED_REASON]].head(MOST_SHOWN)
        for view, name in VIEWS.items():
            ratios = self.table.loc[self.table[VIEW] == view, [*each, HAZARD_RATIO]]
            table = table.merge(ratios.rename(columns={HAZARD_RATIO: name}), on=each)
        return spoken(table.merge(self.strongest[[*each, ADJUSTED_P_VALUE]], on=each), self.steps)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Both ratios with their 95% CI for every reason, of the covariates with the strongest evidence."""
        drawn = self.strongest[COVARIATE].unique()[:MOST_DRAWN]
        rows = pd.concat([self.table[self.table[COVARIATE] == name] for name in drawn])
        rows = spoken(rows, self.steps)
        rows = rows.assign(label=rows[COVARIATE] + " · " + rows[STATED_REASON], view=rows[VIEW].map(VIEW.write))
        return charts.forest(rows, estimate=HAZARD_RATIO, label="label", group=VIEW, reference=1, log=True, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Who leaves for which reason?")

    def headline(self) -> Sentence:
        """The attribute and reason with the ratio farthest from 1; whether ratios differ between reasons below."""
        rows = self.strongest
        sure = rows[rows[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        if sure.empty:
            return say("No evidence that any factor goes with leaving for a certain reason.").resting_on(
                say(
                    "Compared: {covariates} factors, {reasons} reasons.",
                    covariates=facts.Count(rows[COVARIATE].nunique()),
                    reasons=facts.Count(self.table[STATED_REASON].nunique()),
                )
            )
        row = sure.loc[np.log(sure[HAZARD_RATIO]).abs().idxmax()]
        other = self._of(row[COVARIATE], row[STATED_REASON], View.SUBDISTRIBUTION)
        return _told(row, self.steps[row[COVARIATE]]).resting_on(
            say(
                "{ratio} times the rate among those still there (95% interval {interval}).",
                ratio=facts.Number(row[HAZARD_RATIO]),
                interval=_interval(row),
            ),
            say(
                "{ratio} times where the share who ever leave for it is compared (95% interval {interval}).",
                ratio=facts.Number(other[HAZARD_RATIO]),
                interval=_interval(other),
            ),
            self._contrast(),
            ASSOCIATION,
        )

    def _contrast(self) -> Sentence:
        differing = self.differences[self.differences[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        if differing.empty:
            return say("No evidence that any factor goes with one reason more than with another.")
        name = differing[COVARIATE].iloc[0]
        rows = self.strongest[self.strongest[COVARIATE] == name].sort_values(HAZARD_RATIO)
        least, most = rows.iloc[0], rows.iloc[-1]
        return say(
            "Factors whose rates differ between reasons beyond chance: {differing}, most clearly “{covariate}”: {most} "
            "for “{first}”, {least} for “{last}”.",
            differing=facts.Count(len(differing)),
            covariate=self.steps[name],
            most=facts.Number(most[HAZARD_RATIO]),
            first=facts.Name(most[STATED_REASON]),
            least=facts.Number(least[HAZARD_RATIO]),
            last=facts.Name(least[STATED_REASON]),
        )

    def _of(self, covariate: str, reason: str, view: str) -> pd.Series:
        rows = self.table
        return rows[(rows["covariate"] == covariate) & (rows["reason"] == reason) & (rows["view"] == view)].iloc[0]


@if_applicable
def reason_ratios(hazards: HazardRatios) -> ReasonRatios | NotApplicable:
    """Cox and Fine–Gray models of the attributes in `hazards` for each of the three most frequent stated reasons.

    The Cox model of a reason censors those who left for another one. Both variances are by customer.
    """
    causes = stated_causes(hazards.stays)
    if isinstance(causes, NotApplicable):
        return causes
    counts = causes[causes != 0].value_counts()
    if len(counts) < 2:
        return NotApplicable(say("only one reason for leaving is recorded: nothing competes with it."))
    frequent = counts[counts >= LEAST_LEAVERS].drop([UNKNOWN, SMALL_GROUPS], errors="ignore").index[:MOST_REASONS]
    if not len(frequent):
        least = facts.Count(LEAST_LEAVERS)
        return NotApplicable(say("no reason is that of at least {least} leavers.", least=least))
    ratios = pd.concat([_both_views(hazards, causes, reason) for reason in frequent], ignore_index=True)
    if ratios.empty:
        return NotApplicable(say("too few left for any one reason to tell what goes with it."))
    ratios = ratios.assign(
        reference=ratios["covariate"].map(hazards.used.references),
        adjusted_p_value=ratios.groupby("view")["p_value"].transform(adjust, "holm"),
    ).rename(columns={"std_error": LOG_STD_ERROR})
    return ReasonRatios(ratios[list(ReasonRatios.columns)], _differences(ratios), hazards.used.steps)


def _both_views(hazards: HazardRatios, causes: pd.Series, reason: str) -> pd.DataFrame:
    """Coefficients of both models of a reason; none for covariates of which its leavers cannot tell."""
    table = hazards.stays.table
    varying = hazards.used.matrix[causes == reason].nunique() > 1
    if not varying.any():
        return pd.DataFrame()
    used = hazards.used.matrix.loc[:, varying]
    shared = {"entry": table["entry_days"], "cluster": table["customer_id"]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SeparationWarning)  # its ratios are too wide to be kept
        views = {
            View.CAUSE_SPECIFIC: fit_cox(used, table["duration_days"], causes == reason, **shared)
            .careful(int(table.loc[causes == reason, "customer_id"].nunique()))
            .coefficients,
            View.SUBDISTRIBUTION: fit_fine_gray(
                used, table["duration_days"], causes, cause=reason, **shared
            ).coefficients,
        }
    rows = pd.concat([coefficients.assign(view=str(view)) for view, coefficients in views.items()])
    wide = rows.loc[~(rows["std_error"] < TOO_WIDE), "covariate"]
    return rows[~rows["covariate"].isin(wide)].assign(reason=reason)


def _differences(ratios: pd.DataFrame) -> pd.DataFrame:
    """Cochran's Q of each covariate's cause-specific log ratios, whose estimates for different reasons are uncorrelated
    in large samples.
    """
    rows = ratios[ratios["view"] == View.CAUSE_SPECIFIC]
    rows = rows.assign(weight=rows[LOG_STD_ERROR] ** -2, log_ratio=np.log(rows["hazard_ratio"]))
    by_covariate = rows.assign(pull=rows["weight"] * rows["log_ratio"]).groupby("covariate", sort=False)
    mean = by_covariate["pull"].transform("sum") / by_covariate["weight"].transform("sum")
    squares = (rows["weight"] * (rows["log_ratio"] - mean) ** 2).groupby(rows["covariate"], sort=False)
    tests = pd.DataFrame({"statistic": squares.sum(), "df": squares.size() - 1}).rename_axis("covariate").reset_index()
    tests = tests[tests["df"] > 0]
    tests = tests.assign(p_value=chi2.sf(tests["statistic"], tests["df"]))
    tests = tests.assign(adjusted_p_value=adjust(tests["p_value"], "holm"))
    return tests.sort_values("p_value", kind="stable", ignore_index=True)


def _told(row: pd.Series, step: Step) -> Sentence:
    """Who leaves for a reason more, or less, than their reference."""
    ratio = row[HAZARD_RATIO]
    rate = {"reason": facts.Name(row[STATED_REASON]), "rate": facts.Share(ratio) if ratio < 1 else facts.Number(ratio)}
    if step.value:
        values = {
            "attribute": facts.Attribute(step.attribute),
            "value": facts.Name(step.value),
            "against": facts.Name(step.against),
        }
        if ratio < 1:
            return say(
                "{attribute} “{value}” leaves for “{reason}” at only {rate} of the rate of “{against}”.",
                **values,
                **rate,
            )
        return say(
            "{attribute} “{value}” leaves for “{reason}” at {rate} times the rate of “{against}”.", **values, **rate
        )
    if ratio < 1:
        return say("“{step}” goes with leaving for “{reason}” at only {rate} of the rate.", step=step, **rate)
    return say("“{step}” goes with leaving for “{reason}” at {rate} times the rate.", step=step, **rate)


def _interval(row: pd.Series) -> facts.Range:
    return facts.Range(facts.Number(row[LOWER]), facts.Number(row[UPPER]))
