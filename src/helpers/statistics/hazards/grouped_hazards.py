"""Hazards by period of the stay from a table of counts: a model whose size does not depend on how many were counted."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import xlogy
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM, GLMResults
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from helpers.statistics.arrays import finite_numbers
from helpers.statistics.hazards.covariates import check_independent
from helpers.statistics.hazards.cox import coefficient_table
from helpers.statistics.shares.proportions import wilson_interval

COUNTS = ["period", "at_risk", "events"]
TREND = "period, twice as late"


@dataclass(frozen=True)
class GroupedHazards:
    """A fitted complementary log-log model of counts."""

    # covariate, coef, hazard_ratio, std_error (of coef), lower and upper (95 %, of the ratio), z, p_value
    coefficients: pd.DataFrame
    hazards: pd.DataFrame  # period, the groups, at_risk, events, hazard, lower, upper (95 %, Wilson), fitted
    baseline: pd.DataFrame  # first_period, last_period, hazard of the references in each of these periods
    references: dict[str, str]  # column of groups → the one that the others are against: most at risk in one period


def fit_grouped_hazards(counts: pd.DataFrame, groups: Sequence[str] = (), *, trend: bool = False) -> GroupedHazards:
    """Hazards of every period and group, and hazard ratios between groups.

    `counts` has one row a cell: period (0, 1, 2 … whole periods completed before), at_risk, events, and the columns
    named in `groups`; cells that repeat are added up. A row that is censored within a period should count one half in
    its at_risk, and one censored at the end of it fully (the actuarial convention), so at_risk need not be whole.
    Each period has a baseline hazard of its own; one without events shares that of the next period with some (the last
    ones that of the period before), and `baseline` says which do. With `trend` the baseline is a power of time
    instead (each period stands at the mean of the log of its times), and the first coefficient is of twice as late.
    Raises ValueError for missing, negative or impossible counts, no events, and a group without events. The ratios are
    those of Cox's model, of which only the period of an event is known. Assumes that they hold in every period.
    Source: Prentice & Gloeckler (1978), eq. 4; the binomial likelihood of cells by statsmodels.
    """
    cells = _cells(counts, list(groups))
    known = cells[cells["at_risk"] > 0]
    references = {name: _reference(known, name) for name in groups}
    indicators = _indicators(known, references)
    runs = known["period"] if trend else _runs(known)
    baseline = _power(known["period"]) if trend else pd.get_dummies(runs, prefix="baseline", dtype=float)
    design = pd.concat([baseline, indicators], axis="columns")
    fit = _fitted(known, design)
    shown = design.columns.isin([TREND, *indicators])
    lower, upper = wilson_interval(cells["events"], cells["at_risk"])
    return GroupedHazards(
        coefficients=coefficient_table(design.columns[shown].tolist(), fit.params[shown], fit.bse[shown]),
        hazards=cells.assign(
            hazard=known["events"] / known["at_risk"],
            lower=lower,
            upper=upper,
            fitted=pd.Series(fit.fittedvalues, known.index),
        ),
        baseline=_baseline(known["period"], runs, baseline @ fit.params[: baseline.shape[1]]),
        references=references,
    )


def _cells(counts: pd.DataFrame, groups: list[str]) -> pd.DataFrame:
    """The counts checked and added up by period and groups, in their order."""
    absent = [name for name in [*COUNTS, *groups] if name not in counts.columns]
    if absent:
        raise ValueError(f"counts = without {absent}: needs {[*COUNTS, *groups]}. Found {counts.columns.tolist()}.")
    numbers = {name: finite_numbers(counts[name], f"counts[{name!r}]") for name in COUNTS}
    for name, values in numbers.items():
        if (values < 0).any():
            raise ValueError(f"counts[{name!r}] = {values.min():g} in a cell: at least 0. Drop or mend those cells.")
    odd = numbers["period"] % 1 > 0
    if odd.any():
        raise ValueError(f"counts['period'] = {numbers['period'][odd][0]:g}: whole periods. Round them down.")
    for name in groups:
        missing = int(counts[name].isna().sum())
        if missing:
            raise ValueError(f"counts[{name!r}] = missing in {missing} cells: each needs a group. Name or drop those.")
    table = pd.DataFrame(numbers, index=counts.index).assign(**{name: counts[name] for name in groups})
    cells = table.groupby(["period", *groups], observed=True)[["at_risk", "events"]].sum().reset_index()
    more = cells["events"] > cells["at_risk"]
    if more.any():
        cell = cells[more].iloc[0]
        raise ValueError(
            f"counts['events'] = {cell['events']:g} of {cell['at_risk']:g} at risk in period {cell['period']:g}: "
            "no more events than rows at risk. Count who has the event as fully at risk."
        )
    if not cells["events"].any():
        raise ValueError("counts['events'] = 0 in every cell: at least one event is needed. Check the event's coding.")
    return cells.astype({"period": "int64"})


def _reference(cells: pd.DataFrame, name: str) -> str:
    """The largest group; every group must have events, or its ratio has no finite estimate."""
    events = cells.groupby(name, observed=True)["events"].sum()
    if (events == 0).any():
        raise ValueError(
            f"counts[{name!r}] = {events.index[events == 0].tolist()} without events: their hazard ratios have no "
            "finite estimate. Merge or drop those groups."
        )
    by_period = cells.groupby([name, "period"], observed=True)["at_risk"].sum()
    return str(by_period.idxmax()[0])


def _indicators(cells: pd.DataFrame, references: dict[str, str]) -> pd.DataFrame:
    """One column of 0 and 1 for each group but the references."""
    columns = {}
    for name, reference in references.items():
        for group in cells[name].astype(str).drop_duplicates().sort_values():
            if group != reference:
                columns[f"{name}: {group}"] = (cells[name].astype(str) == group).astype(float)
    return pd.DataFrame(columns, index=cells.index)


def _runs(cells: pd.DataFrame) -> pd.Series:
    """Code of the run of periods that ends with one that has events; periods after the last of these join its run."""
    busy = cells.groupby("period")["events"].sum() > 0
    return cells["period"].map(busy.cumsum().shift(fill_value=0).clip(upper=busy.sum() - 1))


def _power(period: pd.Series) -> pd.DataFrame:
    """A constant and the mean of log2 of time over each period, by which a power of time is right to first order."""
    mean_log = xlogy(period + 1, period + 1) - xlogy(period, period) - 1
    return pd.DataFrame({"baseline": 1.0, TREND: mean_log / np.log(2)}, index=period.index)


def _fitted(cells: pd.DataFrame, design: pd.DataFrame) -> GLMResults:
    """The binomial model of the cells. That it fits them exactly, one baseline a cell, is not a fault."""
    exposed = design.mul(np.sqrt(cells["at_risk"]), axis="index").to_numpy()
    check_independent(exposed.T @ exposed, design.columns.tolist())
    outcomes = np.column_stack([cells["events"], cells["at_risk"] - cells["events"]])
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return GLM(outcomes, design.to_numpy(), families.Binomial(families.links.CLogLog())).fit()


def _baseline(period: pd.Series, runs: pd.Series, log_hazard: pd.Series) -> pd.DataFrame:
    """The hazard of the references: one row for each run of periods that share it."""
    table = pd.DataFrame({"period": period, "hazard": -np.expm1(-np.exp(log_hazard))})
    spans = {"first_period": ("period", "min"), "last_period": ("period", "max"), "hazard": ("hazard", "first")}
    return table.groupby(runs.to_numpy()).agg(**spans).reset_index(drop=True)
