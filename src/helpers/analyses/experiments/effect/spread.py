"""How the values of each metric spread by arm: who has any, where the rest lie, and what changed at a quantile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.effect.lifts import in_words
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, for_each, hindrance, in_groups
from helpers.analyses.experiments.trials.arms import Trial, compared
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import measures
from helpers.analyses.experiments.validity.faults import distrust
from helpers.analyses.experiments.vocabulary import (
    ARM,
    ARM_LEVEL,
    BAND_SHARE,
    CONTROL_LEVEL,
    CONVENTION,
    EFFECT,
    KIND,
    LABEL,
    LIFT_RATE,
    LIFT_RATE_LOWER,
    LIFT_RATE_UPPER,
    MEDIAN,
    NONZERO_SHARE,
    QUANTILE,
    QUANTILE_5,
    QUANTILE_25,
    QUANTILE_75,
    QUANTILE_95,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, charts, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LOWER, METRIC, P_VALUE, UPPER
from helpers.statistics.effects import quantile_effect, quantile_estimate, relative_effect
from helpers.statistics.inference import adjust

QUANTILES = {QUANTILE_5: 0.05, QUANTILE_25: 0.25, MEDIAN: 0.5, QUANTILE_75: 0.75, QUANTILE_95: 0.95}
COMPARED = {"median": 0.5, "quantile_90": 0.9}  # by code
BANDS = 5
SPREAD_KINDS = ("mean", "count")  # kinds with a number a customer that takes many values
ROWS_DRAWN = 15
DIGITS = 3  # of a value that are kept, so that the engine has few values to return
FEWEST_TOLD = 20  # customers of an arm; a share or a median of fewer says nothing
LARGEST_HEAP = 0.1  # share of an arm with the very value of a quantile; above it the quantile jumps or stands still

Counts = Mapping[tuple[str, str], pd.Series]


@dataclass(frozen=True)
class Distributions(Finding):
    """How the values of one experiment's metrics spread in each arm, before any cap.

    `table` counts the customers who count in the metric, of a proportion those who have it as not 0; quantiles beyond
    which fewer than five customers lie are NaN. `bands`: metric, band, arm, band_share, of the values other than 0
    between the fifths of all arms. `counts` has the customers by value (three digits) for each metric and arm.
    """

    table: pd.DataFrame
    trial: Trial
    bands: pd.DataFrame
    counts: Counts
    shown = (METRIC, ARM, CUSTOMERS, NONZERO_SHARE, *QUANTILES)
    columns = (*shown, LABEL)

    def summary(self) -> pd.DataFrame:
        """One row a metric and arm."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of each arm's values other than 0 by band; without a metric of many values the shares who have it."""
        if self.bands.empty:
            shares = self.table.rename(columns={NONZERO_SHARE: str(BAND_SHARE)})
            return charts.grouped_bars(shares, value=BAND_SHARE, label="label", group="arm", ax=ax)
        rows = self.bands.assign(row=self.bands["metric"] + ": " + self.bands["band"])
        drawn = rows[rows["row"].isin(rows["row"].unique()[:ROWS_DRAWN])]
        return charts.grouped_bars(drawn, value=BAND_SHARE, label="row", group="arm", ax=ax)

    def headline(self) -> str:
        """Each share by arm, and the median of the values other than 0 where there are enough."""
        proportions = [name for name, extra in self.trial.metrics.items() if extra.kind == "proportion"]
        told = self.table[self.table[CUSTOMERS] >= FEWEST_TOLD]
        shares = _by_arm(told[told["metric"].isin(proportions)], "nonzero_share", formats.percent)
        medians = _by_arm(told.dropna(subset="median"), "median", formats.number)
        parts = [*shares, *(f"median of the values other than 0 of {median}" for median in medians)]
        return f"{self.trial.name}, {'; '.join(parts) or 'too few values other than 0 to say where they lie'}."


def distributions(data: Dataset, trials: Sequence[Trial]) -> tuple[Distributions | NotApplicable, ...]:
    """Distribution of each metric by arm, one finding an experiment; ratios have no value a customer and are left out.

    One query counts the customers in one arm alone by experiment, metric, arm and value to three digits. No smallest
    or largest value is shown, for it may tell of one customer.
    """
    counts = _counts(data, [trial for trial in trials if not trial.from_totals])
    return tuple(_distributions(trial, counts) for trial in trials) or (NO_EXPERIMENTS,)


@dataclass(frozen=True)
class QuantileEffects(Finding):
    """Effects on the quantiles of a metric over all customers who count in it, those at 0 included.

    p-values are corrected over all rows, the lift's interval is Fieller's.
    """

    table: pd.DataFrame
    experiment: str
    rules: Rules
    distrust: Sentence | None  # why nothing of it can be trusted; None where it can
    shown = (METRIC, QUANTILE, ARM, EFFECT, LOWER, UPPER, ADJUSTED_P_VALUE, CONTROL_LEVEL, ARM_LEVEL)
    columns = (*shown, LABEL, KIND, P_VALUE, LIFT_RATE, LIFT_RATE_LOWER, LIFT_RATE_UPPER, CONVENTION)

    def summary(self) -> pd.DataFrame:
        """One row a metric, quantile and arm, in the metric's unit."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Lifts of the quantiles with their intervals."""
        quantile = self.table["quantile"].map(QUANTILE.write)
        rows = self.table.assign(row=self.table["arm"] + " · " + self.table["metric"] + ": " + quantile)
        rows = rows.replace([np.inf, -np.inf], np.nan)  # a lift over a level that may be 0 has no end to draw
        band = (LIFT_RATE_LOWER, LIFT_RATE_UPPER)
        return charts.forest(rows, estimate=LIFT_RATE, label="row", band=band, reference=0, ax=ax)

    def headline(self) -> str:
        """Which quantiles moved beyond chance, all tested at once."""
        if self.distrust:
            return f"{self.experiment}: no quantile of it can be trusted. {self.distrust}"
        moved = self.table[self.table["adjusted_p_value"] < self.rules.alpha]
        named = "; ".join(
            f"{row.label}, {QUANTILE.write(row.quantile)}: {in_words(row, self.rules.level)} in {row.arm}"
            for row in moved.itertuples()
        )
        many = f"{len(self.table)} tested at once ({self.rules.corrected_by}), errors in closed form"
        if moved.empty:
            return f"{self.experiment}: no evidence that a quantile moved; {many}."
        return f"{self.experiment}: {len(moved)} of the quantiles moved beyond chance: {named}; {many}."


def quantile_effects(
    spread: Sequence[Distributions | NotApplicable], rules: Rules = Rules()
) -> tuple[QuantileEffects | NotApplicable, ...]:
    """Effects at the median and the 90% quantile where these can move; `spread` is what `distributions` yields.

    A quantile is left out where more than a tenth of an arm share its value, or one within chance of it (most spent
    0, or whole numbers alone): there it jumps or stands still, and its error means nothing. Errors in closed form
    (see `statistics.quantile_effects`). All customers stay in, for who buys at all is itself changed by the treatment.
    """
    return for_each(spread, lambda values: _quantile_effects(values, rules))


def _distributions(trial: Trial, met: Mapping[tuple[str, str, str], pd.Series]) -> Distributions | NotApplicable:
    if trial.from_totals and (reason := hindrance(trial)):
        return reason
    arms = trial.arms.loc[trial.arms["customers"] > 0, "arm"].tolist()
    metrics = {name: extra for name, extra in trial.metrics.items() if extra.kind != "ratio"}
    if not metrics:
        return NotApplicable(f"experiment {trial.name} has no metric with a value for each customer.")
    spread = [name for name, extra in metrics.items() if extra.kind in SPREAD_KINDS]
    nobody = pd.Series(dtype=float)
    counts = {(name, arm): met.get((trial.name, name, arm), nobody) for name in spread for arm in arms}
    lines = [_line(trial, name, arm, counts.get((name, arm))) for name in metrics for arm in arms]
    bands = [band for name in spread for band in _bands({arm: counts[name, arm] for arm in arms}, name)]
    columns = ["metric", "band", "arm", "band_share"]
    return Distributions(pd.DataFrame(lines), trial, pd.DataFrame(bands, columns=columns), counts)


def _counts(data: Dataset, trials: Sequence[Trial]) -> dict[tuple[str, str, str], pd.Series]:
    """Customers by value, for each experiment, metric and arm, under the metric's rule for missing values."""
    metrics = {name: extra for trial in trials for name, extra in trial.metrics.items() if extra.kind in SPREAD_KINDS}
    if not metrics:
        return {}
    rows = compared(data, trials)
    read = []
    for name, extra in metrics.items():
        value = rows[name].cast("float64")
        counted = value if measures(extra)[0].leaves_out else value.fill_null(0.0)
        read.append(ibis.struct({"metric": name, "value": _rounded(counted)}))
    long = rows.select("experiment", arm=rows.variant, read=ibis.array(read).unnest())
    long = long.select("experiment", "arm", metric=long.read["metric"], value=long.read["value"])
    keys = ["experiment", "metric", "arm"]
    met = long.filter(long.value.notnull()).group_by(*keys, "value").agg(n=ibis._.count()).execute()
    return {key: block.set_index("value")["n"].sort_index() for key, block in met.groupby(keys)}


def _rounded(value: ir.FloatingValue) -> ir.FloatingValue:
    """A value to three significant digits; 0 stays 0."""
    unit = ibis.literal(10.0) ** (value.abs().nullif(0.0).log10().floor() - (DIGITS - 1))
    return (value == 0).ifelse(value, (value / unit).round() * unit)


def _line(trial: Trial, name: str, arm: str, counts: pd.Series | None) -> dict[str, object]:
    """One row of the table: of a proportion only who has it."""
    met, extra = trial.moments[arm, name], trial.metrics[name]
    line: dict[str, Any] = {"metric": name, "label": extra.label, "arm": arm, "customers": met.n}
    if counts is None:
        return {**line, "nonzero_share": met.means[0], **dict.fromkeys(QUANTILES, np.nan)}
    others = counts[counts.index != 0]
    n = others.sum()
    shown: dict[str, float] = {
        word: quantile_estimate(others, share)[0] if n * min(share, 1 - share) >= SMALLEST_GROUP else np.nan
        for word, share in QUANTILES.items()
    }
    return {**line, "nonzero_share": n / met.n if met.n else np.nan, **shown}


def _by_arm(table: pd.DataFrame, column: str, write: Callable[[float], str]) -> list[str]:
    """A column of the table in words, one text a metric: Bought: 12% in control, 16% in treatment."""
    return [
        f"{label}: " + ", ".join(f"{write(value)} in {arm}" for arm, value in rows[["arm", column]].to_numpy())
        for label, rows in table.groupby("label", sort=False)
    ]


def _bands(by_arm: Mapping[str, pd.Series], metric: str) -> list[dict[str, object]]:
    """Share of each arm's values other than 0 in bands that hold a fifth of all arms' each; none where they are few."""
    others = {arm: counts[counts.index != 0] for arm, counts in by_arm.items()}
    if min(counts.sum() for counts in others.values()) < SMALLEST_GROUP * BANDS:
        return []
    both = pd.concat(list(others.values())).groupby(level=0).sum()
    ends = sorted({quantile_estimate(both, fifth / BANDS)[0] for fifth in range(1, BANDS)} - {both.index.max()})
    write = [formats.number(end) for end in ends]
    names = (
        [
            f"up to {write[0]}",
            *(f"above {low} to {high}" for low, high in zip(write, write[1:], strict=False)),
            f"above {write[-1]}",
        ]
        if ends
        else ["all"]
    )
    met = {
        arm: np.bincount(np.searchsorted(ends, counts.index), counts, minlength=len(names))
        for arm, counts in others.items()
    }
    return [
        {
            "metric": metric,
            "band": name,
            "arm": arm,
            "band_share": n[place] / n.sum() if n[place] >= SMALLEST_GROUP else np.nan,
        }
        for place, name in enumerate(names)
        for arm, n in met.items()
    ]


def _quantile_effects(spread: Distributions, rules: Rules) -> QuantileEffects | NotApplicable:
    trial = spread.trial
    if trial.groups:
        return in_groups(trial.name, trial.groups)
    lines = [
        {"quantile": quantile, **_moved(spread, metric, arm, share, rules.alpha)}
        for metric, arm in spread.counts
        if arm != trial.control and (metric, trial.control) in spread.counts
        for quantile, share in COMPARED.items()
        if all(_movable(spread.counts[metric, each], share) for each in (trial.control, arm))
    ]
    if not lines:
        return NotApplicable(
            f"no metric of {trial.name} has a median or 90% quantile that can move: too many "
            "customers share one value, such as 0."
        )
    table = pd.DataFrame(lines)
    adjusted = adjust(table["p_value"], rules.correction)
    table.insert(table.columns.get_loc("p_value") + 1, "adjusted_p_value", adjusted)
    return QuantileEffects(table, trial.name, rules, distrust(trial, rules))


def _movable(counts: pd.Series, share: float) -> bool:
    """Whether enough customers lie around a quantile, and not too many on its value or on one within chance of it."""
    n = counts.sum()
    if n * min(share, 1 - share) < 2 * SMALLEST_GROUP:
        return False
    chance = 3 * np.sqrt(share * (1 - share) / n)  # three standard errors of the share below the true quantile
    near = [quantile_estimate(counts, min(share + step, 1 - 1 / n))[0] for step in (-chance, 0, chance)]
    return bool(counts[near].max() <= LARGEST_HEAP * n)


def _moved(spread: Distributions, metric: str, arm: str, share: float, alpha: float) -> dict[str, object]:
    control, treatment = spread.counts[metric, spread.trial.control], spread.counts[metric, arm]
    effect = quantile_effect(control, treatment, share, alpha=alpha)
    base = quantile_estimate(control, share)
    lift = relative_effect((effect.effect, effect.std_error), base, alpha=alpha)
    extra = spread.trial.metrics[metric]
    return {
        "metric": metric,
        "label": extra.label,
        "arm": arm,
        "kind": extra.kind,
        "control_level": effect.control,
        "arm_level": effect.treatment,
        "effect": effect.effect,
        "lower": effect.lower,
        "upper": effect.upper,
        "p_value": effect.p_value,
        "lift_rate": lift.effect,
        "lift_rate_lower": lift.lower,
        "lift_rate_upper": lift.upper,
        "convention": effect.convention,
    }
