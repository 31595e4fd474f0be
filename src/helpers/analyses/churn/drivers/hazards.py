"""What goes with leaving sooner: hazard ratios of a Cox model."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.covariates import TOO_MANY, Covariates, spoken
from helpers.analyses.churn.drivers.covariates import covariates as covariates_of
from helpers.analyses.churn.drivers.leakage import unsuspected
from helpers.analyses.churn.drivers.single_attributes import listed
from helpers.analyses.churn.drivers.vocabulary import COVARIATE, REFERENCE
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.vocabulary import HAZARD_RATIO
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, P_VALUE, UPPER
from helpers.statistics.hazards import CoxFit, SeparationWarning, fit_cox

LEAST_LEAVERS = 20
MOST_SHOWN = 12
TOO_WIDE = 1.5  # standard error of a log ratio that tells nothing: its interval spans a factor of 350


@dataclass(frozen=True)
class HazardRatios(Finding):
    """A Cox model of all usable attributes together."""

    table: pd.DataFrame
    concordance: float
    leavers: int
    left_out: dict[str, Sentence]  # column → why it is not in the model
    separated: bool  # some ratio has no finite estimate
    fit: CoxFit = field(repr=False)
    used: Covariates = field(repr=False)
    stays: Stays = field(repr=False)
    columns = (COVARIATE, REFERENCE, HAZARD_RATIO, LOWER, UPPER, P_VALUE, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """One row a covariate, the strongest evidence first, the first twelve; p-values Holm-adjusted for all."""
        strongest = self.table.sort_values(P_VALUE, kind="stable", ignore_index=True)
        return spoken(strongest.drop(columns=P_VALUE).head(MOST_SHOWN), self.used.steps)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The ratios with their 95% CI, on a log scale."""
        return charts.forest(self.to_show(), estimate=HAZARD_RATIO, label=COVARIATE, reference=1, log=True, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Who leaves sooner, other things equal?")

    def headline(self) -> Sentence:
        """The strongest association with leaving that is beyond chance; how well the model ranks below."""
        sure = self.table[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        beyond = say(
            "Beyond chance: {beyond} of {covariates} factors.",
            beyond=facts.Count(len(sure)),
            covariates=facts.Count(len(self.table)),
        )
        if sure.empty:
            told = say("No evidence that anything known of customers goes with leaving sooner, other things equal.")
            return told.resting_on(beyond, self._ranks(), self._unborne(), self._chosen())
        row = sure.loc[np.log(sure[HAZARD_RATIO]).abs().idxmax()]
        return (
            self.used.steps[row[COVARIATE]]
            .told(row[HAZARD_RATIO])
            .resting_on(
                say(
                    "{ratio} times the rate (95% interval {interval}).",
                    ratio=facts.Number(row[HAZARD_RATIO]),
                    interval=facts.Range(facts.Number(row[LOWER]), facts.Number(row[UPPER])),
                ),
                beyond,
                ASSOCIATION,
                self._ranks(),
                self._unborne(),
                self._chosen(),
            )
        )

    def _ranks(self) -> Sentence:
        """How well the model tells who leaves first."""
        if np.isnan(self.concordance):
            return say("No two stays can be compared to tell how well the model ranks them.")
        return say(
            "The model ranks {share} of comparable pairs rightly (50% is chance).", share=facts.Share(self.concordance)
        )

    def _chosen(self) -> Sentence | None:
        """That somebody chose the attributes, and which of them may have been written after customers left."""
        if not self.used.chosen:
            return None
        leaking = [name for name in self.used.chosen if name not in unsuspected(self.stays)]
        if leaking:
            return say(
                "Attributes were chosen; one that may have been written after the fact is among them: {names}.",
                names=listed(leaking),
            )
        return say("Attributes were chosen: {names}.", names=listed(self.used.chosen))

    def _unborne(self) -> Sentence | None:
        """How many attributes the leavers do not bear; None for none."""
        many = sum(why == TOO_MANY for why in self.left_out.values())
        if not many:
            return None
        return say(
            "{attributes} attributes are left out: {leavers} leavers bear no more.",
            attributes=facts.Count(many),
            leavers=facts.Count(self.leavers),
        )

    @property
    def without(self) -> Sentence | None:
        """What is not in the model, by the reason why; None when nothing is left out."""
        names: dict[str, list[str]] = {}
        for name, why in self.left_out.items():
            names.setdefault(str(why), []).append(name)
        told = [
            say(
                "{names}: {why}.",
                names=listed([self.used.steps.get(name, name) for name in each]),
                why=self.left_out[each[0]],
            )
            for each in names.values()
        ]
        return told[0].resting_on(*told[1:]) if told else None


@if_applicable
def hazard_ratios(stays: Stays, covariates: Sequence[str] = ()) -> HazardRatios | NotApplicable:
    """Hazard ratios of the attributes `covariates` of `stays` at once; by default of all usable that the leavers bear.

    A Cox model with Efron's ties; variance by customer where one stays twice (see `CoxFit.careful`). p-values are
    corrected for all covariates that there were, also for those left out for want of leavers; of chosen ones for these
    alone, so choose before you look. Raises ValueError for an attribute that there is not.
    """
    leavers = int(stays.table["left"].sum())
    if leavers < LEAST_LEAVERS:
        return NotApplicable(too_few(leavers))
    used = covariates_of(stays, stays.table, covariates)
    if used.matrix.empty:
        return NotApplicable(say("no usable column describes these customers."))
    fit, separated = fitted(used, stays.table)
    table = fit.coefficients.assign(
        reference=fit.coefficients["covariate"].map(used.references),
        adjusted_p_value=used.adjusted(fit.coefficients["p_value"]),
    )
    left_out = {**stays.left_out, **used.left_out}
    return HazardRatios(
        table[list(HazardRatios.columns)], fit.concordance, leavers, left_out, separated, fit, used, stays
    )


def too_few(leavers: int) -> Sentence:
    """That so few leavers bear no model."""
    return say("{leavers} leavers are too few for a model of what goes with leaving.", leavers=facts.Count(leavers))


def fitted(used: Covariates, table: pd.DataFrame, strata: pd.Series | None = None) -> tuple[CoxFit, bool]:
    """The model of the rows of `table`, and whether a coefficient has no finite estimate; errors by customer."""
    cluster = table["customer_id"] if table["customer_id"].duplicated().any() else None
    with warnings.catch_warnings(record=True) as met:
        warnings.simplefilter("always", SeparationWarning)
        fit = fit_cox(
            used.matrix,
            table["duration_days"],
            table["left"],
            entry=table["entry_days"],
            strata=strata,
            cluster=cluster,
        )
    if cluster is not None:
        fit = fit.careful(int(cluster[table["left"]].nunique()))
    return fit, any(issubclass(warning.category, SeparationWarning) for warning in met)
