"""The model for data sets without landmarks: how long stays last, by what is recorded of the customer."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.analyses.churn.drivers.hazards import too_few
from helpers.analyses.churn.drivers.leakage import unsuspected
from helpers.analyses.churn.forecast.encoding import Covariate, learned, matrix
from helpers.analyses.churn.forecast.landmarks import report_landmark
from helpers.analyses.churn.forecast.models import (
    LEAST_LEARNED_FROM,
    LEAST_LEAVERS,
    RIDGE,
    Trained,
    log_ratio,
    sure_contributions,
)
from helpers.analyses.churn.leaving.definition import Stays
from helpers.findings import NotApplicable, say
from helpers.findings.folding import folded_words
from helpers.statistics.hazards import CoxFit, fit_cox

AHEAD_DAYS = 90


@dataclass(frozen=True)
class TenureModel:
    """Cox model of the length of stays, stratified by the first attribute: its chances are S(t + h | x) / S(t | x)."""

    covariates: list[Covariate]
    stratum: str  # the attribute that strata are of; empty for none
    fit: CoxFit = field(repr=False)

    def chances(self, rows: pd.DataFrame, table: pd.DataFrame, horizons: np.ndarray) -> np.ndarray:
        return 1 - self._staying(matrix(self.covariates, table), rows, table, horizons)

    def contributions(self, rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
        """Of the stratum, or the tenure where there is none, the hazard of the days ahead counts."""
        mean = pd.DataFrame([self.fit.means] * len(rows), index=rows.index)
        ahead = -np.log(self._staying(mean, rows, table, [AHEAD_DAYS])[:, 0])
        known = sure_contributions(self.fit, self.covariates, table)
        return known.assign(**{self.stratum or "tenure_days": log_ratio(ahead)})

    def _staying(
        self, columns: pd.DataFrame, rows: pd.DataFrame, table: pd.DataFrame, horizons: ArrayLike
    ) -> np.ndarray:
        strata = rows["stratum"] if self.stratum else None
        return self.fit.conditional_survival(columns, table["tenure_days"], horizons, strata=strata).to_numpy()


def tenure_model(stays: Stays) -> Trained | NotApplicable:
    """The model of all stays; to predict are those that run, described by their attributes and their tenure_days."""
    table = stays.table
    if table["left"].sum() < LEAST_LEAVERS:
        return NotApplicable(too_few(int(table["left"].sum())))
    described = table[unsuspected(stays)]
    known, columns = learned(described, table["left"])
    first = next(iter(stays.attributes), "")
    others = [each for each in known if each.feature != first]
    stratified = bool(others) and first in described and not pd.api.types.is_numeric_dtype(described[first])
    used = others if stratified else known
    if not used:
        return NotApplicable(say("nothing that is known of customers tells them apart."))
    strata = folded_words(table[first], smallest=LEAST_LEARNED_FROM).astype(str) if stratified else None
    fit = fit_cox(
        columns[[each.name for each in used]],
        table["duration_days"],
        table["left"],
        entry=table["entry_days"],
        strata=strata,
        cluster=table["customer_id"],
        penalty=RIDGE,
    )
    here = ~table["left"]
    rows = table.loc[here, ["customer_id", "started_on"]].rename(columns={"started_on": "since_on"})
    rows = rows.assign(landmark_at=report_landmark(stays), stratum=strata)
    known = described[here].assign(tenure_days=table["duration_days"])
    return Trained(TenureModel(used, first if stratified else "", fit), pd.DatetimeIndex([]), rows, known)
