"""What goes with leaving sooner: hazard ratios of a Cox model."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.covariates import TOO_MANY, Covariates, covariates
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.vocabulary import COVARIATE, HAZARD_RATIO, REFERENCE
from helpers.findings import Finding, NotApplicable, charts, formats, if_applicable
from helpers.findings.evidence import CI, SIGNIFICANCE
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
    left_out: dict[str, str]  # column → why it is not in the model
    separated: bool  # some ratio has no finite estimate
    fit: CoxFit = field(repr=False)
    used: Covariates = field(repr=False)
    stays: Stays = field(repr=False)
    columns = (COVARIATE, REFERENCE, HAZARD_RATIO, LOWER, UPPER, P_VALUE, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """One row a covariate, the strongest evidence first, the first twelve; p-values Holm-adjusted for all."""
        strongest = self.table.sort_values(P_VALUE, kind="stable", ignore_index=True)
        return strongest.drop(columns=P_VALUE).head(MOST_SHOWN)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The ratios with their 95% CI, on a log scale."""
        return charts.forest(self.summary(), estimate=HAZARD_RATIO, label=COVARIATE, reference=1, log=True, ax=ax)

    def headline(self) -> str:
        """The strongest association with leaving that is beyond chance, and how well the model ranks."""
        sure = self.table[self.table["adjusted_p_value"] < SIGNIFICANCE]
        ranks = (
            "No two stays can be compared to tell how well the model ranks them."
            if np.isnan(self.concordance)
            else f"The model ranks {formats.percent(self.concordance)} of comparable pairs rightly (50% is chance)."
        )
        if sure.empty:
            return (
                f"No evidence that any of {len(self.table)} covariates goes with leaving sooner or later. "
                f"{ranks}{self._unborne()}"
            )
        row = sure.loc[np.log(sure["hazard_ratio"]).abs().idxmax()]
        return (
            f"Covariates that go with leaving sooner or later beyond chance, the others held equal: {len(sure)} of "
            f"{len(self.table)}. Most of all {row['covariate']}: {formats.number(row['hazard_ratio'])} times "
            f"the leave rate of {row['reference']} ({CI} {formats.interval(row['lower'], row['upper'])}). {ranks}"
            f"{self._unborne()}"
        )

    def _unborne(self) -> str:
        """A sentence on the attributes that the leavers do not bear, after a space; empty for none."""
        many = sum(why == TOO_MANY for why in self.left_out.values())
        return f" {many} attributes are left out: {self.leavers:,} leavers bear no more." if many else ""

    @property
    def without(self) -> str:
        """What is not in the model, by the reason why; empty when nothing is left out."""
        names: dict[str, list[str]] = {}
        for name, why in self.left_out.items():
            names.setdefault(why, []).append(formats.label(name))
        return "; ".join(
            f"{', '.join(named[:2])}{f' and {len(named) - 2} more' if len(named) > 2 else ''} ({why})"
            for why, named in names.items()
        )


@if_applicable
def hazard_ratios(stays: Stays) -> HazardRatios | NotApplicable:
    """Hazard ratios of all usable attributes of `stays` at once, or of as many as the leavers bear.

    A Cox model with Efron's ties; variance by customer where one stays twice. p-values are corrected for all covariates
    that there were, also for those left out for want of leavers.
    """
    leavers = int(stays.table["left"].sum())
    if leavers < LEAST_LEAVERS:
        return NotApplicable(f"{leavers} leavers are too few for a model of what goes with leaving.")
    used = covariates(stays, stays.table)
    if used.matrix.empty:
        return NotApplicable("no usable column describes these customers.")
    fit, separated = fitted(used, stays.table)
    table = fit.coefficients.assign(
        reference=fit.coefficients["covariate"].map(used.references),
        adjusted_p_value=used.adjusted(fit.coefficients["p_value"]),
    )
    left_out = {**stays.left_out, **used.left_out}
    return HazardRatios(
        table[list(HazardRatios.columns)], fit.concordance, leavers, left_out, separated, fit, used, stays
    )


def fitted(used: Covariates, table: pd.DataFrame, strata: pd.Series | None = None) -> tuple[CoxFit, bool]:
    """The model of the rows of `table`, and whether a coefficient has no finite estimate."""
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
    return fit, any(issubclass(warning.category, SeparationWarning) for warning in met)
