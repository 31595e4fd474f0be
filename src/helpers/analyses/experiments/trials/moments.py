"""Moments of metrics by arm, segment and day: one engine query, whose cells add up to totals, segments and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, combinations
from operator import add

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.data.intake.wording.tables import Extra
from helpers.statistics.effects import Moments

FLAT = 1e-4  # of a mean; where values are spread over less, third powers have lost the digits of skewness
WORD = 32  # measures whose absence is told by the bits of one whole number
Group = tuple  # values of the columns that rows are grouped by, such as (variant,) or (variant, day)


@dataclass(frozen=True)
class Measure:
    """A column as a metric reads it: what a missing value means, and the quantiles that it is capped at.

    `capped_by` is the column whose quantiles these are: its own, or of a ratio's numerator the denominator.
    """

    column: str
    missing: str = "not eligible"
    cap: tuple[float, float] | None = None
    capped_by: str = ""

    @property
    def size(self) -> Measure:
        """What the cap is a cap of."""
        return Measure(self.capped_by or self.column, self.missing)

    @property
    def leaves_out(self) -> bool:
        """Whether rows without a value do not count."""
        return self.missing != "0"


def measures(metric: Extra) -> tuple[Measure, ...]:
    """The columns of a metric: its own, and for a ratio the denominator, under the metric's rule.

    A ratio is capped in its denominators, and a customer's numerator shrinks with the denominator: whoever orders often
    weighs less, at the same spend an order. To cut the numerator alone, or by its own size, would change the ratio of
    the arm that has more of such customers, although each of them pays what everybody pays.
    """
    if metric.kind != "ratio":
        return (Measure(metric.name, metric.missing, metric.cap),)
    capped_by = metric.per if metric.cap else ""
    return Measure(metric.name, metric.missing, metric.cap, capped_by), Measure(metric.per, metric.missing, metric.cap)


@dataclass(frozen=True)
class Cells:
    """Moments of metrics and covariates by the keys of the query, as they came from the engine.

    `table` has a row for each combination of keys and of measures without a value (bits of `absent 0` …): in one cell
    a column is there in every row or in none, so no missing value enters a moment and n follows each metric.
    """

    table: pd.DataFrame
    metrics: Mapping[str, Extra]
    measures: tuple[Measure, ...]
    caps: Mapping[Measure, tuple[float, float]]  # lowest and highest value, of both arms together

    def moments(
        self, metric: str, by: Sequence[str] = ("variant",), covariates: Sequence[str] = ()
    ) -> dict[Group, Moments]:
        """Moments of the columns of a metric (or covariate), then of `covariates`, over its eligible rows, by group.

        Groups without a row are left out. A covariate without a value is filled with the mean of the others, and
        where some rows of the metric lack it, a 0/1 column "no <covariate>" follows the covariates: adjusting for
        both does not depend on the fill (Zhao & Ding 2022).
        """
        own, before = self._own(metric), tuple(Measure(name) for name in covariates)
        table = self._eligible(own)
        n = table["rows"].to_numpy()
        means, scatter, cubes = self._arrays(table, (*own, *before))
        columns = [measure.column for measure in (*own, *before)]
        for place, measure in enumerate(before, start=len(own)):
            absent = self._absent(table, measure).to_numpy()
            known = n[~absent].sum()
            means[absent, place] = n[~absent] @ means[~absent, place] / known if known else 0.0
            scatter[absent, place, :] = scatter[absent, :, place] = 0.0
            if known and absent.any():
                columns.append(f"no {measure.column}")
                means = np.column_stack([means, absent])
                scatter = np.pad(scatter, ((0, 0), (0, 1), (0, 1)))
                cubes = np.pad(cubes, ((0, 0), (0, 1)))
        return {
            group: Moments.of_cells(columns, n[at], means[at], scatter[at], cubes[at])
            for group, at in _places(table, by)
        }

    def cumulative(
        self, metric: str, day: str, by: Sequence[str] = ("variant",), covariates: Sequence[str] = ()
    ) -> dict[Group, Moments]:
        """As `moments` of everyone up to each day; the day is the last value of the group."""
        daily = self.moments(metric, (*by, day), covariates)
        if not daily:
            return {}
        days = sorted({group[-1] for group in daily})
        nobody = Moments.of({column: [] for column in next(iter(daily.values())).columns})
        return {
            (*group, day): total
            for group in dict.fromkeys(group[:-1] for group in daily)
            for day, total in zip(days, accumulate(daily.get((*group, day), nobody) for day in days), strict=True)
        }

    def rows(self, by: Sequence[str] = ("variant",)) -> pd.Series:
        """Rows by group, eligible or not."""
        return self.table.groupby(list(by), dropna=False)["rows"].sum()

    def totals(self, metric: str, by: Sequence[str] = ("variant",)) -> pd.DataFrame:
        """Eligible rows (n), and the totals of a metric's columns (0, 1), by group."""
        own = self._own(metric)
        table = self._eligible(own)
        sums = [table["rows"] * table[f"mean {self._index(measure)}"] for measure in own]
        columns = pd.concat([table["rows"], *sums], axis="columns", keys=["n", *range(len(own))])
        return columns.groupby([table[key] for key in by], dropna=False).sum()

    def recorded(self, metric: str) -> pd.Series:
        """Rows with a value by arm, before the metric's rule for missing values."""
        own = self._own(metric)
        known = "rows" if own[0].leaves_out else f"known {self._index(own[0])}"
        return self._eligible(own).groupby("variant", dropna=False)[known].sum()

    def without(self, covariate: str) -> pd.Series:
        """Rows without a value of a covariate by arm: customers without a pre-period."""
        lacking = self.table["rows"].where(self._absent(self.table, Measure(covariate)), 0)
        return lacking.groupby(self.table["variant"], dropna=False).sum()

    def capped_shares(self, metric: str) -> pd.DataFrame:
        """By arm, shares of a metric's eligible rows raised to the lower cap (low) and cut to the upper one (high).

        Of a ratio these are the customers whose denominator is, and with it their numerator.
        """
        own = self._own(metric)
        groups = self._eligible(own).groupby("variant", dropna=False)
        index, rows = self._index(own[0]), groups["rows"].sum()
        return pd.DataFrame({tail: groups[f"{tail} {index}"].sum() / rows for tail in ("low", "high")})

    def _own(self, name: str) -> tuple[Measure, ...]:
        return measures(self.metrics[name]) if name in self.metrics else (Measure(name),)

    def _index(self, measure: Measure) -> int:
        return self.measures.index(measure)

    def _eligible(self, own: Sequence[Measure]) -> pd.DataFrame:
        table = self.table
        for measure in own:
            if measure.leaves_out:
                table = table[~self._absent(table, measure)]
        return table.reset_index(drop=True)

    def _absent(self, table: pd.DataFrame, measure: Measure) -> pd.Series:
        """Whether a cell's rows have no value of a measure."""
        word, bit = divmod(self._index(measure), WORD)
        return table[f"absent {word}"] // 2**bit % 2 == 1

    def _arrays(self, table: pd.DataFrame, wanted: Sequence[Measure]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Means (cells, k), scatter (cells, k, k), cubes (cells, k); NaN where a covariate has no value."""
        at = [self._index(measure) for measure in wanted]
        spare = table["rows"].to_numpy() - 1
        means = table[[f"mean {i}" for i in at]].to_numpy(dtype=float, copy=True)
        scatter = np.empty((len(table), len(at), len(at)))
        for a, i in enumerate(at):
            scatter[:, a, a] = table[f"variance {i}"].to_numpy(dtype=float) * spare
            for b, j in enumerate(at[:a]):
                pair = f"covariance {min(i, j)} {max(i, j)}"
                scatter[:, a, b] = scatter[:, b, a] = table[pair].to_numpy(dtype=float) * spare
        return means, scatter, self._cubes(table, at, means, np.diagonal(scatter, axis1=1, axis2=2))

    def _cubes(self, table: pd.DataFrame, at: Sequence[int], means: np.ndarray, squares: np.ndarray) -> np.ndarray:
        """Σ (x − mean)³ by cell, from the mean of x³; NaN where nobody asked for it, 0 where its digits are lost."""
        n = table["rows"].to_numpy(dtype=float)[:, None]
        thirds = [table[f"third {i}"] if f"third {i}" in table else pd.Series(np.nan, table.index) for i in at]
        raw = np.column_stack([third.to_numpy(dtype=float) for third in thirds])
        with np.errstate(invalid="ignore"):
            flat = squares < n * (FLAT * means) ** 2
        return np.where(flat, 0 * raw, n * (raw - means**3) - 3 * means * squares)


def cells(
    rows: ir.Table, metrics: Mapping[str, Extra], covariates: Sequence[str] = (), by: Sequence[str] = ("variant",)
) -> Cells:
    """Counts, means, variances and covariances of what metrics and covariates need, by the columns `by`.

    `rows` has one row a customer. One query, and one before it for the caps where a metric has them. Sums are the
    engine's var_samp and covar_samp by cell, which update about the mean, so large means do not lose digits. Cells
    multiply with the measures that are missing independently of each other: ask for such metrics apart.
    """
    of_metrics = [measures(metric) for metric in metrics.values()] or [()]
    before = [Measure(name) for name in covariates]
    wanted = tuple(dict.fromkeys([*(measure for own in of_metrics for measure in own), *before]))
    together = {
        tuple(sorted(pair))
        for own in of_metrics
        for pair in combinations([wanted.index(measure) for measure in (*own, *before)], 2)
    }
    skewed = {measures(metric)[0] for metric in metrics.values() if metric.kind in ("mean", "count")}
    caps = _caps(rows, wanted)
    absent = absences(rows, wanted)
    read = {f"value {i}": _read(rows, measure, caps.get(measure)) for i, measure in enumerate(wanted)}
    valued = rows.mutate(**absent, **read)
    values = [valued[name] for name in read]
    sums = {"rows": valued.count()}
    for i, (measure, value) in enumerate(zip(wanted, values, strict=True)):
        sums |= {f"mean {i}": value.mean(), f"variance {i}": value.var(how="sample")}
        if measure in skewed:
            sums[f"third {i}"] = (value * value * value).mean()
        if not measure.leaves_out:
            sums[f"known {i}"] = valued[measure.column].count()
        if measure in caps:
            low, high = caps[measure]
            plain = _filled(valued, measure.size)
            sums |= {
                f"low {i}": ((plain < low) & (plain != 0)).sum(),
                f"high {i}": ((plain > high) & (plain != 0)).sum(),
            }
    sums |= {f"covariance {i} {j}": values[i].cov(values[j], how="sample") for i, j in sorted(together)}
    return Cells(valued.group_by([*by, *absent]).agg(**sums).execute(), dict(metrics), wanted, caps)


def absences(rows: ir.Table, wanted: Sequence[Measure]) -> dict[str, ir.IntegerValue]:
    """Which of these measures a row lacks a value of, as bits of the columns "absent 0" …"""
    return {
        f"absent {first // WORD}": reduce(
            add,
            [
                rows[measure.column].isnull().ifelse(2**bit, 0)
                for bit, measure in enumerate(wanted[first : first + WORD])
                if measure.leaves_out
            ],
            ibis.literal(0),
        ).cast("int64")
        for first in range(0, len(wanted), WORD)
    }


def _filled(rows: ir.Table, measure: Measure) -> ir.FloatingValue:
    value = rows[measure.column].cast("float64")
    return value if measure.leaves_out else value.fill_null(0.0)


def _caps(rows: ir.Table, wanted: Sequence[Measure]) -> dict[Measure, tuple[float, float]]:
    """Where each capped measure is capped: quantiles of the rows of all arms whose value is not 0.

    Where few buy, nearly all quantiles of spend are 0 and would cap every buyer at 0: a 0 is no extreme value.
    """
    capped = [(measure, measure.cap) for measure in wanted if measure.cap]
    if not capped:
        return {}
    ends = (
        rows.agg(
            **{
                f"{end} {i}": _filled(rows, measure.size).quantile(cap[end], where=rows[measure.size.column] != 0)
                for i, (measure, cap) in enumerate(capped)
                for end in (0, 1)
            }
        )
        .execute()
        .iloc[0]
        .astype(float)
        .fillna(0.0)
    )  # no value but 0, so nothing to cap
    return {measure: (ends[f"0 {i}"], ends[f"1 {i}"]) for i, (measure, _) in enumerate(capped)}


def with_caps(rows: ir.Table, metric: Extra, caps: Mapping[Measure, tuple[float, float]]) -> ir.Table:
    """`rows` with the columns of a metric as it reads them: missing values by its rule, within caps found before."""
    return rows.mutate(**{each.column: _read(rows, each, caps.get(each)) for each in measures(metric)})


def _read(rows: ir.Table, measure: Measure, cap: tuple[float, float] | None) -> ir.FloatingValue:
    """The values of a measure within its caps; 0 stays 0, and a numerator changes as its denominator does."""
    value = _filled(rows, measure)
    if cap is None:
        return value
    size = _filled(rows, measure.size)
    within = size.clip(*cap)
    if measure.size.column != measure.column:
        within = value * (within / size)
    return (size == 0).ifelse(value, within)


def _places(table: pd.DataFrame, by: Sequence[str]) -> list[tuple[Group, np.ndarray]]:
    """Each group with the places of its rows."""
    numbers = table.groupby(list(by), dropna=False).ngroup().to_numpy()
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1))
    groups = table[list(by)].iloc[order[starts]].itertuples(index=False, name=None)
    return list(zip(groups, np.split(order, starts[1:]), strict=False))  # split yields one empty part of nothing
