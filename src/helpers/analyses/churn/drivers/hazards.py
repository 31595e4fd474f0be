"""What goes with leaving sooner: hazard ratios of a Cox model."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.covariates import Covariates, covariates
from helpers.analyses.churn.leaving.definition import Stays
from helpers.findings import NotApplicable, charts, formats, if_applicable
from helpers.statistics.hazards import CoxFit, SeparationWarning, fit_cox
from helpers.statistics.inference import adjust

LEAST_LEAVERS = 20
SURE = 0.05
MOST_SHOWN = 12
TOO_WIDE = 1.5  # standard error of a log ratio that tells nothing: its interval spans a factor of 350


@dataclass(frozen=True)
class HazardRatios:
    """A Cox model of all usable attributes together."""

    ratios: pd.DataFrame  # covariate, reference, hazard_ratio, lower, upper, p_value, adjusted_p_value
    concordance: float
    leavers: int
    left_out: dict[str, str]  # column → why it is not in the model
    separated: bool  # some ratio has no finite estimate
    fit: CoxFit = field(repr=False)
    used: Covariates = field(repr=False)
    stays: Stays = field(repr=False)

    def summary(self) -> pd.DataFrame:
        """One row a covariate, the strongest evidence first, the first twelve; p-values Holm-adjusted for all."""
        strongest = self.ratios.sort_values("p_value", kind="stable", ignore_index=True)
        return strongest.drop(columns="p_value").head(MOST_SHOWN)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The ratios with their 95% CI, on a log scale."""
        return charts.forest(self.summary(), estimate="hazard_ratio", label="covariate", reference=1, log=True, ax=ax)

    def headline(self) -> str:
        """The strongest association with leaving that is beyond chance, and how well the model ranks."""
        sure = self.ratios[self.ratios["adjusted_p_value"] < SURE]
        ranks = f"The model ranks {formats.percent(self.concordance)} of comparable pairs rightly (50% is chance)."
        if sure.empty:
            return f"No evidence that any of {len(self.ratios)} covariates goes with leaving sooner or later. {ranks}"
        row = sure.loc[np.log(sure["hazard_ratio"]).abs().idxmax()]
        return (
            f"Covariates that go with leaving sooner or later beyond chance, the others held equal: {len(sure)} of "
            f"{len(self.ratios)}. Most of all {row['covariate']}: {formats.number(row['hazard_ratio'])} times "
            f"the leave rate of {row['reference']} (95% CI {formats.interval(row['lower'], row['upper'])}). {ranks}"
        )

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
    """Hazard ratios of all usable attributes at once (Cox, Efron ties; variance by customer where one stays twice)."""
    leavers = int(stays.table["left"].sum())
    if leavers < LEAST_LEAVERS:
        return NotApplicable(f"{leavers} leavers are too few for a model of what goes with leaving.")
    used = covariates(stays, stays.table)
    if used.matrix.empty:
        return NotApplicable("no usable column describes these customers.")
    fit, separated = fitted(used, stays.table)
    table = fit.coefficients.assign(
        reference=fit.coefficients["covariate"].map(used.references),
        adjusted_p_value=adjust(fit.coefficients["p_value"], "holm"),
    )
    columns = ["covariate", "reference", "hazard_ratio", "lower", "upper", "p_value", "adjusted_p_value"]
    left_out = {**stays.left_out, **used.left_out}
    return HazardRatios(table[columns], fit.concordance, leavers, left_out, separated, fit, used, stays)


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
