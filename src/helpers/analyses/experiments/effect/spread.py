"""How the values of each metric spread by arm: who has any, and where the rest lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.effect.vocabulary import (
    BAND_SHARE,
    LABEL,
    MEDIAN,
    NONZERO_SHARE,
    QUANTILE_5,
    QUANTILE_25,
    QUANTILE_75,
    QUANTILE_95,
)
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, hindrance
from helpers.analyses.experiments.trials.arms import Trial, compared
from helpers.analyses.experiments.trials.moments import measures
from helpers.analyses.experiments.vocabulary import ARM, RANGE
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, METRIC
from helpers.statistics.effects import quantile_estimate

QUANTILES = {QUANTILE_5: 0.05, QUANTILE_25: 0.25, MEDIAN: 0.5, QUANTILE_75: 0.75, QUANTILE_95: 0.95}
BANDS = 5
SPREAD_KINDS = ("mean", "count")  # kinds with a number a customer that takes many values
ROWS_DRAWN = 15
MOST_ARMS_TOLD = 3
DIGITS = 3  # of a value that are kept, so that the engine has few values to return
FEWEST_TOLD = 20  # customers of an arm; a share or a median of fewer says nothing

Counts = Mapping[tuple[str, str], pd.Series]


@dataclass(frozen=True)
class Distributions(Finding):
    """How the values of one experiment's metrics spread in each arm, before any cap.

    `table` counts the customers who count in the metric, of a proportion those who have it as not 0; quantiles beyond
    which too few customers lie are NaN. `bands`: metric, band, arm, band_share, of the values other than 0
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
        rows = self.bands.assign(
            row=self.bands["metric"].map(formats.text) + formats.colon() + self.bands["band"].map(RANGE.write)
        )
        drawn = rows[rows["row"].isin(rows["row"].unique()[:ROWS_DRAWN])]
        return charts.grouped_bars(drawn, value=BAND_SHARE, label="row", group="arm", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.bands.empty:
            return say("{experiment}: which share of each arm has it?", experiment=facts.Name(self.trial.name))
        return say("{experiment}: how are the values of each arm spread?", experiment=facts.Name(self.trial.name))

    def headline(self) -> Sentence:
        """The median of the first metric of many values by arm, else the first share; below it all others."""
        proportions = [name for name, extra in self.trial.metrics.items() if extra.kind == "proportion"]
        large = self.table[self.table[CUSTOMERS] >= FEWEST_TOLD]
        medians = _by_label(large.dropna(subset="median"))
        shares = _by_label(large[large["metric"].isin(proportions)])
        told = [self._median(*each) for each in medians] + [self._share(*each) for each in shares]
        if not told:
            return say(
                "{experiment}: too few values other than 0 to say where they lie.",
                experiment=facts.Name(self.trial.name),
            )
        return told[0].resting_on(say("Medians are of the values other than 0.") if len(medians) else None, *told[1:])

    def _median(self, label: str, rows: pd.DataFrame) -> Sentence:
        return say(
            "{experiment}: the median of “{metric}” is {medians}.",
            experiment=facts.Name(self.trial.name),
            metric=facts.Name(label),
            medians=_by_arm(rows, "median", facts.Number),
        )

    def _share(self, label: str, rows: pd.DataFrame) -> Sentence:
        return say(
            "{experiment}: “{metric}” is true of {shares}.",
            experiment=facts.Name(self.trial.name),
            metric=facts.Name(label),
            shares=_by_arm(rows, "nonzero_share", facts.Share),
        )


@analysis
def distributions(data: Dataset, trials: Sequence[Trial]) -> tuple[Distributions | NotApplicable, ...]:
    """Distribution of each metric by arm, one finding an experiment; ratios have no value a customer and are left out.

    One query counts the customers in one arm alone by experiment, metric, arm and value to three digits. No smallest
    or largest value is shown, for it may tell of one customer.
    """
    counts = _counts(data, [trial for trial in trials if not trial.from_totals])
    return tuple(_distributions(trial, counts) for trial in trials) or (NO_EXPERIMENTS,)


def _distributions(trial: Trial, met: Mapping[tuple[str, str, str], pd.Series]) -> Distributions | NotApplicable:
    if trial.from_totals and (reason := hindrance(trial)):
        return reason
    arms = trial.arms.loc[trial.arms["customers"] > 0, "arm"].tolist()
    metrics = {name: extra for name, extra in trial.metrics.items() if extra.kind != "ratio"}
    if not metrics:
        return NotApplicable(
            say(
                "experiment {experiment} has no metric with a value for each customer.",
                experiment=facts.Name(trial.name),
            )
        )
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
    counts = []
    for name, extra in metrics.items():
        value = rows[name].cast("float64")
        counted = _rounded(value if measures(extra)[0].leaves_out else value.fill_null(0.0))
        known = rows.select("experiment", arm=rows.variant, metric=ibis.literal(name), value=counted).drop_null("value")
        counts.append(known.group_by("experiment", "metric", "arm", "value").agg(n=known.count()))
    keys = ["experiment", "metric", "arm"]
    met = (ibis.union(*counts) if len(counts) > 1 else counts[0]).execute()
    return {key: block.set_index("value")["n"].sort_index() for key, block in met.groupby(keys)}


def _rounded(value: ir.FloatingValue) -> ir.FloatingValue:
    """A value to three significant digits; 0 stays 0."""
    unit = ibis.literal(10.0) ** (value.abs().nullif(0.0).log10().floor() - (DIGITS - 1))
    digits = (value.abs() / unit + 0.5).floor()  # engines round halves up, or to the even number
    return (value == 0).ifelse(value, value.sign() * digits * unit)


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


def _by_label(table: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """The rows of each metric by its label."""
    return [(str(label), rows) for label, rows in table.groupby("label", sort=False)]


def _by_arm(rows: pd.DataFrame, column: str, kind: type[facts.Fact]) -> facts.Listed | Sentence:
    """A column of one metric in each arm: 12% in control and 16% in new; of many arms the ends."""
    values = rows[column]
    if len(rows) > MOST_ARMS_TOLD:
        return say("{low} to {high}, by arm", low=kind(values.min()), high=kind(values.max()))
    return facts.Listed(
        tuple(
            say("{value} in {arm}", value=kind(value), arm=facts.Name(arm))
            for arm, value in zip(rows["arm"], values, strict=True)
        )
    )


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
