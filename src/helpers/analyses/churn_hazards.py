"""What goes with leaving sooner: hazard ratios of a Cox model, and whether they hold over time."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn_covariates import Covariates, covariates
from helpers.analyses.churn_stays import Stays, if_applicable
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable
from helpers.statistics.cox import (
    CoxFit,
    SeparationWarning,
    fit_cox,
    proportional_hazards_test,
)
from helpers.statistics.effects import adjust

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


@dataclass(frozen=True)
class Proportionality:
    """Does each hazard ratio hold over the whole stay?"""

    # covariate, early_hazard_ratio, late_hazard_ratio, statistic, df, p_value, adjusted_p_value; GLOBAL first
    tests: pd.DataFrame
    split_days: float  # half of the leavers left by then

    @property
    def failing(self) -> pd.DataFrame:
        """The covariates whose ratio changes over the stay beyond chance."""
        return self.tests[(self.tests["adjusted_p_value"] < SURE) & (self.tests["covariate"] != "GLOBAL")]

    def summary(self) -> pd.DataFrame:
        """All together, then one row a covariate, the strongest evidence first, the first twelve."""
        shown = self.tests.drop(columns=["statistic", "df", "p_value"]).head(1 + MOST_SHOWN)
        return shown.assign(covariate=shown["covariate"].replace("GLOBAL", "(all together)"))

    def plot(self, ax: Axes | None = None) -> Axes:
        """The ratio among early leavers beside that among late ones, where the evidence of a change is strongest."""
        names = {"early_hazard_ratio": f"up to day {self.split_days:.0f}", "late_hazard_ratio": "later"}
        tidy = (
            self.tests.iloc[1 : 1 + MOST_SHOWN]
            .melt("covariate", list(names), "when", "hazard_ratio")
            .dropna(subset="hazard_ratio")
        )
        return charts.grouped_bars(
            tidy.assign(when=tidy["when"].map(names)), value="hazard_ratio", label="covariate", group="when", ax=ax
        )

    def headline(self) -> str:
        """Whether proportional hazards fails, and where it changes most."""
        overall = formats.p_value(self.tests["p_value"].iloc[0])
        if self.failing.empty:
            return f"No evidence that hazard ratios change over the stay (all together: {overall})."
        drift = np.log(self.failing["late_hazard_ratio"] / self.failing["early_hazard_ratio"]).abs()
        named = self.failing["covariate"].str.split(": ").str[0].unique()  # attributes rather than their values
        where = ", ".join(named[:8]) + (f" and {len(named) - 8} more" if len(named) > 8 else "")
        most = ""
        if drift.notna().any():
            row = self.failing.loc[drift.idxmax()]
            most = (
                f" Most for {row['covariate']}: {formats.number(row['early_hazard_ratio'])} up to day "
                f"{self.split_days:.0f}, {formats.number(row['late_hazard_ratio'])} later."
            )
        return (
            f"Proportional hazards fails for {len(self.failing)} of {len(self.tests) - 1} covariates (of {where}; "
            f"all together: {overall}): their ratios change over the stay, and the single ones are averages.{most}"
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
    return HazardRatios(table[columns], fit.concordance, leavers, left_out, separated, fit, stays)


def fitted(used: Covariates, table: pd.DataFrame, strata: pd.Series | None = None) -> tuple[CoxFit, bool]:
    """The model of the rows of `table`, and whether a coefficient has no finite estimate."""
    cluster = table["customer_id"] if table["customer_id"].duplicated().any() else None
    with warnings.catch_warnings(record=True) as met:
        warnings.simplefilter("always", SeparationWarning)
        fit = fit_cox(used.matrix, table["duration_days"], table["left"], strata=strata, cluster=cluster)
    return fit, any(issubclass(warning.category, SeparationWarning) for warning in met)


@if_applicable
def proportionality(hazards: HazardRatios) -> Proportionality | NotApplicable:
    """Score test of each ratio against a drift with 1 − Kaplan–Meier, and the ratios of earlier and later leavers."""
    tests = proportional_hazards_test(hazards.fit)
    tests = tests.iloc[[-1, *tests["p_value"].iloc[:-1].argsort()]].reset_index(drop=True)
    table = hazards.stays.table
    split = float(table.loc[table["left"], "duration_days"].median())
    used = covariates(hazards.stays, table).matrix
    early = _ratios(used, table["duration_days"].clip(upper=split), table["left"] & (table["duration_days"] <= split))
    late = table["duration_days"] > split
    later = _ratios(used[late], table.loc[late, "duration_days"], table.loc[late, "left"], split)
    tests = tests.assign(
        early_hazard_ratio=tests["covariate"].map(early),
        late_hazard_ratio=tests["covariate"].map(later),
        adjusted_p_value=[tests["p_value"].iloc[0], *adjust(tests["p_value"].iloc[1:], "holm")],
    )
    columns = ["covariate", "early_hazard_ratio", "late_hazard_ratio", "statistic", "df", "p_value", "adjusted_p_value"]
    return Proportionality(tests[columns], split)


def _ratios(used: pd.DataFrame, durations: pd.Series, left: pd.Series, entry: float = 0.0) -> dict[str, float]:
    """Hazard ratios over one part of the stay; none for covariates of which that part cannot tell."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SeparationWarning)  # its ratios are too wide to be kept
            fit = fit_cox(used, durations, left, entry=np.full(len(used), entry) if entry else None)
    except ValueError:
        return {}
    known = fit.coefficients[fit.coefficients["std_error"] < TOO_WIDE]
    return dict(zip(known["covariate"], known["hazard_ratio"], strict=True))
